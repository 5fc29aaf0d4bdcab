"""What a run tells besides loss and metric: numbers measured now and then, as lines over steps.

In a long run they lie further apart, so that there are a few thousand points however long it is.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from builder.training.events import Batches, Layers

INTERVAL = 0.25
"""Seconds that a speed is taken over, at least."""
SPREAD = 1000
"""Points of learning rate and speed are at least this part of the run's time apart."""
PACE = ("lr", "speed")
PER_LAYER = (
    "gradient_norms",
    "weight_norms",
    "update_ratios",
    "means",
    "deviations",
    "zeros",
)
"""What ``Layers`` tells of each layer."""


@dataclass(frozen=True)
class Track:
    """Points ``first`` (from 0) and following: ``values[i][j]`` is line i's after ``steps[j]``."""

    first: int
    steps: tuple[int, ...]
    values: tuple[tuple[float, ...], ...]


@dataclass
class _Points:
    """Rows of as many numbers as there are lines; those that no screen shows apart as float32."""

    steps: array[int] = field(default_factory=lambda: array("q"))
    rows: array[float] = field(default_factory=lambda: array("f"))

    def add(self, step: int, row: tuple[float, ...]) -> None:
        self.steps.append(step)
        self.rows.extend(row)

    def since(self, first: int, lines: tuple[int, ...]) -> Track:
        first = min(max(first, 0), len(self.steps))
        width = len(self.rows) // len(self.steps) if self.steps else 1
        chosen = tuple(tuple(self.rows[first * width + line :: width]) for line in lines)
        return Track(first, tuple(self.steps[first:]), chosen)


@dataclass
class _Stretch:
    """Steps between two points: how many, how long they took at their speeds."""

    steps: int = 0
    time: float = 0.0
    since: float = 0.0


class Tracks:
    """Folds events; 4,000 points of 150 layers take 15 MB, the most that a run of a day has."""

    def __init__(self) -> None:
        self._points: Mapping[str, _Points] = {name: _Points() for name in (*PACE, *PER_LAYER)}
        self._stretch = _Stretch(since=-math.inf)
        self._rated = -math.inf

    def measure(self, event: Layers) -> None:
        """Take in what was measured in the layers."""
        for name in PER_LAYER:
            self._points[name].add(event.step, getattr(event, name))

    def keep_pace(self, event: Batches) -> None:
        """Take in how fast these steps were, and the learning rate after them."""
        stretch, count = self._stretch, len(event.losses)
        step, apart = event.first + count - 1, event.seconds / SPREAD
        stretch.steps += count
        stretch.time += count / max(event.samples_per_second, 1e-9)
        if event.lr is not None and event.seconds - self._rated >= apart:
            self._points["lr"].add(step, (event.lr,))
            self._rated = event.seconds
        if event.seconds - stretch.since >= max(INTERVAL, apart):
            self._points["speed"].add(step, (stretch.steps / stretch.time,))
            self._stretch = _Stretch(since=event.seconds)

    @property
    def measurements(self) -> int:
        """How often the layers were measured."""
        return len(self._points["zeros"].steps)

    def since(self, name: str, first: int = 0, lines: tuple[int, ...] = (0,)) -> Track:
        """Points number ``first`` and following of some lines: of layers, or 0 where it has one."""
        return self._points[name].since(first, lines)
