"""How well numbers are predicted: predicted against true, what is left over, and scores."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from builder.datasets import DataSet
from builder.results.scores import NumberScore, score_numbers
from builder.results.validation import judge
from builder.training.runs import RunView
from components.figures import CONFIG
from components.plain import plain_text
from components.result_figures import draw_fit, draw_residuals
from components.results.query import query_of


def show_numbers(view: RunView, data_set: DataSet, weights: Path) -> None:
    """Scores and two drawings of one of the predicted numbers."""
    judged = judge(query_of(view, weights))
    names = data_set.target.names
    at = _choose(names, view.id)
    _show_scores(score_numbers(judged.targets, judged.outputs)[at])
    if judged.total > len(judged.samples):
        st.caption(f"The first {len(judged.samples):,} of {judged.total:,} validation samples.")
    true, predicted = judged.targets[:, at], judged.outputs[:, at]
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{plain_text(names[at])}, predicted against true**")
        st.plotly_chart(draw_fit(true, predicted), config=CONFIG, key=f"results-fit-{view.id}")
    with right:
        st.markdown("**What is left over: predicted minus true**")
        figure = draw_residuals(true, predicted)
        st.plotly_chart(figure, config=CONFIG, key=f"results-residuals-{view.id}")


def _choose(names: tuple[str, ...], run: str) -> int:
    if len(names) == 1:
        return 0
    chosen = st.selectbox("Number", names, format_func=plain_text, key=f"results-number-{run}")
    return names.index(chosen)


def _show_scores(score: NumberScore) -> None:
    with st.container(horizontal=True):
        st.metric("Mean absolute error", f"{score.absolute:.4g}")
        st.metric("Root of mean squared error", f"{score.squared:.4g}")
        words = "1 is perfect, 0 is no better than always saying the mean."
        st.metric("R²", f"{score.r2:.4f}", help=words)
