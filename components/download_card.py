"""The part of the data card that downloads a data set and shows how far that is."""

from __future__ import annotations

import streamlit as st

from builder.datasets import DataSet, absence
from builder.datasets.fetch import Fetching, is_here, total
from builder.training.memory import words
from components import session
from components.plain import plain_text

LOOK = 0.5
"""Seconds between two looks at a download."""


def show_download(data_set: DataSet) -> None:
    """A button that fetches what is missing, the progress, and what went wrong; else nothing."""
    if absence(data_set) is None or not data_set.files:
        return
    found = session.fetches().view(data_set.id)
    if found and found.active:
        _follow(data_set)
        return
    if found and found.problem:
        st.error(plain_text(found.problem), icon=":material/cloud_off:")
    here = all(is_here(data_set, file) for file in data_set.files)
    label = "Read the files" if here else f"Download ({words(total(data_set))})"
    st.button(
        label,
        icon=":material/download:",
        key=f"download-{data_set.id}",
        on_click=session.fetches().start,
        args=(data_set,),
    )


@st.fragment(run_every=LOOK)
def _follow(data_set: DataSet) -> None:
    found = session.fetches().view(data_set.id)
    if found is None or not found.active:
        st.rerun()
    st.progress(found.done / max(found.size, 1), describe_fetching(found))


def describe_fetching(found: Fetching) -> str:
    """How far a download is, in words."""
    if found.done >= found.size:
        return "Everything has arrived; reading it …"
    return f"{words(found.done)} of {words(found.size)}"
