"""The buttons of a run: start, pause, step, stop, always in the same places."""

from __future__ import annotations

import streamlit as st

from builder.training.runs import RunView

START, STEP_THROUGH, PAUSE, RESUME, STEP, STOP = (
    "start",
    "step-through",
    "pause",
    "resume",
    "step",
    "stop",
)
"""What a person may ask for by them."""
WIDTH = 116
"""Pixels, so that no button moves when another one's words change."""


def show_buttons(startable: bool, view: RunView | None) -> str | None:
    """The four buttons; what was just asked for, or None."""
    status = view.status if view and view.active else "idle"
    paused = status == "paused"
    with st.container(horizontal=True, gap="small", key="run-buttons"):
        play = st.button(
            "Resume" if paused else "Start",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not (paused or (status == "idle" and startable)),
            key="run-play",
            width=WIDTH,
        )
        pause = st.button(
            "Pause",
            icon=":material/pause:",
            disabled=status != "running",
            help="Wait after this batch; no number counts the time",
            key="run-pause",
            width=WIDTH,
        )
        step = st.button(
            "Step",
            icon=":material/skip_next:",
            disabled=not (status in ("running", "paused") or (status == "idle" and startable)),
            help=_explain_step(status),
            key="run-step",
            width=WIDTH,
        )
        stop = st.button(
            "Stop",
            icon=":material/stop:",
            disabled=status == "idle",
            help="End the run and keep what it has learnt",
            key="run-stop",
            width=WIDTH,
        )
    if play:
        return RESUME if paused else START
    if step:
        return STEP_THROUGH if status == "idle" else STEP
    return PAUSE if pause else STOP if stop else None


def _explain_step(status: str) -> str:
    if status == "idle":
        return "Start paused, to go through the training batch by batch"
    return "Train on one batch, pause, and tell what happened in it"
