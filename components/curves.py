"""The live curves of a run: which points to send, and the component that draws them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import streamlit as st

from builder.metrics import METRICS, Metric
from builder.training.curves import EPOCH_SERIES, Points
from builder.training.runs import Runs, RunView
from builder.training.tracks import Track
from components.live_views import Shown

HEIGHT = 460
"""Pixels kept free for the curves from the first moment on."""
NOTHING = Points("", 0, (), (), 0, ())
NO_TRACK = Track(0, (), ())


@dataclass
class Feed:
    """What this page has sent of a run: where the last two messages ended, so that they overlap.

    A browser may show only the newest of two messages that arrive together; because each starts
    where the one before the last ended, nothing is missing then. Made anew whenever the whole
    page runs, which therefore sends everything once.
    """

    run: str | None = None
    starts: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0), (0, 0)])
    track: str | None = None
    track_starts: list[int] = field(default_factory=lambda: [0, 0])
    chosen: dict[str, tuple[int, ...]] = field(default_factory=dict)
    asked: int | None = None
    look: int = 0

    def take(self, runs: Runs, run: str) -> Points:
        """The points for the next message about this run."""
        if run != self.run:
            self.run, self.starts = run, [(0, 0), (0, 0)]
        points = runs.since(run, *self.starts[0]) or NOTHING
        end = points.batch + len(points.losses), points.epoch + len(points.epochs)
        self.starts = [self.starts[1], end]
        return points

    def take_track(self, runs: Runs, run: str, shown: Shown) -> Track:
        """The points of this chart for the next message about this run."""
        if (track := f"{run}/{shown.key}") != self.track:
            self.track, self.track_starts = track, [0, 0]
        points = runs.track(run, shown.view.track, self.track_starts[0], shown.lines) or NO_TRACK
        self.track_starts = [self.track_starts[1], points.first + len(points.steps)]
        return points

    def hear(self, want: object) -> None:
        """Start the next message where the browser asks, when it has asked anew for this run."""
        match want:
            case {
                "run": self.run,
                "from": int(batch),
                "epoch": int(epoch),
                "track": int(track),
                "ask": int(ask),
            }:
                if self.asked not in (None, ask):
                    self.starts[0] = max(batch, 0), max(epoch, 0)
                    self.track_starts[0] = max(track, 0)
                self.asked = ask
            case _:
                self.asked = self.asked or 0


def show_curves(
    runs: Runs,
    view: RunView | None,
    feed: Feed,
    epochs: int,
    metric: Metric,
    shown: Shown | None = None,
    key: str = "curves",
) -> None:
    """Draw a run's curves, sending only what ``feed`` has not sent; empty axes without a run.

    ``epochs`` is how long the axis is as long as no run has begun; so is ``metric``
    the one that is drawn below the loss. With ``shown`` that chart takes the place of both.
    """
    feed.look += 1
    points = feed.take(runs, view.id) if view else NOTHING
    data = compose(view, points, epochs, metric) | {"look": feed.look}
    if shown:
        track = feed.take_track(runs, view.id, shown) if view else NO_TRACK
        data["track"] = compose_track(shown, track)
    found = _component()(
        key=key, data=data, height=HEIGHT, on_want_change=_run, on_tick_change=_run
    )
    feed.hear(found.want)


def _run() -> None:
    """Nothing more: the fragment around the curves runs again because the browser asks for it."""


@cache
def _component() -> Any:
    return st.components.v2.component("components.curves", js="curves-*.js", isolate_styles=False)


def compose(view: RunView | None, points: Points, epochs: int, metric: Metric) -> dict[str, Any]:
    """The message to the browser; ``src/curves/protocol.ts`` describes it."""
    started = view.started if view else None
    metric = METRICS[started.metric] if started else metric
    columns = {name: _round(getattr(each, name) for each in points.epochs) for name in EPOCH_SERIES}
    return {
        "run": view.id if view else None,
        "from": points.batch,
        "metric": {"title": metric.title, "share": metric.share},
        "series": {"loss": _round(points.losses), "metric": _round(points.metrics)},
        "epochs": {"from": points.epoch, **columns},
        "total": {
            "batches": view.steps if view else 0,
            "epochs": view.recipe.epochs if view else epochs,
            "batches_per_epoch": started.batches_per_epoch if started else 1,
        },
        "ended": view is not None and not view.active,
        "track": None,
        "height": HEIGHT,
    }


def compose_track(shown: Shown, track: Track) -> dict[str, Any]:
    """The part of the message about a chart of its own."""
    view = shown.view
    value, label = view.guide or (None, "")
    return {
        "key": shown.key,
        "title": view.title,
        "share": view.share,
        "logarithmic": view.logarithmic,
        "positive": view.positive,
        "guide": None if value is None else {"value": value, "label": label},
        "lines": shown.names,
        "from": track.first,
        "steps": track.steps,
        "values": [_round(line) for line in track.values],
    }


def _round(values: Iterable[float]) -> list[float | None]:
    """Five digits are more than a screen shows; JSON has no NaN or infinity, so these are None."""
    return [float(f"{value:.5g}") if math.isfinite(value) else None for value in values]
