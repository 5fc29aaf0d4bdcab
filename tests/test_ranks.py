"""Wrong numbers of axes: what is said, and which layer is offered."""

from __future__ import annotations

import pytest

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Before, Problem, Swap
from builder.document import TensorType
from builder.ranks import rank_problem


def unflatten(*size: int) -> Before:
    return Before("Unflatten", (("dim", 1), ("unflattened_size", size)))


def flatten(start: int) -> Before:
    return Before("Flatten", (("start_dim", start),))


@pytest.mark.parametrize(
    ("kind", "shape", "label", "fix"),
    [
        ("Conv2d", (64,), "Insert Unflatten to 1×8×8 before it", unflatten(1, 8, 8)),
        ("Conv2d", (3072,), "Insert Unflatten to 3×32×32 before it", unflatten(3, 32, 32)),
        ("Conv2d", (10,), "Insert Unflatten to 10×1×1 before it", unflatten(10, 1, 1)),
        ("Conv2d", (4, 9), "Use Conv1d instead", Swap("Conv1d")),
        ("Conv2d", (4, 5, 6, 7), "Use Conv3d instead", Swap("Conv3d")),
        ("Conv2d", (4, 5, 6, 7, 8), "Insert Flatten before it", flatten(3)),
        ("Conv1d", (9,), "Insert Unflatten to 1×9 before it", unflatten(1, 9)),
        ("Conv1d", (3, 8, 8), "Use Conv2d instead", Swap("Conv2d")),
        ("MaxPool2d", (4, 9), "Use MaxPool1d instead", Swap("MaxPool1d")),
        ("PixelShuffle", (4, 9), "Insert Unflatten to 1×4 before it", unflatten(1, 4)),
        ("PoolUnpool2d", (4, 9), "Insert Unflatten to 1×4 before it", unflatten(1, 4)),
        ("BatchNorm1d", (3, 8, 8), "Use BatchNorm2d instead", Swap("BatchNorm2d")),
        ("BatchNorm2d", (8,), "Use BatchNorm1d instead", Swap("BatchNorm1d")),
        ("BatchNorm1d", (4, 5, 6, 7), "Use BatchNorm3d instead", Swap("BatchNorm3d")),
        ("BatchNorm1d", (4, 5, 6, 7, 8), "Insert Flatten before it", Before("Flatten")),
        ("Dropout2d", (8,), "Use Dropout instead", Swap("Dropout")),
        ("Linear", (1, 28, 28), "Insert Flatten before it", Before("Flatten")),
    ],
)
def test_offers(kind: str, shape: tuple[int, ...], label: str, fix: Before | Swap) -> None:
    problem = rank_problem(CATALOGUE[kind], TensorType(shape))
    assert problem is not None
    assert (problem.label, problem.fix) == (label, fix)


def test_words() -> None:
    assert rank_problem(CATALOGUE["Linear"], TensorType((1, 28, 28))) == Problem(
        "rank",
        "Linear expects features (N, F) or sequences (N, L, F), but N×1×28×28 comes in: "
        "flatten it first.",
        "Insert Flatten before it",
        Before("Flatten"),
    )


def test_right_numbers_of_axes_are_no_problem() -> None:
    assert rank_problem(CATALOGUE["Conv2d"], TensorType((1, 8, 8))) is None
    assert rank_problem(CATALOGUE["Linear"], TensorType((4, 8))) is None
