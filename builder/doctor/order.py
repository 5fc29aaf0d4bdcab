"""Samples that come sorted, so that a batch says little about the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from builder.datasets import DataError, arrays
from builder.doctor.case import Ailment, Case
from builder.doctor.diagnosis import Change, Diagnosis, number

SORTED = 0.5
"""0 is a sample whose neighbour tells nothing of it, 1 one whose neighbour tells all: data in no
order have 0.0 to 0.1, sorted ones 0.9 or more."""


def find_order(case: Case) -> Diagnosis | None:
    """Sorted data that are not shuffled."""
    if case.recipe.shuffle or not len(case.losses):
        return None
    found = neighbours(case.recipe.data)
    if found is None or found.order < SORTED:
        return None
    last = case.losses[-case.recipe.batches_per_epoch :]
    return Diagnosis(
        "order",
        "The samples come sorted",
        f"{found.words} Within the newest epoch the loss went from {number(last.min())} "
        f"to {number(last.max())}.",
        "Each batch holds samples of one sort, so every step makes the network better for these "
        "and worse for all others. Shuffled batches are small pictures of the whole.",
        Change("Shuffle the samples", recipe=replace(case.recipe, shuffle=True)),
    )


@dataclass(frozen=True)
class Neighbours:
    """How far the data are in order: 0 not at all, 1 wholly; and that in words."""

    order: float
    words: str


@lru_cache(32)
def neighbours(data: str) -> Neighbours | None:
    """How much a sample's target tells of the next one's; None when the data are not there."""
    try:
        targets = arrays(data).targets
    except DataError:
        return None
    if targets.dtype.kind in "iu":
        return _classes(targets)
    values = targets.reshape(len(targets), -1)[:, 0].astype(float)
    if len(values) < 3 or not values.std():
        return None
    tied = float(abs(np.corrcoef(values[1:], values[:-1])[0, 1]))
    return Neighbours(
        tied,
        "The number to predict goes with that of the sample before: their correlation is "
        f"{tied:.2f}, and would be near 0 in shuffled ones.",
    )


def _classes(targets: np.ndarray) -> Neighbours:
    same = float((targets[1:] == targets[:-1]).mean())
    shares = np.bincount(targets) / len(targets)
    chance = float((shares**2).sum())
    order = (same - chance) / (1 - chance) if chance < 1 else 0.0
    return Neighbours(
        order,
        f"{same:.0%} of the samples are of the same class as the one before; shuffled, "
        f"{chance:.0%} would be.",
    )


SAMPLES_SORTED = Ailment("order", "samples in a sorted order", find_order, hides=("overfitting",))
