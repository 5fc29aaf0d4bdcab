"""The card that shows the data: samples, classes, and what becomes of a sample on its way in."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from builder.datasets import DATA_SETS, DataSet, arrays, fits, preview
from builder.document import TensorType
from components.figures import CONFIG, draw_samples, draw_scatter

SAMPLES = 12


def show_data(chosen: str, given: TensorType, locked: bool, key: str) -> str:
    """Let the person choose a data set and look at it; the id of the one chosen.

    ``key`` begins the widget's key.
    """
    with st.container(border=True):
        ids = list(DATA_SETS)
        data_id = st.selectbox(
            "Data",
            ids,
            index=ids.index(chosen),
            format_func=lambda each: DATA_SETS[each].title,
            key=f"{key}-data",
            disabled=locked,
        )
        data_set = DATA_SETS[data_id]
        st.caption(f"{data_set.summary}.")
        _show_samples(data_set)
        st.caption(f"**Classes** (samples): {describe_classes(data_id)}")
        st.caption(f"**Input**: {describe_input(data_set, given)}")
    return str(data_id)


def _show_samples(data_set: DataSet) -> None:
    if data_set.is_image or data_set.features == 2:
        st.plotly_chart(_draw(data_set.id), config=CONFIG | {"staticPlot": data_set.is_image})
    else:
        st.dataframe(_tabulate(data_set.id), hide_index=True, height=212)


@cache
def _draw(data_id: str) -> go.Figure:
    data_set = DATA_SETS[data_id]
    if data_set.is_image:
        shown = preview(data_set, SAMPLES)
        return draw_samples(shown.inputs, shown.labels)
    loaded = arrays(data_id)
    return draw_scatter(loaded.inputs, loaded.targets, data_set.target.names)


@cache
def _tabulate(data_id: str) -> pd.DataFrame:
    """A few samples from all over the data set, which may be sorted by class."""
    data_set, loaded = DATA_SETS[data_id], arrays(data_id)
    rows = np.linspace(0, len(loaded.targets) - 1, SAMPLES).astype(int)
    names = data_set.features_named or tuple(f"x{at}" for at in range(data_set.features))
    table = pd.DataFrame(loaded.inputs[rows], columns=list(names))
    table.insert(0, "class", [data_set.target.names[at] for at in loaded.targets[rows]])
    return table


@cache
def describe_classes(data_id: str) -> str:
    """Every class with the number of its samples: ``setosa (50), …``."""
    names, loaded = DATA_SETS[data_id].target.names, arrays(data_id)
    counts = np.bincount(loaded.targets, minlength=len(names))
    return ", ".join(f"{name} ({count})" for name, count in zip(names, counts, strict=True))


def describe_input(data_set: DataSet, given: TensorType) -> str:
    """What becomes of a sample before the network gets it, in one sentence."""
    own, kept = data_set.input, "as it is"
    if not fits(data_set, given):
        return f"a sample is {own}; this does not fit the network's input, {given}."
    if given.shape == own.shape:
        if data_set.normalise:
            kept = "each column standardised by mean and deviation of the training part"
        return f"a sample is {own}, the network's input, {kept}."
    if len(given.shape) == 1:
        return f"a picture of {own} is laid out as a row of {given.shape[0]} pixels, {given}."
    return f"a picture of {own} becomes {given}: {_describe_change(own.shape, given.shape)}."


def _describe_change(own: tuple[int, ...], given: tuple[int, ...]) -> str:
    changes = []
    if own[1:] != given[1:]:
        changes.append(f"resized bilinearly to {given[1]}×{given[2]}")
    if own[0] != given[0]:
        changes.append("grey repeated to 3 channels" if given[0] == 3 else "made grey")
    return ", ".join(changes)
