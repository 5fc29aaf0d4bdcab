"""The fixed points at which a network of one or two inputs is drawn; needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from builder.datasets import DataSet, arrays

ALONG = 200
"""Points of a line."""
SIDE = 64
"""Points of a plane along each of its axes."""
MARGIN = 0.08
"""Share of the samples' range that is drawn beyond it on either side."""


@dataclass(frozen=True)
class Axis:
    """Evenly spaced numbers from ``low`` to ``high``."""

    low: float
    high: float
    count: int

    def values(self) -> NDArray[np.float64]:
        """The numbers, ``count`` of them."""
        return np.linspace(self.low, self.high, self.count)


@dataclass(frozen=True)
class Grid:
    """Points along one feature, or over two: row by row, the second feature rising."""

    axes: tuple[Axis, ...]

    @property
    def kind(self) -> Literal["line", "plane"]:
        """Whether it lies along one feature or over two."""
        return "line" if len(self.axes) == 1 else "plane"

    def points(self) -> NDArray[np.float32]:
        """The points as samples, points × features, in the data set's own units."""
        if len(self.axes) == 1:
            return self.axes[0].values()[:, None].astype(np.float32)
        across, up = np.meshgrid(self.axes[0].values(), self.axes[1].values())
        return np.stack([across.ravel(), up.ravel()], axis=1).astype(np.float32)


def grid_of(data_set: DataSet) -> Grid | None:
    """The grid for a data set that can be drawn, or None.

    One feature and one number to predict make a line; two features make a plane of classes, or
    of one number.
    """
    if not is_drawn(data_set):
        return None
    inputs = arrays(data_set.id).inputs
    count = ALONG if data_set.features == 1 else SIDE
    return Grid(tuple(_span(column, count) for column in inputs.T))


def is_drawn(data_set: DataSet) -> bool:
    """Whether there is a grid for the data set."""
    target = data_set.target
    one_number = target.kind == "numbers" and target.outputs == 1
    if data_set.input.shape == (1,):
        return one_number
    return data_set.input.shape == (2,) and (one_number or target.kind == "classes")


def _span(column: NDArray[np.float32], count: int) -> Axis:
    finite = column[np.isfinite(column)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    margin = (high - low) * MARGIN or 0.5
    return Axis(low - margin, high + margin, count)
