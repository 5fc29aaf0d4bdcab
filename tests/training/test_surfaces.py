"""Surfaces show the network as it is, and change nothing of the run."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from builder.build import build_network
from builder.datasets import DATA_SETS
from builder.document import Block, Network, TensorType
from builder.grid import grid_of
from builder.recipe import Recipe
from builder.training import surfaces
from builder.training.events import Batches, Epoch, Finished, Surface
from builder.training.job import train
from builder.training.samples import split
from builder.training.surfaces import Surfaces

CPU = torch.device("cpu")


def network(data: str, features: int, outputs: int) -> Network:
    blocks = (
        Block("b1", "Linear", (("out_features", 8),)),
        Block("b2", "BatchNorm1d"),
        Block("b3", "ReLU"),
        Block("b4", "Dropout"),
        Block("b5", "Linear", (("out_features", outputs),)),
    )
    return Network(TensorType((features,)), blocks, 6, data)


def make(data: str, features: int, outputs: int, **settings) -> tuple:
    torch.manual_seed(3)
    drawn, recipe = network(data, features, outputs), Recipe(data, **settings)
    model, told = build_network(drawn), []
    return model, recipe, Surfaces(told.append, model, recipe, drawn.input, CPU), told


def batches(first: int = 1) -> Batches:
    return Batches(first, (0.5,), (0.5,), 1.0, 1.0)


def standardised(recipe: Recipe) -> torch.Tensor:
    """The grid's points by the mean and deviation of the training samples themselves."""
    points = torch.tensor(grid_of(recipe.data_set).points())
    raw = Recipe(recipe.data, normalise="none")
    training, _ = split(raw, TensorType(points.shape[1:]), torch.Generator().manual_seed(0), CPU)
    return (points - training.inputs.mean(0)) / training.inputs.std(0)


def test_a_plane_has_the_class_and_probability_of_each_point():
    model, recipe, drawer, told = make("moons", 2, 2)
    drawer.draw(7)
    (found,) = told
    with torch.inference_mode():
        best, classes = model.eval()(standardised(recipe)).softmax(1).max(1)
    assert (found.step, len(found.values)) == (7, 64 * 64)
    assert np.allclose(found.values, best, atol=2e-3)
    sure = best > 0.502
    assert sure.sum() > 1000
    assert np.array(found.classes)[sure].tolist() == classes[sure].tolist()


def test_one_output_for_two_classes_is_read_by_the_sigmoid():
    model, recipe, drawer, told = make("moons", 2, 1, loss="BCEWithLogitsLoss")
    drawer.draw(1)
    with torch.inference_mode():
        second = model.eval()(standardised(recipe)).sigmoid()[:, 0]
    assert np.allclose(told[0].values, torch.maximum(second, 1 - second), atol=2e-3)


def test_a_line_has_the_predicted_numbers():
    model, recipe, drawer, told = make("line", 1, 1)
    drawer.draw(2)
    with torch.inference_mode():
        outputs = model.eval()(standardised(recipe))[:, 0]
    assert told[0].classes == ()
    assert np.allclose(told[0].values, outputs, rtol=1e-3, atol=1e-5)


def test_other_data_is_not_drawn():
    _, _, drawer, told = make("iris", 4, 3)
    drawer.draw(1)
    drawer.pass_on(batches())
    assert told == [batches()]


def test_the_network_and_torchs_generator_are_left_as_they_were():
    model, _, drawer, _ = make("moons", 2, 2)
    model.train()
    state = {name: value.clone() for name, value in model.state_dict().items()}
    drawn = torch.get_rng_state()
    drawer.draw(1)
    assert all(module.training for module in model.modules())
    assert torch.equal(torch.get_rng_state(), drawn)
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())


def test_surfaces_keep_to_their_share_of_the_time(monkeypatch):
    _, _, drawer, told = make("moons", 2, 2)
    now = 100.0
    monkeypatch.setattr(surfaces, "perf_counter", lambda: now)
    slow = drawer.draw

    def draw_slowly(step: int) -> None:
        nonlocal now
        now += 0.1
        slow(step)

    monkeypatch.setattr(drawer, "draw", draw_slowly)
    drawer.pass_on(batches(1))
    for second in range(1, 50):
        now = 100.1 + second / 10
        drawer.pass_on(batches(1 + second))
    assert [each.step for each in told if isinstance(each, Surface)] == [1]
    now = 105.1 + surfaces.INTERVAL
    drawer.pass_on(batches(51))
    assert [each.step for each in told if isinstance(each, Surface)] == [1, 51]


@pytest.mark.parametrize("data", ["moons", "line"])
def test_a_run_is_bit_for_bit_the_same_with_surfaces(data, monkeypatch):
    drawn = network(data, 2 if data == "moons" else 1, 2 if data == "moons" else 1)
    recipe = Recipe(data, epochs=2, device="cpu")
    with_surfaces: list = []
    monkeypatch.setattr(surfaces, "INTERVAL", 0.0)
    monkeypatch.setattr(surfaces, "SHARE", 1e9)
    one = train(drawn, recipe, with_surfaces.append, threads=1)
    without: list = []
    monkeypatch.setattr(surfaces, "grid_of", lambda data_set: None)
    other = train(drawn, recipe, without.append, threads=1)
    assert sum(isinstance(each, Surface) for each in with_surfaces) >= 3
    assert not any(isinstance(each, Surface) for each in without)
    losses = [
        [(each.train_loss, each.val_loss) for each in told if isinstance(each, Epoch)]
        for told in (with_surfaces, without)
    ]
    assert losses[0] == losses[1]
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    assert all(torch.equal(mine, theirs) for mine, theirs in pairs)


def test_the_last_surface_is_that_of_the_trained_network():
    told: list = []
    recipe = Recipe("line", epochs=1, device="cpu", batch_size=512)
    model = train(network("line", 1, 1), recipe, told.append, threads=1)
    assert isinstance(told[-1], Finished)
    last = told[-2]
    with torch.inference_mode():
        outputs = model.eval()(standardised(recipe))[:, 0]
    assert last.step == told[-3].step
    assert np.allclose(last.values, outputs, rtol=1e-3, atol=1e-5)


def test_every_data_set_that_is_drawn_has_one_input_and_suits_a_loss():
    for name, entry in DATA_SETS.items():
        if (grid := grid_of(entry)) is not None:
            assert len(grid.axes) == entry.features, name
