"""Events arrive as they were sent, bit for bit, as valid JSON on one line."""

from __future__ import annotations

import json
import math

import pytest

from builder.training.events import Batches, Epoch, Failed, Finished, Started, dumps, join, loads

EVENTS = [
    Started("r1", 61706, 1438, 359, 23, 10, "cpu", 2),
    Batches(1, (0.1, 1 / 3), (0.5, 1.0), 640.5, 0.05),
    Epoch(1, 23, 0.1 + 0.2, 0.9, 1e-300, 0.75, 1.5),
    Finished("done", "runs/r1", ((3, 0), (1, 2)), "The disk is full."),
    Finished("stopped", None, ()),
    Failed("out-of-memory", "Line one\nline two: “é”"),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_round_trip(event):
    line = dumps(event)
    assert "\n" not in line
    assert loads(line) == event


def test_numbers_that_are_not_finite_travel_as_words():
    line = dumps(Batches(1, (math.nan, math.inf, -math.inf, 0.5), (0.0,) * 4, 1.0, 1.0))
    assert json.loads(line)["losses"] == ["NaN", "Infinity", "-Infinity", 0.5]
    found = loads(line)
    assert isinstance(found, Batches)
    assert math.isnan(found.losses[0])
    assert found.losses[1:] == (math.inf, -math.inf, 0.5)


def test_consecutive_steps_are_joined():
    first, second = (
        Batches(1, (1.0, 2.0), (0.1, 0.2), 10.0, 1.0),
        Batches(3, (3.0,), (0.3,), 20.0, 2.0),
    )
    assert join(first, second) == Batches(1, (1.0, 2.0, 3.0), (0.1, 0.2, 0.3), 20.0, 2.0)


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "7", "{}", '{"event": "x"}', '{"event": "failed"}']
)
def test_what_is_no_event_is_refused(line):
    with pytest.raises(ValueError, match=r"event|Expecting"):
        loads(line)
