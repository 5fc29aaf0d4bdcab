"""Events folded into curves, read from any point on."""

from __future__ import annotations

import json
import math

from builder.training.curves import Curves, Points
from builder.training.events import Batches, Epoch, Finished, Started

FIRST = Epoch(1, 2, 0.5, 0.25, 0.75, 0.125, 1.0)
SECOND = Epoch(2, 4, 0.25, 0.5, math.nan, 0.25, 2.0)


def made() -> Curves:
    curves = Curves()
    curves.apply(Started("r1", 10, 8, 2, 2, 3, "cpu", 1))
    curves.apply(Batches(1, (1.0, 2.0), (0.1, 0.2), 100.0, 0.5))
    curves.apply(FIRST)
    curves.apply(Batches(3, (3.0, math.inf), (0.3, 0.4), 200.0, 1.5))
    curves.apply(SECOND)
    return curves


def test_all_points():
    expected = Points("r1", 0, (1.0, 2.0, 3.0, math.inf), (0.1, 0.2, 0.3, 0.4), 0, (FIRST, SECOND))
    assert made().since("r1", 0, 0) == expected


def test_only_new_points():
    curves = made()
    assert curves.since("r1", 2, 1) == Points("r1", 2, (3.0, math.inf), (0.3, 0.4), 1, (SECOND,))
    assert curves.since("r1", 4, 2) == Points("r1", 4, (), (), 2, ())


def test_numbers_out_of_range_give_what_there_is():
    curves = made()
    assert curves.since("r1", 10**9, 10**9) == curves.since("r1", 4, 2)
    assert curves.since("r1", -5, -5) == curves.since("r1", 0, 0)


def test_series_for_a_chart_are_valid_json():
    series = made().since("r1", 2, 0).series()
    assert json.loads(json.dumps(series, allow_nan=False)) == {
        "step": [3, 4],
        "batch_loss": [3.0, None],
        "batch_metric": [0.3, 0.4],
        "epoch_step": [2, 4],
        "train_loss": [0.5, 0.25],
        "train_metric": [0.25, 0.5],
        "val_loss": [0.75, None],
        "val_metric": [0.125, 0.25],
    }


def test_how_far_it_is():
    curves = made()
    assert (curves.steps, curves.seconds, curves.seconds_left) == (6, 2.0, 1.0)
    assert curves.samples_per_second == 200.0
    curves.apply(Finished("stopped", None, ()))
    assert curves.seconds_left is None


def test_before_the_first_step_nothing_is_promised():
    curves = Curves()
    assert (curves.steps, curves.seconds_left) == (0, None)
    assert curves.since("r1", 0, 0) == Points("r1", 0, (), (), 0, ())
