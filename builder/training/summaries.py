"""What is to be said in a line of each run, read from the store once."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from builder.store import RunRecord, Store, StoreError
from builder.training.curves import Curves
from builder.training.live import LiveRun, fold
from builder.training.summary import MARKS, RunSummary, summarise

REMEMBERED = 500
"""How many ended runs are held in memory, without their steps."""

log = logging.getLogger(__name__)


class Summaries:
    """Reads few of a run's events and none of them twice; safe to use from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._ended: OrderedDict[str, RunSummary] = OrderedDict()

    def of(
        self, records: Sequence[RunRecord], live: Mapping[str, LiveRun]
    ) -> tuple[RunSummary, ...]:
        """A summary of each, ``live`` those whose curves are in memory; raises StoreError."""
        with self._lock:
            known = {each.id: self._ended[each.id] for each in records if each.id in self._ended}
        unread = [each.id for each in records if each.id not in live and each.id not in known]
        stored = self._store.load_marks(unread, MARKS)
        read = {run_id: _fold(told) for run_id, told in stored.items()}
        found = []
        for record in records:
            if run := live.get(record.id):
                with run.lock:
                    found.append(summarise(record, run.curves.started, run.curves.epochs))
            else:
                told = known.get(record.id) or read[record.id]
                found.append(summarise(record, told.started, told.epochs))
        self._remember([each for each in found if each.record.id in read and not each.active])
        return tuple(found)

    def _remember(self, ended: Sequence[RunSummary]) -> None:
        with self._lock:
            self._ended.update({each.record.id: each for each in ended})
            while len(self._ended) > REMEMBERED:
                self._ended.popitem(last=False)


def _fold(told: Sequence[str]) -> Curves:
    """The curves; none for a damaged run, which may still be renamed and deleted."""
    try:
        return fold(told)
    except StoreError:
        log.warning("a run in the store cannot be read", exc_info=True)
        return Curves()
