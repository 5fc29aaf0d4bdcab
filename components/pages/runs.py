"""The Runs page: every run of the network, to compare, to take back and to delete."""

from __future__ import annotations

import streamlit as st

from components import session
from components.links import link_to
from components.run_actions import show_actions
from components.run_comparison import show_comparison
from components.run_table import arrange, ask_filter, choose_runs


def runs_page() -> None:
    """A table of the runs; what can be done with the ticked ones, and how they compare."""
    session.workspace().refresh(session.store())
    runs = session.runs().summaries(session.network_id())
    if not runs:
        show_nothing()
        return
    key = f"runs-{session.network_id()}"
    chosen: set[str] = session.kept(f"{key}-chosen", set())
    asked = ask_filter(runs, key)
    shown = arrange([run for run in runs if asked.passes(run)])
    if not shown:
        st.info("No run is like that. Change the search or the choices above.")
        return
    ticked = choose_runs(shown, chosen, key)
    if any(run.active for run in runs):
        st.button("Look again", icon=":material/refresh:", help="Runs go on while you read.")
    if not ticked:
        st.caption("Tick a run to restore, rename or delete it, and two or more to compare them.")
        return
    show_actions(ticked)
    if len(ticked) > 1:
        show_comparison(ticked)


def show_nothing() -> None:
    """What a person finds before the first run."""
    st.info(
        "No runs yet. Every training of this network will be kept here with its network, settings, "
        "curves and weights: to compare, to take back, to delete.",
        icon=":material/history:",
    )
    link_to("train", "Go to the Train page")
