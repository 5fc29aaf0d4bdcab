"""Several runs side by side: curves, settings, networks, and what leads to which result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from builder.document import Value
from builder.metrics import Metric
from builder.settings import differing
from builder.store import StoreError
from builder.training.comparison import compare
from builder.training.events import Epoch
from builder.training.summary import RunSummary
from components import session
from components.figures import CONFIG
from components.plain import plain_text
from components.run_figures import Axis, Curve, draw_curves, draw_parallel, write_value
from components.run_table import flat, name_data, title_of

MOST_AXES = 8
"""How many upright axes fit side by side."""


def show_comparison(runs: Sequence[RunSummary]) -> None:
    """A tab for each way to compare; only the open one is made."""
    tabs = st.tabs(list(TABS), on_change="rerun", key="runs-comparison")
    for tab, show in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                show(sorted(runs, key=lambda run: run.record.number))


def show_curves(runs: Sequence[RunSummary]) -> None:
    """Loss and metric of every run over one another."""
    with st.container(horizontal=True, vertical_alignment="center"):
        axis = st.segmented_control(
            "Along", ["Epochs", "Seconds"], default="Epochs", required=True, key="runs-along"
        )
        logarithmic = st.toggle("Logarithmic loss", key="runs-logarithmic")
        training = st.toggle("Training too", key="runs-training")
        batches = st.toggle(
            "Every batch", key="runs-batches", disabled=not training or axis == "Seconds"
        )
    runs = [run for run in runs if run.epochs]
    if not runs:
        st.caption("None of these runs has finished an epoch yet.")
        return
    if training:
        st.caption("Thick lines: validation. Thin dotted lines: training.")

    def lines(pick: Callable[[Epoch], float], name: str, thin: bool) -> list[Curve]:
        return [
            Curve(
                run.record.number,
                label(run, runs),
                name,
                _along(run, axis),
                [*map(pick, run.epochs)],
                thin,
            )
            for run in runs
        ]

    losses = lines(lambda each: each.val_loss, "validation loss", False)
    if training and batches and axis == "Epochs":
        losses += _batch_losses(runs)
    elif training:
        losses += lines(lambda each: each.train_loss, "training loss", True)
    columns = st.columns(2, gap="medium")
    with columns[0]:
        figure = draw_curves(losses, axis, "Loss", logarithmic)
        st.plotly_chart(figure, config=CONFIG, key="runs-loss")
    with columns[1]:
        for metric in dict.fromkeys(run.metric for run in runs if run.metric):
            _show_metric(metric, [run for run in runs if run.metric == metric], axis, training)


def _show_metric(metric: Metric, runs: Sequence[RunSummary], axis: str, training: bool) -> None:
    curves = []
    for run in runs:
        x, title = _along(run, axis), label(run, runs)
        validation = [each.val_metric for each in run.epochs]
        curves.append(Curve(run.record.number, title, f"validation {metric.title}", x, validation))
        if training:
            seen = [each.train_metric for each in run.epochs]
            name = f"training {metric.title}"
            curves.append(Curve(run.record.number, title, name, x, seen, thin=True))
    figure = draw_curves(curves, axis, metric.title.capitalize())
    if metric.share:
        figure.update_yaxes(tickformat=".0%")
    st.plotly_chart(figure, config=CONFIG, key=f"runs-{metric.name}")


def _batch_losses(runs: Sequence[RunSummary]) -> list[Curve]:
    """The loss of every batch, its place told in epochs."""
    curves = []
    for run in runs:
        points = session.runs().since(run.record.id)
        if points and run.started:
            per_epoch = run.started.batches_per_epoch
            x = [step / per_epoch for step in range(1, len(points.losses) + 1)]
            name = "loss of a batch"
            number, title = run.record.number, label(run, runs)
            curves.append(Curve(number, title, name, x, points.losses, thin=True))
    return curves


def _along(run: RunSummary, axis: str) -> list[float]:
    return [each.seconds if axis == "Seconds" else each.epoch for each in run.epochs]


def label(run: RunSummary, runs: Sequence[RunSummary]) -> str:
    """The run's name with the settings that tell it from the others, two at most."""
    own = flat(run)
    names = [name for name in differing([flat(each) for each in runs]) if name in own][:2]
    told = [f"{title_of(name, runs).lower()} {write_value(own[name])}" for name in names]
    return ", ".join([run.record.title, *told])


