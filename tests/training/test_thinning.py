"""A thinned curve keeps its ends, its peaks, its dips and its gaps."""

from __future__ import annotations

import math

import pytest

from builder.training.thinning import thin


def test_a_short_curve_stays_whole() -> None:
    assert thin([1.0, math.nan, 3.0], 3) == [0, 1, 2]
    assert thin([], 3) == []


@pytest.mark.parametrize("spike", [0, 1, 50_003, 99_999])
@pytest.mark.parametrize("height", [9.0, -9.0, math.nan, math.inf])
def test_what_stands_out_is_kept_among_100_000(spike: int, height: float) -> None:
    values = [math.sin(at / 999) for at in range(100_000)]
    values[spike] = height
    kept = thin(values, 1000)
    assert spike in kept
    assert {0, 99_999} <= set(kept)
    assert kept == sorted(set(kept))
    assert 900 < len(kept) < 1010


def test_every_stretch_keeps_its_lowest_and_highest() -> None:
    assert thin([3.0, 1.0, 2.0, 5.0, 4.0, 4.5, 6.0, 0.0], 4) == [0, 1, 3, 6, 7]


def test_a_curve_of_nothing_finite() -> None:
    assert thin([math.nan] * 100, 10)[0] == 0
