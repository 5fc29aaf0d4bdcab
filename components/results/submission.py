"""Predictions for an uploaded test set, to take away as ``submission.csv``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from builder.datasets import DataSet
from builder.datasets.archive import SUFFIXES
from builder.results.predict import predict
from builder.results.submission import (
    UPLOAD,
    Unlabelled,
    kept_test_set,
    name_features,
    read_test_set,
    write_submission,
)
from builder.see import Query
from builder.training.runs import RunView
from components import session
from components.plain import plain_text
from components.results.query import query_of

PIECE = 512
REMEMBERED = 2
NAMED = 6


def show_submission(view: RunView, data_set: DataSet, weights: Path) -> None:
    """Ask for a test set, and give the predictions for it as a file."""
    query = query_of(view, weights)
    if kept := kept_test_set(data_set):
        st.caption(f"The data came with {len(kept.ids):,} samples without a label.")
        text = _remember((view.id, data_set.id), lambda: _predict_all(query, data_set, kept))
        _show_predictions(text, "kept")
    st.caption(describe_form(data_set))
    file = st.file_uploader(
        "Test set",
        type=["zip"] if data_set.is_image else ["csv"],
        max_upload_size=UPLOAD // 1_000_000,
        key=f"results-test-{view.id}",
    )
    if file is None:
        return
    text = _remember(
        (view.id, file.file_id),
        lambda: _predict_all(query, data_set, read_test_set(file.getvalue(), data_set)),
    )
    _show_predictions(text, "uploaded")


def _remember(name: tuple[str, str], make: Callable[[], str]) -> str:
    """The text made under this name; the last few are kept, so that a click makes none anew."""
    made: dict[tuple[str, str], str] = session.kept("submissions", {})
    if name not in made:
        made[name] = make()
        for old in [*made][:-REMEMBERED]:
            del made[old]
    return made[name]


def _show_predictions(text: str, key: str) -> None:
    count = text.count("\n") - 1
    st.markdown(f"Predictions for **{count:,}** samples; the first ones:")
    st.code("\n".join(text.splitlines()[:6]), language=None)
    st.download_button(
        "Download submission.csv",
        text,
        "submission.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"results-download-{key}",
    )


def describe_form(data_set: DataSet) -> str:
    """What the file must be, in words."""
    if data_set.is_image:
        return (
            f"A zip of pictures ({', '.join(each[1:] for each in SUFFIXES)}); a picture's id is "
            "its name without the ending. Each is stretched and coloured like the data set's own."
        )
    names = name_features(data_set)
    listed = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return (
        f"A CSV table with the columns {plain_text(listed)}. The id is the column *id*, else the "
        "first other column, else the row's number from 0."
    )


def _predict_all(query: Query, data_set: DataSet, given: Unlabelled) -> str:
    """The text of the file, worked out piece by piece under a bar."""
    bar = st.progress(0.0, "Predicting …")
    parts = [*_predict_parts(query, given, bar.progress)]
    bar.empty()
    return write_submission(given.ids, np.concatenate(parts), data_set.target)


def _predict_parts(
    query: Query, given: Unlabelled, tell: Callable[[float, str], object]
) -> Iterator[NDArray[np.float32]]:
    for start in range(0, len(given.ids), PIECE):
        yield predict(query, given.inputs[start : start + PIECE])
        tell(min(1.0, (start + PIECE) / len(given.ids)), "Predicting …")
