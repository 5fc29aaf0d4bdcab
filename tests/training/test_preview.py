"""The curve of a schedule is what the optimiser's rate will be in the run."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from builder.document import Block, Network, TensorType
from builder.recipe import Recipe
from builder.schedules import SCHEDULES
from builder.training import preview
from builder.training.events import Batches
from builder.training.job import train
from builder.training.preview import schedule_curve, step_rates

KNOWN = [name for name, each in SCHEDULES.items() if not each.watches]
NETWORK = Network(TensorType((4,)), (Block("b1", "Linear", (("out_features", 3),)),), 2, "iris")


def make_recipe(name: str) -> Recipe:
    return Recipe("iris", epochs=6, batch_size=30, device="cpu", schedule=name)


def told(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """The rate after each step of a real run."""
    monkeypatch.setattr("builder.training.recorder.INTERVAL", -1)
    events: list[object] = []
    train(NETWORK, recipe, events.append, threads=1)
    return [each.lr for each in events if isinstance(each, Batches)]


@pytest.fixture(autouse=True)
def _own_threads():  # type: ignore[no-untyped-def]
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("name", KNOWN)
def test_the_curve_is_that_of_a_real_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = make_recipe(name)
    curve, batches = schedule_curve(recipe, 4), recipe.batches_per_epoch
    assert curve is not None
    assert batches == 4
    rates = told(recipe, monkeypatch)
    if SCHEDULES[name].per == "epoch":
        assert curve.epochs == (0, 1, 2, 3, 4, 5)
        assert list(curve.rates) == [rates[at * 4] for at in range(6)]
    else:
        assert curve.epochs == tuple(at / 4 for at in range(24))
        assert list(curve.rates[1:]) == pytest.approx(rates[:-1])


@pytest.mark.parametrize("name", KNOWN)
def test_a_thinned_curve_lies_on_the_whole_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = make_recipe(name)
    whole = schedule_curve.__wrapped__(recipe, 40)
    assert whole is not None
    monkeypatch.setattr(preview, "POINTS", 4)
    thin = schedule_curve.__wrapped__(recipe, 40)
    assert thin is not None
    assert len(thin.rates) == 4
    full = dict(zip(whole.epochs, whole.rates, strict=True))
    assert {at: full[at] for at in thin.epochs} == pytest.approx(
        dict(zip(thin.epochs, thin.rates, strict=True))
    )


def test_schedules_move_the_rate() -> None:
    for name in KNOWN:
        curve = schedule_curve(make_recipe(name), 400)
        assert curve is not None
        assert any(one != other for one, other in pairwise(curve.rates)), name


def test_what_depends_on_the_run_has_no_curve() -> None:
    assert schedule_curve(make_recipe("ReduceLROnPlateau"), 4) is None
    assert schedule_curve(make_recipe("none"), 4) is None


@pytest.mark.parametrize("name", KNOWN)
def test_the_rate_of_each_step_is_that_of_a_real_run(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = make_recipe(name)
    found, rates = step_rates(recipe, 4, 24), told(recipe, monkeypatch)
    assert found is not None
    if SCHEDULES[name].per == "epoch":
        assert found == rates
    else:
        assert found[1:] == rates[:-1]


def test_the_rate_of_each_step_without_a_schedule_and_with_one_that_follows_the_loss() -> None:
    assert step_rates(Recipe(arguments=(("lr", 0.5),)), 4, 3) == [0.5, 0.5, 0.5]
    assert step_rates(make_recipe("ReduceLROnPlateau"), 4, 3) is None
