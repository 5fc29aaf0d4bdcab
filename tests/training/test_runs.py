"""The registry: runs wait their turn, end in defined ways, and leave nothing behind."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from builder.document import Block, Network, TensorType
from builder.recipe import Recipe
from builder.recipe import dumps as write
from builder.schema import dumps
from builder.store import RunRecord, Store
from builder.training import events, live, process, runs
from builder.training.events import ENDINGS, Batches, Epoch, Finished, Started
from builder.training.runs import Refused, Runs
from tests.training.waiting import children, is_gone, wait_until

NETWORK = Network(
    TensorType((4,)), (Block("b1", "Linear", (("out_features", 3),), name="out"),), 2, "iris"
)
FAKE = (sys.executable, "-m", "tests.training.fake_worker")
DONE, STOPPABLE, DEAF, KILLED, DEAD, GARBLED, FAILED, NOT_FINITE, GATED, EARLY = range(10)
OBEDIENT = 10


def recipe(what: int) -> Recipe:
    return Recipe(data="iris", seed=what)


@pytest.fixture
def store(tmp_path):
    made = Store(f"sqlite:///{tmp_path / 'stackyard.db'}", tmp_path)
    yield made
    made.close()


@pytest.fixture
def registry(store):
    before = children(os.getpid())
    made = Runs(store, workers=1, spare=False, command=FAKE)
    yield made
    made.close()
    assert children(os.getpid()) - before == set(), "a worker was left behind"


def ended(registry: Runs, run_id: str):
    wait_until(lambda: not registry.view(run_id).active, "the end of the run")
    return registry.view(run_id)


def stepping(registry: Runs, run_id: str) -> None:
    wait_until(lambda: registry.view(run_id).step > 0, "a step")


def open_gate(store: Store, run_id: str) -> None:
    folder = store.run_folder(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "go").touch()


def test_a_run_from_beginning_to_end(registry, store):
    run_id = registry.start(NETWORK, recipe(DONE), "n1")
    view = ended(registry, run_id)
    assert (view.id, view.network_id, view.status, view.message) == (run_id, "n1", "done", "")
    assert (view.network, view.recipe, view.warning) == (NETWORK, recipe(DONE), None)
    assert view.started == Started(run_id, 10, 8, 2, 1, 2, "cpu", 1)
    assert view.epochs == (Epoch(1, 1, 0.5, 0.25, 0.75, 0.125, 0.2),)
    folder = str(store.run_folder(run_id))
    assert view.finished == Finished("done", folder, ((1, 0), (0, 1)))
    assert registry.since(run_id).losses == (0.5,)
    assert registry.since(run_id, 1, 1).losses == ()


def test_a_later_server_finds_the_run_with_its_curves(registry, store):
    run_id = registry.start(NETWORK, recipe(DONE), "n1")
    view, points = ended(registry, run_id), registry.since(run_id)
    registry.close()
    later = Runs(store, spare=False, command=FAKE)
    assert later.view(run_id) == view
    assert later.since(run_id) == points
    assert [record.id for record in later.list_runs("n1")] == [run_id]
    later.close()


def test_what_the_store_holds_is_valid_json_also_for_a_loss_that_explodes(registry, store):
    run_id = registry.start(NETWORK, recipe(NOT_FINITE), "n1")
    assert ended(registry, run_id).status == "done"
    losses = registry.since(run_id).losses
    assert math.isnan(losses[0])
    assert losses[1] == math.inf
    assert registry.since(run_id).series()["batch_loss"] == [None, None]
    registry.close()
    assert '["NaN", "Infinity"]' in "".join(store.load_events(run_id))
    assert isinstance(events.loads(store.load_events(run_id)[1]), Batches)


def test_stopping_keeps_what_there_is(registry):
    run_id = registry.start(NETWORK, recipe(STOPPABLE), "n1")
    stepping(registry, run_id)
    registry.stop(run_id)
    view = ended(registry, run_id)
    assert (view.status, view.finished) == ("stopped", Finished("stopped", None, ()))
    assert registry.since(run_id).losses == (0.5,) * view.step


def test_a_run_pauses_makes_single_steps_and_goes_on(registry):
    run_id = registry.start(NETWORK, recipe(OBEDIENT), "n1", paused=True)
    wait_until(lambda: registry.view(run_id).started, "the start")
    view = registry.view(run_id)
    assert (view.status, view.step, view.stepped, view.active) == ("paused", 0, None, True)
    for number in (1, 2):
        registry.command(run_id, "step")
        wait_until(lambda n=number: registry.view(run_id).step == n, "a step")
        wait_until(lambda: registry.view(run_id).stepped, "what the step did")
    wait_until(lambda: registry.view(run_id).stepped.step == 2, "what the second step did")
    assert registry.view(run_id).status == "paused"
    registry.command(run_id, "resume")
    assert registry.view(run_id).status == "running"
    wait_until(lambda: registry.view(run_id).step > 4, "more steps")
    registry.command(run_id, "pause")
    assert registry.view(run_id).status == "paused"
    registry.stop(run_id)
    assert ended(registry, run_id).status == "stopped"
    registry.command(run_id, "resume")
    assert registry.view(run_id).status == "stopped"


@pytest.mark.parametrize("others_wait", [False, True], ids=["alone", "others wait"])
def test_a_paused_run_that_nobody_touches_is_stopped(registry, monkeypatch, others_wait):
    limit = "PAUSE_LIMIT_BUSY" if others_wait else "PAUSE_LIMIT"
    run_id = registry.start(NETWORK, recipe(OBEDIENT), "n1")
    if others_wait:
        registry.start(NETWORK, recipe(DONE), "n2")
    stepping(registry, run_id)
    monkeypatch.setattr(runs, limit, 0.0)
    registry.stop_idle()
    assert registry.view(run_id).status == "running"
    registry.command(run_id, "pause")
    registry.stop_idle()
    view = ended(registry, run_id)
    assert (view.status, view.code) == ("stopped", "idle")
    assert view.message.startswith("Stopped after a pause of 0 minutes, because other runs")


def test_a_run_stopped_before_its_worker_listens_stops_too(registry):
    run_id = registry.start(NETWORK, recipe(STOPPABLE), "n1")
    registry.stop(run_id)
    assert ended(registry, run_id).status == "stopped"


def test_a_worker_deaf_to_stop_is_ended(registry, monkeypatch):
    monkeypatch.setattr(runs, "GRACE", 0.1)
    run_id = registry.start(NETWORK, recipe(DEAF), "n1")
    stepping(registry, run_id)
    registry.stop(run_id)
    view = ended(registry, run_id)
    assert (view.status, view.code) == ("stopped", "stopped-hard")
    assert view.message == (
        "A single step took longer than 0.1 seconds and was broken off. "
        "What was recorded until then is kept; its weights are lost."
    )
    assert len(registry.since(run_id).losses) == view.step > 0


def test_a_killed_worker_fails_its_run_and_keeps_its_curve(registry, store):
    run_id = registry.start(NETWORK, recipe(KILLED), "n1")
    view = ended(registry, run_id)
    assert (view.status, view.code) == ("failed", "worker-died")
    assert view.message == (
        "The training process was ended from outside (signal 9), perhaps for want of memory. "
        "What was recorded until then is kept; its weights are lost."
    )
    assert registry.since(run_id).losses == (0.5,)
    registry.close()
    record = store.load_run(run_id)
    assert (record.status, record.code, record.message) == ("failed", view.code, view.message)


def test_a_worker_killed_by_someone_else_fails_its_run(registry):
    run_id = registry.start(NETWORK, recipe(DEAF), "n1")
    stepping(registry, run_id)
    (pid,) = children(os.getpid())
    os.kill(pid, signal.SIGKILL)
    assert ended(registry, run_id).code == "worker-died"
    again = registry.start(NETWORK, recipe(DONE), "n1")
    assert ended(registry, again).status == "done"


def test_a_worker_that_ends_by_itself_fails_its_run(registry):
    view = ended(registry, registry.start(NETWORK, recipe(DEAD), "n1"))
    assert (view.status, view.code) == ("failed", "worker-died")
    assert "ended unexpectedly (status 7); log.txt in the run's folder says more" in view.message


def test_a_worker_that_talks_nonsense_is_ended(registry):
    view = ended(registry, registry.start(NETWORK, recipe(GARBLED), "n1"))
    assert (view.status, view.code) == ("failed", "no-worker")


def test_a_worker_that_cannot_be_started_fails_its_run(store):
    registry = Runs(store, spare=False, command=("/nowhere/python",))
    view = ended(registry, registry.start(NETWORK, recipe(DONE), "n1"))
    assert (view.status, view.code) == ("failed", "no-worker")
    registry.close()


def test_a_run_that_ends_early_is_done_and_says_why(registry):
    view = ended(registry, registry.start(NETWORK, recipe(EARLY), "n1"))
    expected = ("done", "early", ENDINGS["early"], "No sample of b.")
    assert (view.status, view.code, view.message, view.warning) == expected


def test_a_failure_told_by_the_worker(registry):
    view = ended(registry, registry.start(NETWORK, recipe(FAILED), "n1"))
    assert (view.status, view.code, view.message) == (
        "failed",
        "out-of-memory",
        "The memory ran out.",
    )


def test_networks_take_turns_and_are_told_their_place(registry, store):
    first = registry.start(NETWORK, recipe(GATED), "a")
    wait_until(lambda: registry.view(first).status == "running", "the first run")
    mine = [registry.start(NETWORK, recipe(GATED), "a") for _ in range(2)]
    other = registry.start(NETWORK, recipe(GATED), "b")
    waiting = [registry.view(run_id) for run_id in (*mine, other)]
    assert [(view.status, view.place) for view in waiting] == [
        ("queued", 2),
        ("queued", 3),
        ("queued", 1),
    ]
    for run_id in (first, other, *mine):
        wait_until(lambda run_id=run_id: registry.view(run_id).status == "running", "its turn")
        open_gate(store, run_id)
        assert ended(registry, run_id).status == "done"


def test_a_waiting_run_can_be_stopped(registry):
    first = registry.start(NETWORK, recipe(STOPPABLE), "a")
    second = registry.start(NETWORK, recipe(DONE), "b")
    registry.stop(second)
    view = registry.view(second)
    assert (view.status, view.message) == ("stopped", "Stopped before it had begun.")
    registry.stop(first)
    assert ended(registry, first).status == "stopped"


def test_one_network_cannot_fill_the_queue(registry):
    for _ in range(runs.WAITING_LIMIT + 1):
        registry.start(NETWORK, recipe(STOPPABLE), "a")
    with pytest.raises(Refused, match="20 runs of this network are waiting already") as caught:
        registry.start(NETWORK, recipe(STOPPABLE), "a")
    assert caught.value.issue.code == "queue-full"
    registry.start(NETWORK, recipe(STOPPABLE), "b")


@pytest.mark.parametrize(
    ("network", "code"),
    [
        (replace(NETWORK, blocks=()), "empty"),
        (replace(NETWORK, input=TensorType((5,))), "input"),
        (replace(NETWORK, blocks=(Block("b1", "Conv2d", (("out_channels", 1),)),)), None),
    ],
    ids=["empty", "another input", "a fault"],
)
def test_what_cannot_be_trained_is_refused_before_anything_starts(registry, store, network, code):
    with pytest.raises(Refused) as caught:
        registry.start(network, recipe(DONE), "n1")
    assert caught.value.issue.message
    assert code in (None, caught.value.issue.code)
    assert registry.list_runs("n1") == ()
    assert store.unfinished_runs() == ()


def test_a_sweep_waits_as_one_and_is_named_by_its_first_run(registry, store):
    gate = registry.start(NETWORK, recipe(GATED), "n1")
    sweep = [recipe(DONE), recipe(FAILED)]
    ids = registry.start_all(NETWORK, sweep, "n1", "Seed")
    records = {record.id: record for record in registry.list_runs("n1")}
    assert [(records[each].number, records[each].sweep) for each in (gate, *ids)] == [
        (1, ""),
        (2, "Seed (from run 2)"),
        (3, "Seed (from run 2)"),
    ]
    assert [registry.view(each).recipe for each in ids] == sweep
    assert [registry.view(each).place for each in ids] == [1, 2]
    open_gate(store, gate)
    assert [ended(registry, each).status for each in (gate, *ids)] == ["done", "done", "failed"]
    assert [record.id for record in registry.list_runs("n1")] == [*reversed(ids), gate]


def test_of_a_sweep_that_is_refused_nothing_is_started(registry):
    gate = registry.start(NETWORK, recipe(STOPPABLE), "n1")
    too_many = [recipe(DONE)] * (runs.WAITING_LIMIT + 1)
    message = "At most 20 runs of a network may wait: 21 more are too many. Choose 20 or fewer"
    with pytest.raises(Refused, match=message):
        registry.start_all(NETWORK, too_many, "n1", "Seed")
    with pytest.raises(Refused):
        registry.start_all(NETWORK, [recipe(DONE), Recipe(data="digits")], "n1", "Data")
    assert [record.id for record in registry.list_runs("n1")] == [gate]


def test_a_long_sweep_does_not_keep_others_waiting(registry):
    registry.start(NETWORK, recipe(STOPPABLE), "a")
    registry.start_all(NETWORK, [recipe(DONE)] * 10, "a", "Seed")
    other = registry.start(NETWORK, recipe(DONE), "b")
    assert registry.view(other).place == 1


def test_a_run_in_a_line_live_and_from_the_store(registry, store):
    run_id = registry.start(NETWORK, recipe(DONE), "n1")
    ended(registry, run_id)
    (live,) = registry.summaries("n1")
    assert (live.record.id, live.recipe) == (run_id, recipe(DONE))
    assert live.started == Started(run_id, 10, 8, 2, 1, 2, "cpu", 1)
    assert live.epochs == (Epoch(1, 1, 0.5, 0.25, 0.75, 0.125, 0.2),)
    registry.close()
    later = Runs(store, spare=False, command=FAKE)
    assert later.summaries("n1") == (live,)
    assert later.summaries("n1") == (live,)
    assert later.summaries("n2") == ()
    later.close()


def test_a_renamed_run_keeps_its_name(registry, store):
    run_id = registry.start(NETWORK, recipe(DONE), "n1")
    ended(registry, run_id)
    registry.rename(run_id, "first try")
    assert registry.list_runs("n1")[0].title == "Run 1 first try"
    assert store.load_run(run_id).name == "first try"
    assert registry.summaries("n1")[0].record.name == "first try"


def test_a_deleted_run_leaves_nothing(registry, store):
    run_id = registry.start(NETWORK, recipe(DONE), "n1")
    ended(registry, run_id)
    wait_until(lambda: store.load_run(run_id).status == "done", "the end is written down")
    folder = store.run_folder(run_id)
    folder.mkdir(parents=True)
    (folder / "weights.pt").touch()
    registry.delete(run_id)
    assert (registry.view(run_id), registry.list_runs("n1")) == (None, ())
    assert (store.load_events(run_id), folder.exists()) == ((), False)
    registry.delete(run_id)


def test_a_run_of_an_earlier_server_is_deleted(registry, store):
    run_id = registry.start(NETWORK, recipe(DONE), "n1")
    ended(registry, run_id)
    registry.close()
    later = Runs(store, spare=False, command=FAKE)
    assert len(later.summaries("n1")) == 1
    assert later.view(run_id)
    later.delete(run_id)
    assert (later.view(run_id), later.summaries("n1")) == (None, ())
    later.close()


def test_a_run_that_goes_on_is_not_deleted(registry):
    first = registry.start(NETWORK, recipe(STOPPABLE), "n1")
    second = registry.start(NETWORK, recipe(DONE), "n1")
    for run_id, number in ((first, 1), (second, 2)):
        with pytest.raises(Refused, match=f"Run {number} is still waiting or training. Stop it"):
            registry.delete(run_id)
    assert [record.id for record in registry.list_runs("n1")] == [second, first]


@pytest.mark.parametrize("unknown", ["", "nobody", "../../etc", "'; DROP TABLE runs; --"])
def test_an_unknown_run(registry, unknown):
    registry.stop(unknown)
    assert registry.view(unknown) is None
    assert registry.since(unknown) is None
    assert registry.weights(unknown) is None


def test_weights_are_found_only_where_a_run_has_saved_them(registry, store):
    run_id = registry.start(NETWORK, recipe(DONE), "n1")
    ended(registry, run_id)
    assert registry.weights(run_id) is None
    path = store.run_folder(run_id) / "weights.pt"
    path.parent.mkdir(parents=True)
    path.touch()
    assert registry.weights(run_id, "pt") == path
    assert registry.weights(run_id, "safetensors") is None
    assert registry.weights(run_id, "../x") is None


def test_on_a_full_disk_the_run_goes_on_and_the_person_is_told(registry, store, monkeypatch):
    monkeypatch.setattr(live, "SAVE_INTERVAL", 0.0)
    full = [True]

    def limit(connection, record):
        if full[0]:
            connection.execute("PRAGMA max_page_count = 1").close()

    store.engine.dispose()
    event.listen(store.engine, "connect", limit)
    monkeypatch.setattr(store, "create_run", _growing(store))
    run_id = registry.start(NETWORK, recipe(STOPPABLE), "n1")
    stepping(registry, run_id)
    view = registry.view(run_id)
    assert view.status == "running"
    assert view.warning == (
        "Could not save the run: the disk is full. Make room on it; what was saved before is safe. "
        "The run goes on, and its curves are kept in memory until the server stops."
    )
    assert registry.list_runs("n1")[0].id == run_id
    full[0] = False
    store.engine.dispose()
    wait_until(lambda: registry.view(run_id).warning is None, "the store to be written again")
    registry.stop(run_id)
    losses = registry.since(run_id).losses
    ended(registry, run_id)
    registry.close()
    later = Runs(store, spare=False, command=FAKE)
    assert later.since(run_id).losses[: len(losses)] == losses
    later.close()


def _growing(store: Store):
    """Create the run with a text so long that the database file must grow for it."""
    create = store.create_run

    def create_long(record: RunRecord) -> None:
        create(replace(record, document=record.document + " " * 200_000))

    return create_long


def test_closing_the_server_interrupts_its_runs_and_ends_the_workers(store):
    before = children(os.getpid())
    registry = Runs(store, workers=1, spare=True, command=FAKE)
    running = registry.start(NETWORK, recipe(DEAF), "n1")
    stepping(registry, running)
    waiting = registry.start(NETWORK, recipe(DONE), "n1")
    registry.close()
    assert children(os.getpid()) - before == set()
    later = Runs(store, spare=False, command=FAKE)
    found = [later.view(run_id) for run_id in (running, waiting)]
    assert [view.status for view in found] == ["interrupted", "interrupted"]
    assert found[0].message == (
        "The server was stopped during this run. What was recorded until then is kept; "
        "start it again to train from the beginning."
    )
    assert found[0].step > 0
    later.close()


SERVER = """
import sys
from pathlib import Path
from builder.store import Store
from builder.training import live
from builder.training.runs import Runs
from tests.training.test_runs import FAKE, NETWORK, DEAF, recipe
from tests.training.waiting import wait_until
live.SAVE_INTERVAL = 0.0
folder = Path(sys.argv[1])
runs = Runs(Store(f"sqlite:///{folder / 'stackyard.db'}", folder), workers=2, command=FAKE)
run_id = runs.start(NETWORK, recipe(DEAF), "n1")
store = runs._store
wait_until(lambda: len(store.load_events(run_id)) > 2, "steps in the store")
print(run_id, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "terminated"])
def test_a_server_stopped_in_mid_run_leaves_no_process_and_an_interrupted_run(tmp_path, how):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with server:
        run_id = server.stdout.readline().strip()
        wait_until(lambda: len(children(server.pid)) == 2, "the run's worker and a new spare")
        workers = children(server.pid)
        server.send_signal(how)
        server.wait()
    wait_until(lambda: all(map(is_gone, workers)), "the end of the workers")
    store = Store(f"sqlite:///{tmp_path / 'stackyard.db'}", tmp_path)
    assert store.load_run(run_id).status == "running"
    registry = Runs(store, spare=False, command=FAKE)
    assert store.load_run(run_id).status == "interrupted"
    view = registry.view(run_id)
    assert (view.status, view.code, view.step > 0) == ("interrupted", "server-stopped", True)
    registry.close()
    store.close()


