"""Points lie as close as a screen shows, and never become many."""

from __future__ import annotations

import pytest

from builder.training.events import Batches, Layers
from builder.training.tracks import SPREAD, Track, Tracks


def test_measured_layers_become_lines():
    tracks = Tracks()
    for step in (1, 5, 9):
        rows = [(step + at / 8, step - at / 8) for at in range(6)]
        tracks.measure(Layers(step, *rows))
    assert tracks.since("gradient_norms", 1, (0, 1)) == Track(1, (5, 9), ((5.0, 9.0),) * 2)
    assert tracks.since("zeros", 0, (1,)) == Track(0, (1, 5, 9), ((0.375, 4.375, 8.375),))
    assert tracks.since("means", 7, (0,)) == Track(3, (), ((),))


def test_a_run_that_has_measured_nothing_has_no_points():
    assert Tracks().since("means", 0, (0, 1)) == Track(0, (), ((), ()))


def test_speed_and_learning_rate_are_those_of_the_steps_between_two_points():
    tracks = Tracks()
    tracks.keep_pace(Batches(1, (0.5,) * 10, (0.5,) * 10, 1000.0, 100.0, 0.25))
    tracks.keep_pace(Batches(11, (0.5,) * 10, (0.5,) * 10, 1000.0, 100.05, 0.5))
    tracks.keep_pace(Batches(21, (0.5,) * 10, (0.5,) * 10, 500.0, 100.3, 0.75))
    speeds = tracks.since("speed")
    assert speeds.steps == (10, 30)
    assert speeds.values[0] == pytest.approx((1000.0, 20 / (10 / 1000 + 10 / 500)))
    assert tracks.since("lr") == Track(0, (10, 30), ((0.25, 0.75),))


def test_a_run_of_old_has_no_learning_rate():
    tracks = Tracks()
    tracks.keep_pace(Batches(1, (0.5,), (0.5,), 1000.0, 1.0))
    assert (tracks.since("lr").steps, tracks.since("speed").steps) == ((), (1,))


def test_ten_times_as_long_a_run_has_few_points_more():
    tracks, counts = Tracks(), []
    for step in range(1, 200_001):
        tracks.keep_pace(Batches(step, (0.5,), (0.5,), 64.0, step / 20, 0.1))
        if step in (20_000, 200_000):
            counts.append(len(tracks.since("lr").steps))
    assert counts[1] - counts[0] < 3 * SPREAD
    assert counts[1] < 7 * SPREAD
