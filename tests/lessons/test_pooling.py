"""Indices point to the maxima, and unpooling puts them there and nothing elsewhere."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from builder.document import Value
from builder.lessons import pooling
from builder.lessons.samples import DIGIT, PHOTO, ROW, ROWS, Sample

from .settings import must

SETTINGS: list[tuple[str, Sample, dict[str, Value]]] = [
    ("MaxPool2d", DIGIT, {"kernel_size": 2}),
    ("MaxPool2d", PHOTO, {"kernel_size": 3, "padding": 1}),
    ("MaxPool2d", PHOTO, {"kernel_size": (3, 2), "stride": (2, 1)}),
    ("MaxPool2d", PHOTO, {"kernel_size": 3, "ceil_mode": True}),
    ("MaxPool2d", PHOTO, {"kernel_size": 2, "dilation": 3, "padding": 1}),
    ("MaxPool1d", ROW, {"kernel_size": 3}),
    ("MaxPool1d", ROWS, {"kernel_size": 2, "stride": 3}),
]


@pytest.mark.parametrize(("kind", "sample", "values"), SETTINGS)
def test_every_index_is_the_place_of_the_largest_value(
    kind: str, sample: Sample, values: dict[str, Value]
) -> None:
    found = must(kind, sample, **values)
    channels, *sizes = found.output.shape
    for channel, *place in product(range(channels), *map(range, sizes)):
        lesson = pooling.teach(found.spec, found.arguments, sample, channel, tuple(place))
        flat = lesson.input[channel].ravel()
        rows, columns = (range(1), *lesson.covered) if len(sizes) == 1 else lesson.covered
        window = lesson.input[channel][np.ix_(rows, columns)]
        assert flat[lesson.index] == window.max() == lesson.maximum
        row, column = divmod(lesson.index, lesson.input.shape[2])
        assert row in rows
        assert column in columns


@pytest.mark.parametrize(("kind", "sample", "values"), SETTINGS)
def test_unpooling_puts_the_maxima_back_and_leaves_zeros(
    kind: str, sample: Sample, values: dict[str, Value]
) -> None:
    found = must(kind, sample, **values)
    place = (0,) * (found.output.rank - 1)
    lesson = pooling.teach(found.spec, found.arguments, sample, 0, place)
    for values_in, indices, back in zip(lesson.input, lesson.indices, lesson.back, strict=True):
        kept = np.zeros(back.size)
        at = indices.ravel().astype(int)
        kept[at] = values_in.ravel()[at]
        assert back.ravel().tolist() == kept.tolist()
