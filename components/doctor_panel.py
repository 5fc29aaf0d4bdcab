"""What the doctor says of a run: a line while it goes on, cards when it has ended."""

from __future__ import annotations

import math
from functools import lru_cache

import streamlit as st

from builder.check import Issue, Report, check
from builder.doctor import AILMENTS, Case, Change, Diagnosis, diagnose, from_issue
from builder.document import Network
from builder.operations import Rejected
from builder.store import StoreError
from builder.training.runs import RunView
from components import session
from components.plain import plain_text

ICON = ":material/stethoscope:"
LOOKS = 100
"""In how many parts of a run the doctor looks anew, besides the quick looks at its beginning."""
SETTLED = 3
"""Epochs after which it says something if nothing is wrong."""


def show_doctor(view: RunView | None) -> None:
    """What ails the run, as far as it shows; as tall as a line as long as the run goes on."""
    found = diagnoses(view) if view else ()
    if view is None or view.active or not found:
        with st.container(key="doctor-line", horizontal=True, vertical_alignment="center"):
            _show_line(view, found)
        return
    with st.container(key="doctor-cards"):
        for diagnosis in found:
            with st.container(border=True):
                show_card(view, diagnosis)


def _show_line(view: RunView | None, found: tuple[Diagnosis, ...]) -> None:
    if view is None or not found:
        looked_for = ", ".join(each.looked_for for each in AILMENTS)
        st.caption(f"{ICON} {_all_well(view)}", help=f"The doctor looks for: {looked_for}.")
        return
    more = f" · {len(found) - 1} more" if len(found) > 1 else ""
    st.markdown(f":orange[{ICON}] **{plain_text(found[0].title)}**{more}")
    with st.popover("What to do"):
        for diagnosis in found:
            show_card(view, diagnosis)


def _all_well(view: RunView | None) -> str:
    if view is None:
        return "The doctor looks at every run while it goes on."
    if len(view.epochs) >= SETTLED or (view.epochs and not view.active):
        return "Nothing wrong found."
    if view.active:
        return "Nothing wrong found so far; the doctor goes on looking."
    return "The run was too short to say whether anything is wrong."


def show_card(view: RunView, diagnosis: Diagnosis) -> None:
    """What was seen, why it is so, and the click that mends it."""
    _show_words(diagnosis)
    change = diagnosis.change
    if change is None:
        return
    if is_made(view, change):
        st.markdown(":green[:material/check:] Changed. Start again to see the difference.")
        return
    clicked = st.button(
        plain_text(change.label),
        icon=":material/build:",
        key=f"cure-{view.id}-{diagnosis.ailment}",
        help="This also stops the run." if view.active else None,
    )
    if clicked and make(view, change):
        st.rerun()


def _show_words(diagnosis: Diagnosis) -> None:
    st.markdown(f":orange[{ICON}] **{plain_text(diagnosis.title)}**")
    if diagnosis.seen:
        st.markdown(plain_text(diagnosis.seen))
    st.caption(plain_text(diagnosis.why))


def show_issue(issue: Issue) -> None:
    """Why a run can't be started, told as an ailment is where it is one; a repair follows."""
    diagnosis = from_issue(issue)
    if diagnosis is None:
        st.warning(plain_text(issue.message), icon=":material/error:")
        return
    with st.container(border=True):
        _show_words(diagnosis)


def make(view: RunView, change: Change) -> bool:
    """Change network or recipe, and stop the run if it still goes on; whether that could be."""
    try:
        if view.active:
            session.runs().stop(view.id)
        if change.operations:
            session.apply(*change.operations)
    except (Rejected, StoreError) as error:
        st.toast(plain_text(str(error)), icon=":material/error:")
        return False
    if change.recipe:
        session.change_recipe(change.applied_to(session.recipe(), view.recipe))
    _made().add((view.id, change.label))
    return True


def is_made(view: RunView, change: Change) -> bool:
    """Whether this was clicked and still holds."""
    if (view.id, change.label) not in _made():
        return False
    if change.recipe is None:
        return session.network() != view.network
    return change.applied_to(session.recipe(), view.recipe) == session.recipe()


def _made() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = session.kept("cures", set())
    return found


def diagnoses(view: RunView) -> tuple[Diagnosis, ...]:
    """What ails a run so far; looked at anew when it has come some way since the last look."""
    seen: dict[str, tuple[object, tuple[Diagnosis, ...]]] = session.kept("diagnoses", {})
    mark = _mark(view)
    if view.id not in seen or seen[view.id][0] != mark:
        report = _check(view.network)
        case = session.runs().read(view.id, lambda curves: Case.of(report, view.recipe, curves))
        seen.clear()
        seen[view.id] = mark, diagnose(case) if case and case.readable else ()
    return seen[view.id][1]


def _mark(view: RunView) -> object:
    """Another one when a run has come so far that something else may show."""
    part = LOOKS * view.step // view.steps if view.steps else 0
    return part, int(8 * math.log2(1 + view.step)), min(len(view.epochs), LOOKS), view.active


@lru_cache(16)
def _check(network: Network) -> Report:
    return check(network)


def is_told(view: RunView | None, issue: Issue) -> bool:
    """Whether the doctor says of a run with this very network what is also known without it."""
    if view is None or view.network != session.network():
        return False
    return any(each.ailment == issue.code for each in diagnoses(view))
