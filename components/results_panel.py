"""The results of a run that has ended: a tab for each view, only the open one is worked out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from builder.datasets import DataError, DataSet, known
from builder.training.runs import RunView
from components.plain import plain_text

View = Callable[[RunView, DataSet, Path], None]


def show_results(view: RunView, weights: Path | None) -> None:
    """Tabs below a run's curves; ``weights`` is the file of its weights, None where it has none."""
    data_set = known(view.recipe.data)
    if view.active or view.finished is None:
        return
    if data_set is None:
        st.caption("The data of this run is not here any more, so its results can't be shown.")
        return
    st.subheader("Results")
    _show_tabs(view, data_set, weights)


@st.fragment
def _show_tabs(view: RunView, data_set: DataSet, weights: Path | None) -> None:
    views = _views(view, data_set)
    tabs = st.tabs([*views], on_change="rerun", key=f"results-{view.id}")
    for tab, show in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                _show(show, view, data_set, weights)


def _views(view: RunView, data_set: DataSet) -> dict[str, View]:
    """The views that go with the data; each is imported when it is shown."""
    classes = data_set.target.kind == "classes"
    found: dict[str, View] = {"Classes": _classes} if classes else {"Numbers": _numbers}
    if len(view.network.input.shape) == 3:
        found["Filters"] = _filters
    return found | {"Own input": _own_input, "Test set": _submission}


def _show(show: View, view: RunView, data_set: DataSet, weights: Path | None) -> None:
    """A view, or in plain words why there is nothing to see."""
    if weights is None and show is not _classes:
        st.info("This run has no weights that were kept, so nothing can be predicted with them.")
        return
    from builder.see import Unseen

    try:
        show(view, data_set, weights or Path())
    except (Unseen, DataError) as error:
        st.warning(plain_text(str(error)), icon=":material/error:")


def _classes(view: RunView, data_set: DataSet, weights: Path) -> None:
    from components.results.classes import show_classes

    show_classes(view, data_set, weights)


def _numbers(view: RunView, data_set: DataSet, weights: Path) -> None:
    from components.results.numbers import show_numbers

    show_numbers(view, data_set, weights)


def _filters(view: RunView, data_set: DataSet, weights: Path) -> None:
    from components.results.filters import show_filters

    show_filters(view, weights)


def _own_input(view: RunView, data_set: DataSet, weights: Path) -> None:
    from components.results.own_input import show_own_input

    show_own_input(view, data_set, weights)


def _submission(view: RunView, data_set: DataSet, weights: Path) -> None:
    from components.results.submission import show_submission

    show_submission(view, data_set, weights)
