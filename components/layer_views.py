"""What one layer made of the sample, for a person: maps, bars or lines, and its facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from builder.catalogue import CATALOGUE
from builder.document import Block, BlockId
from builder.places import Spot
from builder.see import Facts, Seen, Sight, measure
from components.facts import describe, in_short
from components.figures import CONFIG
from components.inspect_choice import Chosen
from components.pictures import draw_maps, draw_table, to_address
from components.plain import plain_text
from components.value_figures import draw_classes, draw_lines, draw_vector

MAPS, ALL_MAPS = 16, 256
"""Maps that are shown at once, and when all are asked for."""
LINES = 8
"""Rows of a table that are drawn as lines; more become a picture."""

Values = NDArray[Any]


def show_input(sight: Sight, shared: bool) -> None:
    """The sample as the network gets it."""
    _show("**Input**", "", sight.given, measure(sight.given), shared, "input")


def show_layer(chosen: Chosen, layer: Seen, shared: bool) -> None:
    """One layer's output."""
    blocks = {each.block.id: each.block for each in chosen.report.blocks.values()}
    spot = layer.spot
    title = " › ".join([*_around(spot, blocks), f"**{plain_text(spot.block.label)}**"])
    _show(title, spot.path, layer.values, layer.facts, shared, spot.block.id)


def _around(spot: Spot, blocks: Mapping[BlockId, Block]) -> list[str]:
    """The containers around a block in words: ``Branches, branch 2``."""
    words = []
    for inside in spot.inside:
        block = blocks[inside.container]
        lanes = CATALOGUE[block.kind].lanes
        assert lanes is not None
        label = plain_text(block.label)
        if lanes.repeats:
            label += f", turn {inside.turn + 1}"
        elif inside.lane and lanes.others:
            label += f", {lanes.others[inside.lane - 1]}"
        elif len(block.lanes) > 1:
            label += f", {lanes.label} {inside.lane + 1}"
        words.append(label)
    return words


@st.fragment
def _show(title: str, path: str, values: Values, facts: Facts, shared: bool, key: str) -> None:
    """A heading, the facts, and the picture; by itself, so that a click runs nothing else."""
    shape = "×".join(map(str, values.shape)) or "1"
    with st.container(gap="xsmall", key=f"inspect-layer-{key}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{title} :gray-badge[{shape}]", width="stretch")
            everything = _ask_for_all(values, key)
        where = f"`{path}` · " if path else ""
        st.caption(f"{where}{describe(facts)}")
        if facts.zeros == 1 and values.size > 1:
            st.caption(":orange[Every number is 0: nothing goes on from here.]")
        draw(values, shared, everything, key)


def _ask_for_all(values: Values, key: str) -> bool:
    if values.ndim < 3 or len(values) <= MAPS:
        return False
    most = min(len(values), ALL_MAPS)
    words = f"Show all {most}" if most == len(values) else f"Show {most} of {len(values)}"
    return st.toggle(words, key=f"inspect-all-{key}")


def draw(values: Values, shared: bool, everything: bool, key: str) -> None:
    """Numbers in the form that suits their axes."""
    match values.ndim:
        case 0:
            st.markdown(in_short(float(values)))
        case 1:
            st.plotly_chart(draw_vector(values), config=CONFIG, key=f"inspect-vector-{key}")
        case 2:
            _draw_rows(values, key)
        case 3:
            _draw_channels(values, shared, everything)
        case _:
            st.caption(f"The middle slice of {values.shape[1]} along the second axis.")
            _draw_channels(values[:, values.shape[1] // 2], shared, everything)


def _draw_rows(values: Values, key: str) -> None:
    """Few rows as lines, many as a grey picture."""
    if len(values) <= LINES:
        st.plotly_chart(draw_lines(values), config=CONFIG, key=f"inspect-lines-{key}")
        return
    st.image(to_address(draw_table(values)))
    st.caption(f"{values.shape[0]} rows by {values.shape[1]} columns; black is the least number.")


def _draw_channels(values: Values, shared: bool, everything: bool) -> None:
    shown = values[: ALL_MAPS if everything else MAPS]
    st.image(to_address(draw_maps(shown, shared)))
    if len(shown) < len(values):
        st.caption(f"The first {len(shown)} of {len(values)} channels, row by row.")


def show_output(chosen: Chosen, sight: Sight) -> None:
    """The network's output with the names of the classes, and what it comes down to."""
    names = chosen.classes
    if not names or sight.output.shape != (len(names),):
        return
    best = int(np.argmax(sight.output))
    right = best == chosen.label
    with st.container(border=True, gap="small"):
        st.markdown(f"Output: **{names[best]}**{_share(chosen, sight.output, best)}")
        if chosen.label is not None:
            colour, word = ("green", "right") if right else ("red", "wrong")
            st.caption(f":{colour}[{word.capitalize()}]: the label is {names[chosen.label]}.")
        figure = draw_classes(sight.output, names, chosen.label)
        st.plotly_chart(figure, config=CONFIG, key="inspect-output")


def _share(chosen: Chosen, output: Values, best: int) -> str:
    """The probability that the largest number stands for; the numbers may be that already."""
    last = next((each.kind for each in reversed(chosen.query.network.blocks)), "")
    if last == "LogSoftmax":
        share = np.exp(output)[best]
    elif last == "Softmax":
        share = output[best]
    else:
        exact = np.exp(output.astype(np.float64) - output.max())
        share = exact[best] / exact.sum()
    return f", {share:.1%} by softmax" if np.isfinite(share) else ""
