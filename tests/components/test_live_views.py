"""Which layers are shown by themselves, and what each is called."""

from __future__ import annotations

from builder.training.events import Started
from builder.training.tracks import PACE, PER_LAYER
from components.live_views import LAYER_VIEWS, VIEWS, name_layers, pick_telling


def test_every_track_has_a_view() -> None:
    assert [each.track for each in VIEWS.values()] == list(PACE)
    assert [each.track for each in LAYER_VIEWS.values()] == list(PER_LAYER)


def test_few_layers_are_all_shown() -> None:
    assert pick_telling([0, 2, 5], [0.1] * 6) == (0, 2, 5)


def test_of_many_the_first_the_last_and_the_most_extreme_are_shown() -> None:
    values = [50.0, *range(1, 20), 50.5]
    values[10] = 1000.0
    assert pick_telling(range(21), values) == (0, 1, 2, 3, 10, 18, 19, 20)


def test_a_layer_is_called_by_its_kind_and_its_path() -> None:
    started = Started("r", 1, 1, 1, 1, 1, "cpu", 1, layers=("0", "body.1"), kinds=("Flatten", "A"))
    assert name_layers(started) == ("Flatten 0", "A body.1")
