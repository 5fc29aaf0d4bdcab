"""What a lesson is, and how it tells from an entry whether it shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from builder.catalogue.spec import Required, Spec
from builder.document import Value
from builder.lessons.samples import SAMPLES, Sample

LARGE, SMALL = 8, 4
"""A whole number above the first begins as the second."""


@dataclass(frozen=True)
class Lesson:
    """A way to see layers act: which entries it is for, and on what inputs."""

    name: str
    shows: Callable[[Spec], bool]
    samples: tuple[Sample, ...] = SAMPLES
    start: tuple[tuple[str, Value], ...] = ()

    def initial(self, spec: Spec) -> dict[str, Value]:
        """What a layer begins with here: a fresh one's arguments, but small enough to be drawn."""
        defaults = {
            each.name: each.default
            for each in spec.parameters
            if not each.follows and not isinstance(each.default, Required)
        }
        values = defaults | spec.initial
        small = {
            name: SMALL for name, value in values.items() if type(value) is int and value > LARGE
        }
        known = {name: value for name, value in self.start if name in values}
        return values | small | known

    def samples_for(self, spec: Spec) -> list[Sample]:
        """The inputs that have a number of axes and a dtype which the layer takes."""
        return [
            each
            for each in self.samples
            if each.given.rank in spec.accepts.ranks
            and spec.accepts.dtype in (None, each.given.dtype)
        ]


def window_axes(spec: Spec) -> int | None:
    """How many axes a window slides over, for layers that slide one over one or two."""
    (least, *more) = spec.accepts.ranks
    return least - 1 if not more and least in (2, 3) else None
