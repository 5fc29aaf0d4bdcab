"""Layers that do not learn: activations that are always 0, gradients that die on their way back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from builder.catalogue import CATALOGUE
from builder.doctor.case import Ailment, Case, before, rules_where
from builder.doctor.diagnosis import Change, Diagnosis, number
from builder.doctor.loss import FAR, smaller_rate
from builder.operations import Insert, Operation, Replace
from builder.places import Spot

DEAD = 0.99
"""Sparse activations of healthy networks are 0 in half to nine tenths of their places."""
TWICE = 2
"""Measurements that must agree: one may come before the first step or hit odd samples."""
FAINT = 1e-4
"""Of the last layer's gradient, in the first layer; sound ones differ by a factor of ten or so."""


def find_dead(case: Case) -> Diagnosis | None:
    """An activation whose output is 0 nearly everywhere, in each of the newest measurements."""
    dead = {
        spot.block.id: (spot, float(zeros[-1]))
        for spot, zeros in case.layer_values("zeros")
        if CATALOGUE[spot.block.kind].category == "Activation"
        and len(zeros) >= TWICE
        and (zeros[-min(len(zeros), 5) :] >= DEAD).all()
    }
    if not dead:
        return None
    spot, share = next(iter(dead.values()))
    others = f", and so it is in {len(dead) - 1} more" if len(dead) > 1 else ""
    label = spot.block.label
    return Diagnosis(
        "dead",
        f"{label} is dead",
        f"At batch {case.steps[-1]:,} {_share(share)} of what {label} gives is 0{others}; it was "
        f"no better in the measurements before. The loss is {number(case.late)}; it began at "
        f"{number(case.start)}.",
        "Where a ReLU gives 0 its gradient is 0 too: what lies before it is no longer changed, and "
        "so it stays 0 for every sample.",
        _revive(case, [each for each, _ in dead.values()]),
        spot.block.id,
    )


def _share(value: float) -> str:
    return "all" if value == 1 else f"{value:.1%}"


def _revive(case: Case, dead: list[Spot]) -> Change:
    """What has killed them is taken away; else they become activations with a slope below 0."""
    if low := rules_where(case, lambda init: init.bias is not None and init.bias < 0):
        return Change("Let torch draw weights and biases", low)
    if case.rate > FAR * case.usual_rate:
        return smaller_rate(case)
    kinds = sorted({each.block.kind for each in dead})
    operations = tuple(Replace(each.block.id, "LeakyReLU") for each in dead)
    return Change(f"Put LeakyReLU in place of {' and '.join(kinds)}", operations)


def find_vanishing(case: Case) -> Diagnosis | None:
    """Gradients of the first layer that are next to nothing beside those of the last."""
    own = {each.block.id for each in case.weighted}
    found = [
        (spot, float(np.median(norms)))
        for spot, norms in case.layer_values("gradient_norms")
        if spot.block.id in own and len(norms) >= TWICE and np.isfinite(norms).all()
    ]
    if len(found) < 2 or not 0 < found[0][1] < FAINT * found[-1][1]:
        return None
    (first, faint), (last, norm) = found[0], found[-1]
    return Diagnosis(
        "vanishing",
        "The gradients vanish",
        f"The gradient is {number(norm)} in {last.block.label}, the last layer, and "
        f"{number(faint)} in {first.block.label}, the first. The loss is {number(case.late)}; it "
        f"began at {number(case.start)}.",
        "On the way back each layer multiplies the gradient by the slope of its activation. Many "
        "slopes below 1 leave nothing for the first layers, which stay as they were drawn. "
        "Normalised values stay where the slopes are steep.",
        _normalise(case),
        first.block.id,
    )


def _normalise(case: Case) -> Change | None:
    """BatchNorm before every activation that a layer with weights gives its output to."""
    operations: list[Operation] = []
    spots = [*case.places.values()]
    own = {each.block.id for each in case.weighted}
    for former, spot in pairwise(spots):
        given = case.report.blocks[spot.block.id].input
        together = former.block.id in own and former.inside == spot.inside
        activation = CATALOGUE[spot.block.kind].category == "Activation"
        if together and activation and given and given.rank in (1, 3):
            kind = "BatchNorm1d" if given.rank == 1 else "BatchNorm2d"
            operations.append(Insert(kind, before(spot)))
    if not operations:
        return None
    return Change("Add batch normalisation before the activations", tuple(operations))


ACTIVATION_DEAD = Ailment(
    "dead", "activations that are always 0", find_dead, hides=("vanishing", "flat", "slow")
)
GRADIENT_VANISHES = Ailment(
    "vanishing", "gradients that vanish", find_vanishing, hides=("flat", "slow")
)
