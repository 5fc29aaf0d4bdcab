"""The three linear layers agree; dropout drops in training only."""

from __future__ import annotations

import numpy as np
import pytest

from builder.lessons import dropout, linear
from builder.lessons.samples import FLOWERS, FOUR, ROWS, VOLUMES, Sample

from .settings import must


@pytest.mark.parametrize("bias", [True, False])
def test_the_three_linears_are_equal(bias: bool) -> None:
    found = must("Linear", FLOWERS, out_features=3, bias=bias)
    lesson = linear.teach(found.spec, found.arguments, FLOWERS)
    by_hand = lesson.x @ lesson.weight.T + (0 if lesson.bias is None else lesson.bias)
    assert np.allclose(lesson.torch_says, by_hand, atol=1e-5)
    assert np.allclose(lesson.product, lesson.torch_says, atol=1e-6)
    assert np.allclose(lesson.own, lesson.torch_says, atol=1e-6)
    assert lesson.difference < 1e-5
    assert (lesson.bias is None) is not bias


def test_one_output_is_written_out() -> None:
    found = must("Linear", FLOWERS, out_features=3)
    lesson = linear.teach(found.spec, found.arguments, FLOWERS)
    assert linear.written_sum(lesson, 2, 1) == (
        "5.00·(−0.193) + 2.00·0.134 + 3.50·(−0.010) + 1.00·0.396 + (−0.331) (bias)\n= −0.6641"
    )


@pytest.mark.parametrize("p", [0.0, 0.25, 0.5])
def test_dropout_scales_what_it_keeps_and_rests_in_evaluation(p: float) -> None:
    found = must("Dropout", ROWS, p=p)
    lesson = dropout.teach(found.spec, found.arguments, ROWS, seed=1)
    assert np.array_equal(lesson.evaluation, lesson.input)
    kept = lesson.training != 0
    assert np.allclose(lesson.training[kept], lesson.input[kept] / (1 - p))
    assert lesson.dropped == pytest.approx(p, abs=0.2)


@pytest.mark.parametrize(("kind", "sample"), [("Dropout2d", FOUR), ("Dropout3d", VOLUMES)])
def test_whole_channels_go(kind: str, sample: Sample) -> None:
    found = must(kind, sample, p=0.5)
    gone = set()
    for seed in range(6):
        lesson = dropout.teach(found.spec, found.arguments, sample, seed)
        for before, after in zip(lesson.input, lesson.training, strict=True):
            assert not after.any() or np.allclose(after, before * 2)
            gone.add(bool(after.any()))
    assert gone == {True, False}


def test_another_seed_drops_others() -> None:
    found = must("Dropout", ROWS)
    drawn = [dropout.teach(found.spec, found.arguments, ROWS, seed).training for seed in (0, 0, 1)]
    assert np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])
