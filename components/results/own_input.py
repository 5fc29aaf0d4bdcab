"""Predictions for what a person draws, uploads or types."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from builder.datasets import DataSet, Target, arrays, describe_target
from builder.results.pictures import BYTES, FORMATS, ink_box, place_drawing, read_picture
from builder.results.predict import predict
from builder.results.submission import name_features
from builder.training.runs import RunView
from components.drawing_pad import show_pad
from components.figures import CONFIG
from components.pictures import draw_sample, to_address
from components.plain import plain_text
from components.result_figures import draw_probabilities
from components.results.query import query_of

WIDE = 112
STEM, FILLED, WIDEST = 2, 0.7, 0.16
"""Pixels of a sample that a stroke is wide, the share of the pad that a drawing is high, and the
widest brush to begin with, as a share of the pad."""
ACROSS = 3
FIELDS = 36
"""Up to so many features have a field each; more are rows of a table."""
Sample = NDArray[np.float32]


def show_own_input(view: RunView, data_set: DataSet, weights: Path) -> None:
    """Ask for a sample and say what the run's network makes of it."""
    if not data_set.is_image:
        _show_answer(view, data_set, weights, _ask_row(data_set, view.id))
        return
    left, right = st.columns(2, gap="large")
    with left:
        sample = _ask_picture(data_set, view.id)
    with right:
        if sample is None:
            st.caption("What the network makes of it appears here.")
            return
        with st.container(key="results-given"):
            picture = to_address(draw_sample(sample, WIDE))
            st.image(picture, caption="As the data set has it", width=WIDE)
        _show_answer(view, data_set, weights, sample)


def _show_answer(view: RunView, data_set: DataSet, weights: Path, sample: Sample) -> None:
    found = predict(query_of(view, weights), sample[None])[0]
    st.markdown(describe_answer(found, data_set.target))
    if data_set.target.kind == "classes":
        figure = draw_probabilities(found, data_set.target.names)
        st.plotly_chart(figure, config=CONFIG, key=f"results-answer-{view.id}")


def describe_answer(found: NDArray[np.float32], target: Target) -> str:
    """The most probable class, or each number by its name, as markdown."""
    if target.kind == "classes":
        best = int(found.argmax())
        return f"Taken for **{plain_text(target.names[best])}**, {found[best]:.1%}"
    numbers = zip(target.names, found, strict=True)
    return "Predicted: " + ", ".join(f"{plain_text(name)} = **{n:.5g}**" for name, n in numbers)


def _ask_picture(data_set: DataSet, run: str) -> Sample | None:
    if data_set.input.shape[0] != 1:
        return _ask_file(data_set, run)
    chosen = st.segmented_control(
        "How to give a picture",
        ["Draw", "Upload"],
        default="Draw",
        required=True,
        label_visibility="collapsed",
        key=f"results-way-{run}",
    )
    return _ask_drawing(data_set, run) if chosen == "Draw" else _ask_file(data_set, run)


def _ask_drawing(data_set: DataSet, run: str) -> Sample | None:
    high, wide = ink_box(data_set.id)
    drawn = show_pad(f"results-pad-{run}", min(STEM * FILLED / high, WIDEST))
    _, height, width = data_set.input.shape
    st.caption(
        f"The drawing is cut out, made as large as the samples' own drawings ({high}×{wide} of "
        f"{height}×{width} pixels), and moved so that its mass is in the middle: as MNIST's "
        "digits were made."
    )
    return None if drawn is None else place_drawing(drawn, data_set.id, data_set.input.shape)


def _ask_file(data_set: DataSet, run: str) -> Sample | None:
    channels, height, width = data_set.input.shape
    file = st.file_uploader(
        "Picture",
        type=[name.lower() for name in (*FORMATS, "jpg")],
        max_upload_size=BYTES // 1_000_000,
        key=f"results-picture-{run}",
    )
    swapped = st.toggle(
        "Swap dark and bright",
        help="For dark writing on white paper, where the samples are bright on dark.",
        key=f"results-swapped-{run}",
    )
    colour = "grey" if channels == 1 else "colour"
    st.caption(f"The picture is stretched to {height}×{width} pixels in {colour}.")
    return read_picture(file.getvalue(), data_set.input.shape, swapped) if file else None


def _ask_row(data_set: DataSet, run: str) -> Sample:
    """A field for each feature, filled with those of a sample."""
    loaded = arrays(data_set.id)
    start = st.number_input(
        "Begin with sample",
        min_value=0,
        max_value=len(loaded.targets) - 1,
        value=0,
        step=1,
        key=f"results-start-{run}",
        width=220,
    )
    truth = plain_text(describe_target(data_set.target, loaded.targets[int(start)]))
    st.caption(f"What is true of this sample: {truth}.")
    initial, key = loaded.inputs[int(start)].ravel(), f"results-row-{run}-{start}"
    names = name_features(data_set)
    found = (_ask_fields if len(names) <= FIELDS else _ask_table)(names, initial, key)
    return np.array(found, np.float32).reshape(data_set.input.shape)


def _ask_fields(names: tuple[str, ...], initial: Sample, key: str) -> list[float]:
    found = []
    for start in range(0, len(names), ACROSS):
        row = range(start, min(start + ACROSS, len(names)))
        for at, column in zip(row, st.columns(ACROSS), strict=False):
            with column:
                found.append(_ask_field(names[at], float(initial[at]), f"{key}-{at}"))
    return found


def _ask_field(name: str, initial: float, key: str) -> float:
    value = float(f"{initial:.6g}")
    return float(st.number_input(plain_text(name), value=value, format="%g", key=key))


def _ask_table(names: tuple[str, ...], initial: Sample, key: str) -> list[float]:
    table = pd.DataFrame({"Feature": names, "Value": initial.astype(float)})
    edited = st.data_editor(table, hide_index=True, disabled=["Feature"], height=320, key=key)
    return [float(value) for value in edited["Value"].fillna(0.0)]
