"""How well predictions are, in numbers: for each class, or for numbers that are predicted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ClassScore:
    """One class: of the samples taken for it the share that is it (precision), of those that are
    it the share that was found (recall), their harmonic mean, and how many are it.

    NaN where there is no such sample.
    """

    precision: float
    recall: float
    f1: float
    support: int


def score_classes(confusion: Sequence[Sequence[int]]) -> tuple[ClassScore, ...]:
    """The scores of each class, from counts of true classes (rows) taken for classes (columns)."""
    counts = np.asarray(confusion)
    right, support, taken = counts.diagonal(), counts.sum(1), counts.sum(0)
    return tuple(
        ClassScore(
            _share(hit, guessed), _share(hit, there), _share(2 * hit, guessed + there), int(there)
        )
        for hit, guessed, there in zip(right, taken, support, strict=True)
    )


def _share(part: int, whole: int) -> float:
    return float(part / whole) if whole else math.nan


@dataclass(frozen=True)
class NumberScore:
    """Mean absolute error, root of the mean squared error, and R²: the share of the variance that
    is explained (1 is perfect, 0 is as good as the mean; NaN where all true numbers are equal).
    """

    absolute: float
    squared: float
    r2: float


def score_numbers(true: NDArray[Any], predicted: NDArray[Any]) -> tuple[NumberScore, ...]:
    """The scores of each number; both of samples × numbers."""
    exact, found = true.astype(np.float64), predicted.astype(np.float64)
    errors = found - exact
    spread = ((exact - exact.mean(0)) ** 2).sum(0)
    return tuple(
        NumberScore(
            float(np.abs(error).mean()),
            float(np.sqrt((error**2).mean())),
            float(1 - (error**2).sum() / whole) if whole > 0 else math.nan,
        )
        for error, whole in zip(errors.T, spread, strict=True)
    )
