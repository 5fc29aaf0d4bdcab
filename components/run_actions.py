"""What can be done with the runs that are ticked: restore, rename, take away, stop, delete."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from builder.store import StoreError
from builder.training import events
from builder.training.runs import Refused
from builder.training.summary import RunSummary
from components import session
from components.links import page
from components.plain import plain_text

NAME_LENGTH = 60


def show_actions(chosen: Sequence[RunSummary]) -> None:
    """A row of buttons, those for one run only where one is ticked."""
    one = chosen[0] if len(chosen) == 1 else None
    with st.container(horizontal=True, vertical_alignment="center"):
        if one:
            _show_single(one)
        st.download_button(
            "TensorBoard log",
            partial(pack_logs, chosen),
            "tensorboard.zip",
            "application/zip",
            icon=":material/download:",
            on_click="ignore",
            disabled=not any(run.started for run in chosen),
            help="Unpack it and start `tensorboard --logdir` with the folder.",
        )
        if active := [run for run in chosen if run.active]:
            st.button(
                f"Stop {_count(active)}" if len(active) > 1 else "Stop",
                icon=":material/stop:",
                on_click=stop,
                args=(active,),
            )
        _show_delete(chosen)


def _show_single(run: RunSummary) -> None:
    st.button(
        "Restore",
        icon=":material/restore:",
        on_click=restore,
        args=(run,),
        disabled=run.recipe is None,
        help="Puts the run's network on the canvas (Undo takes it back) and its settings on the "
        "Train page.",
    )
    if st.button("Take code and weights", icon=":material/code:", disabled=run.active):
        from components.pages.export import ask_for

        ask_for(run.record.id)
        st.switch_page(page("export"))
    key = f"rename-{run.record.id}-{run.record.name}"  # another name: a new one, which is closed
    with (
        st.popover("Rename", icon=":material/edit:", key=key),
        st.form(f"{key}-form", border=False),
    ):
        name = st.text_input("Name or note", run.record.name, NAME_LENGTH)
        if st.form_submit_button("Save"):
            rename(run, name)
            st.rerun()


def _show_delete(chosen: Sequence[RunSummary]) -> None:
    ended = [run for run in chosen if not run.active]
    with st.popover("Delete", icon=":material/delete:", disabled=not ended):
        if len(ended) < len(chosen):
            st.caption("Runs that wait or train are kept: stop them first.")
        st.markdown(f"Delete {_count(ended)} with curves and weights? There is no way back.")
        label = f"Delete {_count(ended)}"
        st.button(label, type="primary", on_click=delete, args=(ended,), disabled=not ended)


def _count(runs: Sequence[RunSummary]) -> str:
    return plain_text(runs[0].record.title) if len(runs) == 1 else f"{len(runs)} runs"


def restore(run: RunSummary) -> None:
    """Put the run's network and recipe back."""
    try:
        view = session.runs().view(run.record.id)
    except StoreError as error:
        st.toast(plain_text(str(error)), icon=":material/error:")
        return
    if view:
        session.restore(view.network, view.recipe)
        name = plain_text(run.record.title)
        st.toast(f"Network and settings are those of {name} again.", icon=":material/restore:")


def rename(run: RunSummary, name: str) -> None:
    """Call the run something else."""
    _do(partial(session.runs().rename, run.record.id, " ".join(name.split())[:NAME_LENGTH]))


def stop(runs: Sequence[RunSummary]) -> None:
    """Stop the runs, the waiting ones first, so that none of them begins meanwhile."""
    for run in sorted(runs, key=lambda run: run.record.status != "queued"):
        _do(partial(session.runs().stop, run.record.id))


def delete(runs: Sequence[RunSummary]) -> None:
    """Forget the runs."""
    for run in runs:
        _do(partial(session.runs().delete, run.record.id))


def _do(action: partial[None]) -> None:
    try:
        action()
    except (Refused, StoreError) as error:
        st.toast(plain_text(str(error)), icon=":material/error:")


def pack_logs(runs: Sequence[RunSummary]) -> bytes:
    """The runs' TensorBoard logs as a zip, a folder for each run."""
    from builder.training.tensorboard import write_log, zip_logs

    logs = {}
    for run in runs:
        view = session.runs().view(run.record.id) if run.started else None
        if view:
            told = map(events.loads, session.store().load_events(view.id))
            logs[run.record.title] = write_log(view, told, session.runs().weights(view.id))
    return zip_logs(logs)
