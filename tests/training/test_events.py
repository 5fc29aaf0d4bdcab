"""Events arrive as they were sent, bit for bit, as valid JSON on one line."""

from __future__ import annotations

import json
import math

import pytest

from builder.training.events import (
    Batches,
    Epoch,
    Failed,
    Finished,
    Layers,
    Started,
    Stepped,
    dumps,
    join,
    loads,
)

EVENTS = [
    Started("r1", 61706, 1438, 359, 23, 10, "cpu", 2),
    Batches(1, (0.1, 1 / 3), (0.5, 1.0), 640.5, 0.05),
    Epoch(1, 23, 0.1 + 0.2, 0.9, 1e-300, 0.75, 1.5),
    Started("r1", 2, 8, 2, 1, 3, "cpu", 1, "mean_absolute_error", "No sample of b."),
    Batches(1, (0.1,), (5.5,), 640.5, 0.05, 1e-3),
    Started("r1", 2, 8, 2, 1, 3, "cpu", 1, layers=("0", "body.1"), kinds=("Linear", "ReLU")),
    Layers(7, (0.1, 0.2), (3.0, 4.0), (1e-3, 1e-4), (0.0, -0.5), (1.0, 2.0), (0.5, 0.0)),
    Stepped(7, 64, 2.3, 1.5, 1.25, "0", 0.02, 1e-3, 0.01),
    Finished("early", None, ()),
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
    assert join(first, second) == Batches(1, (1.0, 2.0, 3.0), (0.1, 0.2, 0.3), 12.0, 2.0)


def test_runs_of_old_are_read():
    started = {
        "event": "started",
        "run": "r1",
        "parameters": 67,
        "samples": 120,
        "validation_samples": 30,
        "batches_per_epoch": 2,
        "epochs": 3,
        "device": "cpu",
        "threads": 1,
    }
    batches = {
        "event": "batches",
        "first": 1,
        "losses": [0.5, "NaN"],
        "accuracies": [0.25, 1.0],
        "samples_per_second": 10.0,
        "seconds": 1.0,
    }
    epoch = {
        "event": "epoch",
        "epoch": 1,
        "step": 2,
        "train_loss": 0.5,
        "train_accuracy": 0.75,
        "val_loss": 0.25,
        "val_accuracy": 1.0,
        "seconds": 2.0,
    }
    assert loads(json.dumps(started)) == Started("r1", 67, 120, 30, 2, 3, "cpu", 1, "accuracy")
    found = loads(json.dumps(batches))
    assert isinstance(found, Batches)
    assert (found.metrics, found.lr) == ((0.25, 1.0), None)
    assert loads(json.dumps(epoch)) == Epoch(1, 2, 0.5, 0.75, 0.25, 1.0, 2.0)


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "7", "{}", '{"event": "x"}', '{"event": "failed"}']
)
def test_what_is_no_event_is_refused(line):
    with pytest.raises(ValueError, match=r"event|Expecting"):
        loads(line)
