"""A recipe checks itself, survives JSON, and names what it does not say."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from builder import recipe as recipes
from builder.datasets import DATA_SETS
from builder.optimisers import OPTIMISERS
from builder.recipe import SETTINGS, Recipe, RecipeError, first_recipe, move
from builder.schedules import SCHEDULES

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
    normalise="none",
    loss="CrossEntropyLoss",
    loss_arguments=(("label_smoothing", 0.1),),
    schedule="CyclicLR",
    schedule_arguments=(("mode", "exp_range"), ("step_size_up", 4)),
    clipping="value",
    clip_at=0.5,
    patience=3,
    min_delta=0.01,
    time_limit=60,
    precision="bfloat16",
)


@pytest.mark.parametrize("recipe", [Recipe(), UNUSUAL], ids=["default", "unusual"])
def test_json_round_trip(recipe):
    assert recipes.loads(recipes.dumps(recipe)) == recipe
    assert recipes.from_dict(recipes.to_dict(recipe)) == recipe


def test_the_json_form():
    assert json.loads(recipes.dumps(UNUSUAL)) == {
        "version": 2,
        "data": "iris",
        "validation": 0.25,
        "batch_size": 7,
        "epochs": 3,
        "optimiser": "SGD",
        "arguments": {"lr": 0.05, "momentum": 0.9, "nesterov": True},
        "loss": "CrossEntropyLoss",
        "loss_arguments": {"label_smoothing": 0.1},
        "schedule": "CyclicLR",
        "schedule_arguments": {"mode": "exp_range", "step_size_up": 4},
        "normalise": "none",
        "clipping": "value",
        "clip_at": 0.5,
        "patience": 3,
        "min_delta": 0.01,
        "time_limit": 60.0,
        "precision": "bfloat16",
        "seed": 42,
        "device": "cpu",
        "shuffle": False,
    }


def test_the_call_holds_only_what_differs_in_torchs_order():
    call = UNUSUAL.optimiser_call
    assert call.target == "torch.optim.SGD"
    assert call.arguments == (
        ("lr", 0.05),
        ("momentum", 0.9),
        ("nesterov", True),
        ("fused", True),
    )
    plain = Recipe(optimiser="RMSprop", arguments=(("alpha", 0.99),))
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
    assert Recipe(data="digits", normalise="standardise").standardise
    assert not Recipe(data="iris", normalise="none").standardise


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
        {"optimiser": "LBFGS"},
        f"optimiser: expected one of {', '.join(OPTIMISERS)}, got 'LBFGS'",
    ),
    "device": ({"device": "tpu"}, "device: expected one of auto, cpu, cuda, mps, got 'tpu'"),
    "seed": ({"seed": -1}, "seed: must be at least 0, but is -1"),
    "shuffle": ({"shuffle": 1}, "shuffle: expected true or false, got 1"),
    "normalise": (
        {"normalise": True},
        "normalise: expected one of auto, none, standardise, got True",
    ),
    "normalise, of old": (
        {"version": 1, "normalise": 1},
        "normalise: expected one of auto, none, standardise, got 1",
    ),
    "setting": ({"speed": 9}, "unknown setting 'speed'"),
    "version": ({"version": 3}, "expected a recipe of version 1 to 2, got '3'"),
    "a version in words": ({"version": "1"}, "expected a recipe of version 1 to 2, got '1'"),
    "arguments": ({"arguments": [1]}, "arguments: expected an object"),
    "loss": (
        {"data": "line", "loss": "CrossEntropyLoss"},
        "CrossEntropyLoss does not go with Line, whose target is numbers",
    ),
    "a loss for two classes": (
        {"data": "iris", "loss": "BCEWithLogitsLoss"},
        "BCEWithLogitsLoss does not go with Iris, whose target is 3 classes",
    ),
    "arguments for no loss": (
        {"loss_arguments": {"beta": 2}},
        "loss_arguments: name what they are for; that was left open",
    ),
    "a loss without arguments": (
        {"loss": "NLLLoss", "loss_arguments": {"weight": 1}},
        "NLLLoss has no argument 'weight'; it has none",
    ),
    "a schedule's argument": (
        {"schedule": "StepLR", "schedule_arguments": {"step_size": 0}},
        "step_size: must be at least 1, but is 0",
    ),
    "rates the wrong way round": (
        {"schedule": "CyclicLR", "schedule_arguments": {"base_lr": 1, "max_lr": 0.5}},
        "CyclicLR: base_lr must not be above max_lr, but they are 1 and 0.5",
    ),
    "no momentum to cycle": (
        {"schedule": "OneCycleLR", "optimiser": "Adagrad"},
        "OneCycleLR: Adagrad has no momentum that could be moved, so cycle_momentum must be false",
    ),
    "etas": (
        {"optimiser": "Rprop", "arguments": {"etas": [1.5, 1.2]}},
        "Rprop: etas must be a number between 0 and 1 and one above 1, but are (1.5, 1.2)",
    ),
    "step sizes": (
        {"optimiser": "Rprop", "arguments": {"step_sizes": [2, 1]}},
        "Rprop: the first of step_sizes must not be above the second, but they are (2, 1)",
    ),
    "a hole": (
        {"optimiser": "Adafactor", "arguments": {"eps": [None, None]}},
        "Adafactor: the second of eps must be a number",
    ),
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


def test_a_recipe_of_the_first_version_is_read():
    old = {
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
    }
    expected = Recipe(
        data="iris",
        validation=0.25,
        batch_size=7,
        epochs=3,
        optimiser="SGD",
        arguments=(("nesterov", True), ("momentum", 0.9), ("lr", 0.05)),
        seed=42,
        device="cpu",
        shuffle=False,
    )
    for before, now in {True: "standardise", False: "none", None: "auto"}.items():
        text = json.dumps(old | {"normalise": before})
        assert recipes.loads(text) == replace(expected, normalise=now)
    assert expected.loss_spec.name == "CrossEntropyLoss"


@pytest.mark.parametrize("entry", DATA_SETS.values(), ids=DATA_SETS)
def test_loss_and_metric_are_suggested_from_the_target(entry):
    recipe = Recipe(entry.id)
    expected = {
        "classes": ("CrossEntropyLoss", "accuracy"),
        "numbers": ("MSELoss", "mean_absolute_error"),
    }
    assert (recipe.loss_spec.name, recipe.metric.name) == expected[entry.target.kind]
    assert recipe.batches_per_epoch == len(
        recipe.batch_starts(entry.samples - round(0.2 * entry.samples))
    )


def test_what_follows_from_the_run_is_set_by_it():
    recipe = Recipe(epochs=9, arguments=(("lr", 0.5),))
    calls = {
        name: dict(replace(recipe, schedule=name).schedule_call(7).arguments) for name in SCHEDULES
    }
    assert calls == {
        "StepLR": {"step_size": 3},
        "MultiStepLR": {"milestones": (4, 6)},
        "ConstantLR": {},
        "LinearLR": {},
        "ExponentialLR": {"gamma": 0.9},
        "PolynomialLR": {},
        "CosineAnnealingLR": {"T_max": 9},
        "CosineAnnealingWarmRestarts": {"T_0": 3},
        "CyclicLR": {"base_lr": 0.5, "max_lr": 5.0},
        "OneCycleLR": {"max_lr": 5.0, "total_steps": 63},
        "ReduceLROnPlateau": {},
    }
    chosen = replace(recipe, schedule="CosineAnnealingLR", schedule_arguments=(("T_max", 4),))
    assert dict(chosen.schedule_call(7).arguments) == {"T_max": 4}
    assert recipe.schedule_call(7) is None


def test_defaults_are_those_of_the_settings():
    made = Recipe()
    assert {name: getattr(made, name) for name in SETTINGS} == {
        name: setting.default for name, setting in SETTINGS.items()
    }


def test_a_data_set_proposes_how_to_begin():
    assert first_recipe("digits") == Recipe()
    assert first_recipe("line") == Recipe("line", optimiser="SGD", arguments=(("lr", 0.1),))
    assert first_recipe("line", epochs=3, arguments=(("lr", 1.0),)) == Recipe(
        "line", epochs=3, arguments=(("lr", 1.0),)
    )
    assert first_recipe("diabetes", optimiser="RMSprop") == Recipe(
        "diabetes", epochs=30, optimiser="RMSprop"
    )


def test_a_recipe_moves_to_other_data_with_what_the_data_proposes():
    assert move(Recipe("digits"), "line") == first_recipe("line")
    assert move(first_recipe("line"), "digits") == Recipe("digits")
    assert move(first_recipe("line"), "diabetes") == first_recipe("diabetes")
    own = Recipe("digits", epochs=3, arguments=(("lr", 0.5),), seed=7)
    assert move(own, "line") == replace(own, data="line")


def test_a_recipe_moves_without_a_loss_that_does_not_take_the_target():
    smooth = Recipe("digits", loss="CrossEntropyLoss", loss_arguments=(("label_smoothing", 0.1),))
    assert move(smooth, "iris") == replace(smooth, data="iris")
    assert move(smooth, "line") == first_recipe("line")
