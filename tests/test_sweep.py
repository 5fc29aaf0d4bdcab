"""The values of a sweep: lists, ranges with equal steps or factors, and a recipe for each."""

from __future__ import annotations

import pytest

from builder.recipe import Recipe, RecipeError
from builder.sweep import SweepError, read_list, spread, variable, vary

OFFERED = variable(Recipe())
RATE, BATCH = OFFERED["optimiser.lr"], OFFERED["batch_size"]


def test_what_is_tried_most_comes_first_and_data_and_device_never() -> None:
    assert list(OFFERED)[:3] == ["optimiser.lr", "batch_size", "optimiser"]
    assert not {"data", "device", "optimiser.betas"} & OFFERED.keys()
    assert {"epochs", "shuffle", "loss", "optimiser.weight_decay"} <= OFFERED.keys()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.1, 0.01,0.001", (0.1, 0.01, 0.001)),
        ("1e-3 1e-2", (0.001, 0.01)),
        ("0.1; 0.1, 1", (0.1, 1.0)),
        ("", ()),
    ],
)
def test_a_list_as_people_type_it(text: str, found: tuple[float, ...]) -> None:
    assert read_list(text, RATE) == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fast", "lr: expected a finite number"),
        ("0.1, -1", "lr: must be at least 0"),
        ("nan", "lr: "),
    ],
)
def test_a_list_with_what_is_no_value_is_refused(text: str, message: str) -> None:
    with pytest.raises(SweepError, match=message):
        read_list(text, RATE)


def test_whole_numbers_stay_whole() -> None:
    assert read_list("16, 64", BATCH) == (16, 64)
    with pytest.raises(SweepError, match="batch_size: expected a whole number"):
        read_list("16.5", BATCH)


def test_a_range_by_equal_factors_and_by_equal_steps() -> None:
    assert spread(1e-4, 1e-1, 4, RATE, factors=True) == (0.0001, 0.001, 0.01, 0.1)
    assert spread(0.0, 1.0, 5, RATE) == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert spread(16, 256, 5, BATCH, factors=True) == (16, 32, 64, 128, 256)
    assert spread(1, 3, 6, BATCH) == (1, 2, 3)


@pytest.mark.parametrize(
    ("low", "high", "factors", "message"),
    [
        (1, 1, False, "must be below the last"),
        (0, 1, True, "above 0"),
        (2, 1, True, "the lower first"),
        (-1, 1, False, "lr: must be at least 0"),
    ],
)
def test_a_range_that_is_none(low: float, high: float, factors: bool, message: str) -> None:
    with pytest.raises(SweepError, match=message):
        spread(low, high, 3, RATE, factors)


def test_a_recipe_for_each_value() -> None:
    recipe = Recipe(epochs=3, arguments=(("lr", 0.5),))
    found = vary(recipe, "optimiser.lr", (0.1, 0.01))
    assert found == (
        Recipe(epochs=3, arguments=(("lr", 0.1),)),
        Recipe(epochs=3, arguments=(("lr", 0.01),)),
    )
    by_name = vary(recipe, "optimiser", ("Adam", "SGD"))
    assert by_name == (recipe, Recipe(epochs=3, optimiser="SGD"))


def test_one_value_is_no_sweep_and_a_recipe_that_cannot_be_is_refused() -> None:
    with pytest.raises(SweepError, match="two values or more"):
        vary(Recipe(), "seed", (1,))
    with pytest.raises(RecipeError, match="MSELoss"):
        vary(Recipe(), "loss", ("CrossEntropyLoss", "MSELoss"))
