"""The real worker: a real network trained in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors.torch import load_file

from builder import recipe as recipes
from builder import schema
from builder.recipe import Recipe
from builder.store import Store
from builder.templates import TEMPLATES
from builder.training import events
from builder.training.events import Batches, Epoch, Failed, Finished
from builder.training.job import train
from builder.training.process import COMMAND
from builder.training.runs import Runs
from builder.training.worker import Job
from tests.training.waiting import children, is_gone, wait_until

NETWORK = TEMPLATES["mlp"].network()


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    store = Store(f"sqlite:///{folder / 'stackyard.db'}", folder)
    made = Runs(store, workers=1, spare=True)
    yield made
    made.close()
    store.close()


def ended(registry: Runs, run_id: str):
    wait_until(lambda: not registry.view(run_id).active, "the end of the run")
    return registry.view(run_id)


def test_the_worker_trains_as_this_process_does_bit_for_bit(registry):
    recipe = Recipe(epochs=2, seed=7, device="cpu")
    view = ended(registry, registry.start(NETWORK, recipe, "n1"))
    assert (view.status, view.message, view.warning) == ("done", "", None)
    told: list = []
    model = train(NETWORK, recipe, told.append, threads=view.started.threads)
    here = [event for event in told if isinstance(event, Epoch)]
    named = ("epoch", "step", "train_loss", "train_metric", "val_loss", "val_metric")
    assert [[getattr(e, n) for n in named] for e in view.epochs] == [
        [getattr(e, n) for n in named] for e in here
    ]
    losses = [loss for event in told if isinstance(event, Batches) for loss in event.losses]
    assert list(registry.since(view.id).losses) == losses
    assert view.finished.confusion == told[-1].confusion
    saved = load_file(registry.weights(view.id))
    assert all(value.equal(saved[name]) for name, value in model.state_dict().items())


def test_a_long_run_is_stopped_in_the_middle_of_an_epoch(registry):
    run_id = registry.start(NETWORK, Recipe(epochs=100_000, batch_size=1), "n1")
    wait_until(lambda: registry.view(run_id).step > 0, "a step")
    registry.stop(run_id)
    view = ended(registry, run_id)
    assert (view.status, view.code) == ("stopped", "")
    assert view.step < view.started.batches_per_epoch
    assert registry.weights(run_id).is_file()
    assert registry.weights(run_id, "pt").is_file()


def hold_worker() -> subprocess.Popen[str]:
    return subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def test_the_worker_tells_a_failure_and_keeps_the_traceback_in_its_log(tmp_path):
    job = Job("r1", schema.dumps(NETWORK), recipes.dumps(Recipe(data="iris")), str(tmp_path))
    with hold_worker() as worker:
        worker.stdin.write(job.dumps() + "\n")
        worker.stdin.flush()
        (told,) = map(events.loads, worker.stdout)
        worker.stdin.close()
    assert isinstance(told, Failed)
    assert told.code == "input"
    assert "Traceback" in (tmp_path / "log.txt").read_text()


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "in mid-run"])
def test_a_worker_ends_when_its_input_closes(tmp_path, busy):
    job = Job("r1", schema.dumps(NETWORK), recipes.dumps(Recipe(epochs=100_000)), str(tmp_path))
    with hold_worker() as worker:
        if busy:
            worker.stdin.write(job.dumps() + "\n")
            worker.stdin.flush()
            worker.stdout.readline()
        worker.stdin.close()
        wait_until(lambda: worker.poll() is not None, "the end of the worker")


def test_a_server_killed_in_mid_run_takes_its_real_worker_along(tmp_path):
    code = (
        "import sys; from pathlib import Path; from builder.store import Store\n"
        "from builder.training.runs import Runs; from builder.recipe import Recipe\n"
        "from tests.training.test_worker import NETWORK\n"
        "runs = Runs(Store(None, Path(sys.argv[1])), workers=1)\n"
        "runs.start(NETWORK, Recipe(epochs=100_000), 'n1')\n"
        "print('started', flush=True); sys.stdin.read()"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with server:
        assert server.stdout.readline() == "started\n"
        workers = children(server.pid)
        assert workers
        server.kill()
        server.wait()
    wait_until(lambda: all(map(is_gone, workers)), "the end of the workers")
    assert os.getpid() not in workers


def test_the_last_word_of_a_finished_run_is_in_the_store(registry):
    run_id = registry.start(NETWORK, Recipe(epochs=1), "n2")
    ended(registry, run_id)
    wait_until(lambda: last_saved(registry, run_id) is Finished, "the last word in the store")


def last_saved(registry: Runs, run_id: str) -> type:
    """The kind of the last event that the store holds; it is written right after the run ends."""
    return type(events.loads(registry._store.load_events(run_id)[-1]))
