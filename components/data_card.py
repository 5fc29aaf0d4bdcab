"""The card that shows the data: samples, classes, and what becomes of a sample on its way in."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from builder.datasets import (
    DATA_SETS,
    DataError,
    DataSet,
    absence,
    arrays,
    describe_target,
    find,
    fits,
    known,
    preview,
)
from builder.document import TensorType
from components import session
from components.download_card import show_download
from components.figures import CONFIG, draw_curve, draw_samples, draw_scatter
from components.plain import plain_text
from components.upload_card import show_upload

SAMPLES = 12


def show_data(chosen: str, given: TensorType, locked: bool, key: str) -> str:
    """Let the person choose a data set and look at it; the id of the one chosen.

    ``key`` begins the widget's key.
    """
    with st.container(border=True):
        own = session.own_data()
        ids = [*DATA_SETS, *own]
        data_id = st.selectbox(
            "Data",
            ids,
            index=ids.index(chosen),
            format_func=_name,
            key="-".join([key, "data", *own]),
            disabled=locked,
        )
        if not locked:
            show_upload(key)
        data_set = known(data_id)
        if data_set is None:
            st.error("This data is not here any more. Upload the file again, or choose other data.")
            return str(data_id)
        st.caption(f"{plain_text(data_set.summary)}.")
        show_download(data_set)
        if absence(data_set) is None:
            _show(data_set)
        st.caption(f"**Input**: {describe_input(data_set, given)}")
    return str(data_id)


def _name(data_id: str) -> str:
    data_set = known(data_id)
    return data_set.title if data_set else "Own data that is gone"


def _show(data_set: DataSet) -> None:
    """Samples and what is to be predicted, or why they cannot be read."""
    try:
        _show_samples(data_set)
        st.caption(describe_targets(data_set.id))
    except DataError as error:
        st.error(plain_text(str(error)))


def _show_samples(data_set: DataSet) -> None:
    if data_set.is_image or _in_the_plane(data_set):
        st.plotly_chart(_draw(data_set.id), config=CONFIG | {"staticPlot": data_set.is_image})
    else:
        st.dataframe(_tabulate(data_set.id), hide_index=True, height=212)


def _in_the_plane(data_set: DataSet) -> bool:
    """Whether samples can be points of a drawing: two numbers each, the target's included."""
    if data_set.target.kind == "classes":
        return data_set.features == 2
    return data_set.features == data_set.target.outputs == 1


@cache
def _draw(data_id: str) -> go.Figure:
    data_set = find(data_id)
    if data_set.is_image:
        shown = preview(data_set, SAMPLES)
        return draw_samples(shown.inputs, shown.labels)
    loaded, names = arrays(data_id), data_set.target.names
    if data_set.target.kind == "numbers":
        axes = (_name_features(data_set)[0], names[0])
        return draw_curve(loaded.inputs[:, 0], loaded.targets[:, 0].astype(np.float32), axes)
    return draw_scatter(loaded.inputs, loaded.targets.astype(np.int64), names)


@cache
def _tabulate(data_id: str) -> pd.DataFrame:
    """A few samples from all over the data set, which may be sorted by class."""
    data_set, loaded = find(data_id), arrays(data_id)
    rows = np.linspace(0, len(loaded.targets) - 1, SAMPLES).astype(int)
    target, shown = data_set.target, loaded.targets[rows]
    if target.kind == "classes":
        columns = {"class": [describe_target(target, each) for each in shown]}
    else:
        columns = {f"→ {name}": shown[:, at] for at, name in enumerate(target.names)}
    samples = pd.DataFrame(loaded.inputs[rows].reshape(len(rows), -1))
    samples.columns = pd.Index(_name_features(data_set))
    return pd.concat([pd.DataFrame(columns), samples], axis=1)


def _name_features(data_set: DataSet) -> tuple[str, ...]:
    return data_set.features_named or tuple(f"x{at}" for at in range(data_set.features))


@cache
def describe_targets(data_id: str) -> str:
    """What is to be predicted: every class with the number of its samples, or each number's range.

    As markdown: ``**Classes** (samples): setosa (50), …``.
    """
    target, found = find(data_id).target, arrays(data_id).targets
    names = [plain_text(name) for name in target.names]
    if target.kind == "classes":
        counts = np.bincount(found.astype(np.int64), minlength=len(names))
        listed = [f"{name} ({count:,})" for name, count in zip(names, counts, strict=True)]
        return f"**Classes** (samples): {', '.join(listed)}"
    ends = zip(names, found.min(0), found.max(0), strict=True)
    said = ", ".join(f"{name} ({low:,.6g} to {high:,.6g})" for name, low, high in ends)
    return f"**To predict**: {said}"


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
