"""The panel of a run: how far it is, its curves while it goes on, and its results."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from builder.metrics import METRICS, Metric
from builder.store import StoreError
from builder.training.events import Epoch
from builder.training.runs import Runs, RunView
from components.curves import Feed, show_curves
from components.doctor_panel import show_doctor
from components.live_views import choose_view
from components.plain import plain_text
from components.step_report import show_step
from components.surface import show_surface

TABLE_HEIGHT = 248
LIVE_ROWS = 50
"""Epochs in the table while a run goes on: it is sent anew at every look."""


def show_progress(view: RunView | None) -> None:
    """The bar and one line of words; as tall without a run as with one."""
    if view is None:
        st.progress(0.0, "Not started yet")
        return
    share = view.step / view.steps if view.steps else 0.0
    st.progress(min(share, 1.0), describe_progress(view))


def describe_progress(view: RunView) -> str:
    """How a run stands, in one line."""
    match view.status:
        case "queued":
            return _describe_place(view.place)
        case "running":
            return _describe_pace(view)
        case "paused":
            return _describe_pause(view)
        case "done":
            return f"Done: {_describe_result(view)}"
        case "stopped":
            return f"Stopped: {_describe_result(view)}"
        case "failed":
            return f"Failed after {_count(len(view.epochs), 'epoch')}"
        case _:
            return f"Interrupted after {_count(len(view.epochs), 'epoch')}"


def _describe_place(place: int | None) -> str:
    if place is None or place == 1:
        return "Waiting: this run is the next to start"
    return f"Waiting: {_count(place - 1, 'run')} before this one"


def _describe_pace(view: RunView) -> str:
    if view.started is None or not view.step:
        return "Starting …"
    epoch = min(view.step // view.started.batches_per_epoch + 1, view.started.epochs)
    parts = [f"Epoch {epoch} of {view.started.epochs}"]
    if view.seconds_left is not None:
        parts.append(f"{describe_time(view.seconds_left)} left")
    parts.append(f"{view.samples_per_second:,.0f} samples per second")
    return " · ".join(parts)


def _describe_pause(view: RunView) -> str:
    if not view.step:
        return "Paused before the first batch"
    return f"Paused after {_count(view.step, 'batch', 'batches')} of {view.steps:,}"


def _describe_result(view: RunView) -> str:
    epochs = _count(len(view.epochs), "epoch")
    if not view.epochs:
        return f"{epochs}, {_count(view.step, 'batch', 'batches')}"
    metric = metric_of_run(view)
    tested = f"validation {metric.title} {metric.words(view.epochs[-1].val_metric)}"
    return f"{epochs} in {describe_time(view.seconds)}, {tested}"


def metric_of_run(view: RunView) -> Metric:
    """What a run tells besides its loss."""
    return METRICS[view.started.metric if view.started else "accuracy"]


def describe_time(seconds: float) -> str:
    """A length of time in the largest units that matter."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _count(number: int, word: str, words: str | None = None) -> str:
    return f"{number:,} {word if number == 1 else words or word + 's'}"


def follow_run(runs: Runs, run_id: str | None, stood: str, epochs: int, metric: Metric) -> None:
    """Progress, curves and epochs, for as long as the run goes on.

    The curves in the browser ask for each look. A fragment with a timer of its own would not do:
    its last request may come after the one for another page, and leaves that page white. When the
    run has ended, was paused or goes on (``stand`` is no longer what it ``stood``), the whole page
    runs once more.
    """

    @st.fragment
    def follow(feed: Feed) -> None:
        try:
            view = runs.view(run_id) if run_id else None
            show_progress(view)
            show_doctor(view)
            if view:
                show_step(view)
            shown = choose_view(view, feed.chosen)
            show_curves(runs, view, feed, epochs, metric, shown)
        except StoreError as error:
            st.error(plain_text(str(error)))
            return
        if view:
            show_surface(view)
            newest = view.epochs[-LIVE_ROWS:] if view.active else view.epochs
            show_epochs(newest, metric_of_run(view))
        if stand(view) != stood:
            st.rerun()

    follow(Feed())


def stand(view: RunView | None) -> str:
    """What the buttons of a run depend on."""
    if view is None or not view.active:
        return "idle"
    return view.status


def show_epochs(epochs: tuple[Epoch, ...], metric: Metric) -> None:
    """A row for each epoch."""
    loss = st.column_config.NumberColumn(format="%.4f")
    measured = st.column_config.NumberColumn(format="%.1f %%" if metric.share else "%.4f")
    columns = {
        "Training loss": loss,
        "Validation loss": loss,
        f"Training {metric.title}": measured,
        f"Validation {metric.title}": measured,
        "Seconds": st.column_config.NumberColumn(format="%.1f"),
    }
    table = tabulate(epochs, metric)
    st.dataframe(table, hide_index=True, height=TABLE_HEIGHT, column_config=columns)


def tabulate(epochs: tuple[Epoch, ...], metric: Metric) -> pd.DataFrame:
    """The newest epoch first; shares in per cent, seconds since the first step."""
    times = 100 if metric.share else 1
    rows = [
        (e.epoch, e.train_loss, e.val_loss, times * e.train_metric, times * e.val_metric, e.seconds)
        for e in reversed(epochs)
    ]
    names = ["Epoch", "Training loss", "Validation loss", f"Training {metric.title}"]
    table = pd.DataFrame(rows, columns=[*names, f"Validation {metric.title}", "Seconds"])
    if lost_epoch(epochs) is not None:  # a table shows a number that is none as nothing
        losses = ["Training loss", "Validation loss"]
        table[losses] = table[losses].map("{:.4f}".format).replace("nan", "NaN")
    return table


def lost_epoch(epochs: tuple[Epoch, ...]) -> int | None:
    """The first epoch in which the training loss was not a finite number, or None."""
    return next((each.epoch for each in epochs if not math.isfinite(each.train_loss)), None)
