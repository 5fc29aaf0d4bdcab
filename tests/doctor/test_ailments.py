"""Each ailment is made to happen by a real run, seen, and gone in a run with its change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, reduce
from typing import NamedTuple

import pytest

from builder.check import check
from builder.doctor import AILMENTS, Case, Diagnosis, diagnose
from builder.document import Block, Init, Network, TensorType, make_params
from builder.operations import Insert, Place, apply
from builder.recipe import Recipe
from builder.templates import TEMPLATES
from builder.training import statistics
from builder.training.curves import Curves
from builder.training.job import train

PIXELS = (1, 8, 8)


@pytest.fixture(scope="module", autouse=True)
def _often_measured() -> Iterator[None]:
    """Layers are measured all the time: these runs last a fraction of a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statistics, "INTERVAL", 0.0)
        patch.setattr(statistics, "SHARE", 1.0)
        yield


def stack(shape: tuple[int, ...], *layers: Block, inits: tuple[tuple[str, Init], ...] = ()):
    """A stack of these layers with ids b1, b2, …"""
    blocks = tuple(
        Block(f"b{at}", layer.kind, layer.params) for at, layer in enumerate(layers, start=1)
    )
    return Network(TensorType(shape), blocks, len(blocks) + 1, inits=inits)


def layer(kind: str, **values) -> Block:
    return Block("", kind, make_params(values))


def mlp(shape: tuple[int, ...], *widths: int, activation: str = "ReLU", **more) -> Network:
    """Linear layers of these widths with an activation between each two."""
    layers = [layer("Flatten")] if len(shape) > 1 else []
    for width in widths[:-1]:
        layers += [layer("Linear", out_features=width), layer(activation)]
    return stack(shape, *layers, layer("Linear", out_features=widths[-1]), **more)


def how(data: str, rate: float | None = None, optimiser: str = "Adam", **more) -> Recipe:
    arguments = (("lr", rate),) if rate else ()
    return Recipe(data, optimiser=optimiser, arguments=arguments, device="cpu", **more)


@cache
def run(network: Network, recipe: Recipe) -> Case:
    """What a real run of this network tells."""
    curves = Curves()
    train(network, recipe, curves.apply, threads=1)
    return Case.of(check(network), recipe, curves)


class Sick(NamedTuple):
    network: Network
    recipe: Recipe
    ailments: list[str]
    title: str
    change: str


DIGITS = mlp(PIXELS, 32, 10)
SOFTMAX = stack(
    PIXELS,
    layer("Flatten"),
    layer("Linear", out_features=32),
    layer("ReLU"),
    layer("Linear", out_features=10),
    layer("Softmax", dim=1),
)
NEGATIVE_BIAS = (("Linear", Init("normal", (("std", 0.01),), -5.0)),)
NEGATIVE_WEIGHTS = Init("uniform", (("a", -0.2), ("b", -0.1)), 0.0)
BELOW_ZERO = Network(
    DIGITS.input,
    tuple(
        Block(each.id, each.kind, each.params, init=NEGATIVE_WEIGHTS if each.id == "b2" else None)
        for each in DIGITS.blocks
    ),
    DIGITS.next_id,
)

