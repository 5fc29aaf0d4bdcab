"""The exported train.py, alone in a clean interpreter, repeats the run bit for bit on the CPU."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from builder.check import check
from builder.document import Network, TensorType
from builder.export.script import model_source, train_source
from builder.recipe import Recipe
from builder.templates import TEMPLATES
from builder.training.events import Epoch, Event
from builder.training.job import train
from tests.export.networks import EVERYTHING, block, table_network
from tests.export.test_script import run_model

REPORTED = ("epoch", "train_loss", "train_accuracy", "val_loss", "val_accuracy")


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
    return [
        {name: x if math.isfinite(x := getattr(event, name)) else None for name in REPORTED}
        for event in events
        if isinstance(event, Epoch)
    ]


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
    assert len(ours) == recipe.epochs
    assert ours == theirs
    kept = torch.load(folder / "run" / "weights.pt", weights_only=True)
    made = torch.load(folder / "script" / "weights.pt", weights_only=True)
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
        Recipe("iris", batch_size=1, epochs=1, normalise=False, device="cpu"),
    ),
    "a loss that explodes": (
        table_network(4, 3),
        Recipe("iris", optimiser="SGD", arguments=(("lr", 1e30),), epochs=2, device="cpu"),
    ),
    "a first layer that writes into its input": (
        LEAKY,
        Recipe(epochs=3, normalise=True, device="cpu"),
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


def test_containers_with_two_threads(tmp_path: Path) -> None:
    recipe = Recipe(epochs=1, batch_size=100, device="cpu", normalise=True)
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
