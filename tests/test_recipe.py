"""A recipe checks itself, survives JSON, and its optimisers are torch's own."""

from __future__ import annotations

import inspect
import json
import re

import pytest
import torch

from builder import recipe as recipes
from builder.datasets import DATA_SETS
from builder.optimisers import OPTIMISERS
from builder.recipe import SETTINGS, Recipe, RecipeError

EVERY = pytest.mark.parametrize("spec", OPTIMISERS.values(), ids=list(OPTIMISERS))
LEFT_OUT = {"params", "foreach", "fused", "capturable", "differentiable", "maximize"}

UNUSUAL = Recipe(
    data="iris",
    validation=0.25,
    batch_size=7,
    epochs=3,
    optimiser="SGD",
    arguments=(("nesterov", True), ("momentum", 0.9), ("lr", 0.05)),
    seed=42,
    device="cpu",
    shuffle=False,
    normalise=False,
)


@EVERY
def test_arguments_and_defaults_are_torchs(spec):
    signature = inspect.signature(getattr(torch.optim, spec.name))
    torchs = {p.name: p.default for p in signature.parameters.values() if p.name not in LEFT_OUT}
    assert {each.name: each.default for each in spec.parameters} == torchs
    assert [each.name for each in spec.parameters] == list(torchs)


@EVERY
def test_every_argument_can_be_set_and_torch_takes_it(spec):
    values = {"lr": 0.5, "betas": (0.5, 0.75), "momentum": 0.25, "weight_decay": 0.125, "eps": 0.5}
    arguments = tuple(
        (each.name, values.get(each.name, True if each.kind.type == "boolean" else 0.0))
        for each in spec.parameters
    )
    recipe = Recipe(optimiser=spec.name, arguments=arguments)
    made = getattr(torch.optim, spec.name)(
        [torch.zeros(1)], **dict(recipe.optimiser_call.arguments)
    )
    assert {name: made.defaults[name] for name, _ in arguments} == dict(arguments)
    assert recipe.optimiser_arguments == dict(arguments)


@EVERY
def test_every_argument_and_setting_has_its_help_and_a_default_that_is_allowed(spec):
    for parameter in (*spec.parameters, *SETTINGS.values()):
        assert parameter.help
        assert parameter.kind.problem(parameter.kind.parse(parameter.default)) is None


@pytest.mark.parametrize("recipe", [Recipe(), UNUSUAL], ids=["default", "unusual"])
def test_json_round_trip(recipe):
    assert recipes.loads(recipes.dumps(recipe)) == recipe
    assert recipes.from_dict(recipes.to_dict(recipe)) == recipe


def test_the_json_form():
    assert json.loads(recipes.dumps(UNUSUAL)) == {
        "version": 1,
        "data": "iris",
        "validation": 0.25,
        "batch_size": 7,
        "epochs": 3,
        "optimiser": "SGD",
        "arguments": {"lr": 0.05, "momentum": 0.9, "nesterov": True},
        "loss": "CrossEntropyLoss",
        "seed": 42,
        "device": "cpu",
        "shuffle": False,
        "normalise": False,
    }


def test_the_call_holds_only_what_differs_in_torchs_order():
    call = UNUSUAL.optimiser_call
    assert call.target == "torch.optim.SGD"
    assert call.arguments == (("lr", 0.05), ("momentum", 0.9), ("nesterov", True))
    plain = Recipe(optimiser="AdamW", arguments=(("weight_decay", 0.01),))
    assert plain.optimiser_call.arguments == ()


def test_equal_settings_make_equal_recipes():
    assert Recipe(arguments=(("lr", 1), ("eps", 0.5))) == Recipe(
        arguments=(("eps", 0.5), ("lr", 1.0))
    )
    assert hash(Recipe(validation=0.5)) == hash(Recipe(validation=0.5))


def test_tables_are_standardised_unless_told_otherwise():
    assert [Recipe(data=name).standardise for name in ("digits", "moons", "iris")] == [
        False,
        True,
        True,
    ]
    assert Recipe(data="digits", normalise=True).standardise
    assert not Recipe(data="iris", normalise=False).standardise


REFUSED = {
    "data": ({"data": "pets"}, f"data: expected one of {', '.join(DATA_SETS)}, got 'pets'"),
    "no epochs": ({"epochs": 0}, "epochs: must be at least 1, but is 0"),
    "too many": ({"epochs": 10**9}, "epochs: must be at most 100,000, but is 1,000,000,000"),
    "half a sample": ({"batch_size": 1.5}, "batch_size: expected a whole number, got 1.5"),
    "true is no number": ({"batch_size": True}, "batch_size: expected a whole number, got True"),
    "nothing kept apart": ({"validation": 0}, "validation: must be at least 0.01, but is 0.0"),
    "all kept apart": ({"validation": 1}, "validation: must be at most 0.9, but is 1.0"),
    "not a number": ({"validation": float("nan")}, "validation: expected a finite number, got nan"),
    "optimiser": (
        {"optimiser": "Adagrad"},
        "optimiser: expected one of SGD, Adam, AdamW, got 'Adagrad'",
    ),
    "device": ({"device": "tpu"}, "device: expected one of auto, cpu, cuda, mps, got 'tpu'"),
    "seed": ({"seed": -1}, "seed: must be at least 0, but is -1"),
    "shuffle": ({"shuffle": 1}, "shuffle: expected true or false, got 1"),
    "normalise": ({"normalise": 1}, "normalise: expected true, false or null, got 1"),
    "setting": ({"speed": 9}, "unknown setting 'speed'"),
    "version": ({"version": 2}, "expected a recipe of version 1, got '2'"),
    "arguments": ({"arguments": [1]}, "arguments: expected an object"),
    "argument": (
        {"arguments": {"momentum": 0.9}},
        "Adam has no argument 'momentum'; "
        "it has lr, betas, eps, weight_decay, amsgrad, decoupled_weight_decay",
    ),
    "learning rate": ({"arguments": {"lr": -1}}, "lr: must be at least 0, but is -1.0"),
    "infinite": ({"arguments": {"lr": float("inf")}}, "lr: expected a finite number, got inf"),
    "a beta beyond all numbers": (
        {"arguments": {"betas": [10**400, 0.5]}},
        f"betas: expected 2 numbers, got '[1{'0' * 78}'",
    ),
    "three betas": (
        {"arguments": {"betas": [0, 0, 0]}},
        "betas: expected 2 numbers, got '[0, 0, 0]'",
    ),
    "a beta of 1": (
        {"arguments": {"betas": [0.9, 1]}},
        "betas: must each be at least 0 and below 1, but are (0.9, 1.0)",
    ),
    "nesterov": (
        {"optimiser": "SGD", "arguments": {"nesterov": True}},
        "SGD: nesterov needs a momentum above 0 and no dampening",
    ),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_wrong_is_refused_in_words(data, message):
    with pytest.raises(RecipeError, match=f"^{re.escape(message)}$"):
        recipes.from_dict(data)


@pytest.mark.parametrize("text", ["", "[]", "7", "{", "[" * 100_000, '{"validation": NaN}', "null"])
def test_a_text_that_is_no_recipe_is_refused(text):
    with pytest.raises(RecipeError):
        recipes.loads(text)


def test_defaults_are_those_of_the_settings():
    made = Recipe()
    assert {name: getattr(made, name) for name in SETTINGS} == {
        name: setting.default for name, setting in SETTINGS.items()
    }
