"""The registry of a server's runs: starts them, lets networks take turns, tells how each stands."""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from builder import recipe as recipes
from builder import schema
from builder.check import Issue, check
from builder.document import Network
from builder.recipe import Recipe
from builder.store import Outcome, RunRecord, Store, StoreError
from builder.training import events
from builder.training.admission import Refused, refusal
from builder.training.curves import Curves, Points
from builder.training.live import INTERRUPTED, LiveRun, RunView, fold, look
from builder.training.process import COMMAND, SILENCE, WorkerProcess, is_alive, this_process
from builder.training.summaries import Summaries
from builder.training.summary import RunSummary
from builder.training.tracks import Track
from builder.training.turns import Waiting, order
from builder.training.worker import LOG, Job

GRACE = 5.0
"""Seconds that a stopped run has to end its step and save its weights."""
WAITING_LIMIT = 20
"""How many runs of one network may wait: as networks take turns, others wait no longer for it."""
BEAT = SILENCE / 3
"""Seconds between two notes in the store that this server still has its runs."""
PAUSE_LIMIT = 15 * 60.0
"""Seconds after which a run that nobody touches is no longer paused but stopped."""
PAUSE_LIMIT_BUSY = 5 * 60.0
"""The same while other runs wait for its place."""
REMEMBERED = 32
"""How many ended runs are held in memory."""

log = logging.getLogger(__name__)

Found = TypeVar("Found")

__all__ = ["Points", "Refused", "RunSummary", "RunView", "Runs", "Track"]