def test_a_run_of_another_server_that_lives_is_left_alone(store):
    first = Runs(store, workers=1, spare=False, command=FAKE)
    run_id = first.start(NETWORK, recipe(STOPPABLE), "n1")
    stepping(first, run_id)
    second = Runs(store, workers=1, spare=False, command=FAKE)
    assert second.view(run_id).status == "running"
    second.close()
    first.stop(run_id)
    assert ended(first, run_id).status == "stopped"
    first.close()


def foreign_run(store: Store) -> str:
    """A run of a server on another machine, which wrote of it just now."""
    record = RunRecord(
        "r1", "n1", dumps(NETWORK), write(recipe(DONE)), "running", 10.0, owner="elsewhere/1/2"
    )
    store.create_run(record)
    return record.id


def be_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SILENCE", 0.0)


def test_a_run_of_a_silent_server_on_another_machine_is_interrupted(registry, store, monkeypatch):
    run_id = foreign_run(store)
    registry.stop(run_id)
    assert registry.view(run_id).status == "running"
    assert [each.status for each in registry.list_runs("n1")] == ["running"]
    be_silent(monkeypatch)
    assert registry.view(run_id).status == "interrupted"
    assert [each.status for each in registry.list_runs("n1")] == ["interrupted"]
    assert store.load_run(run_id).status == "running"
    registry.stop(run_id)
    assert store.load_run(run_id).status == "interrupted"
    assert store.load_run(run_id).finished > 10.0


