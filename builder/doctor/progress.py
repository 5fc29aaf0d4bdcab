"""A loss that does not fall: steps too short, weights all alike, or a network that can't."""

from __future__ import annotations

import math
from dataclasses import replace

from builder.catalogue import CATALOGUE
from builder.doctor.case import Ailment, Case, before, rules_where
from builder.doctor.diagnosis import Change, Diagnosis, number, set_argument
from builder.document import ALL, Block, Init, make_params
from builder.operations import Insert, Operation

TINY = 3e-4
"""A step moves healthy weights by about 1/1000 of their size; below this learning takes long."""
BARELY = 0.05
"""What a loss may fall by chance, from the first 64 samples to the middle of the last batches."""
SOON = 20
"""Batches after which a rate of the right size shows in the loss."""
PATIENT = 50
"""Batches, in three epochs or more, after which a loss that stays is no mere slow beginning."""
HIDDEN = 32


def find_slow(case: Case) -> Diagnosis | None:
    """Tiny updates for the size of the weights, and a loss that barely falls."""
    ratio = case.update_ratio
    if len(case.losses) < SOON or not case.epochs or not (ratio < TINY and case.fall < BARELY):
        return None
    return Diagnosis(
        "slow",
        "The learning rate is too small",
        f"A step changes the weights by {number(ratio)} of their size, with a learning rate of "
        f"{number(case.rate)}, and the loss went from {number(case.start)} to "
        f"{number(case.late)} in {len(case.losses):,} batches.",
        "About 1/1,000 of a weight's size for each step is healthy. With steps this short the "
        "network would need many times as long to learn the same.",
        larger_rate(case),
    )


def larger_rate(case: Case) -> Change:
    """The usual rate where it is ten times as large or more; else one for healthy updates."""
    rate = case.usual_rate
    if rate < 10 * case.rate:
        factor = 1e-3 / case.update_ratio if case.update_ratio > 0 else 10.0
        rate = case.rate * min(100.0, max(10.0, 10 ** round(math.log10(factor) + 0.5)))
    rate = float(f"{rate or case.usual_rate:.3g}")
    return Change(
        f"Set the learning rate to {rate:g}", recipe=set_argument(case.recipe, "lr", rate)
    )


def is_flat(case: Case) -> bool:
    """Whether the loss has stayed where it began for so long that it won't fall by itself."""
    return len(case.epochs) >= 3 and len(case.losses) >= PATIENT and case.fall < BARELY


def find_alike(case: Case) -> Diagnosis | None:
    """Weights that all begin as one constant, and a loss that does not fall."""
    constant = {
        each.block.id: each.block for each in case.weighted if _is_constant(case, each.block)
    }
    if not constant or not is_flat(case):
        return None
    first = next(iter(constant.values()))
    return Diagnosis(
        "alike",
        "All weights of a layer begin alike",
        f"In {_count(len(constant))} every weight begins with the same number, and after "
        f"{len(case.epochs):,} epochs the loss is {number(case.late)}; it began at "
        f"{number(case.start)}.",
        "Neurons that begin alike get the same gradient and stay alike for ever, so that a whole "
        "layer can do no more than one of them. Random weights make them differ.",
        Change("Let torch draw the weights", rules_where(case, _is_equal)),
        first.id,
    )


def _is_constant(case: Case, block: Block) -> bool:
    rules = dict(case.report.network.inits)
    rule: Init | None = block.init or rules.get(block.kind) or rules.get(ALL)
    return rule is not None and _is_equal(rule)


def _is_equal(init: Init) -> bool:
    return init.method == "constant"


def _count(layers: int) -> str:
    return f"{layers} layer{'' if layers == 1 else 's'}"


def find_flat(case: Case) -> Diagnosis | None:
    """A loss that stays where it began, for no reason that shows in the layers."""
    if not is_flat(case):
        return None
    why, change = _way_out(case)
    return Diagnosis(
        "flat",
        "The loss hardly falls",
        f"After {len(case.epochs):,} epochs the loss is {number(case.late)}; it began at "
        f"{number(case.start)}, with a learning rate of {number(case.rate)}.",
        why,
        change,
    )


def _way_out(case: Case) -> tuple[str, Change]:
    """What most likely helps, the likeliest first, with its reason."""
    numbers = case.recipe.data_set.target.kind == "numbers"
    if not numbers and len(case.weighted) == 1 and CATALOGUE[_last(case).kind].category == "Linear":
        return (
            "With one linear layer the border between two classes is always straight. A hidden "
            "layer with an activation behind it can bend it.",
            Change("Add a hidden layer", _hidden_layer(case)),
        )
    rate = float(f"{case.rate * (100 if numbers else 10):.3g}")
    if case.rate <= case.usual_rate:
        return (
            "Steps of this length get nowhere, as when the numbers to predict are large: then the "
            "weights have far to go. Longer steps get there.",
            Change(
                f"Set the learning rate to {rate:g}", recipe=set_argument(case.recipe, "lr", rate)
            ),
        )
    if case.recipe.optimiser != "Adam":
        return (
            "One rate for all weights may be too large for some and too small for others. Adam "
            "finds a step of its own for each.",
            Change("Take Adam", recipe=replace(case.recipe, optimiser="Adam", arguments=())),
        )
    usual = case.usual_rate
    return (
        "The loss stays where a network is that guesses. A learning rate that is not the usual one "
        "is the likeliest reason.",
        Change(
            f"Set the learning rate to {usual:g}", recipe=set_argument(case.recipe, "lr", usual)
        ),
    )


def _last(case: Case) -> Block:
    return case.weighted[-1].block


def _hidden_layer(case: Case) -> tuple[Operation, ...]:
    place = before(case.weighted[-1])
    features = make_params({"out_features": HIDDEN})
    return Insert("Linear", place, features), Insert("ReLU", place)


UPDATES_TINY = Ailment(
    "slow", "a learning rate that is too small", find_slow, hides=("flat", "vanishing")
)
WEIGHTS_ALIKE = Ailment(
    "alike", "weights that begin alike", find_alike, hides=("dead", "flat", "slow", "vanishing")
)
LOSS_FLAT = Ailment("flat", "a loss that does not fall", find_flat)