def show_settings(runs: Sequence[RunSummary]) -> None:
    """A row for each setting, a column for each run; what differs comes first and is marked."""
    all_values = [flat(run) for run in runs]
    apart = set(differing(all_values))
    only = st.toggle("Only what differs", value=True, key="runs-only-differing")
    names = dict.fromkeys(name for each in all_values for name in each)
    rows = [name for name in names if name in apart] + [
        name for name in names if name not in apart and not only
    ]
    if not rows:
        st.caption("These runs have the same settings.")
        return
    mark = {name: "≠ " if name in apart and not only else "" for name in rows}
    table = pd.DataFrame(
        {
            "Setting": [mark[name] + title_of(name, runs) for name in rows],
            **{
                run.record.title: [_told(own, name, run) for name in rows]
                for run, own in zip(runs, all_values, strict=True)
            },
        }
    )
    config = {"Setting": st.column_config.TextColumn(pinned=True)}
    st.dataframe(table, hide_index=True, height="content", column_config=config)


def _told(own: Mapping[str, Value], name: str, run: RunSummary) -> str:
    if name == "data":
        return name_data(run)
    return write_value(own[name]) if name in own else ""


def show_networks(runs: Sequence[RunSummary]) -> None:
    """What was changed from the network of one run to that of another."""
    titles = {run.record.id: run.record.title for run in runs}
    ids = list(titles)
    with st.container(horizontal=True):
        before = st.selectbox("From", ids, 0, titles.__getitem__, key="runs-from")
        after = st.selectbox("To", ids, len(ids) - 1, titles.__getitem__, key="runs-to")
    try:
        views = [session.runs().view(run_id) for run_id in (before, after)]
    except StoreError as error:
        st.error(plain_text(str(error)))
        return
    first, second = views
    if not first or not second:
        return
    if first.network == second.network:
        st.caption("Both runs trained the same network.")
        return
    lines = compare(first.network, second.network)
    if lines:
        st.caption("Lines with − are those of the first run alone, lines with + of the second.")
        st.code("\n".join(lines), language="diff")
    else:
        st.caption("The networks differ in nothing that their code would show, such as a fold.")


def show_parallel(runs: Sequence[RunSummary]) -> None:
    """Which values of the settings go with which result."""
    ended = [run for run in runs if run.best_loss is not None]
    settings = [flat(run) for run in ended]
    names = [name for name in differing(settings) if name != "data"][:MOST_AXES]
    if len(ended) < 2 or not names:
        st.caption(
            "There is something to see once two runs with different settings have finished an "
            "epoch."
        )
        return
    axes = [
        Axis(title_of(name, ended), tuple(each.get(name) for each in settings)) for name in names
    ]
    axes.append(Axis("Best validation loss", tuple(run.best_loss for run in ended)))
    metrics = {run.metric for run in ended}
    if len(metrics) == 1 and (metric := metrics.pop()):
        best = tuple(run.best_metric for run in ended)
        axes.append(Axis(f"Best {metric.title}", best, metric.words))
    numbers, titles = [run.record.number for run in ended], [run.record.title for run in ended]
    dark = st.context.theme.type == "dark"
    st.plotly_chart(draw_parallel(axes, numbers, titles, dark), config=CONFIG, key="runs-parallel")


TABS = {
    "Curves": show_curves,
    "Settings": show_settings,
    "Networks": show_networks,
    "What leads to what": show_parallel,
}
"""What each tab shows."""
