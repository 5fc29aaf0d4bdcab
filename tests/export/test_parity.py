"""The exported train.py, alone in a clean interpreter, repeats the run bit for bit on the CPU."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from builder.check import check
from builder.cli.train import report
from builder.datasets import DATA_SETS
from builder.document import Block, Network, Params, TensorType
from builder.export.script import model_source, train_source
from builder.recipe import Recipe
from builder.schedules import SCHEDULES
from builder.templates import TEMPLATES
from builder.training.events import Epoch, Event
from builder.training.job import train
from tests.export.networks import EVERYTHING, block, table_network
from tests.export.test_script import run_model


@pytest.fixture(autouse=True)
def _own_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def in_this_process(
    network: Network, recipe: Recipe, folder: Path, threads: int = 1
) -> list[dict[str, float | None]]:
    """The epochs as the app's own loop reports them; weights go to the folder."""
    events: list[Event] = []
    model = train(network, recipe, events.append, threads=threads, folder=folder)
    assert model is not None, events[-1]
    told = [report(each, recipe.metric.name) for each in events if isinstance(each, Epoch)]
    return [{name: x if math.isfinite(x) else None for name, x in each.items()} for each in told]


def by_itself(
    network: Network, recipe: Recipe, folder: Path, threads: int
) -> list[dict[str, float | None]]:
    """The epochs as the exported script prints them, run in the folder."""
    folder.mkdir()
    text = train_source(check(network), recipe, threads)
    (folder / "train.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "train.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "The weights are in weights.pt.\n")
    return [json.loads(line, parse_constant=pytest.fail) for line in done.stdout.splitlines()]


def assert_parity(network: Network, recipe: Recipe, folder: Path, threads: int = 1) -> None:
    """Equal losses, and equal weights at the end."""
    ours = in_this_process(network, recipe, folder / "run", threads)
    theirs = by_itself(network, recipe, folder / "script", threads)
    assert_alike(recipe, ours, theirs)
    assert_same_weights(folder / "run", folder / "script")


Epochs = list[dict[str, float | None]]


def assert_alike(recipe: Recipe, ours: Epochs, theirs: Epochs) -> None:
    """The same epochs, and as many as there should be."""
    early = recipe.patience is not None
    assert 0 < len(ours) < recipe.epochs if early else len(ours) == recipe.epochs
    assert ours == theirs


