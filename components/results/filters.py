"""The filters of a convolution before and after training."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from builder.results.filters import convolutions, read_filters
from builder.training.runs import RunView
from components.pictures import draw_maps, to_address
from components.plain import plain_text
from components.results.query import query_of


def show_filters(view: RunView, weights: Path) -> None:
    """Choose a convolution, the first to begin with, and see its filters."""
    query = query_of(view, weights)
    spots = {spot.path: spot.block.label for spot in convolutions(query)}
    if not spots:
        st.info("This network has no convolution over pictures.")
        return
    path = st.selectbox(
        "Convolution",
        [*spots],
        format_func=lambda each: f"{plain_text(spots[each])} ({each})",
        key=f"results-convolution-{view.id}",
    )
    found = read_filters(query, path)
    _, high, wide = found.after.shape
    shown = f"{len(found.after)} of {found.total:,}" if len(found.after) < found.total else "All"
    st.caption(
        f"{shown} filters of {high}×{wide}, in the order of the output channels and within each of "
        f"the input channels; black is the least and white the largest number of each. Training "
        f"moved them by {found.change:.0%} of what they were."
    )
    left, right = st.columns(2)
    for column, title, filters in (
        (left, "Before training", found.before),
        (right, "After training", found.after),
    ):
        with column, st.container(key=f"results-filters-{title[:5]}"):
            st.markdown(f"**{title}**")
            st.image(to_address(draw_maps(filters, shared=False, columns=6)))
