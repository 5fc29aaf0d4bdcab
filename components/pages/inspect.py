"""The Inspect page: what becomes of one sample, layer by layer, and what the network is made of."""

from __future__ import annotations

import streamlit as st

from builder.check import Report
from builder.lower import Faulty
from builder.see import Query, Sight, Unseen, look
from components import session
from components.initial_form import show_initial_weights
from components.inspect_choice import Chosen, choose
from components.layer_views import show_input, show_layer, show_output
from components.links import link_to
from components.module_tables import show_modules, show_parameters
from components.plain import plain_text

FIRST = 40
"""How many layers are shown unasked."""


def inspect_page() -> None:
    """Choose weights and a sample, and see what every layer makes of it."""
    session.workspace().refresh(session.store())
    if not session.network().blocks:
        st.info("There is nothing to see yet: the network has no layers.")
        link_to("build", "Go to the Build page")
        return
    left, right = st.columns([4, 9], gap="large")
    with left:
        chosen = choose()
        result = st.container()
    with right:
        sight = show_tabs(chosen) if chosen.report.ok else show_faults(chosen.report)
    if sight:
        with result:
            show_output(chosen, sight)


def show_tabs(chosen: Chosen) -> Sight | None:
    """The layers, and what the network is made of; only the open tab is filled."""
    titles = ["Layer by layer", "Modules and parameters", "Initial weights"]
    layers, modules, initial = st.tabs(titles, on_change="rerun")
    with layers:
        sight = see_or_say(chosen)
        if layers.open and sight:
            show_layers(chosen, sight)
    if modules.open:
        with modules:
            show_inventory(chosen.query)
    if initial.open:
        with initial:
            show_beginning(chosen)
    return sight


def see_or_say(chosen: Chosen) -> Sight | None:
    """What the network makes of the sample, or the reason why nothing can be seen."""
    try:
        return look(chosen.query)
    except (Unseen, Faulty) as error:
        st.warning(plain_text(str(error)), icon=":material/error:")
        return None


def show_faults(report: Report) -> None:
    """The faults that keep the network from being built, and the way to mend them."""
    st.warning("The network has faults, so no sample can go through it yet.")
    for issue in report.issues:
        label = report.blocks[issue.block].block.label if issue.block else "The network"
        st.markdown(f"- **{plain_text(label)}**: {plain_text(issue.message)}")
    link_to("build", "Mend them on the Build page")


def show_layers(chosen: Chosen, sight: Sight) -> None:
    """The sample and every layer's output, in the order of the network."""
    shared = (
        st.segmented_control(
            "Grey levels",
            ["Each map", "Whole layer"],
            default="Each map",
            help="Black is the least number and white the largest: of each map by itself, or of "
            "all maps of the layer.",
            key="inspect-grey",
        )
        == "Whole layer"
    )
    show_input(sight, shared)
    for layer in sight.layers[:FIRST]:
        show_layer(chosen, layer, shared)
    show_switched_off(chosen.report)
    if rest := sight.layers[FIRST:]:
        if st.toggle(f"Show the other {len(rest)} layers", key="inspect-rest"):
            for layer in rest:
                show_layer(chosen, layer, shared)


def show_switched_off(report: Report) -> None:
    """The layers that stay in place but that the sample does not go through."""
    off = [each.block.label for each in report.blocks.values() if each.block.bypassed]
    if off:
        st.caption(f"Switched off, so passed by: {plain_text(', '.join(off))}.")


def show_beginning(chosen: Chosen) -> None:
    """How the weights of the network as it is now begin, whatever run is looked at."""
    if session.report().ok:
        show_initial_weights(session.report(), chosen.query.seed)
    else:
        show_faults(session.report())


def show_inventory(query: Query) -> None:
    """The module tree and the parameters, and the code that lists them."""
    try:
        show_modules(query)
        show_parameters(query)
    except (Unseen, Faulty) as error:
        st.warning(plain_text(str(error)), icon=":material/error:")
