"""Padding: the input within its border, and where the border has its values from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from builder.catalogue.rules import spread
from builder.catalogue.spec import Arguments, Spec
from builder.lessons import influence
from builder.lessons.influence import Influence
from builder.lessons.lesson import Lesson, window_axes
from builder.lessons.samples import DIGIT, PHOTO, ROW, ROWS, Sample


@dataclass(frozen=True)
class Padding:
    """A padded input; ``frame`` is where the input lies in it: (start, stop) for each axis.

    ``origin`` is the position in the input that the chosen value is copied from, or None.
    """

    influence: Influence
    frame: tuple[tuple[int, int], ...]
    origin: tuple[int, ...] | None


LESSON = Lesson(
    "padding",
    lambda spec: spec.category == "Padding" and window_axes(spec) is not None,
    (DIGIT, PHOTO, ROW, ROWS),
    (("padding", 2),),
)


def teach(spec: Spec, arguments: Arguments, sample: Sample, place: tuple[int, ...]) -> Padding:
    """Pad, and ask autograd which input the value at ``place`` (channel, …) is a copy of."""
    found = influence.teach(spec, arguments, sample, place)
    axes = len(place) - 1
    numbers = spread(arguments["padding"], 2 * axes)
    befores = [numbers[2 * at] for at in reversed(range(axes))]
    sizes = zip(befores, sample.given.shape[1:], found.output.shape[1:], strict=True)
    frame = tuple((max(before, 0), min(before + size, out)) for before, size, out in sizes)
    assert found.slopes is not None
    where = np.argwhere(found.slopes)
    origin = tuple(int(at) for at in where[0]) if len(where) else None
    return Padding(found, frame, origin)
