"""What happened in a step that was made alone, told as the five parts of every step."""

from __future__ import annotations

import math

import streamlit as st

from builder.training.events import Started, Stepped
from builder.training.runs import PAUSE_LIMIT, PAUSE_LIMIT_BUSY, RunView
from components.plain import plain_text

HINT = "**Step** trains on one batch and tells what happened in it; **Resume** goes on by itself."
IDLE = (
    f"A run that nobody touches for {PAUSE_LIMIT / 60:.0f} minutes ({PAUSE_LIMIT_BUSY / 60:.0f} "
    "while others wait) is stopped; what it has learnt is kept."
)


def show_step(view: RunView) -> None:
    """The last step made alone, as long as the run is paused."""
    if view.status != "paused":
        return
    if view.stepped is None or view.stepped.step != view.step:
        st.info(f"{HINT} {IDLE}", icon=":material/pause:")
        return
    with st.container(border=True):
        st.markdown(f"**What happened in batch {view.stepped.step:,}**")
        st.markdown("\n".join(describe_step(view.stepped, view.started)))
        st.caption(IDLE)


def describe_step(event: Stepped, started: Started | None) -> list[str]:
    """Five lines of a numbered list: feed, loss, zero_grad, backward, step."""
    layer = plain_text(_name(event.layer, started))
    return [
        f"1. **Feed**: {event.samples:,} samples went through the network.",
        f"2. **Loss**: how far its answers were from the targets: {_write(event.loss)}.",
        f"3. **zero_grad**: {_describe_former(event.former_gradient)}",
        f"4. **backward**: computed new ones, of norm {_write(event.gradient)}.",
        f"5. **step**: with a learning rate of {_write(event.lr)}, {layer} changed most for its "
        f"size: by {_write(event.update)}, which is {_share(event.ratio)} of its weights.",
    ]


def _describe_former(norm: float) -> str:
    if math.isnan(norm):
        return "there were no gradients yet to throw away."
    return f"threw away the gradients of the batch before, of norm {_write(norm)}: none are left."


def _name(path: str, started: Started | None) -> str:
    """The layer's kind and path."""
    kinds = dict(zip(started.layers, started.kinds, strict=True)) if started else {}
    return f"{kinds[path]} {path}" if path in kinds else path or "no layer"


def _write(number: float) -> str:
    return f"{number:.4g}" if math.isfinite(number) else "a number that is not finite"


def _share(ratio: float) -> str:
    return f"{100 * ratio:.2g} %" if math.isfinite(ratio) else "an unknown share"