class Runs:
    """All runs of this server, safe to use from any thread; make one for a process.

    ``workers`` train at once (default: half the cores), with a warm spare process kept unless
    ``spare`` is False or ``STACKYARD_SPARE`` is 0. Runs that a server now gone left unfinished
    are marked as interrupted. Without ``live`` no run tells what happens in its layers.
    """

    def __init__(
        self,
        store: Store,
        *,
        workers: int | None = None,
        spare: bool | None = None,
        command: tuple[str, ...] = COMMAND,
        live: bool = True,
    ) -> None:
        cores = os.cpu_count() or 1
        self.workers = workers or max(1, cores // 2)
        self._threads = None if self.workers == 1 else max(1, cores // self.workers)
        self._keep_spare = os.environ.get("STACKYARD_SPARE") != "0" if spare is None else spare
        self._store, self._command, self._mark = store, command, this_process()
        self._live = live
        self._lock = threading.RLock()
        self._runs: OrderedDict[str, LiveRun] = OrderedDict()
        self._past: OrderedDict[str, tuple[RunRecord, Curves]] = OrderedDict()
        self._summaries = Summaries(store)
        self._turns: dict[str, int] = {}
        self._threads_at_work: set[threading.Thread] = set()
        self._spare: WorkerProcess | None = None
        self._closing = False
        self._closed = threading.Event()
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()
        self._mark_interrupted()
        atexit.register(self.close)
        self._refill()

    def start(self, network: Network, recipe: Recipe, network_id: str, paused: bool = False) -> str:
        """Begin a run or put it into the queue; its id. Raises Refused with the reason.

        A ``paused`` one waits before its first step for ``command``.
        """
        return self.start_all(network, (recipe,), network_id, paused=paused)[0]

    def start_all(
        self,
        network: Network,
        chosen: Sequence[Recipe],
        network_id: str,
        sweep: str = "",
        paused: bool = False,
    ) -> tuple[str, ...]:
        """Put a run for each recipe into the queue, or none of them; their ids in this order.

        ``sweep`` says what the runs have in common, which the number of the first one makes
        unlike all others. Raises Refused with the reason.
        """
        report = check(network)
        for recipe in chosen:
            if issue := refusal(report, recipe):
                raise Refused(issue)
        if issue := self._crowded(network_id, len(chosen)):
            raise Refused(issue)
        numbers = (record.number for record in self.list_runs(network_id))
        first, created, document = 1 + max(numbers, default=0), time.time(), schema.dumps(network)
        records = [
            RunRecord(
                id=secrets.token_hex(12),
                network_id=network_id,
                document=document,
                recipe=recipes.dumps(recipe),
                status="queued",
                created=created + at * 1e-3,  # so that the newest first means the last one first
                owner=self._mark,
                number=first + at,
                sweep=sweep and f"{sweep} (from run {first})",
            )
            for at, recipe in enumerate(chosen)
        ]
        for record in records:
            run = LiveRun(record, self._store, paused)
            run.save()
            with self._lock:
                self._runs[record.id] = run
        self._advance()
        return tuple(record.id for record in records)

    def command(self, run_id: str, word: str) -> None:
        """Let a run of this server "pause", "resume" or make one "step" and pause."""
        with self._lock:
            run = self._runs.get(run_id)
            if run is None or run.ended or run.stopping:
                return
            run.pause(word != "resume")
            if run.process:
                run.process.command(word)

    def stop(self, run_id: str) -> None:
        """Stop a run and keep what it has; a waiting one leaves the queue.

        One of another server is left alone while that server lives, then noted as interrupted.
        """
        with self._lock:
            run = self._runs.get(run_id)
        if run is None:
            record = self._store.load_run(run_id)
            if record:
                self._end_abandoned(record)
            return
        with self._lock:
            if run.ended or run.stopping:
                return
            run.stopping = True
            waiting = run.record.status == "queued"
            if waiting:
                run.end(Outcome("stopped", "stopped-early", "Stopped before it had begun."))
        if waiting:
            run.save()
        elif run.process:
            self._ask_to_stop(run, run.process)

    def stop_idle(self) -> None:
        """Stop runs that were paused and forgotten; the heartbeat does it."""
        with self._lock:
            limit = PAUSE_LIMIT_BUSY if self._waiting() else PAUSE_LIMIT
            idle = [each for each in self._runs.values() if each.idle > limit]
        for run in idle:
            run.excuse = (
                f"Stopped after a pause of {limit / 60:.0f} minutes, because other runs may need "
                "its place. What it had learnt is kept."
            )
            self.stop(run.record.id)

    def view(self, run_id: str) -> RunView | None:
        """How a run stands, or None when there is none of this id."""
        with self._lock:
            run = self._runs.get(run_id)
            place = self._place(run_id)
        if run:
            with run.lock:
                return look(run.record, run.curves, run.warning, place, run.paused)
        past = self._load(run_id)
        return look(*past) if past else None

    def since(self, run_id: str, batch: int = 0, epoch: int = 0) -> Points | None:
        """A run's points from step number ``batch`` and epoch number ``epoch`` on, from 0."""
        with self._lock:
            run = self._runs.get(run_id)
        if run:
            with run.lock:
                return run.curves.since(run_id, batch, epoch)
        past = self._load(run_id)
        return past[1].since(run_id, batch, epoch) if past else None

    def track(
        self, run_id: str, name: str, first: int = 0, lines: tuple[int, ...] = (0,)
    ) -> Track | None:
        """A run's points from number ``first`` on, of some lines of what ``Tracks`` calls so."""
        with self._lock:
            run = self._runs.get(run_id)
        if run:
            with run.lock:
                return run.curves.tracks.since(name, first, lines)
        past = self._load(run_id)
        return past[1].tracks.since(name, first, lines) if past else None

    def read(self, run_id: str, look: Callable[[Curves], Found]) -> Found | None:
        """What a function finds in a run's curves, to which nothing is added meanwhile."""
        with self._lock:
            run = self._runs.get(run_id)
        if run:
            with run.lock:
                return look(run.curves)
        past = self._load(run_id)
        return look(past[1]) if past else None

    def list_runs(self, network_id: str) -> tuple[RunRecord, ...]:
        """A network's runs, the newest first, each with its status of this moment."""
        found = {record.id: _judge(record) for record in self._store.list_runs(network_id)}
        with self._lock:
            live = [run.record for run in self._runs.values()]
        found.update({each.id: each for each in live if each.network_id == network_id})
        return tuple(sorted(found.values(), key=lambda record: (-record.created, record.id)))

    def summaries(self, network_id: str) -> tuple[RunSummary, ...]:
        """What is to be said in a line of each of a network's runs, the newest first."""
        records = self.list_runs(network_id)
        with self._lock:
            live = {each.id: self._runs[each.id] for each in records if each.id in self._runs}
        return self._summaries.of(records, live)

    def rename(self, run_id: str, name: str) -> None:
        """Call a run something else."""
        self._store.rename_run(run_id, name)
        with self._lock:
            self._past.pop(run_id, None)
            if run := self._runs.get(run_id):
                with run.lock:
                    run.record = replace(run.record, name=name)

    def delete(self, run_id: str) -> None:
        """Forget a run and its files; Refused as long as it waits or trains."""
        with self._lock:
            run = self._runs.get(run_id)
            record = run.record if run else self._store.load_run(run_id)
            if record is None:
                return
            if _judge(record).status in ("queued", "running"):
                message = f"{record.title} is still waiting or training. Stop it first."
                raise Refused(Issue(None, "running", message))
            self._runs.pop(run_id, None)
            self._past.pop(run_id, None)
        self._store.delete_run(run_id)

    def folder(self, run_id: str) -> Path:
        """Where a run's files lie; raises StoreError for what is no run's id."""
        return self._store.run_folder(run_id)

    def weights(self, run_id: str, suffix: str = "safetensors") -> Path | None:
        """The file with a run's weights ("safetensors" or "pt"), or None when there is none."""
        view = self.view(run_id)
        if view is None or view.finished is None or view.finished.weights is None:
            return None
        path = self._store.run_folder(run_id) / f"weights.{suffix}"
        return path if suffix in ("safetensors", "pt") and path.is_file() else None

    def close(self) -> None:
        """End all workers; their runs are interrupted. Nothing can be started afterwards."""
        with self._lock:
            if self._closing:
                return
            self._closing = True
            self._closed.set()
            spare, self._spare = self._spare, None
            runs, threads = tuple(self._runs.values()), tuple(self._threads_at_work)
        atexit.unregister(self.close)
        for process in (spare, *(run.process for run in runs)):
            if process:
                process.close()
        for thread in threads:
            thread.join(GRACE)
        if spare:
            spare.release()
        for run in runs:
            if run.end(INTERRUPTED) or not run.kept:
                run.save()

    def _crowded(self, network_id: str, wanted: int) -> Issue | None:
        """Why so many more runs of a network are too many."""
        with self._lock:
            waiting = sum(run.network == network_id for run in self._waiting())
        if wanted <= (room := max(0, WAITING_LIMIT - waiting)):
            return None
        if wanted == 1:
            message = f"{waiting} runs of this network are waiting already. Stop one of them first."
        else:
            already = f", and {waiting} are waiting already" if waiting else ""
            message = (
                f"At most {WAITING_LIMIT} runs of a network may wait{already}: {wanted} more are "
                f"too many. Choose {room} or fewer, or stop some first."
            )
        return Issue(None, "queue-full", message)

    def _waiting(self) -> list[Waiting]:
        runs = (run.record for run in self._runs.values())
        return [Waiting(each.id, each.network_id) for each in runs if each.status == "queued"]

    def _order(self) -> tuple[str, ...]:
        running = [r.record.network_id for r in self._runs.values() if r.record.status == "running"]
        return order(self._waiting(), running, self._turns)

    def _place(self, run_id: str) -> int | None:
        waiting = self._order()
        return waiting.index(run_id) + 1 if run_id in waiting else None

    def _advance(self) -> None:
        """Begin as many waiting runs as there are free workers; then keep a spare warm."""
        with self._lock:
            while not self._closing and len(self._threads_at_work) < self.workers:
                if not (waiting := self._order()):
                    break
                run = self._runs[waiting[0]]
                run.begin()
                self._turns[run.record.network_id] = max(self._turns.values(), default=0) + 1
                thread = threading.Thread(target=self._attend, args=(run,), daemon=True)
                self._threads_at_work.add(thread)
                thread.start()
            self._forget()
        self._refill()

    def _refill(self) -> None:
        with self._lock:
            free = len(self._threads_at_work) < self.workers
            if self._keep_spare and free and not self._spare and not self._closing:
                try:
                    self._spare = WorkerProcess(self._command)
                except OSError:
                    log.warning("no spare worker could be started", exc_info=True)

    def _attend(self, run: LiveRun) -> None:
        """Work of a run's own thread: give the job, take in what the worker tells, tidy up."""
        try:
            self._follow(run)
        except Exception:
            log.exception("the run could not be followed")
            message = "The training process could not be started or followed; the log says why."
            run.end(Outcome("failed", "no-worker", message))
        run.process = None
        run.save()
        with self._lock:
            self._threads_at_work.discard(threading.current_thread())
        self._advance()

    def _follow(self, run: LiveRun) -> None:
        process = self._hire(run)
        with self._lock:
            run.process, stopping, closing = process, run.stopping, self._closing
            process.command("pause" if run.paused else "resume")
        try:
            if closing:
                process.kill()
            self._refill()
            run.save()
            if stopping:
                self._ask_to_stop(run, process)
            for line in process.lines():
                run.take(events.loads(line))
        except BaseException:
            process.kill()
            raise
        finally:
            status = process.close()
            process.release()
        run.end(self._early_end(run, status))

    def _hire(self, run: LiveRun) -> WorkerProcess:
        """A worker that has the run's job: the spare one if it still lives."""
        record, folder = run.record, str(self._store.run_folder(run.record.id))
        job = Job(
            run=record.id,
            network=record.document,
            recipe=record.recipe,
            folder=folder,
            threads=self._threads,
            paused=run.paused,
            live=self._live,
        )
        with self._lock:
            spare, self._spare = self._spare, None
        if spare:
            if spare.give(job):
                return spare
            spare.close()
            spare.release()
        process = WorkerProcess(self._command)
        process.give(job)
        return process

    def _ask_to_stop(self, run: LiveRun, process: WorkerProcess) -> None:
        process.command("stop")

        def insist() -> None:
            if process is run.process:
                process.kill()

        timer = threading.Timer(GRACE, insist)
        timer.daemon = True
        timer.start()

    def _early_end(self, run: LiveRun, status: int) -> Outcome:
        """What it means that the worker is gone without a last word."""
        if self._closing:
            return INTERRUPTED
        kept = "What was recorded until then is kept; its weights are lost."
        if run.stopping:
            message = f"A single step took longer than {GRACE:g} seconds and was broken off. {kept}"
            return Outcome("stopped", "stopped-hard", message)
        if status < 0:
            reason = f"was ended from outside (signal {-status}), perhaps for want of memory"
        else:
            reason = f"ended unexpectedly (status {status}); {LOG} in the run's folder says more"
        return Outcome("failed", "worker-died", f"The training process {reason}. {kept}")

    def _load(self, run_id: str) -> tuple[RunRecord, Curves] | None:
        """A run of an earlier server, or one no longer in memory, from the store."""
        with self._lock:
            if found := self._past.get(run_id):
                return found
        record = self._store.load_run(run_id)
        if record is None:
            return None
        curves = fold(self._store.load_events(run_id))
        judged = _judge(record)
        if record.status not in ("queued", "running"):
            with self._lock:
                self._past[run_id] = judged, curves
                while len(self._past) > REMEMBERED:
                    self._past.popitem(last=False)
        return judged, curves

    def _forget(self) -> None:
        """Let go of the oldest ended runs; the store has them."""
        ended = [run_id for run_id, run in self._runs.items() if run.ended and run.kept]
        for run_id in ended[: max(0, len(ended) - REMEMBERED)]:
            del self._runs[run_id]

    def _mark_interrupted(self) -> None:
        for record in self._store.unfinished_runs():
            self._end_abandoned(record)

    def _end_abandoned(self, record: RunRecord) -> None:
        if _judge(record) != record:
            outcome = replace(INTERRUPTED, finished=time.time())
            self._store.save_events(record.id, 0, (), outcome)

    def _beat(self) -> None:
        """Work of the heartbeat's thread: say that runs go on which have nothing to tell."""
        while not self._closed.wait(BEAT):
            self.stop_idle()
            with self._lock:
                active = [run_id for run_id, run in self._runs.items() if not run.ended]
            try:
                if active:
                    self._store.keep_alive(active)
            except StoreError:
                log.warning("the heartbeat could not be written", exc_info=True)


def _judge(record: RunRecord) -> RunRecord:
    """A stored run as it stands now: one whose server is gone, or silent, was interrupted."""
    if record.status in ("queued", "running") and not is_alive(record.owner, record.updated):
        return replace(record, **{**vars(INTERRUPTED), "finished": record.finished})
    return record
