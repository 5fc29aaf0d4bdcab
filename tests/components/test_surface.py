"""The message about a surface: axes, colours and samples of each kind of data."""

from __future__ import annotations

import json
import math

import pytest

from builder.datasets import DATA_SETS
from builder.grid import SIDE
from builder.training.events import Surface
from components.figures import COLOURS
from components.surface import SAMPLES, compose, describe


def test_a_plane_of_classes():
    found = compose("r1", DATA_SETS["moons"], Surface(12, (0.5, 0.75), (0, 1)))
    assert (found["run"], found["step"]) == ("r1", 12)
    assert (found["values"], found["classes"]) == ([0.5, 0.75], [0, 1])
    assert found["columns"] == SIDE
    assert found["names"] == list(DATA_SETS["moons"].target.names)
    assert found["colours"] == [*COLOURS]
    points = found["points"]
    assert {len(points[name]) for name in ("x", "y", "label")} == {SAMPLES}
    assert set(points["label"]) == {0, 1}
    for axis, name in zip(found["axes"], ("x", "y"), strict=True):
        assert axis["low"] < min(points[name]) < max(points[name]) < axis["high"]


def test_a_line():
    found = compose("r1", DATA_SETS["line"], Surface(3, (1.0, math.nan), ()))
    assert found["values"] == [1.0, None]
    assert (found["columns"], found["names"], found["classes"]) == (0, [], [])
    assert [axis["name"] for axis in found["axes"]] == ["x", "y"]
    points = found["points"]
    assert found["axes"][1]["low"] < min(points["y"]) < max(points["y"]) < found["axes"][1]["high"]


def test_before_the_first_look_there_are_samples_alone():
    found = compose("r1", DATA_SETS["line"], None)
    assert (found["step"], found["values"]) == (None, [])
    assert len(found["points"]["x"]) == SAMPLES
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("line", "The fitted line over the samples"),
        ("xor", "The decision boundary and the samples"),
    ],
)
def test_what_it_is_called(data, words):
    assert describe(DATA_SETS[data]) == words
