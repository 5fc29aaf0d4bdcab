"""The Train page: data and recipe on the left, the run on the right."""

from __future__ import annotations

import streamlit as st

from builder.check import Issue, Repair, Report
from builder.fit import advice
from builder.operations import Rejected
from builder.recipe import Recipe, RecipeError, move
from builder.store import StoreError
from builder.training.admission import Refused, refusal
from builder.training.runs import RunView
from components import session
from components.data_card import show_data
from components.doctor_panel import is_told, show_issue
from components.links import link_to
from components.plain import plain_text
from components.recipe_form import show_recipe
from components.results_panel import show_results
from components.run_controls import show_buttons
from components.run_panel import follow_run, stand
from components.sweep_form import show_sweep


def train_page() -> None:
    """Choose data and recipe, start and stop a run, watch it, read its results."""
    session.workspace().refresh(session.store())
    try:
        view = latest_run()
    except StoreError as error:
        st.error(plain_text(str(error)))
        return
    adopt_recipe(view)
    with st.container(key="train-page"):
        left, right = st.columns([5, 8], gap="large")
    with left:
        active = view is not None and view.active
        recipe = edit_recipe(locked=active)
        if recipe:
            show_sweep(recipe, start_sweep, active, session.recipe_key())
    with right:
        show_controls(recipe, view)
        show_waiting(view)
        show_run(view, session.recipe())


def latest_run() -> RunView | None:
    """The run of this network to show, whichever tab or server started it.

    It is the first of those that train, else of those that wait, else the newest.
    """
    records = session.runs().list_runs(session.network_id())
    for status in ("running", "queued"):
        if found := [record for record in records if record.status == status]:
            return session.runs().view(found[-1].id)
    return session.runs().view(records[0].id) if records else None


def adopt_recipe(view: RunView | None) -> None:
    """On the first visit of a browser page, begin with the settings of the newest run."""
    seen: set[str] = session.kept("recipes-adopted", set())
    if session.network_id() in seen:
        return
    seen.add(session.network_id())
    if view:
        session.set_recipe(view.recipe)


def edit_recipe(locked: bool) -> Recipe | None:
    """Both cards on the left; None while the settings contradict each other."""
    before, key = session.recipe(), session.recipe_key()
    data = show_data(before.data, session.network().input, locked, key)
    if data != before.data and not locked:
        session.change_recipe(move(before, data))
        st.rerun()
    try:
        recipe = show_recipe(before, data, locked, key)
    except RecipeError:
        return None
    if recipe != before and not locked:
        session.set_recipe(recipe)
    return recipe


def show_controls(recipe: Recipe | None, view: RunView | None) -> None:
    """The buttons, and the reason when nothing can be started."""
    active = view is not None and view.active
    issue = refusal(session.report(), recipe) if recipe and not active else None
    asked = show_buttons(recipe is not None and issue is None, view)
    if issue:
        show_refusal(session.report(), issue)
    elif recipe and not active and (tip := advice(session.report(), recipe.loss_spec)):
        if not is_told(view, tip):
            show_advice(tip)
    match asked:
        case "start" | "step-through" if recipe:
            start(recipe, paused=asked == "step-through")
        case "stop" if view:
            stop(view)
        case str() if view:
            session.runs().command(view.id, asked)
            st.rerun()


def start(recipe: Recipe, paused: bool) -> None:
    """Begin a run, or say why it was refused."""
    try:
        session.runs().start(session.network(), recipe, session.network_id(), paused)
    except Refused as refused:
        show_refusal(session.report(), refused.issue)
    except StoreError as error:
        st.error(plain_text(str(error)))
    else:
        st.rerun()


def start_sweep(recipes: tuple[Recipe, ...], title: str) -> None:
    """Put a run for each recipe into the queue, or say why they were refused."""
    try:
        session.runs().start_all(session.network(), recipes, session.network_id(), title)
    except Refused as refused:
        st.warning(plain_text(refused.issue.message), icon=":material/error:")
    except StoreError as error:
        st.error(plain_text(str(error)))
    else:
        st.rerun()


def show_waiting(view: RunView | None) -> None:
    """How many runs of this network come after the one on show, and the way to all of them."""
    records = session.runs().list_runs(session.network_id())
    waiting = [each for each in records if each.status == "queued" and view and each.id != view.id]
    with st.container(horizontal=True, vertical_alignment="center"):
        if waiting:
            count = f"{len(waiting)} more runs wait" if len(waiting) > 1 else "1 more run waits"
            st.caption(f"{count} for this one to end.")
            st.button("Stop all", icon=":material/stop_circle:", on_click=stop_all)
        if len(records) > 1:
            link_to("runs", f"Compare {len(records)} runs")


def stop_all() -> None:
    """Stop every run of this network, the waiting ones first, so that none of them begins."""
    records = session.runs().list_runs(session.network_id())
    active = [each for each in records if each.status in ("queued", "running")]
    for record in sorted(active, key=lambda each: each.status == "running"):
        try:
            session.runs().stop(record.id)
        except StoreError as error:
            st.toast(plain_text(str(error)), icon=":material/error:")


def stop(view: RunView) -> None:
    """End a run, or say why it could not be."""
    try:
        session.runs().stop(view.id)
    except StoreError as error:
        st.error(plain_text(str(error)))


def show_refusal(report: Report, issue: Issue) -> None:
    """Why nothing is started, and the click that mends it."""
    if report.issues:
        faults = [
            f"- {name_block(report, each)}: {plain_text(each.message)}" for each in report.issues
        ]
        lead = "The network has a fault:" if len(faults) == 1 else "The network has faults:"
        st.warning("\n".join([lead, *faults]), icon=":material/error:")
    else:
        show_issue(issue)
    with st.container(horizontal=True, vertical_alignment="center"):
        if issue.repair:
            label = plain_text(issue.repair.label)
            st.button(label, icon=":material/build:", on_click=repair, args=(issue.repair,))
        if report.issues or issue.code == "empty":
            link_to("build", "Go to the Build page")


def show_advice(tip: Issue) -> None:
    """What will train badly, though it can be trained."""
    st.info(plain_text(tip.message), icon=":material/lightbulb:")
    if tip.repair:
        label = plain_text(tip.repair.label)
        st.button(label, icon=":material/build:", on_click=repair, args=(tip.repair,))


def repair(chosen: Repair) -> None:
    """Mend the network; say why when another tab has changed it so that this no longer helps."""
    try:
        session.apply(*chosen.operations)
    except Rejected as error:
        st.toast(plain_text(str(error)), icon=":material/error:")


def name_block(report: Report, issue: Issue) -> str:
    """The faulty layer as its card names it."""
    if issue.block is None:
        return "The network"
    return f"**{plain_text(report.blocks[issue.block].block.label)}**"


def show_run(view: RunView | None, recipe: Recipe) -> None:
    """Curves and, as soon as there is a run, its epochs and results."""
    if view:
        show_messages(view)
    run = view.id if view else None
    follow_run(session.runs(), run, stand(view), recipe.epochs, recipe.metric)
    if view is None:
        return
    show_weights(view)
    show_results(view, session.runs().weights(view.id))


def show_messages(view: RunView) -> None:
    """What is to be said about a run besides its numbers."""
    if view.warning:
        st.warning(plain_text(view.warning))
    if view.message:
        (st.error if view.status == "failed" else st.info)(plain_text(view.message))
    if not view.active and view.network != session.network():
        st.caption("The network has changed since this run.")


def show_weights(view: RunView) -> None:
    """That the weights are kept, and the way to them."""
    if view.finished and view.finished.weights:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("The weights are saved.")
            link_to("export", "Take code and weights")
