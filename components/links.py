"""The pages of the app, named once, and links from one to another."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import streamlit as st
from streamlit.navigation.page import StreamlitPage

ICONS = {
    "build": ":material/stacks:",
    "train": ":material/monitoring:",
    "runs": ":material/history:",
    "inspect": ":material/visibility:",
    "export": ":material/code:",
    "learn": ":material/school:",
}
"""Every page by its name, in the order of the menu; the first one opens by itself.

The page "build" is the function ``build_page`` of ``components.pages.build``, and so on.
"""


def page(name: str) -> StreamlitPage:
    """The page of this name."""

    def show() -> None:
        load(name)()

    return st.Page(
        show,
        title=name.capitalize(),
        icon=ICONS[name],
        url_path=name,
        default=name == next(iter(ICONS)),
    )


def load(name: str) -> Callable[[], None]:
    """The function that shows a page; importing some of them takes a second or more, once."""
    function: Callable[[], None] = getattr(
        import_module(f"components.pages.{name}"), f"{name}_page"
    )
    return function


def link_to(name: str, label: str) -> None:
    """A link to the page of this name in ``ICONS``; the network stays the same."""
    st.page_link(page(name), label=label, icon=ICONS[name])
