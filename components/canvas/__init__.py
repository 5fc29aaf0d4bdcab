"""The drag-and-drop canvas: a network goes down to the browser, requests come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from components.canvas.receive import Outbox, read_outbox
from components.canvas.seeing import Seeing, parse_seeing
from components.canvas.view import catalogue, view
from components.canvas.wire import Inspected, parse_inspected
from components.canvas.worked import worked

if TYPE_CHECKING:
    from components.workspace import Workspace

KEY = "canvas"


@cache
def _component() -> Any:
    return st.components.v2.component("components.canvas", js="canvas-*.js")


def canvas(
    workspace: Workspace,
    on_outbox: Callable[[], None],
    inspected: Inspected | None = None,
    seen: Mapping[str, Any] | None = None,
) -> None:
    """Show the network of this workspace; ``on_outbox`` runs when the browser asks for changes.

    The callback runs before the page does, so that one run both takes the change in and shows
    what became of it. The browser asks for a run now and then (``look``), and when it comes into
    sight, to see what another tab has changed. ``inspected`` is the layer whose arithmetic the
    person looks at, ``seen`` what the layers make of a sample.
    """
    _component()(
        key=KEY,
        data=message(workspace, inspected) | {"seen": seen},
        on_outbox_change=on_outbox,
        on_inspect_change=lambda: None,
        on_look_change=lambda: None,
        on_see_change=lambda: None,
    )


def heard(state: Any) -> Outbox | None:
    """The outbox in the component's state."""
    return read_outbox(state.get("outbox")) if state else None


def looked_at(state: Any) -> Inspected | None:
    """The layer whose arithmetic is on show, in the component's state."""
    return parse_inspected(state.get("inspect")) if state else None


def asked_to_see(state: Any) -> Seeing | None:
    """The sample that is to be shown on the cards, in the component's state."""
    return parse_seeing(state.get("see")) if state else None


def message(workspace: Workspace, inspected: Inspected | None = None) -> dict[str, Any]:
    """All that the browser needs to draw the network, and which requests have been done."""
    with workspace.lock:
        return _compose(workspace) | {"worked": _work_out(workspace, inspected)}


def _work_out(workspace: Workspace, inspected: Inspected | None) -> dict[str, Any] | None:
    report = workspace.report
    if inspected is None or inspected.block not in report.blocks:
        return None
    return worked(report, inspected.block, inspected.wanted)


def _compose(workspace: Workspace) -> dict[str, Any]:
    fingerprint, entries = catalogue()
    notice = workspace.notice
    data = view(workspace.history, workspace.report) | {
        "epoch": workspace.network_id,
        "revision": workspace.revision,
        "client": workspace.client,
        "ack": workspace.acknowledged.get(workspace.client or "", 0),
        "catalogueHash": fingerprint,
        "unsaved": workspace.unsaved,
        "notice": notice and {"id": notice.id, "kind": notice.kind, "text": notice.text},
    }
    if workspace.catalogue_seen != fingerprint:
        data["catalogue"] = entries
    return data