SICK = {
    "a huge rate": Sick(
        DIGITS,
        how("digits", 1e3, epochs=3),
        ["lost"],
        "The loss explodes",
        "Set the learning rate to 0.01",
    ),
    "a rate that overflows": Sick(
        mlp((1,), 1),
        how("line", 1.5, "SGD", epochs=1),
        ["lost"],
        "The loss became infinite",
        "Set the learning rate to 0.01",
    ),
    "raw numbers": Sick(
        mlp((1,), 1),
        how("line", 1e-3, "SGD", epochs=1, normalise="none"),
        ["lost"],
        "The loss became infinite",
        "Standardise the inputs",
    ),
    "a large rate": Sick(
        DIGITS,
        how("digits", 0.5, epochs=3),
        ["jump"],
        "The learning rate is too large",
        "Set the learning rate to 0.05",
    ),
    "a tiny rate": Sick(
        DIGITS,
        how("digits", 1e-7, epochs=3),
        ["slow"],
        "The learning rate is too small",
        "Set the learning rate to 0.001",
    ),
    "a small rate of SGD": Sick(
        DIGITS,
        how("digits", 1e-3, "SGD", epochs=4),
        ["slow"],
        "The learning rate is too small",
        "Set the learning rate to 0.1",
    ),
    "a loss that hardly falls": Sick(
        mlp((1,), 1),
        how("line", 1e-3, epochs=3),
        ["flat"],
        "The loss hardly falls",
        "Set the learning rate to 0.1",
    ),
    "steps of one size for all": Sick(
        DIGITS,
        how("digits", 1e-2, "SGD", epochs=3),
        ["flat"],
        "The loss hardly falls",
        "Take Adam",
    ),
    "a straight border": Sick(
        mlp((2,), 2),
        how("circles", 0.01, epochs=5, batch_size=16),
        ["flat"],
        "The loss hardly falls",
        "Add a hidden layer",
    ),
    "a softmax too many": Sick(
        SOFTMAX,
        how("digits", 0.01, epochs=4),
        ["probabilities"],
        "Probabilities are made twice",
        "Switch Softmax off",
    ),
    "negative biases": Sick(
        mlp(PIXELS, 32, 10, inits=NEGATIVE_BIAS),
        how("digits", epochs=3),
        ["dead"],
        "ReLU is dead",
        "Let torch draw weights and biases",
    ),
    "negative weights": Sick(
        BELOW_ZERO,
        how("digits", 0.01, epochs=3),
        ["dead"],
        "ReLU is dead",
        "Put LeakyReLU in place of ReLU",
    ),
    "equal weights": Sick(
        mlp(PIXELS, 32, 10, inits=(("*", Init("constant", (("val", 0.0),), 0.0)),)),
        how("digits", epochs=4),
        ["alike"],
        "All weights of a layer begin alike",
        "Let torch draw the weights",
    ),
    "deep sigmoids": Sick(
        mlp(PIXELS, *[32] * 8, 10, activation="Sigmoid"),
        how("digits", epochs=3),
        ["vanishing"],
        "The gradients vanish",
        "Add batch normalisation before the activations",
    ),
    "samples by heart": Sick(
        mlp((30,), 128, 128, 2),
        how("breast_cancer", 3e-3, epochs=30, validation=0.9, batch_size=16),
        ["overfitting"],
        "The network learns its samples by heart",
        "Keep only 20 % of the samples for validation",
    ),
    "sorted samples": Sick(
        mlp((4,), 16, 3),
        how("iris", 0.01, epochs=10, shuffle=False, batch_size=16),
        ["order"],
        "The samples come sorted",
        "Shuffle the samples",
    ),
}


def names(found: tuple[Diagnosis, ...]) -> list[str]:
    return [each.ailment for each in found]


@pytest.mark.parametrize("name", SICK)
def test_an_ailment_is_seen_and_its_change_mends_it(name):
    sick = SICK[name]
    found = diagnose(run(sick.network, sick.recipe))
    assert names(found) == sick.ailments
    change = found[0].change
    assert (found[0].title, change.label) == (sick.title, sick.change)
    network = reduce(apply, change.operations, sick.network)
    recipe = change.applied_to(sick.recipe, sick.recipe)
    assert (network, recipe) != (sick.network, sick.recipe)
    assert check(network).ok
    assert diagnose(run(network, recipe)) == ()


HEALTHY = {
    "digits, MLP": (DIGITS, how("digits", epochs=6)),
    "digits, SGD": (DIGITS, how("digits", 0.1, "SGD", epochs=6)),
    "digits, a bold rate": (DIGITS, how("digits", 0.1, epochs=3)),
    "digits, convolution": (
        stack(
            PIXELS,
            layer("Conv2d", out_channels=8, kernel_size=3),
            layer("BatchNorm2d"),
            layer("ReLU"),
            layer("MaxPool2d", kernel_size=2),
            layer("Flatten"),
            layer("Linear", out_features=10),
        ),
        how("digits", epochs=4),
    ),
    "digits in their own order": (DIGITS, how("digits", epochs=6, shuffle=False)),
    "iris": (mlp((4,), 16, 3), how("iris", 0.01, epochs=20)),
    "iris, long": (mlp((4,), 32, 32, 3), how("iris", 0.01, epochs=60)),
    "wine": (mlp((13,), 16, 3), how("wine", 0.01, epochs=30)),
    "breast cancer": (mlp((30,), 16, 2), how("breast_cancer", epochs=20)),
    "moons": (mlp((2,), 16, 2), how("moons", 0.01, epochs=10)),
    "spirals": (mlp((2,), 32, 32, 2), how("spirals", 0.01, epochs=15)),
    "line": (mlp((1,), 1), how("line", 0.1, "SGD", epochs=2)),
    "diabetes": (mlp((10,), 16, 1), how("diabetes", 0.03, epochs=20)),
    "one output for two classes": (
        mlp((2,), 16, 1),
        how("moons", 0.01, epochs=10, loss="BCEWithLogitsLoss"),
    ),
    "small batches": (mlp((2,), 16, 2), how("xor", 0.003, epochs=3, batch_size=4)),
    **{
        f"template {name}": (TEMPLATES[name].network(), how("digits", epochs=3))
        for name in ("mlp", "lenet5", "fashion-cnn", "conv1d", "lstm", "transformer")
    },
}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_run_has_no_ailment(name):
    case = run(*HEALTHY[name])
    assert len(case.steps) >= 2
    assert diagnose(case) == ()


