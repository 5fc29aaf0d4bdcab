"""The table of a network's runs: which of them to show, what of them, and which are chosen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from builder.datasets import known
from builder.document import Value
from builder.settings import differing, parameters, values
from builder.training.summary import RunSummary
from components.forms import name_setting
from components.run_figures import write_value

if TYPE_CHECKING:
    import pandas as pd

ALWAYS = ("optimiser", "optimiser.lr", "batch_size", "epochs")
"""The settings that have a column also where all runs agree."""
ROW = 35
"""Pixels of a row."""
TALLEST = 12
"""How many rows are shown at once."""


@dataclass(frozen=True)
class Filter:
    """Which runs to show; an empty tuple or text lets all of them pass."""

    text: str = ""
    statuses: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    sweeps: tuple[str, ...] = ()

    def passes(self, run: RunSummary) -> bool:
        """Whether the run is shown; every word of the text must be found in what is said of it."""
        words = " ".join([run.record.title, run.record.sweep, run.record.status, *_settings(run)])
        return (
            (not self.statuses or run.record.status in self.statuses)
            and (not self.data or name_data(run) in self.data)
            and (not self.sweeps or run.record.sweep in self.sweeps)
            and all(word in words.lower() for word in self.text.lower().split())
        )


def _settings(run: RunSummary) -> list[str]:
    return [write_value(value) for value in flat(run).values()] + [name_data(run)]


def flat(run: RunSummary) -> dict[str, Value]:
    """The run's recipe by name; nothing when it cannot be read."""
    return values(run.recipe) if run.recipe else {}


def name_data(run: RunSummary) -> str:
    """The title of the data that the run learnt from."""
    name = run.recipe.data if run.recipe else ""
    data_set = known(name)
    return data_set.title if data_set else name


def title_of(name: str, runs: Sequence[RunSummary]) -> str:
    """A setting of any of these runs as a person would write it."""
    found = (parameters(run.recipe).get(name) for run in runs if run.recipe)
    parameter = next(filter(None, found), None)
    return name_setting(name, parameter) if parameter else name


def ask_filter(runs: Sequence[RunSummary], key: str) -> Filter:
    """The fields above the table; those that could not tell runs apart are left out."""
    offered = {
        "Status": [run.record.status for run in runs],
        "Data": [name_data(run) for run in runs],
        "Sweep": [run.record.sweep for run in runs],
    }
    chosen: dict[str, tuple[str, ...]] = {}
    with st.container(horizontal=True):
        text = st.text_input(
            "Search",
            key=f"{key}-text",
            placeholder="Name, setting, sweep …",
            icon=":material/search:",
        )
        for label, found in offered.items():
            options = sorted({each for each in found if each})
            if len(set(found)) > 1 and options:
                picked = st.multiselect(label, options, key=f"{key}-{label}", placeholder="All")
                chosen[label] = tuple(picked)
    return Filter(text, chosen.get("Status", ()), chosen.get("Data", ()), chosen.get("Sweep", ()))


def arrange(runs: Sequence[RunSummary]) -> list[RunSummary]:
    """The newest first as they come; those of one sweep by their validation metric, best first."""
    sweeps, metrics = {run.record.sweep for run in runs}, {run.metric for run in runs if run.metric}
    metric = metrics.pop() if len(metrics) == 1 else None
    if len(sweeps) > 1 or "" in sweeps or metric is None:
        return list(runs)
    sign = -1 if metric.rises else 1

    def place(run: RunSummary) -> float:
        return math.inf if run.best_metric is None else sign * run.best_metric

    return sorted(runs, key=place)


def choose_runs(runs: Sequence[RunSummary], chosen: set[str], key: str) -> list[RunSummary]:
    """The table; the runs that are ticked. ``chosen`` keeps their ids while rows come and go."""
    ids = [run.record.id for run in runs]
    ticked = [at for at, run_id in enumerate(ids) if run_id in chosen]
    event: Any = st.dataframe(
        tabulate(runs),
        key=f"{key}-{hash(tuple(ids))}",
        hide_index=True,
        height=ROW * (min(len(runs), TALLEST) + 1) + 3,
        row_height=ROW,
        column_config=_columns(runs),
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": ticked}},
    )
    found = [at for at in event.selection.rows if at < len(ids)]
    chosen -= set(ids)
    chosen |= {ids[at] for at in found}
    return [run for run in runs if run.record.id in chosen]


def shown_settings(runs: Sequence[RunSummary]) -> list[str]:
    """The settings with a column: those that matter most, and those that differ."""
    apart = differing([flat(run) for run in runs if run.recipe])
    return [*ALWAYS, *(name for name in apart if name not in (*ALWAYS, "data"))]


def tabulate(runs: Sequence[RunSummary]) -> pd.DataFrame:
    """A row for each run; accuracies in per cent, seconds since the first step."""
    import pandas as pd

    names = shown_settings(runs)
    titles = {name: title_of(name, runs) for name in names}
    return pd.DataFrame([_row(run, titles) for run in runs]).dropna(axis="columns", how="all")


def _row(run: RunSummary, titles: dict[str, str]) -> dict[str, Any]:
    settings = flat(run)
    last = run.last
    return {
        "Run": run.record.title.removeprefix("Run "),
        "Status": run.record.status.capitalize(),
        "Data": name_data(run),
        **{title: _cell(settings.get(name)) for name, title in titles.items()},
        **_metrics(run),
        "Best validation loss": run.best_loss,
        "Last validation loss": last.val_loss if last else None,
        "Seconds": last.seconds if last else None,
        "Samples per second": run.samples_per_second,
        "Parameters": run.started.parameters if run.started else None,
        "Sweep": run.record.sweep or None,
        "Created": datetime.fromtimestamp(run.record.created),
    }


def _cell(value: Value) -> str | float | None:
    """Numbers sort as numbers; the rest is written out."""
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if plain else None if value is None else write_value(value)  # type: ignore[return-value]


def _metrics(run: RunSummary) -> dict[str, float | None]:
    if not (run.metric and run.last):
        return {}
    factor = 100 if run.metric.share else 1
    best, last = run.best_metric, run.last.val_metric
    return {
        f"Best {run.metric.title}": None if best is None else factor * best,
        f"Last {run.metric.title}": factor * last,
    }


def _columns(runs: Sequence[RunSummary]) -> dict[str, Any]:
    config = st.column_config
    loss = config.NumberColumn(format="%.4f")
    found: dict[str, Any] = {
        "Run": config.TextColumn(
            pinned=True, width=140 if any(run.record.name for run in runs) else None
        ),
        "Created": config.DatetimeColumn(format="D MMM, HH:mm:ss"),
        "Parameters": config.NumberColumn(format="localized"),
        "Best validation loss": loss,
        "Last validation loss": loss,
        "Seconds": config.NumberColumn(format="%.1f"),
        "Samples per second": config.NumberColumn(format="%,.0f"),
        "Learning rate": config.NumberColumn(format="%g"),
    }
    for metric in {run.metric for run in runs if run.metric}:
        for which in ("Best", "Last"):
            form = "%.1f %%" if metric.share else "%.4g"
            found[f"{which} {metric.title}"] = config.NumberColumn(format=form)
    return found
