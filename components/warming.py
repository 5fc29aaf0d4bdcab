"""What the first visitors would otherwise wait for is loaded in the background."""

from __future__ import annotations

import sys
import threading
import time

import streamlit as st

from components import links

HEAD_START = 1.5
"""Seconds that the first page has the processor for itself."""
SWITCH = 0.0005
"""Seconds after which the warm-up lets a waiting page go on; Python's own are ten times as long."""


@st.cache_resource(show_spinner=False)
def warm_up() -> threading.Thread:
    """Load every page, import torch and probe each family of layers, once for each server."""
    thread = threading.Thread(target=_warm_up, name="warm-up", daemon=True)
    thread.start()
    return thread


def _warm_up() -> None:
    time.sleep(HEAD_START)
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        from builder import warm

        warm.warm_up()
        for name in links.ICONS:
            links.load(name)
    finally:
        sys.setswitchinterval(usual)