def assert_same_weights(one: Path, other: Path) -> None:
    """The same names and numbers in both folders' weights."""
    kept = torch.load(one / "weights.pt", weights_only=True)
    made = torch.load(other / "weights.pt", weights_only=True)
    assert list(kept) == list(made)
    for name in kept:
        torch.testing.assert_close(kept[name], made[name], rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("name", [each.id for each in TEMPLATES.values() if each.data])
def test_templates(name: str, tmp_path: Path) -> None:
    given = TEMPLATES[name]
    assert given.data
    assert_parity(given.network(), Recipe(given.data, epochs=1, seed=3, device="cpu"), tmp_path)


GREY = Network(
    TensorType((3, 5, 6)), (block("b1", "Flatten"), block("b2", "Linear", out_features=10))
)
LEAKY = Network(
    TensorType((1, 8, 8)),
    (
        block("b1", "LeakyReLU", inplace=True),
        block("b2", "Flatten"),
        block("b3", "Linear", out_features=10),
    ),
)
ROW = Network(TensorType((64,)), (block("b1", "Linear", out_features=10),))
CASES = {
    "moons": (table_network(2, 2), Recipe("moons", optimiser="SGD", epochs=3, device="cpu")),
    "iris, last batch of one": (
        table_network(4, 3),
        Recipe("iris", batch_size=17, epochs=3, validation=0.2, device="cpu"),
    ),
    "iris, each sample alone": (
        table_network(4, 3),
        Recipe("iris", batch_size=1, epochs=1, normalise="none", device="cpu"),
    ),
    "a loss that explodes": (
        table_network(4, 3),
        Recipe("iris", optimiser="SGD", arguments=(("lr", 1e30),), epochs=2, device="cpu"),
    ),
    "a first layer that writes into its input": (
        LEAKY,
        Recipe(epochs=3, normalise="standardise", device="cpu"),
    ),
    "resized to colour": (GREY, Recipe(epochs=1, shuffle=False, optimiser="AdamW", device="cpu")),
    "pixels in a row": (
        ROW,
        Recipe(
            epochs=1,
            optimiser="SGD",
            arguments=(("lr", 0.1), ("momentum", 0.9), ("nesterov", True), ("weight_decay", 0.01)),
            validation=0.6,
            device="cpu",
        ),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_recipes(case: tuple[Network, Recipe], tmp_path: Path) -> None:
    assert_parity(*case, tmp_path)


def table(data: str, outputs: int, *end: Block) -> Network:
    """One hidden layer between a table and so many outputs."""
    blocks = (
        block("b1", "Linear", out_features=8),
        block("b2", "Tanh"),
        block("b3", "Linear", out_features=outputs),
        *end,
    )
    return Network(DATA_SETS[data].input, blocks)


def diabetes(**settings: Any) -> tuple[Network, Recipe]:
    """Numbers to predict, by this recipe."""
    given = {"epochs": 3, "device": "cpu", **settings}
    return table("diabetes", 1), Recipe("diabetes", **given)


LOGARITHM = block("b4", "LogSoftmax", dim=1)
FAST: Params = (("lr", 0.05),)
OPTIONS = {
    "numbers": diabetes(),
    "L1Loss": diabetes(loss="L1Loss"),
    "SmoothL1Loss": diabetes(loss="SmoothL1Loss", loss_arguments=(("beta", 20),)),
    "HuberLoss": diabetes(loss="HuberLoss", loss_arguments=(("delta", 30),)),
    "label smoothing": (
        table("iris", 3),
        Recipe(
            "iris",
            loss="CrossEntropyLoss",
            loss_arguments=(("label_smoothing", 0.2),),
            epochs=2,
            device="cpu",
        ),
    ),
    "NLLLoss": (
        table("iris", 3, LOGARITHM),
        Recipe("iris", loss="NLLLoss", epochs=2, device="cpu"),
    ),
    "BCEWithLogitsLoss": (
        table("moons", 1),
        Recipe("moons", loss="BCEWithLogitsLoss", epochs=2, device="cpu"),
    ),
    **{
        name: diabetes(schedule=name, epochs=6, arguments=FAST)
        for name in SCHEDULES
        if name != "ReduceLROnPlateau"
    },
    "ReduceLROnPlateau": diabetes(
        schedule="ReduceLROnPlateau",
        schedule_arguments=(("patience", 0), ("threshold", 0.05)),
        epochs=6,
        arguments=FAST,
    ),
    "clipped by norm": diabetes(clipping="norm", clip_at=0.5, optimiser="SGD"),
    "clipped by value": diabetes(clipping="value", clip_at=0.01, optimiser="SGD"),
    "early stopping": diabetes(patience=2, epochs=40, optimiser="SGD", arguments=(("lr", 0.3),)),
    "early stopping by a difference": diabetes(patience=1, min_delta=1e5, epochs=5),
    "a time limit that is not reached": diabetes(time_limit=600),
    "bfloat16": diabetes(precision="bfloat16"),
    "float16, clipped": diabetes(precision="float16", clipping="norm"),
    "float16": diabetes(precision="float16", optimiser="SGD", arguments=(("lr", 1e-5),)),
    **{
        name: diabetes(optimiser=name, arguments=FAST, epochs=2)
        for name in ("RMSprop", "Adagrad", "NAdam", "ASGD", "Rprop", "Adafactor")
    },
    "Adafactor, its tuple": diabetes(
        optimiser="Adafactor", arguments=(("eps", (None, 0.01)), ("d", 2)), epochs=2
    ),
}


RUN_EACH = """
import contextlib, os, runpy, sys, warnings
for folder in sys.argv[1:]:
    os.chdir(folder)
    with open("out", "w") as out, contextlib.redirect_stdout(out):
        runpy.run_path("train.py")
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every option's script, run one after the other in one clean interpreter: a folder each."""
    top = tmp_path_factory.mktemp("scripts")
    folders = {name: top / str(number) for number, name in enumerate(OPTIONS)}
    for name, (network, recipe) in OPTIONS.items():
        folders[name].mkdir()
        text = train_source(check(network), recipe, 1)
        (folders[name] / "train.py").write_text(text, encoding="utf-8")
    line = [sys.executable, "-I", "-W", "error", "-c", RUN_EACH, *map(str, folders.values())]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, set(done.stderr.splitlines())) == (
        0,
        {"The weights are in weights.pt."},
    )
    return folders


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option(name: str, scripts: dict[str, Path], tmp_path: Path) -> None:
    network, recipe = OPTIONS[name]
    ours = in_this_process(network, recipe, tmp_path / "run")
    lines = (scripts[name] / "out").read_text(encoding="utf-8").splitlines()
    assert_alike(recipe, ours, [json.loads(each, parse_constant=pytest.fail) for each in lines])
    assert_same_weights(tmp_path / "run", scripts[name])


def test_a_time_limit_ends_the_script_too(tmp_path: Path) -> None:
    network, recipe = diabetes(time_limit=1e-9)
    assert by_itself(network, recipe, tmp_path / "script", 1) == []
    assert (tmp_path / "script" / "weights.pt").is_file()


def test_containers_with_two_threads(tmp_path: Path) -> None:
    recipe = Recipe(epochs=1, batch_size=100, device="cpu", normalise="standardise")
    assert_parity(EVERYTHING, recipe, tmp_path, threads=2)


@pytest.mark.skipif(
    torch.cuda.is_available() or torch.backends.mps.is_available(), reason="the CPU alone"
)
def test_any_device(tmp_path: Path) -> None:
    assert_parity(table_network(4, 3), Recipe("iris", epochs=1), tmp_path)


def test_the_weights_of_a_run_load_into_the_exported_model(tmp_path: Path) -> None:
    recipe = Recipe(epochs=1, device="cpu")
    in_this_process(EVERYTHING, recipe, tmp_path)
    model = run_model(model_source(check(EVERYTHING)))
    drawn = {name: value.clone() for name, value in model.state_dict().items()}
    model.load_state_dict(torch.load(tmp_path / "weights.pt", weights_only=True))
    trained = {name: value.clone() for name, value in model.state_dict().items()}
    assert not torch.equal(drawn["stem.weight"], trained["stem.weight"])
    model.load_state_dict(drawn)
    model.load_state_dict(load_file(tmp_path / "weights.safetensors"))
    again = model.state_dict()
    assert all(torch.equal(trained[name], again[name]) for name in trained)
