"""Every padded position is traced to the input position that it is a copy of."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from builder.document import Value
from builder.lessons import padding
from builder.lessons.samples import DIGIT, PHOTO, ROWS, Sample

from .settings import must

MODES = {
    "ReflectionPad2d": "reflect",
    "ReplicationPad2d": "edge",
    "CircularPad2d": "wrap",
    "ZeroPad2d": "constant",
}


@pytest.mark.parametrize(("kind", "mode"), MODES.items())
def test_the_origin_of_every_position_is_numpys(kind: str, mode: str) -> None:
    found = must(kind, DIGIT, padding=(1, 2, 3, 0))
    where = np.arange(64.0).reshape(8, 8)
    values = {"constant_values": -1.0} if mode == "constant" else {}
    expected = np.pad(where, ((3, 0), (1, 2)), mode=mode, **values)  # type: ignore[call-overload]
    height, width = found.output.shape[1:]
    assert (height, width) == expected.shape
    for row, column in product(range(height), range(width)):
        lesson = padding.teach(found.spec, found.arguments, DIGIT, (0, row, column))
        if expected[row, column] < 0:
            assert lesson.origin is None
        else:
            assert lesson.origin == (0, *divmod(int(expected[row, column]), 8))


@pytest.mark.parametrize(
    ("kind", "sample", "given", "frame"),
    [
        ("ZeroPad2d", PHOTO, (1, 2, 3, 0), ((3, 11), (1, 9))),
        ("ZeroPad2d", DIGIT, (-1, 0, 0, -2), ((0, 6), (0, 7))),
        ("ReplicationPad1d", ROWS, 2, ((2, 10),)),
    ],
)
def test_the_frame_is_where_the_input_lies(
    kind: str, sample: Sample, given: Value, frame: tuple[tuple[int, int], ...]
) -> None:
    found = must(kind, sample, padding=given)
    lesson = padding.teach(found.spec, found.arguments, sample, (0,) * found.output.rank)
    assert lesson.frame == frame


def test_all_kinds_of_padding_are_compared() -> None:
    found = must("ReflectionPad2d", DIGIT, padding=2)
    lesson = padding.compare(found.spec, found.arguments, DIGIT)
    assert set(lesson.outputs) == {*MODES, "ConstantPad2d"}
    for kind, mode in MODES.items():
        assert np.array_equal(
            lesson.outputs[kind][0],
            np.pad(lesson.outputs["ZeroPad2d"][0][2:-2, 2:-2], 2, mode=mode),  # type: ignore[call-overload]
        )


def test_a_padding_that_does_not_fit_is_left_out() -> None:
    found = must("ZeroPad2d", DIGIT, padding=8)
    lesson = padding.compare(found.spec, found.arguments, DIGIT)
    assert set(lesson.outputs) == {
        "ZeroPad2d",
        "ConstantPad2d",
        "ReplicationPad2d",
        "CircularPad2d",
    }