def test_a_new_server_ends_the_runs_of_a_silent_one(store, monkeypatch):
    run_id = foreign_run(store)
    be_silent(monkeypatch)
    Runs(store, spare=False, command=FAKE).close()
    assert store.load_run(run_id).status == "interrupted"


def test_a_run_that_has_nothing_to_tell_is_kept_alive(store, monkeypatch):
    monkeypatch.setattr(runs, "BEAT", 0.01)
    registry = Runs(store, workers=1, spare=False, command=FAKE)
    run_id = registry.start(NETWORK, recipe(GATED), "n1")
    wait_until(lambda: registry.view(run_id).started, "the start")
    before = store.load_run(run_id).updated
    wait_until(lambda: store.load_run(run_id).updated > before, "a heartbeat")
    open_gate(store, run_id)
    assert ended(registry, run_id).status == "done"
    registry.close()


def test_a_worker_hired_while_the_server_closes_is_ended(store, monkeypatch):
    before = children(os.getpid())
    registry = Runs(store, workers=1, spare=False, command=FAKE)
    hire, hired, closing = registry._hire, threading.Event(), registry._closed

    def hire_slowly(run: live.LiveRun) -> process.WorkerProcess:
        made = hire(run)
        hired.set()
        assert closing.wait(60)
        return made

    monkeypatch.setattr(registry, "_hire", hire_slowly)
    run_id = registry.start(NETWORK, recipe(GATED), "n1")
    assert hired.wait(60)
    registry.close()
    assert children(os.getpid()) - before == set()
    assert store.load_run(run_id).status == "interrupted"


