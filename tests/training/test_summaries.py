"""Runs in a line: read once from the store, from memory while they are live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from builder.recipe import Recipe, dumps
from builder.store import RunRecord, Store
from builder.training import summaries
from builder.training.events import Batches, Epoch, Started
from builder.training.events import dumps as tell
from builder.training.live import LiveRun
from builder.training.summaries import Summaries

STARTED = Started("r1", 10, 100, 20, 5, 3, "cpu", 1)
EPOCH = Epoch(1, 5, 1.0, 0.5, 0.9, 0.4, 1.0)
RECORD = RunRecord("r1", "n1", "{}", dumps(Recipe()), "done", 10.0, number=1)


class CountingStore(Store):
    """Notes which runs are read."""

    asked: list[list[str]]

    def load_marks(self, run_ids: Sequence[str], kinds: Sequence[str]) -> dict[str, list[str]]:
        self.asked.append(list(run_ids))
        return super().load_marks(run_ids, kinds)


@pytest.fixture
def store(tmp_path: Path):
    made = CountingStore(f"sqlite:///{tmp_path / 'a.db'}", tmp_path)
    made.asked = []
    for name in ("r1", "r2"):
        made.create_run(replace(RECORD, id=name))
        events = (STARTED, Batches(1, (1.0,), (0.5,), 1.0, 1.0), EPOCH)
        made.save_events(name, 0, [tell(each) for each in events])
    yield made
    made.close()


def test_an_ended_run_is_read_once_and_its_name_is_that_of_now(store: CountingStore) -> None:
    found = Summaries(store)
    for name in ("", "wide"):
        (summary,) = found.of([replace(RECORD, name=name)], {})
        assert (summary.record.name, summary.started, summary.epochs) == (name, STARTED, (EPOCH,))
    assert store.asked == [["r1"], []]


def test_a_run_that_goes_on_elsewhere_is_read_each_time(store: CountingStore) -> None:
    found, record = Summaries(store), replace(RECORD, status="running")
    for _ in range(2):
        assert found.of([record], {})[0].epochs == (EPOCH,)
    assert store.asked == [["r1"], ["r1"]]


def test_a_live_run_is_not_read(store: CountingStore) -> None:
    record = replace(RECORD, status="running")
    live = LiveRun(record, store)
    live.curves.apply(STARTED)
    (summary,) = Summaries(store).of([record], {"r1": live})
    assert (summary.started, summary.epochs, store.asked) == (STARTED, (), [[]])


def test_of_many_the_oldest_are_forgotten(
    store: CountingStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "REMEMBERED", 1)
    found = Summaries(store)
    both = [RECORD, replace(RECORD, id="r2")]
    assert [each.record.id for each in found.of(both, {})] == ["r1", "r2"]
    assert len(found.of(both, {})) == 2
    assert store.asked == [["r1", "r2"], ["r1"]]


def test_a_damaged_run_is_there_without_its_curves(store: CountingStore) -> None:
    store.save_events("r1", 3, ['{"event": "epoch", "broken'])
    broken, whole = Summaries(store).of([RECORD, replace(RECORD, id="r2")], {})
    assert (broken.record, broken.started, broken.epochs) == (RECORD, None, ())
    assert whole.epochs == (EPOCH,)
