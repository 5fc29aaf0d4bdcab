"""What is looked at on the Inspect page: which weights, which sample, which turn of a Repeat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from builder.catalogue import CATALOGUE
from builder.check import Report, check
from builder.datasets import DataSet, arrays, describe_target, present
from builder.document import Network
from builder.places import locate
from builder.recipe import Recipe
from builder.see import Query, Turns, find_sample, fitting
from builder.training.runs import RunView
from components import session
from components.pages.export import describe_run, past_runs
from components.pictures import draw_sample, to_address
from components.plain import plain_text

UNTRAINED = "untrained"


@dataclass(frozen=True)
class Chosen:
    """The network's report, what is asked about it, and the data that the sample is from."""

    report: Report
    query: Query
    data: DataSet | None = None

    @property
    def label(self) -> int | None:
        """The number of the sample's class, or None where it has none."""
        if self.data is None or self.data.target.kind != "classes":
            return None
        return int(arrays(self.data.id).targets[self.query.sample])

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, if the network's output has one number for each."""
        names = self.data.target.names if self.data and self.data.target.kind == "classes" else ()
        output = self.report.output
        return names if output is not None and output.shape == (len(names),) else ()


def choose() -> Chosen:
    """The cards on the left."""
    with st.container(border=True):
        report, query = _choose_weights()
    with st.container(border=True, key="inspect-sample"):
        query = _choose_sample(query)
        query = replace(query, turns=_choose_turns(report))
    data = present(query.recipe.data) if query.recipe else None
    return Chosen(report, query, data)


def trained_runs() -> dict[str, tuple[RunView, Path]]:
    """The ended runs of this network whose weights are kept, by id, newest first."""
    found = {view.id: (view, session.runs().weights(view.id)) for view in past_runs()}
    return {name: (view, path) for name, (view, path) in found.items() if path}


def _choose_weights() -> tuple[Report, Query]:
    """Untrained weights of a seed, or a run's with the network and recipe that it had."""
    runs = trained_runs()
    labels = {name: describe_run(view) for name, (view, _) in runs.items()}
    chosen = st.selectbox(
        "Weights",
        [UNTRAINED, *runs],
        index=0 if not runs else 1,
        format_func=lambda name: labels.get(name, "Untrained: drawn from a seed"),
        key=f"inspect-weights-{next(iter(runs), '')}",
    )
    if chosen in runs:
        view, path = runs[chosen]
        if not same_layers(view.network, session.network()):
            st.caption(
                "The network has changed since this run. What you see is the network as it was "
                "trained."
            )
        return check(view.network), Query(view.network, view.recipe.seed, path, view.recipe)
    recipe = session.recipe()
    seed = st.number_input(
        "Seed",
        min_value=0,
        max_value=2**31 - 1,
        value=recipe.seed,
        help="A run with this seed begins with these weights.",
        key=f"inspect-seed-{session.network_id()}",
    )
    return session.report(), Query(session.network(), seed=seed, recipe=recipe)


def same_layers(one: Network, other: Network) -> bool:
    """Whether two networks are built alike; ids given meanwhile and the data do not matter."""
    return (one.input, one.blocks) == (other.input, other.blocks)


def _choose_sample(query: Query) -> Query:
    recipe = query.recipe
    data_set = present(recipe.data) if recipe else None
    if recipe is None or data_set is None or not fitting(recipe, query.network):
        return _choose_noise(query)
    number = _ask_number(
        f"Sample of {plain_text(data_set.title)}", len(arrays(recipe.data).targets), recipe
    )
    loaded = arrays(recipe.data)
    label = describe_target(data_set.target, loaded.targets[number])
    _show_sample(data_set, loaded.inputs[number], label)
    if query.weights:
        _, held = find_sample(recipe, number)
        part = "kept apart to test the network" if held else "learnt from"
        st.caption(f"In this run the sample was {part}.")
    return replace(query, sample=number)


def _ask_number(label: str, count: int, recipe: Recipe) -> int:
    key = f"inspect-sample-{recipe.data}"
    return int(st.number_input(label, min_value=0, max_value=count - 1, value=0, step=1, key=key))


def _choose_noise(query: Query) -> Query:
    data_set = present(query.recipe.data) if query.recipe else None
    title = plain_text(data_set.title) if data_set else "the data"
    why = f"does not fit {title}" if data_set else "stands alone, for its data set is not here"
    st.caption(
        f"The network's input, {query.network.input}, {why}: it is given random numbers instead."
    )
    seed = st.number_input("Random sample", min_value=0, value=0, step=1, key="inspect-noise")
    return replace(query, recipe=None, sample=int(seed))


def _show_sample(data_set: DataSet, sample: np.ndarray, label: str) -> None:
    """The sample as it comes from the data set, with its label."""
    if data_set.is_image:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.image(to_address(draw_sample(sample)))
            st.markdown(f"Label: **{plain_text(label)}**")
        return
    st.markdown(f"Label: **{plain_text(label)}**")
    names = data_set.features_named or tuple(f"x{at}" for at in range(len(sample)))
    table = pd.DataFrame({"Feature": names, "Value": sample.tolist()})
    st.dataframe(table, hide_index=True, height="content" if len(names) < 9 else 240)


def _choose_turns(report: Report) -> Turns:
    """A field for each Repeat that is built: the turn that is looked at."""
    if not report.ok:
        return ()
    turns = []
    for spot in locate(report, {}):
        lanes = CATALOGUE[spot.block.kind].lanes
        times = lanes.times(report.blocks[spot.block.id].arguments) if lanes else 1
        if times < 2:
            continue
        turn = st.number_input(
            f"Turn of {spot.block.label} ({spot.path})",
            min_value=1,
            max_value=times,
            value=1,
            help="Each turn has weights of its own.",
            key=f"inspect-turn-{spot.block.id}-{times}",
        )
        if turn > 1:
            turns.append((spot.block.id, turn - 1))
    return tuple(turns)
