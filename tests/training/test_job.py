"""A whole run in this process: what it tells, what it keeps, and how it fails."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from builder.build import build_network
from builder.datasets import DATA_SETS, own, table
from builder.document import Block, Network, TensorType
from builder.home import data_folder
from builder.recipe import Recipe
from builder.training import events, job
from builder.training.control import Control
from builder.training.events import Batches, Epoch, Failed, Finished, Layers, Started, Stepped
from builder.training.job import train

NETWORK = Network(
    TensorType((4,)),
    (
        Block("b1", "Linear", (("out_features", 8),)),
        Block("b2", "ReLU"),
        Block("b3", "Linear", (("out_features", 3),), name="out"),
    ),
    4,
    "iris",
)
RECIPE = Recipe("iris", epochs=3, seed=1, device="cpu")


def events_of(network=NETWORK, recipe=RECIPE, **more) -> list:
    told: list = []
    train(network, recipe, told.append, **more)
    return told


def test_what_a_run_tells():
    told = events_of(run="r1", threads=1)
    layers, kinds = ("0", "1", "out"), ("Linear", "ReLU", "Linear")
    assert told[0] == Started("r1", 67, 120, 30, 2, 3, "cpu", 1, "accuracy", None, layers, kinds)
    assert next(event.step for event in told if isinstance(event, Layers)) == 1
    assert [event.epoch for event in told if isinstance(event, Epoch)] == [1, 2, 3]
    assert sum(len(event.losses) for event in told if isinstance(event, Batches)) == 6
    last = told[-1]
    assert (last.reason, last.weights, last.warning) == ("done", None, None)
    assert sum(map(sum, last.confusion)) == 30
    diagonal = sum(last.confusion[i][i] for i in range(3))
    assert diagonal / 30 == told[-2].val_metric


def test_early_stopping_ends_after_so_many_epochs_without_progress():
    recipe = replace(RECIPE, epochs=50, patience=2, min_delta=1e6)
    told = events_of(recipe=recipe)
    assert [event.epoch for event in told if isinstance(event, Epoch)] == [1, 2, 3]
    assert told[-1].reason == "early"
    assert sum(map(sum, told[-1].confusion)) == 30


def test_a_time_limit_ends_the_run(tmp_path):
    recipe = replace(RECIPE, epochs=100_000, time_limit=0.05)
    last = events_of(recipe=recipe, folder=tmp_path)[-1]
    assert (last.reason, last.weights) == ("time", str(tmp_path))


def test_numbers_are_learnt():
    network = Network(TensorType((1,)), (Block("b1", "Linear", (("out_features", 1),)),), 2, "line")
    recipe = Recipe("line", epochs=4, optimiser="SGD", arguments=(("lr", 0.1),), device="cpu")
    told = events_of(network, recipe)
    assert told[0].metric == "mean_absolute_error"
    assert told[-1] == Finished("done", None, ())
    last = [event for event in told if isinstance(event, Epoch)][-1]
    assert last.val_metric == pytest.approx(16, abs=1)  # noise of 20, times √(2/π)
    assert last.val_loss == pytest.approx(400, abs=40)


def test_values_that_are_no_numbers_are_told_before_the_first_step(monkeypatch):
    entry = DATA_SETS["iris"]
    loaded = entry.load()
    loaded.inputs[7, 1] = math.nan
    monkeypatch.setattr(job, "arrays", lambda data: loaded)
    (event,) = events_of()
    assert isinstance(event, Failed)
    assert event.code == "data"
    assert event.message.startswith("Iris has values that are no numbers")


def test_a_class_that_is_missing_from_the_split_is_a_warning_and_no_crash():
    recipe = Recipe("iris", validation=0.01, epochs=1, device="cpu")
    told = events_of(recipe=recipe)
    assert told[0].warning.startswith("There is no validation sample of ")
    assert told[-1].reason == "done"


def test_the_same_seed_gives_the_same_run():
    first, second = ([e for e in events_of() if isinstance(e, Epoch)] for _ in range(2))
    assert [(e.train_loss, e.val_loss) for e in first] == [
        (e.train_loss, e.val_loss) for e in second
    ]


def test_it_learns():
    told = events_of(recipe=Recipe("iris", epochs=60, arguments=(("lr", 0.01),)))
    assert told[-2].val_metric > 0.9


def test_the_weights_are_those_of_the_model_in_both_files(tmp_path):
    told: list = []
    model = train(NETWORK, RECIPE, told.append, folder=tmp_path / "r1")
    state = model.state_dict()
    assert list(state) == ["0.weight", "0.bias", "out.weight", "out.bias"]
    assert told[-1].weights == str(tmp_path / "r1")
    saved = torch.load(tmp_path / "r1" / "weights.pt", weights_only=True)
    for found in (saved, load_file(tmp_path / "r1" / "weights.safetensors")):
        assert found.keys() == state.keys()
        assert all(torch.equal(found[name], state[name]) for name in state)


def test_weights_that_cannot_be_saved_are_told_and_the_run_counts(tmp_path):
    (tmp_path / "file").write_text("in the way")
    last = events_of(folder=tmp_path / "file" / "r1")[-1]
    assert (last.reason, last.weights) == ("done", None)
    assert last.warning.startswith("The weights could not be saved: ")


def test_stopping_before_the_first_step_gives_the_untrained_weights(tmp_path):
    control = Control()
    control.obey("stop")
    told = events_of(control=control, folder=tmp_path)
    assert [type(event) for event in told] == [Started, Finished]
    assert told[-1].reason == "stopped"
    assert sum(map(sum, told[-1].confusion)) == 30
    assert (tmp_path / "weights.safetensors").is_file()


def test_an_exploding_loss_is_recorded_and_not_a_crash():
    recipe = Recipe("iris", epochs=20, optimiser="SGD", arguments=(("lr", 1e30),))
    told = events_of(recipe=recipe)
    assert told[-1].reason == "done"
    assert math.isnan(told[-2].val_loss)


@pytest.mark.parametrize(
    ("network", "code"),
    [
        (Network(TensorType((4,)), ()), "empty"),
        (Network(TensorType((5,)), NETWORK.blocks), "input"),
        (Network(TensorType((4,)), NETWORK.blocks[:1]), "output"),
    ],
    ids=["empty", "another input", "another output"],
)
def test_what_cannot_be_trained_is_told_before_anything_starts(network, code):
    (event,) = events_of(network)
    assert isinstance(event, Failed)
    assert event.code == code


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has the device")
def test_a_device_that_is_not_there():
    assert events_of(recipe=Recipe("iris", device="cuda")) == [
        Failed("no-device", "This machine has no cuda device. Choose auto or cpu instead.")
    ]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), "out-of-memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), "out-of-memory"),
        (torch.OutOfMemoryError("CUDA out of memory."), "out-of-memory"),
        (ValueError("first line\nsecond line"), "error"),
        (KeyError(), "error"),
    ],
)
def test_errors_in_the_middle_of_a_run_end_it_in_words(monkeypatch, error, expected):
    def fail(*arguments):
        raise error

    monkeypatch.setattr(job.loop, "run_epochs", fail)
    told = events_of()
    assert isinstance(told[-1], Failed)
    assert told[-1].code == expected
    assert "\n" not in told[-1].message
    assert "Traceback" not in told[-1].message


def test_only_the_first_line_of_an_error_is_told():
    told = job.explain(ValueError("first line\nsecond line"))
    assert told == Failed("error", "Training broke off: first line")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_trains_like_the_cpu():
    on_gpu = events_of(recipe=Recipe("iris", epochs=3, seed=1, device="cuda"))
    on_cpu = events_of()
    assert on_gpu[0].device == "cuda"
    for mine, other in zip(on_gpu, on_cpu, strict=False):
        if isinstance(mine, Epoch):
            assert mine.train_loss == pytest.approx(other.train_loss, rel=1e-3)


def test_a_run_in_this_process_leaves_the_number_of_threads_to_torch():
    before = torch.get_num_threads()
    events_of()
    assert torch.get_num_threads() == before <= (os.cpu_count() or 1)


def test_a_paused_run_makes_the_steps_it_is_told_to_and_goes_on():
    control, told = Control(paused=True), []
    words = iter(["step", "step", "resume"])

    def listen(event) -> None:
        told.append(event)
        if isinstance(event, Stepped):
            control.obey(next(words))

    control.obey(next(words))
    train(NETWORK, RECIPE, listen, control)
    steps = [event for event in told if isinstance(event, Stepped)]
    assert [(each.step, each.samples, each.layer) for each in steps] == [
        (1, 64, steps[0].layer),
        (2, 56, steps[1].layer),
    ]
    assert math.isnan(steps[0].former_gradient)
    assert steps[1].former_gradient == pytest.approx(steps[0].gradient)
    losses = [loss for event in told if isinstance(event, Batches) for loss in event.losses]
    undisturbed = [
        loss for event in events_of() if isinstance(event, Batches) for loss in event.losses
    ]
    assert losses == undisturbed
    assert told[-1].reason == "done"


def test_no_number_counts_a_pause(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("builder.training.recorder.perf_counter", lambda: now[0])

    class Pausing(Control):
        def wait(self) -> bool:
            now[0] += 1000.0
            self.obey("resume")
            return False

    told: list = []
    train(NETWORK, replace(RECIPE, time_limit=900.0), told.append, Pausing(paused=True))
    assert told[-1].reason == "done"
    assert [event.seconds for event in told if isinstance(event, Epoch)] == [0.0] * 3


SOME = Network(
    TensorType((1, 8, 8)),
    (
        Block("b1", "Conv2d", (("kernel_size", 3), ("out_channels", 4)), name="conv", frozen=True),
        Block("b2", "BatchNorm2d", name="norm", frozen=True),
        Block("b3", "Flatten", (("end_dim", 2),)),
        Block("b4", "LSTM", (("batch_first", True), ("hidden_size", 6)), name="lstm", frozen=True),
        Block(
            "b5",
            "MultiheadAttention",
            (("batch_first", True), ("num_heads", 2)),
            name="attend",
            frozen=True,
        ),
        Block("b6", "Flatten"),
        Block("b7", "Linear", (("out_features", 10),), name="out"),
    ),
    8,
    "digits",
)


def test_frozen_weights_stay_and_running_statistics_move():
    """Weight decay too leaves them alone; nothing but the last layer is trained."""
    recipe = Recipe(
        "digits",
        optimiser="AdamW",
        arguments=(("lr", 0.01), ("weight_decay", 0.5)),
        epochs=1,
        batch_size=300,
        device="cpu",
        seed=4,
    )
    torch.manual_seed(recipe.seed)
    before = build_network(SOME).state_dict()
    told: list = []
    model = train(SOME, recipe, told.append, threads=1)
    assert model is not None, told[-1]
    after = model.state_dict()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    statistics = {f"norm.{name}" for name in ("running_mean", "running_var", "num_batches_tracked")}
    assert moved == {"out.weight", "out.bias"} | statistics
    assert all(each.grad is None for each in model.parameters() if not each.requires_grad)


def test_a_network_that_is_frozen_as_a_whole_is_refused():
    blocks = tuple(replace(block, frozen=True) for block in NETWORK.blocks)
    told = events_of(replace(NETWORK, blocks=blocks))
    assert [(event.code, event.message) for event in told] == [
        (
            "frozen",
            "All layers with parameters are frozen, so there is nothing to train: unfreeze some.",
        )
    ]


def test_own_data_that_is_gone_or_changed_ends_the_run_in_words() -> None:
    data = b"a,b\n1,x\n2,y\n3,x\n4,y\n5,x\n"
    data_set_id = own.keep(table.suggest_plan(table.look(data), "mine.csv"), data)
    network = Network(TensorType((1,)), (Block("b1", "Linear", (("out_features", 2),)),))
    recipe = Recipe(data_set_id, epochs=1, device="cpu")
    said = []
    for spoil in (None, "changed", "gone"):
        folder = data_folder(data_set_id)
        if spoil == "changed":
            (folder / "inputs.npy").write_bytes(b"other")
        if spoil == "gone":
            shutil.rmtree(folder)
        said.append(events_of(network, recipe)[-1])
    assert isinstance(said[0], Finished)
    assert [type(each) for each in said[1:]] == [Failed, Failed]
    assert said[1].code == said[2].code == "data"
    assert "are damaged or were changed" in said[1].message
    assert said[2].message.startswith("This own data is not here (any more).")


@pytest.mark.parametrize("spoil", ["changed", "gone"])
def test_own_data_that_goes_in_mid_run_is_not_missed(spoil: str) -> None:
    data = b"a,b\n" + b"".join(b"%d,%d.5\n" % (at, 3 * at) for at in range(40))
    data_set_id = own.keep(table.suggest_plan(table.look(data), f"{spoil}.csv"), data)
    network = Network(TensorType((1,)), (Block("b1", "Linear", (("out_features", 1),)),))
    recipe = Recipe(data_set_id, epochs=3, device="cpu")
    undisturbed = [event for event in events_of(network, recipe) if isinstance(event, Epoch)]
    told: list = []

    def spoil_after_an_epoch(event) -> None:
        told.append(event)
        if isinstance(event, Epoch) and event.epoch == 1:
            folder = data_folder(data_set_id)
            if spoil == "gone":
                shutil.rmtree(folder)
            else:
                for path in folder.iterdir():
                    path.write_bytes(b"other")

    train(network, replace(recipe), spoil_after_an_epoch)
    assert isinstance(told[-1], Finished)
    assert told[-1].reason == "done"
    epochs = [event for event in told if isinstance(event, Epoch)]
    assert [each.val_loss for each in epochs] == [each.val_loss for each in undisturbed]


OUT_OF_MEMORY = """
import resource, sys
from pathlib import Path
from builder.recipe import Recipe
from builder.training.events import Epoch, dumps
from builder.training.job import train
from tests.training.test_job import WIDE

def tell(event):
    print(dumps(event), flush=True)
    if isinstance(event, Epoch):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + 8_000_000
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

train(WIDE, Recipe("iris", batch_size=120, epochs=5, device="cpu"), tell, threads=1)
"""
WIDE = Network(
    TensorType((4,)),
    (
        Block("b1", "Linear", (("out_features", 100_000),)),
        Block("b2", "Linear", (("out_features", 3),), name="out"),
    ),
    3,
    "iris",
)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_memory_that_runs_out_in_mid_run_ends_it_in_words() -> None:
    command = [sys.executable, "-c", OUT_OF_MEMORY]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [events.loads(line) for line in done.stdout.splitlines()]
    told = [event for event in told if not isinstance(event, Layers)]
    assert [type(event) for event in told] == [Started, Batches, Epoch, Failed], done.stderr
    assert told[-1] == Failed(
        "out-of-memory", "The memory ran out. Make the batch, the layers or the input smaller."
    )
