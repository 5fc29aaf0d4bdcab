"""A run in a line: best and last, whatever the metric, and nothing where nothing is known."""

from __future__ import annotations

import math
from dataclasses import replace

from builder.recipe import Recipe, dumps
from builder.store import RunRecord
from builder.training.events import Epoch, Started
from builder.training.summary import summarise

RECORD = RunRecord("r1", "n1", "{}", dumps(Recipe()), "done", 10.0, number=3, name="wide")
STARTED = Started("r1", 10, 100, 20, 5, 3, "cpu", 1)
EPOCHS = (
    Epoch(1, 5, 1.0, 0.5, 0.9, 0.4, 1.0),
    Epoch(2, 10, 0.8, 0.6, 0.7, 0.6, 2.0),
    Epoch(3, 15, 0.6, 0.7, math.nan, 0.5, 4.0),
)


def test_best_and_last_of_a_run() -> None:
    found = summarise(RECORD, STARTED, EPOCHS)
    assert (found.best_loss, found.best_metric, found.last) == (0.7, 0.6, EPOCHS[2])
    assert found.samples_per_second == 75.0
    assert (found.recipe, found.active, found.record.title) == (Recipe(), False, "Run 3 wide")


def test_of_an_error_the_lowest_is_best() -> None:
    found = summarise(RECORD, replace(STARTED, metric="mean_absolute_error"), EPOCHS)
    assert found.best_metric == 0.4


def test_a_run_that_has_not_begun() -> None:
    found = summarise(replace(RECORD, status="queued", name=""), None, ())
    assert (found.best_loss, found.best_metric, found.last) == (None, None, None)
    assert (found.metric, found.samples_per_second, found.active) == (None, None, True)
    assert found.record.title == "Run 3"


def test_a_recipe_of_another_version_is_none() -> None:
    assert summarise(replace(RECORD, recipe='{"version": 99}'), STARTED, EPOCHS).recipe is None
