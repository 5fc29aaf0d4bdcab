"""A run of this server: its state in memory, and what of it is still to be written down."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from builder import recipe as recipes
from builder import schema
from builder.document import Network
from builder.recipe import Recipe
from builder.store import Outcome, RunRecord, Store, StoreError
from builder.training import events
from builder.training.curves import Curves
from builder.training.events import (
    ENDINGS,
    Batches,
    Epoch,
    Event,
    Failed,
    Finished,
    Layers,
    Started,
    Stepped,
)
from builder.training.process import WorkerProcess

SAVE_INTERVAL = 1.0
"""Seconds between two writes of a run's curves; a killed server loses no more than that."""
JOIN_LIMIT = 4096

INTERRUPTED = Outcome(
    "interrupted",
    "server-stopped",
    "The server was stopped during this run. What was recorded until then is kept; "
    "start it again to train from the beginning.",
)


@dataclass(frozen=True)
class RunView:
    """A run as a page shows it.

    ``status`` is queued, running, paused, done, stopped, failed or interrupted; ``message`` says
    why it ended early, ``warning`` what could not be kept; ``place`` is 1 for the next in the
    queue. ``seconds_left`` and ``samples_per_second`` are for the progress bar, ``step`` of
    ``steps`` too; ``lr`` is the learning rate of the next step. ``layers`` is what was last
    measured in the layers, ``stepped`` the last step that was made alone, ``title`` what the run
    is called.
    """

    id: str
    network_id: str
    status: str
    code: str
    message: str
    warning: str | None
    place: int | None
    network: Network
    recipe: Recipe
    created: float
    started: Started | None
    finished: Finished | None
    epochs: tuple[Epoch, ...]
    step: int
    steps: int
    samples_per_second: float
    seconds: float
    seconds_left: float | None
    lr: float | None = None
    layers: Layers | None = None
    stepped: Stepped | None = None
    title: str = "Run"

    @property
    def active(self) -> bool:
        """Whether it still waits or runs."""
        return self.status in ("queued", "running", "paused")


@lru_cache(64)
def _read(document: str, recipe: str) -> tuple[Network, Recipe]:
    return schema.loads(document), recipes.loads(recipe)


def look(
    record: RunRecord,
    curves: Curves,
    warning: str | None = None,
    place: int | None = None,
    paused: bool = False,
) -> RunView:
    """A run's view, from its record and its curves; StoreError when these can't be read."""
    try:
        network, recipe = _read(record.document, record.recipe)
    except ValueError as error:
        raise StoreError(f"The stored run cannot be read: {error}") from error
    finished = curves.ended if isinstance(curves.ended, Finished) else None
    return RunView(
        id=record.id,
        network_id=record.network_id,
        status="paused" if paused and record.status == "running" else record.status,
        code=record.code,
        message=record.message,
        warning=warning or _warning(curves.started, finished),
        place=place,
        network=network,
        recipe=recipe,
        created=record.created,
        title=record.title,
        **curves.facts(),
    )


def fold(payloads: Iterable[str]) -> Curves:
    """The curves that stored events make; StoreError when these can't be read."""
    curves = Curves()
    try:
        for payload in payloads:
            curves.apply(events.loads(payload))
    except ValueError as error:
        raise StoreError(f"The run's curves cannot be read: {error}") from error
    return curves


def _outcome(event: Finished, excuse: str | None) -> Outcome:
    """One that ended by itself is done, with a word on why it did so early."""
    if excuse and event.reason == "stopped":
        return Outcome("stopped", "idle", excuse)
    words = ENDINGS.get(event.reason)
    return Outcome("done", event.reason, words) if words else Outcome(event.reason)


def _warning(started: Started | None, finished: Finished | None) -> str | None:
    """What the run itself has warned of."""
    told = (event.warning for event in (finished, started) if event)
    return " ".join(filter(None, told)) or None


class LiveRun:
    """One run; any thread may ask, one thread at a time writes it down."""

    def __init__(self, record: RunRecord, store: Store, paused: bool = False) -> None:
        self.record = record
        self.curves = Curves()
        self.warning: str | None = None
        self.process: WorkerProcess | None = None
        self.stopping = False
        self.excuse: str | None = None
        self.pause(paused)
        self.lock = threading.RLock()
        self._store = store
        self._saving = threading.Lock()
        self._stored = False
        self._pending: list[Event] = []
        self._saved = 0
        self._saved_at = 0.0

    @property
    def ended(self) -> bool:
        """Whether it neither waits nor runs any more."""
        return self.record.status not in ("queued", "running")

    @property
    def idle(self) -> float:
        """Seconds since it was paused or made its last step alone; 0 while it goes on."""
        resting = self.paused and self.record.status == "running" and not self.stopping
        return time.monotonic() - self._touched if resting else 0.0

    @property
    def kept(self) -> bool:
        """Whether all of it is written down."""
        return self._stored and not self._pending and self.warning is None

    def take(self, event: Event) -> None:
        """Take in what the worker tells, and write it down when that is due."""
        with self.lock:
            self.curves.apply(event)
            self._keep(event)
        match event:
            case Finished():
                self.end(_outcome(event, self.excuse))
            case Failed():
                self.end(Outcome("failed", event.code, event.message))
        if self.ended or time.monotonic() - self._saved_at >= SAVE_INTERVAL:
            self.save()

    def _keep(self, event: Event) -> None:
        """Note what is to be written down: steps in a row as one, what is measured before them."""
        last = self._pending[-1] if self._pending else None
        match event:
            case Layers() if isinstance(last, Batches):
                self._pending.insert(-1, event)
            case Batches() if isinstance(last, Batches) and len(last.losses) < JOIN_LIMIT:
                self._pending[-1] = events.join(last, event)
            case _:
                self._pending.append(event)

    def pause(self, paused: bool) -> None:
        """Note that somebody wants it to be paused, or to go on."""
        self.paused, self._touched = paused, time.monotonic()

    def begin(self) -> None:
        """It waits no longer."""
        with self.lock:
            self.record = replace(self.record, status="running")
            self.pause(self.paused)

    def end(self, outcome: Outcome) -> bool:
        """Note how it ended; False when it had ended before."""
        with self.lock:
            if self.ended:
                return False
            now = time.time()
            self.record = replace(self.record, **vars(replace(outcome, finished=now)))
        return True

    def save(self) -> None:
        """Write down what is new; when that fails the run goes on and ``warning`` says so."""
        with self._saving:
            with self.lock:
                record, pending = self.record, tuple(self._pending)
            try:
                self._write(record, pending)
            except StoreError as error:
                self.warning = (
                    f"{error} The run goes on, and its curves are kept in memory until the "
                    "server stops."
                )
            else:
                self.warning = None
                with self.lock:
                    del self._pending[: len(pending)]
            self._saved_at = time.monotonic()

    def _write(self, record: RunRecord, pending: tuple[Event, ...]) -> None:
        if not self._stored:
            self._store.create_run(record)
            self._stored = True
        outcome = Outcome(record.status, record.code, record.message, record.finished)
        payloads = [events.dumps(event) for event in pending]
        self._store.save_events(record.id, self._saved, payloads, outcome)
        self._saved += len(payloads)
