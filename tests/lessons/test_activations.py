"""Every activation's derivative equals a numerical one."""

from __future__ import annotations

import numpy as np
import pytest

from builder.catalogue import CATALOGUE
from builder.lessons import activations, lesson_of

from .settings import must

KINDS = [kind for kind, spec in CATALOGUE.items() if lesson_of(spec) is activations.LESSON]


def test_all_elementwise_activations_are_there() -> None:
    assert {"ReLU", "PReLU", "RReLU", "GELU", "Softplus", "Threshold", "Hardshrink"} <= set(KINDS)
    assert not {"Softmax", "LogSoftmax", "Softmax2d", "GLU", "Conv2d"} & set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_derivative_is_the_numerical_one(kind: str) -> None:
    found = must(kind, activations.CURVE)
    lesson = activations.teach(found.spec, found.arguments, -1.0)
    numerical = np.gradient(lesson.y, lesson.x)
    jumps = np.abs(np.gradient(lesson.slope)) > 0.02
    near = np.convolve(jumps, np.ones(5), mode="same") > 0  # at a kink there are two slopes
    leaps = np.convolve(np.abs(np.gradient(lesson.y)) > 0.1, np.ones(5), mode="same") > 0
    smooth = ~(near | leaps)
    assert smooth.mean() > 0.95
    assert np.allclose(lesson.slope[smooth], numerical[smooth], atol=1e-2)


def test_the_point_lies_on_the_curve() -> None:
    found = must("Tanh", activations.CURVE)
    x, y, slope = activations.teach(found.spec, found.arguments, 0.5).point
    assert (x, y, slope) == pytest.approx((0.5, np.tanh(0.5), 1 - np.tanh(0.5) ** 2), abs=1e-5)


def test_overwriting_the_input_changes_nothing() -> None:
    plain, inplace = (must("ELU", activations.CURVE, inplace=each) for each in (False, True))
    found = [activations.teach(each.spec, each.arguments, 1.0) for each in (plain, inplace)]
    assert np.allclose(found[0].slope, found[1].slope, atol=1e-6)
