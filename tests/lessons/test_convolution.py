"""The sum written out is torch's own output, at every position, whatever the settings."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest

from builder.catalogue.convolution import MODES
from builder.lessons import convolution
from builder.lessons.samples import DIGIT, FOUR, PHOTO, ROW, ROWS

from .settings import Setting, must, setting

SEEDS = range(24)


def _draw(seed: int) -> Setting:
    """A convolution with random settings that fits its input."""
    chance = random.Random(seed)
    while True:
        sample = chance.choice((DIGIT, PHOTO, FOUR, ROW, ROWS))
        axes = sample.given.rank - 1
        found = setting(
            f"Conv{axes}d",
            sample,
            out_channels=chance.choice((1, 2, 3, 4)),
            kernel_size=tuple(chance.choice((1, 2, 3)) for _ in range(axes)),
            stride=chance.choice((1, 1, 2, 3)),
            padding=chance.choice((0, 1, 2, "same", "valid")),
            dilation=chance.choice((1, 2, 3)),
            groups=chance.choice((1, 1, 2, 3, 4)),
            bias=chance.random() < 0.7,
            padding_mode=chance.choice(MODES),
        )
        if found:
            return found


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_sum_is_torchs_output_at_every_position(seed: int) -> None:
    found = _draw(seed)
    channels, *sizes = found.output.shape
    places = list(product(range(channels), *map(range, sizes)))
    for channel, *place in random.Random(seed).sample(places, min(len(places), 40)):
        lesson = convolution.teach(found.spec, found.arguments, found.sample, channel, tuple(place))
        assert lesson.total == pytest.approx(lesson.torch_says, abs=1e-5)
        bias = lesson.bias or 0.0
        products = lesson.window * lesson.weights
        assert products.sum() + bias == pytest.approx(lesson.torch_says, abs=1e-5)
        assert np.allclose(products, lesson.products, atol=1e-6)


def test_every_position_of_one_convolution() -> None:
    found = must(
        "Conv2d", PHOTO, out_channels=3, kernel_size=3, dilation=2, padding=1, stride=2, groups=3
    )
    channels, height, width = found.output.shape
    for channel, *place in product(range(channels), range(height), range(width)):
        lesson = convolution.teach(found.spec, found.arguments, PHOTO, channel, tuple(place))
        assert lesson.total == pytest.approx(lesson.torch_says, abs=1e-5)
        assert lesson.channels == range(channel, channel + 1)


def test_the_random_settings_cover_what_is_taught() -> None:
    drawn = [_draw(seed).arguments for seed in SEEDS]
    assert {a["padding_mode"] for a in drawn} == set(MODES)
    assert {1, 2} <= {a["groups"] for a in drawn}
    assert {1, 2, 3} == {a["dilation"] for a in drawn}
    assert {"same", 0, 1} <= {a["padding"] for a in drawn}


def test_the_sum_is_written_with_all_its_terms() -> None:
    found = must("Conv2d", DIGIT, out_channels=2, kernel_size=2)
    lesson = convolution.teach(found.spec, found.arguments, DIGIT, 1, (0, 2), "mean")
    assert lesson.weights.tolist() == [[[0.25, 0.25], [0.25, 0.25]]]
    assert convolution.written_sum(lesson) == (
        "  0.312·0.250 + 0.812·0.250\n+ 0.812·0.250 + 0.938·0.250\n+ 0.000 (bias)\n= 0.7188"
    )


def test_a_mean_kernel_means_and_an_edge_kernel_subtracts() -> None:
    found = must("Conv2d", DIGIT, out_channels=1, kernel_size=3)
    mean = convolution.teach(found.spec, found.arguments, DIGIT, 0, (2, 2), "mean")
    assert mean.torch_says == pytest.approx(float(mean.window.mean()), abs=1e-6)
    edges = convolution.teach(found.spec, found.arguments, DIGIT, 0, (2, 2), "edges")
    right, left = edges.window[0, :, 2].sum(), edges.window[0, :, 0].sum()
    assert edges.torch_says == pytest.approx(float(right - left), abs=1e-6)


def test_the_sizes_are_written_with_the_layers_own_numbers() -> None:
    found = must("Conv2d", DIGIT, kernel_size=3, stride=2, padding=1, dilation=2)
    lesson = convolution.teach(found.spec, found.arguments, DIGIT, 0, (0, 0))
    assert (
        convolution.written_sizes(found.arguments, lesson, (8, 8))
        == ["⌊(8 + 2 − 2·(3 − 1) − 1) / 2⌋ + 1 = 3"] * 2
    )
    assert found.output.shape[1:] == (3, 3)
