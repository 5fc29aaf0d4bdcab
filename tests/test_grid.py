"""Which data can be drawn, and at which points a network is asked for it."""

from __future__ import annotations

import numpy as np
import pytest

from builder.datasets import DATA_SETS, arrays
from builder.grid import ALONG, MARGIN, SIDE, Axis, Grid, grid_of, is_drawn


def test_data_of_one_or_two_features_is_drawn():
    drawn = {name for name, entry in DATA_SETS.items() if is_drawn(entry)}
    assert drawn == {"line", "moons", "circles", "spirals", "xor"}


def test_points_of_a_plane_go_row_by_row():
    grid = Grid((Axis(0, 2, 3), Axis(-1, 1, 2)))
    assert grid.kind == "plane"
    assert grid.points().tolist() == [[0, -1], [1, -1], [2, -1], [0, 1], [1, 1], [2, 1]]


def test_points_of_a_line():
    grid = Grid((Axis(0, 1, 3),))
    assert grid.kind == "line"
    assert grid.points().tolist() == [[0], [0.5], [1]]


@pytest.mark.parametrize(("name", "count"), [("line", ALONG), ("moons", SIDE)])
def test_a_grid_goes_a_little_beyond_the_samples(name, count):
    grid, inputs = grid_of(DATA_SETS[name]), arrays(name).inputs
    for axis, column in zip(grid.axes, inputs.T, strict=True):
        reach = float(column.max() - column.min())
        assert axis.count == count
        assert axis.low == pytest.approx(float(column.min()) - MARGIN * reach)
        assert axis.high == pytest.approx(float(column.max()) + MARGIN * reach)
    assert grid.points().dtype == np.float32


def test_other_data_has_no_grid():
    assert grid_of(DATA_SETS["iris"]) is None
    assert grid_of(DATA_SETS["digits"]) is None
