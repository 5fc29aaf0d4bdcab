"""A run's memory does not grow with its length, in the worker and in the server."""

from __future__ import annotations

import json
import os
import subprocess
import tracemalloc
from pathlib import Path

import pytest

from builder import recipe as recipes
from builder import schema
from builder.home import home
from builder.recipe import Recipe
from builder.store import RunRecord, Store
from builder.templates import TEMPLATES
from builder.training import events, live
from builder.training.events import Batches
from builder.training.live import LiveRun
from builder.training.process import COMMAND, PROJECT, THREADS_REST
from builder.training.worker import Job

EPOCHS = 11
SIZE = 4
STEPS_AN_EPOCH = 2_000
"""8,001 training points of the line, the last one left out, four at a time."""
GROWTH = 500_000
"""Bytes for what the allocator does; a tensor or an event kept of each step would be more."""


def resident(pid: int) -> int:
    """Bytes of memory that a process holds now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_a_worker_holds_no_more_after_22_000_batches_than_after_12_000(tmp_path: Path) -> None:
    recipe = Recipe("line", epochs=EPOCHS, batch_size=SIZE, device="cpu")
    network = schema.dumps(TEMPLATES["linear-regression"].network())
    job = Job("r1", network, recipes.dumps(recipe), str(tmp_path), threads=1)
    environment = {**THREADS_REST, **os.environ, "STACKYARD_HOME": str(home())}
    pipe = subprocess.PIPE
    with subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, cwd=PROJECT, env=environment) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(job.dumps().encode() + b"\n")
        worker.stdin.flush()
        held: dict[int, int] = {}
        for line in worker.stdout:
            if json.loads(line)["event"] == "epoch":
                held[json.loads(line)["step"]] = resident(worker.pid)
    steps = [STEPS_AN_EPOCH * epoch for epoch in range(1, EPOCHS + 1)]
    assert list(held) == steps
    assert held[steps[-1]] - held[steps[len(steps) // 2]] < GROWTH


def test_a_server_holds_two_numbers_a_step_and_no_event_that_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SAVE_INTERVAL", 0.0)
    store = Store(f"sqlite:///{tmp_path / 'stackyard.db'}", tmp_path)
    record = RunRecord("r1", "n1", "{}", "{}", "running", 0.0)
    run = LiveRun(record, store)
    _take(run, 0, 1000)
    tracemalloc.start()
    _take(run, 1000, 101_000)
    grown = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(run.curves.losses) == 101_000
    assert run.kept
    assert grown < 100_000 * 2 * 8 * 1.2 + 100_000
    stored = [events.loads(each) for each in store.load_events("r1")]
    store.close()
    assert [loss for each in stored for loss in each.losses] == list(run.curves.losses)


def _take(run: LiveRun, first: int, end: int) -> None:
    """Let the run take steps in events of a thousand."""
    for start in range(first, end, 1000):
        numbers = tuple(float(step) for step in range(start, start + 1000))
        run.take(Batches(start + 1, numbers, numbers, 640.0, start / 100, 0.001))