def test_an_ailment_is_found_while_the_run_goes_on():
    """The numbers as they are after each batch: healthy at first, and sick for good soon after."""
    sick = SICK["a rate that overflows"]
    told = []
    train(sick.network, sick.recipe, told.append, threads=1)
    curves, seen = Curves(), []
    for event in told:
        curves.apply(event)
        seen.append(names(diagnose(Case.of(check(sick.network), sick.recipe, curves))))
    assert seen[0] == []
    first = seen.index(["lost"])
    assert seen[first:] == [["lost"]] * (len(seen) - first)


def test_evidence_has_the_numbers_of_the_run():
    case = run(SICK["a rate that overflows"].network, SICK["a rate that overflows"].recipe)
    (found,) = diagnose(case)
    at = found.step
    before, lost = case.losses[at - 2], case.losses[at - 1]
    assert before < float("inf") == lost
    power = f"{before:.1e}".replace("e+", "e").replace(".0e", "e")
    assert found.seen == (
        f"It was {power} at batch {at - 1} and infinite at batch {at}, with a learning rate of 1.5."
    )


def test_a_layer_is_named_by_its_block():
    found = {name: diagnose(run(*SICK[name][:2]))[0].block for name in SICK}
    named = {name: block for name, block in found.items() if block}
    assert named == {
        "negative biases": "b3",
        "negative weights": "b3",
        "equal weights": "b2",
        "deep sigmoids": "b2",
    }


def test_every_ailment_has_a_run_that_shows_it():
    shown = {each.ailments[0] for each in SICK.values()}
    assert shown == {each.id for each in AILMENTS} - {"ending"} | {"probabilities"}


def test_overfitting_is_cured_by_what_was_not_tried_yet():
    """More samples, dropout, weight decay, an early end: each where the one before it is there."""
    case = run(*SICK["samples by heart"][:2])
    dropout = apply(case.report.network, Insert("Dropout", Place(before="b5")))
    decay = replace(case.recipe, validation=0.5, arguments=(("weight_decay", 0.1),))
    tried = (
        case,
        replace(case, recipe=replace(case.recipe, validation=0.5)),
        replace(case, recipe=replace(case.recipe, validation=0.5), report=check(dropout)),
        replace(case, recipe=decay, report=check(dropout)),
    )
    changes = [diagnose(each)[0].change for each in tried]
    assert [each.label for each in changes] == [
        "Keep only 20 % of the samples for validation",
        "Add Dropout before the last layer",
        "Take AdamW with weight decay 0.1",
        "Stop when it no longer gets better",
    ]
    assert changes[1].operations == (Insert("Dropout", Place(before="b5")),)
    assert changes[2].recipe.arguments == (("lr", 0.003), ("weight_decay", 0.1))
    assert changes[3].recipe == replace(decay, patience=3)


def test_a_change_keeps_what_was_chosen_since():
    sick = SICK["a huge rate"]
    change = diagnose(run(sick.network, sick.recipe))[0].change
    since = replace(sick.recipe, epochs=7, seed=3)
    assert change.applied_to(since, sick.recipe) == replace(since, arguments=(("lr", 0.01),))


def test_nothing_is_said_before_a_run_has_told_anything():
    for sick in SICK.values():
        assert diagnose(Case.of(check(sick.network), sick.recipe, Curves())) == ()


def test_what_follows_from_another_ailment_is_not_told():
    case = run(SICK["a huge rate"].network, SICK["a huge rate"].recipe)
    alone = [each.id for each in AILMENTS if each.find(case)]
    assert "dead" in alone
    assert names(diagnose(case)) == ["lost"]


def test_hidden_ailments_are_those_that_there_are():
    known = {each.id for each in AILMENTS}
    assert {name for each in AILMENTS for name in each.hides} <= known
