"""A square to draw on, by mouse, finger or keys."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

SIDE = 84
"""Pixels that the browser sends along each side; ``src/pad/strokes.ts`` has the same number."""


def show_pad(key: str, brush: float) -> NDArray[np.float32] | None:
    """Let the person draw; brightness from 0 to 1, ``SIDE`` × ``SIDE``, None before a stroke.

    ``brush`` is how wide strokes are to begin with, as a share of the pad.
    """
    shown = _component()(key=key, data={"brush": brush}, height="content", on_drawing_change=_run)
    return decode(shown.drawing)


def _run() -> None:
    """Nothing more: what is around the pad runs again because there is a new stroke."""


@cache
def _component() -> Any:
    return st.components.v2.component("components.pad", js="pad-*.js", isolate_styles=False)


def decode(drawing: object) -> NDArray[np.float32] | None:
    """What the browser has sent as brightness; None for nothing, or for what is no drawing."""
    match drawing:
        case {"pixels": str(text)} if text:
            try:
                levels = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
            except ValueError:  # neither base 64 nor, with other letters, even text for it
                return None
            if len(levels) == SIDE * SIDE:
                return (levels.reshape(SIDE, SIDE) / 255).astype(np.float32)
    return None