def test_the_spare_takes_the_next_run_and_a_new_one_is_kept_afterwards(store):
    before = children(os.getpid())
    registry = Runs(store, workers=1, spare=True, command=FAKE)
    (spare,) = children(os.getpid()) - before
    run_id = registry.start(NETWORK, recipe(STOPPABLE), "n1")
    stepping(registry, run_id)
    assert children(os.getpid()) - before == {spare}
    registry.stop(run_id)
    ended(registry, run_id)
    wait_until(lambda: (now := children(os.getpid()) - before) and spare not in now, "a new spare")
    registry.close()
    assert children(os.getpid()) - before == set()


def test_a_spare_that_has_died_costs_nothing(store):
    before = children(os.getpid())
    registry = Runs(store, workers=1, spare=True, command=FAKE)
    (spare,) = children(os.getpid()) - before
    os.kill(spare, signal.SIGKILL)
    wait_until(lambda: is_gone(spare), "the end of the spare")
    assert ended(registry, registry.start(NETWORK, recipe(DONE), "n1")).status == "done"
    registry.close()


def test_the_environment_can_switch_the_spare_off(store, monkeypatch):
    before = children(os.getpid())
    monkeypatch.setenv("STACKYARD_SPARE", "0")
    registry = Runs(store, command=FAKE)
    assert children(os.getpid()) == before
    registry.close()


def test_ended_runs_are_not_held_for_ever(registry, monkeypatch):
    monkeypatch.setattr(runs, "REMEMBERED", 1)
    found = []
    for _ in range(3):
        found.append(registry.start(NETWORK, recipe(DONE), "n1"))
        ended(registry, found[-1])
    last = registry.start(NETWORK, recipe(GATED), "n1")
    assert len(registry._runs) <= 3
    assert registry.view(found[0]).status == "done"
    assert [each.id for each in registry.list_runs("n1")] == [last, *reversed(found)]
