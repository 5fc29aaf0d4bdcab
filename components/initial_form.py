"""The form for initial weights: whom a rule is for, how it draws, and what that changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd
import streamlit as st

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Required
from builder.check import Report
from builder.document import ALL, BlockId, Init, Network, find, make_params, walk
from builder.initialisers import BIAS, INITIALISERS, Initialiser, parse_init
from builder.operations import Rejected, SetInit, apply
from builder.see import Beginning, Query, Unseen, initial_weights
from components import session
from components.figures import CONFIG
from components.forms import show_field
from components.plain import plain_text
from components.value_figures import draw_histograms

TORCHS = "torchs"


@dataclass(frozen=True)
class Target:
    """Whom a rule is for: one block, all layers of a kind, or the whole network."""

    label: str
    kind: str = ALL
    block: BlockId | None = None

    def rule(self, network: Network) -> Init | None:
        """The rule that the network has for it."""
        if self.block is not None:
            found = find(network, self.block)
            return found.init if found else None
        return dict(network.inits).get(self.kind)

    def operation(self, init: Init | None) -> SetInit:
        """What sets the rule, or takes it away."""
        return SetInit(init, self.block, self.kind)


WHOLE = Target("The whole network")


def targets(report: Report) -> list[Target]:
    """The whole network, each kind of its layers that has weights, then each such layer."""
    weighty = [
        found.block
        for found in report.blocks.values()
        if found.state == "ok" and found.parameters and CATALOGUE[found.block.kind].lanes is None
    ]
    counts = Counter(block.kind for block in weighty)
    kinds = [each for each in CATALOGUE if each in counts]
    seen: Counter[str] = Counter()
    singles = []
    for block in weighty:
        seen[block.kind] += 1
        nameless = block.name is None and counts[block.kind] > 1
        number = f" {seen[block.kind]} of {counts[block.kind]}" if nameless else ""
        singles.append(Target(f"Layer {block.label}{number}", block=block.id))
    shared = [
        Target(f"Every {kind} ({counts[kind]})", kind)
        for kind in kinds
        if CATALOGUE[kind].target.startswith("nn.")
    ]
    return [WHOLE, *shared, *singles]


def show_initial_weights(report: Report, seed: int) -> None:
    """Choose a rule, see what it changes, apply it; below, the rules that hold."""
    network, found = report.network, targets(report)
    st.caption(
        "Torch draws weights by itself. A rule draws them anew: first that for the whole network, "
        "then those for kinds of layers, then those for single layers."
    )
    left, right = st.columns([2, 3], gap="large")
    with left:
        target = st.selectbox(
            "Weights of", found, format_func=lambda each: each.label, key="inspect-init-target"
        )
    try:
        bare = reduce(apply, removals(network), network)
        torchs = initial_weights(Query(bare, seed), target.kind, target.block)
        with left:
            chosen = _choose_rule(network, target, torchs.axes)
            _show_apply(network, target, chosen)
        changed = apply(network, target.operation(chosen))
        with right:
            _show_change(torchs, initial_weights(Query(changed, seed), target.kind, target.block))
    except (Unseen, Rejected) as error:
        st.warning(plain_text(str(error)), icon=":material/error:")
    _show_rules(network, found)


def _choose_rule(network: Network, target: Target, axes: int) -> Init | None:
    """The rule in the form, of those for weights of so many axes; None for none."""
    now = target.rule(network)
    key = f"inspect-init-{target.kind}-{target.block}-{now}"
    names = [TORCHS, *(name for name, each in INITIALISERS.items() if each.axes <= axes)]
    none = "Torch's default" if target == WHOLE else "No rule of its own"
    name = st.selectbox(
        "Method",
        names,
        index=names.index(now.method) if now and now.method in names else 0,
        format_func=lambda each: none if each == TORCHS else INITIALISERS[each].title,
        key=f"{key}-method",
    )
    if name == TORCHS:
        return None
    entry = INITIALISERS[name]
    st.caption(f"`{entry.target}`: {entry.summary}.")
    given = dict(now.params) if now and now.method == name else {}
    values = _ask_arguments(entry, given, f"{key}-{name}")
    bias = _ask_bias(now.bias if now else None, key)
    try:
        return parse_init(Init(name, make_params(values), bias))
    except ValueError as error:
        st.error(f"{plain_text(str(error))}.")
        return now


def _ask_arguments(entry: Initialiser, given: dict[str, object], key: str) -> dict[str, object]:
    """The arguments that differ from torch's defaults."""
    found = {}
    with st.container(horizontal=True):
        for parameter in entry.parameters:
            start = given.get(parameter.name, parameter.initial)
            value = show_field(parameter, start, f"{key}-{parameter.name}")
            if isinstance(parameter.default, Required) or value != parameter.default:
                found[parameter.name] = value
    return found


def _ask_bias(now: float | None, key: str) -> float | None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if not st.checkbox("Set biases too", value=now is not None, key=f"{key}-sets-bias"):
            return None
        return show_field(BIAS, now or 0.0, f"{key}-bias")


def _show_apply(network: Network, target: Target, chosen: Init | None) -> None:
    same = chosen == target.rule(network)
    st.button(
        "Apply",
        type="primary",
        icon=":material/check:",
        disabled=same,
        help="Undo on the Build page takes it back.",
        on_click=_apply,
        args=(target.operation(chosen),),
        key="inspect-init-apply",
    )


def _apply(*operations: SetInit) -> None:
    try:
        session.apply(*operations)
    except Rejected as error:
        st.toast(plain_text(str(error)), icon=":material/error:")


def _show_change(torchs: Beginning, changed: Beginning) -> None:
    """The weights as torch draws them, and as they are with the rule in the form."""
    groups = {"Torch's default": torchs.numbers}
    if not np.array_equal(torchs.numbers, changed.numbers):
        groups["With the rules"] = changed.numbers
    st.plotly_chart(draw_histograms(groups), config=CONFIG, key="inspect-init-histogram")
    lines = [f"{torchs.count:,} weights, biases left aside."]
    lines += [
        f"{name}: deviation {each.std():.3g}, from {each.min():.3g} to {each.max():.3g}."
        for name, each in groups.items()
        if each.size
    ]
    st.caption("  \n".join(lines).replace(" -", " −"))


def removals(network: Network) -> tuple[SetInit, ...]:
    """What takes all rules away, so that torch alone draws."""
    return (
        *(SetInit(None, kind=kind) for kind, _ in network.inits),
        *(SetInit(None, block.id) for block in walk(network.blocks) if block.init),
    )


def _show_rules(network: Network, found: list[Target]) -> None:
    """All rules in the order in which they are applied, and the way to take them away."""
    rules = [(each, init) for each in found if (init := each.rule(network))]
    if not rules:
        return
    st.markdown("**Rules, in the order in which they are applied**")
    table = pd.DataFrame(
        [(each.label, describe(init)) for each, init in rules], columns=["Weights of", "Rule"]
    )
    st.dataframe(table, hide_index=True, height="content")
    st.button(
        "Take all rules away",
        icon=":material/delete:",
        on_click=_apply,
        args=removals(network),
        key="inspect-init-clear",
    )


def describe(init: Init) -> str:
    """A rule in one line."""
    values = [f"{name}={value}" for name, value in init.params]
    inner = f"({', '.join(values)})" if values else ""
    bias = "" if init.bias is None else f", biases {init.bias:g}"
    return f"{INITIALISERS[init.method].title}{inner}{bias}"
