"""A recipe laid flat says what each value is, and can be changed by the same names."""

from __future__ import annotations

import pytest

from builder.recipe import Recipe, RecipeError
from builder.settings import change, differing, parameters, values

SGD = Recipe(optimiser="SGD", arguments=(("lr", 0.1), ("momentum", 0.9)), schedule="StepLR")


def test_every_argument_stands_after_what_it_belongs_to() -> None:
    names = list(values(SGD))
    assert names == list(parameters(SGD))
    at = names.index("optimiser")
    assert names[at : at + 6] == [
        "optimiser",
        "optimiser.lr",
        "optimiser.momentum",
        "optimiser.dampening",
        "optimiser.weight_decay",
        "optimiser.nesterov",
    ]
    assert names[names.index("schedule") + 1].startswith("schedule.")


def test_what_is_not_set_has_torchs_default() -> None:
    found = values(SGD)
    assert (found["optimiser.lr"], found["optimiser.momentum"]) == (0.1, 0.9)
    assert (found["optimiser.weight_decay"], found["batch_size"]) == (0.0, 64)
    assert values(Recipe())["optimiser.lr"] == 0.001


@pytest.mark.parametrize(
    ("name", "value"), [("batch_size", 16), ("optimiser.lr", 0.5), ("schedule.gamma", 0.25)]
)
def test_a_change_changes_that_alone(name: str, value: float) -> None:
    changed = change(SGD, name, value)
    assert values(changed) == values(SGD) | {name: value}


def test_another_entry_begins_with_its_own_defaults() -> None:
    changed = change(SGD, "optimiser", "Adam")
    assert (changed.optimiser, changed.arguments, changed.schedule) == ("Adam", (), "StepLR")
    assert change(SGD, "optimiser", "SGD") == SGD


@pytest.mark.parametrize(
    ("name", "value"), [("batch_size", 0), ("optimiser.lr", -1), ("optimiser.betas", 1)]
)
def test_what_a_recipe_cannot_have_is_refused(name: str, value: float) -> None:
    with pytest.raises(RecipeError):
        change(SGD, name, value)


def test_what_differs_is_named_in_order_and_what_one_lacks_differs() -> None:
    others = [SGD, change(change(SGD, "seed", 3), "optimiser.lr", 0.2)]
    assert differing([values(each) for each in others]) == ("optimiser.lr", "seed")
    assert differing([{"a": 1, "b": None}, {"a": 1}]) == ("b",)
    assert differing([{"a": True}, {"a": 1}]) == ("a",)
    assert differing([{"a": 1}]) == ()
    assert differing([]) == ()
