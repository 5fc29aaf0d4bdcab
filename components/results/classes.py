"""How well each class is told from the others, and the samples that were right and wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from builder.datasets import DataSet, arrays
from builder.results.scores import ClassScore, score_classes
from builder.results.submission import name_features
from builder.results.validation import Judged, judge
from builder.training.runs import RunView
from components.figures import CONFIG, draw_confusion
from components.pictures import draw_sample, to_address
from components.plain import plain_text
from components.results.query import query_of

PICTURES, ROWS = 24, 200
WIDE = 88
"""Pixels that a picture is wide."""
SHARE = st.column_config.NumberColumn(format="%.1f %%")


def show_classes(view: RunView, data_set: DataSet, weights: Path) -> None:
    """The confusion matrix, the scores of each class, and samples with their guesses."""
    assert view.finished is not None
    names, confusion = data_set.target.names, view.finished.confusion
    if len(confusion) == len(names):
        _show_confusion(confusion, names)
        _show_scores(score_classes(confusion), names)
    else:
        st.info("There was no time to test the network when this run ended.")
    if weights.is_file():
        _show_samples(judge(query_of(view, weights)), data_set, view.id)


def _show_confusion(confusion: Sequence[Sequence[int]], names: Sequence[str]) -> None:
    st.markdown("#### Confusion matrix")
    st.caption("How many validation samples of each class (rows) were taken for which (columns).")
    dark = st.context.theme.type == "dark"
    st.plotly_chart(draw_confusion(confusion, names, dark), config=CONFIG)


def _show_scores(scores: Sequence[ClassScore], names: Sequence[str]) -> None:
    st.markdown("#### Scores of each class")
    st.caption(
        "Precision: of the samples taken for the class, how many are it. Recall: of the samples "
        "that are it, how many were found. F1: their harmonic mean."
    )
    columns = dict.fromkeys(("Precision", "Recall", "F1"), SHARE)
    st.dataframe(
        tabulate_scores(scores, names), hide_index=True, height="content", column_config=columns
    )


def tabulate_scores(scores: Sequence[ClassScore], names: Sequence[str]) -> pd.DataFrame:
    """A row for each class; shares in per cent, empty where there is nothing to share."""
    return pd.DataFrame(
        {
            "Class": list(names),
            "Precision": [100 * each.precision for each in scores],
            "Recall": [100 * each.recall for each in scores],
            "F1": [100 * each.f1 for each in scores],
            "Samples": [each.support for each in scores],
        }
    )


def _show_samples(judged: Judged, data_set: DataSet, run: str) -> None:
    wrong, right = judged.order(right=False), judged.order(right=True)
    st.markdown("#### Validation samples")
    labels = {"wrong": f"Wrong ({len(wrong):,})", "right": f"Right ({len(right):,})"}
    chosen = st.segmented_control(
        "Which samples",
        [*labels],
        default="wrong",
        required=True,
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        key=f"results-samples-{run}",
    )
    places = wrong if chosen == "wrong" else right
    if judged.total > len(judged.samples):
        st.caption(f"The first {len(judged.samples):,} of {judged.total:,} validation samples.")
    if not len(places):
        st.caption("There is none.")
        return
    arrow = "class → guess" if data_set.is_image and chosen == "wrong" else "with the guess"
    st.caption(f"The most confident first; {arrow}, and the probability that it was given.")
    if data_set.is_image:
        _show_pictures(judged, places[:PICTURES], data_set)
    else:
        table = tabulate_samples(judged, places[:ROWS], data_set)
        columns = {"Confidence": SHARE}
        st.dataframe(table, hide_index=True, height=300, column_config=columns)


def _show_pictures(judged: Judged, places: np.ndarray, data_set: DataSet) -> None:
    inputs, names = arrays(data_set.id).inputs, data_set.target.names
    with st.container(horizontal=True, key="results-pictures"):
        for at in places:
            picture = to_address(draw_sample(inputs[judged.samples[at]], WIDE))
            words = caption(judged, at, names)
            st.image(picture, caption=words, width=WIDE)


def caption(judged: Judged, at: int, names: Sequence[str]) -> str:
    """``3 → 8 · 97%``: class, guess where it is another one, and confidence."""
    true, guess = names[int(judged.targets[at])], names[int(judged.guesses[at])]
    words = true if true == guess else f"{true} → {guess}"
    return f"{plain_text(words)} · {judged.confidence[at]:.0%}"


def tabulate_samples(judged: Judged, places: np.ndarray, data_set: DataSet) -> pd.DataFrame:
    """A row for each sample: its number, class, guess, confidence in per cent, and features."""
    names, samples = np.array(data_set.target.names), judged.samples[places]
    columns = {
        "Sample": samples,
        "Class": names[judged.targets[places].astype(int)],
        "Taken for": names[judged.guesses[places]],
        "Confidence": 100 * judged.confidence[places],
    }
    inputs = arrays(data_set.id).inputs[samples].reshape(len(samples), -1)
    features = pd.DataFrame(inputs, columns=pd.Index(name_features(data_set)))
    return pd.concat([pd.DataFrame(columns), features], axis=1)
