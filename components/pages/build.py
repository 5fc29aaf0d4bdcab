"""The Build page: the canvas, and what concerns the network as a whole."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import streamlit as st

from builder.schema import SchemaError, loads
from components import session
from components.canvas import canvas
from components.plain import plain_text
from components.workspace import Workspace


def build_page() -> None:
    """Show the network and let the person build it."""
    _show_file_menu()
    _show_canvas()


@st.fragment
def _show_canvas() -> None:
    """The part of the page that an edit runs again: an edit changes nothing outside of it."""
    workspace = session.workspace()
    workspace.refresh(session.store())
    if workspace.unsaved:
        st.warning(
            f"Your last change is not saved: {plain_text(workspace.unsaved)} "
            "It is kept in this tab; the next change tries again. To be safe, download the network "
            "on the Export page.",
            icon=":material/cloud_off:",
        )
    canvas(workspace, session.take_outbox, session.inspected(), see(workspace))


def see(workspace: Workspace) -> dict[str, Any] | None:
    """What the layers make of the sample asked for.

    None while it is asked for another state of the network: the answer to an edit has no strips,
    so that it is quick, and the browser asks again when it has drawn the edit.
    """
    if (seeing := session.seeing()) is None:
        return None
    with workspace.lock:
        report, revision = workspace.report, workspace.revision
    if seeing.revision != revision:
        return None
    from components.canvas.seen import see_sample  # torch, which building alone does not need
    from components.sample import choose_subject

    return see_sample(choose_subject(seeing, report)) | {"asked": asdict(seeing)}


def _show_file_menu() -> None:
    with st.container(horizontal=True, horizontal_alignment="right", key="file-menu"):
        st.button(
            "New",
            icon=":material/add:",
            help="Begin a new network. This one stays at its link.",
            on_click=session.start_new,
        )
        with st.popover("Open", icon=":material/folder_open:"):
            _show_upload()
        with st.popover("Share", icon=":material/link:"):
            st.markdown("Anyone with this link can see **and change** this network:")
            st.code(f"{_address()}?{session.LINK}={session.network_id()}", language=None)


def _show_upload() -> None:
    file = st.file_uploader("A network saved as JSON", type="json", key="network-file")
    st.caption("It takes the place of this network; Undo brings this one back.")
    if file is None or session.kept("opened-file", {}).get("id") == file.file_id:
        return
    session.kept("opened-file", {})["id"] = file.file_id
    try:
        network = loads(file.getvalue())
    except SchemaError as error:
        st.error(plain_text(str(error)), icon=":material/error:")
        return
    session.workspace().replace(network, session.store())
    st.rerun()


def _address() -> str:
    return (st.context.url or "").split("?")[0]
