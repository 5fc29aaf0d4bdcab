"""Which points of a run are sent to the browser, and how."""

from __future__ import annotations

import json
import math
from dataclasses import replace

from builder.metrics import METRICS
from builder.training.curves import Curves, Points
from builder.training.events import Batches, Epoch, Layers
from components.curves import NOTHING, Feed, compose, compose_track
from components.live_views import LAYER_VIEWS, Shown

from .runs import FakeRuns, make_curves, make_view

ACCURACY = METRICS["accuracy"]


def _grow(curves: Curves, count: int) -> None:
    first = len(curves.losses) + 1
    curves.apply(Batches(first, (1.0,) * count, (0.5,) * count, 1.0, 1.0))


def _ranges(feed: Feed, runs: FakeRuns, times: int) -> list[tuple[int, int]]:
    found = []
    for _ in range(times):
        points = feed.take(runs, "r1")  # type: ignore[arg-type]
        found.append((points.batch, points.batch + len(points.losses)))
        _grow(runs.curves, 10)
    return found


def test_each_message_overlaps_the_one_before() -> None:
    ranges = _ranges(Feed(), FakeRuns(), 4)
    assert ranges == [(0, 20), (0, 30), (20, 40), (30, 50)]


def test_the_browser_gets_what_it_asks_for_once() -> None:
    feed, runs = Feed(), FakeRuns()
    feed.hear(None)
    _ranges(feed, runs, 4)
    want = {"run": "r1", "from": 5, "epoch": 0, "track": 0, "ask": 7}
    feed.hear(want)
    assert _ranges(feed, runs, 1) == [(5, 60)]
    feed.hear(want)
    assert _ranges(feed, runs, 1) == [(50, 70)]


def test_an_old_request_or_one_for_another_run_changes_nothing() -> None:
    feed, runs = Feed(), FakeRuns()
    _ranges(feed, runs, 1)
    feed.hear({"run": "r1", "from": 5, "epoch": 0, "track": 0, "ask": 7})
    feed.hear({"run": "r0", "from": 5, "epoch": 0, "track": 0, "ask": 8})
    feed.hear({"run": "r1", "from": "5", "epoch": 0, "track": 0, "ask": 9})
    assert _ranges(feed, runs, 3) == [(0, 30), (20, 40), (30, 50)]


def test_another_run_is_sent_from_its_beginning() -> None:
    feed, runs = Feed(), FakeRuns()
    _ranges(feed, runs, 3)
    assert feed.take(runs, "r2").batch == 0  # type: ignore[arg-type]


def test_the_message_holds_the_points_and_the_whole() -> None:
    points = make_curves(3, 1).since("r1", 1, 0)
    assert compose(make_view(), points, epochs=7, metric=ACCURACY) == {
        "run": "r1",
        "from": 1,
        "metric": {"title": "accuracy", "share": True},
        "series": {"loss": [1.0, 0.66667], "metric": [0.5, 0.5]},
        "epochs": {
            "from": 0,
            "train_loss": [0.5],
            "train_metric": [0.8],
            "val_loss": [0.6],
            "val_metric": [0.75],
        },
        "total": {"batches": 40, "epochs": 4, "batches_per_epoch": 10},
        "ended": False,
        "track": None,
        "height": 460,
    }


def test_without_a_run_the_axis_is_as_long_as_the_recipe() -> None:
    message = compose(None, NOTHING, epochs=7, metric=ACCURACY)
    assert (message["run"], message["total"]) == (
        None,
        {"batches": 0, "epochs": 7, "batches_per_epoch": 1},
    )


def test_what_is_not_finite_is_valid_json() -> None:
    epoch = Epoch(1, 1, math.nan, 0.1, math.inf, 0.1, 1.0)
    points = Points("r1", 0, (math.nan, math.inf, 1.0), (0.1, 0.1, 0.1), 0, (epoch,))
    message = compose(make_view("done"), points, epochs=1, metric=ACCURACY)
    assert json.loads(json.dumps(message, allow_nan=False))["series"]["loss"] == [None, None, 1.0]
    assert message["epochs"]["val_loss"] == [None]


SHOWN = Shown(LAYER_VIEWS["Update ÷ weight"], (0, 2), ("Linear 0", "Linear out"))


def _measure(curves: Curves, step: int) -> None:
    row = (step / 1e4, math.nan, 1.0)
    curves.apply(Layers(step, row, row, row, row, row, row))


def test_a_chart_of_its_own_is_sent_with_its_lines() -> None:
    curves = make_curves()
    _measure(curves, 1)
    track = curves.tracks.since("update_ratios", 0, SHOWN.lines)
    assert compose_track(SHOWN, track) == {
        "key": "update_ratios/0,2",
        "title": "Size of an update, divided by that of the weights",
        "share": False,
        "logarithmic": True,
        "positive": True,
        "guide": {"value": 0.001, "label": "usual: about 0.001"},
        "lines": ("Linear 0", "Linear out"),
        "from": 0,
        "steps": (1,),
        "values": [[0.0001], [1.0]],
    }


def test_points_of_a_chart_overlap_and_begin_anew_with_other_lines() -> None:
    feed, runs, found = Feed(), FakeRuns(), []
    others = replace(SHOWN, lines=(2,))
    for step, shown in enumerate([SHOWN] * 4 + [others] * 2):
        _measure(runs.curves, step)
        track = feed.take_track(runs, "r1", shown)  # type: ignore[arg-type]
        found.append((track.first, track.first + len(track.steps)))
    assert found == [(0, 1), (0, 2), (1, 3), (2, 4), (0, 5), (0, 6)]


def test_points_that_the_browser_misses_are_sent_again() -> None:
    feed, runs = Feed(), FakeRuns()
    feed.hear(None)
    feed.take(runs, "r1")  # type: ignore[arg-type]
    for step in range(4):
        _measure(runs.curves, step)
        feed.take_track(runs, "r1", SHOWN)  # type: ignore[arg-type]
    feed.hear({"run": "r1", "from": 20, "epoch": 2, "track": 1, "ask": 7})
    assert feed.take_track(runs, "r1", SHOWN).first == 1  # type: ignore[arg-type]
