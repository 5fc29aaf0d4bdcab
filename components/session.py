"""The only file that touches ``st.session_state``: what one browser page is working on."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from builder.check import Report
from builder.datasets import OWN, find, known
from builder.datasets.fetch import Fetches
from builder.document import Network
from builder.history import History
from builder.operations import Operation, SetInput
from builder.recipe import Recipe, first_recipe, move
from builder.store import Store
from builder.training.runs import Runs
from components.canvas import KEY, asked_to_see, heard, looked_at
from components.canvas.seeing import Seeing
from components.canvas.wire import Inspected
from components.workspace import BLANK, Workspace, new_id, open_workspace

LINK = "network"
"""The name in the address that carries the id of the network."""

COOKIE = "stackyard_network"
"""The cookie that remembers the last network for a visit without a link."""


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The store of this server, shared by all pages."""
    return Store()


@st.cache_resource(show_spinner=False)
def runs() -> Runs:
    """The runs of this server, shared by all pages."""
    return Runs(store())


@st.cache_resource(show_spinner=False)
def fetches() -> Fetches:
    """The downloads of this server, shared by all pages."""
    return Fetches()


def workspace() -> Workspace:
    """The work of this page: the network in its address, the last one, or a new one."""
    current: Workspace | None = st.session_state.get("workspace")
    asked = st.query_params.get(LINK)
    if current is None or (asked is not None and asked != current.network_id):
        current = open_workspace(asked or st.context.cookies.get(COOKIE), store())
        st.session_state["workspace"] = current
    if asked != current.network_id:
        st.query_params[LINK] = current.network_id
    return current


def network() -> Network:
    """The network of this page."""
    return workspace().history.present


def report() -> Report:
    """The check of this page's network."""
    return workspace().report


def network_id() -> str:
    """The id of this page's network."""
    return workspace().network_id


def apply(*operations: Operation) -> None:
    """Change this page's network by operations, as one step that can be undone."""
    workspace().apply(operations, store())


def start_new() -> None:
    """Leave this network (its link keeps it) and begin a new one."""
    current = Workspace(new_id(), History(BLANK))
    st.session_state["workspace"] = current
    st.query_params[LINK] = current.network_id


def take_outbox() -> None:
    """Do what the canvas asks for."""
    if outbox := heard(st.session_state.get(KEY)):
        workspace().take(outbox, store())


def inspected() -> Inspected | None:
    """The layer whose arithmetic this page shows."""
    return looked_at(st.session_state.get(KEY))


def seeing() -> Seeing | None:
    """The sample that this page's cards are to show."""
    return asked_to_see(st.session_state.get(KEY))


def recipe() -> Recipe:
    """How this page's network is to be trained; the choice lasts over page changes."""
    chosen: dict[str, Recipe] = st.session_state.setdefault("recipes", {})
    data = network().data
    if (recipe := chosen.get(network_id())) is not None:
        return recipe
    return first_recipe(data) if data and known(data) else Recipe()


def set_recipe(chosen: Recipe) -> None:
    """Choose how this page's network is to be trained."""
    st.session_state.setdefault("recipes", {})[network_id()] = chosen


def restore(network: Network, chosen: Recipe) -> None:
    """Make this page's network and recipe those of a run, as one step that can be undone."""
    workspace().replace(network, store())
    set_recipe(chosen)
    kept("recipes-adopted", set()).add(network_id())


def own_data() -> tuple[str, ...]:
    """The ids of own data that this page's network uses or that were added on this page."""
    added: list[str] = kept(f"own-data-{network_id()}", [])
    found = [network().data or "", recipe().data, *added]
    return tuple(dict.fromkeys(each for each in found if re.fullmatch(OWN, each)))


def add_data(data_set_id: str) -> None:
    """Let this page's network use own data, which its link then names."""
    kept(f"own-data-{network_id()}", []).append(data_set_id)
    data_set, now = find(data_set_id), network()
    given = now.input if now.blocks else data_set.input
    apply(SetInput(given, data_set_id))
    change_recipe(move(recipe(), data_set_id))


def change_recipe(chosen: Recipe) -> None:
    """Choose another recipe than the form on the page shows, which then begins anew."""
    set_recipe(chosen)
    forms: dict[str, int] = kept("recipe-forms", {})
    forms[network_id()] = forms.get(network_id(), 0) + 1


def recipe_key() -> str:
    """What the keys of the recipe's form begin with."""
    turn: int = kept("recipe-forms", {}).get(network_id(), 0)
    return f"recipe-{network_id()}" + (f"-{turn}" if turn else "")


def kept(name: str, initial: Any) -> Any:
    """A value of this page that outlives a change of pages, made at first use."""
    return st.session_state.setdefault(f"kept-{name}", initial)
