"""The Learn page: one layer at work on a small input, its code, and its reference text."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from builder.catalogue import CATALOGUE
from builder.catalogue.kinds import Flag
from builder.catalogue.spec import Change, Parameter, Problem, Required, Spec
from builder.document import Value, make_params
from builder.layers import Outcome, check_layer
from builder.lessons import lesson_of
from builder.lessons.lesson import Lesson
from builder.lessons.reference import arguments_of, formulas_of, shapes_of
from builder.lessons.running import Refused, too_large
from builder.lessons.samples import Sample
from components import session
from components.forms import show_field
from components.lesson_parts import Shown
from components.lesson_views import VIEWS
from components.plain import plain_text

LAYER = "layer"
"""The name in the address that carries the layer."""
FIRST = "Conv2d"


def learn_page() -> None:
    """Choose a layer, change its arguments, and see what it does."""
    with st.container(key="learn-page"):
        left, right = st.columns([4, 9], gap="large")
    with left:
        spec = CATALOGUE[choose_layer()]
        st.markdown(plain_text(spec.summary))
        lesson = lesson_of(spec)
        chosen = show_settings(spec, lesson) if lesson else None
    with right:
        if lesson is None or chosen is None:
            show_reference(spec)
            return
        show_tabs(spec, lesson, *chosen)


def choose_layer() -> str:
    """The layer in the address, or the last one; the address follows the choice."""
    kept: dict[str, Any] = session.kept("learn-layer", {"kind": FIRST, "turn": 0})
    asked = st.query_params.get(LAYER)
    if asked in CATALOGUE and asked != kept["kind"]:
        kept |= {"kind": asked, "turn": kept["turn"] + 1}
    kinds = list(CATALOGUE)
    kind = st.selectbox(
        "Layer",
        kinds,
        index=kinds.index(kept["kind"]),
        format_func=lambda each: f"{each}  ·  {CATALOGUE[each].category}",
        key=f"learn-layer-{kept['turn']}",
        help="Type to search by name or category.",
    )
    kept["kind"] = kind
    st.query_params[LAYER] = kind
    return str(kind)


def show_settings(spec: Spec, lesson: Lesson) -> tuple[Sample, Outcome]:
    """The input and the arguments, and what the catalogue says of the two."""
    samples = lesson.samples_for(spec)
    values = kept_values(spec, lesson)
    shown = [each for each in spec.parameters if not each.follows]
    with st.container(border=len(samples) > 1 or bool(shown)):
        sample = choose_sample(spec, samples, values)
        ask([each for each in shown if not _is_detail(each)], spec, values)
        if details := [each for each in shown if _is_detail(each)]:
            with st.expander("More arguments"):
                ask(details, spec, values)
        outcome = check_values(spec, values, sample)
        show_followed(spec, outcome)
    return sample, outcome


def _is_detail(parameter: Parameter) -> bool:
    return parameter.more and isinstance(parameter.kind, Flag)


def kept_values(spec: Spec, lesson: Lesson) -> dict[str, Value]:
    """The arguments of this layer as they were left, or as the lesson begins."""
    kept: dict[str, dict[str, Value]] = session.kept("learn-arguments", {})
    return kept.setdefault(spec.kind, lesson.initial(spec))


def choose_sample(spec: Spec, found: list[Sample], values: dict[str, Value]) -> Sample:
    """One of the lesson's inputs; at first one that the layer takes as it is."""
    if len(found) == 1:
        return found[0]
    samples = {each.id: each for each in found}
    kept: dict[str, str] = session.kept("learn-samples", {})
    fits = (each.id for each in found if not check_values(spec, values, each).problem)
    start = kept.get(spec.kind) or next(fits, found[0].id)
    chosen = st.selectbox(
        "Input",
        list(samples),
        index=list(samples).index(start),
        format_func=lambda each: f"{samples[each].title}, {samples[each].given}",
        key=f"learn-sample-{spec.kind}",
    )
    kept[spec.kind] = str(chosen)
    return samples[str(chosen)]


def ask(parameters: list[Parameter], spec: Spec, values: dict[str, Value]) -> None:
    """The fields, two in a row; what they hold goes into ``values``."""
    for start in range(0, len(parameters), 2):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            for each in parameters[start : start + 2]:
                key = "-".join(["learn", spec.kind, each.name, *turn_of(spec)])
                values[each.name] = show_field(each, values.get(each.name), key)


def turn_of(spec: Spec) -> list[str]:
    """What a repair adds to the names of the fields, so that they begin anew with its value."""
    repairs: dict[str, int] = session.kept("learn-repairs", {})
    return [str(repairs[spec.kind])] if spec.kind in repairs else []


def offer_repair(spec: Spec, problem: Problem | None) -> None:
    """A button that sets the argument at fault, where the catalogue knows what would do."""
    if problem is None or problem.label is None or not isinstance(problem.fix, Change):
        return
    if st.button(plain_text(problem.label), icon=":material/build:"):
        session.kept("learn-arguments", {})[spec.kind][problem.fix.name] = problem.fix.value
        repairs: dict[str, int] = session.kept("learn-repairs", {})
        repairs[spec.kind] = repairs.get(spec.kind, 0) + 1
        st.rerun()


def check_values(spec: Spec, values: dict[str, Value], sample: Sample) -> Outcome:
    """What the layer makes of the sample's type."""
    given = {
        name: value
        for name, value in values.items()
        if (parameter := spec.parameter(name)) and not _is_default(parameter, value)
    }
    return check_layer(spec.kind, make_params(given), sample.given)


def _is_default(parameter: Parameter, value: Value) -> bool:
    return not isinstance(parameter.default, Required) and value == parameter.default


def show_followed(spec: Spec, outcome: Outcome) -> None:
    """The sizes that follow from the input."""
    followed = [
        f"`{each.name}` = {outcome.arguments[each.name]}"
        for each in spec.parameters
        if each.follows and each.name in outcome.arguments
    ]
    if followed:
        st.caption(f"From the input: {', '.join(followed)}")


@st.fragment
def show_tabs(spec: Spec, lesson: Lesson, sample: Sample, outcome: Outcome) -> None:
    """The layer at work, the code that computed what is seen, and the reference.

    A fragment: a slider that moves the place runs only this again.
    """
    act, code, reference = st.tabs(["See it act", "Code", "Reference"])
    with reference:
        show_reference(spec)
    problem = find_problem(outcome)
    if problem or outcome.output is None:
        with act:
            st.warning(plain_text(problem or ""), icon=":material/error:")
            offer_repair(spec, outcome.problem)
        with code:
            st.info("There is no code while the arguments are wrong.")
        return
    try:
        with act:
            st.caption(f"{sample.title}: {sample.given} → {outcome.output}")
            key = f"lesson-{spec.kind}-{sample.id}"
            shown = VIEWS[lesson.name](spec, outcome.arguments, sample, outcome.output, key)
    except Refused as refused:
        with act:
            st.warning(f"Torch refuses: {plain_text(str(refused))}.", icon=":material/error:")
        return
    with code:
        show_code(shown)


def find_problem(outcome: Outcome) -> str | None:
    """Why the layer can't be shown, in the catalogue's words, or None."""
    if outcome.problem:
        return outcome.problem.message
    assert outcome.output is not None
    count = 1
    for size in outcome.output.shape:
        count *= size
    return too_large(outcome.arguments, outcome.cost.parameters, count)


def show_code(shown: Shown) -> None:
    """The code, and what it prints."""
    st.caption("This very code has computed what the first tab shows. It runs by itself:")
    st.code(shown.source, language="python")
    st.caption("It prints:")
    st.code(shown.printed, language=None)


def show_reference(spec: Spec) -> None:
    """Shapes, arguments and formulas of the layer, and where torch documents it."""
    about = spec.describe()
    takes = f"**Takes** {plain_text(spec.accepts.words)} of {spec.accepts.dtype or 'any dtype'}."
    st.markdown(f"{takes} {describe_lanes(spec)}")
    formulas = formulas_of(spec)
    for title, found in (("Formula", formulas.computes), ("Sizes", formulas.sizes)):
        if found:
            st.markdown(f"##### {title}")
            for each in found:
                st.latex(each)
    if shapes := shapes_of(spec):
        st.markdown("##### Shapes of a fresh layer")
        st.markdown("  \n".join(f"{given} → {output}" for given, output in shapes))
    show_arguments(spec)
    if about["url"]:
        st.link_button("PyTorch's documentation", about["url"], icon=":material/open_in_new:")


def describe_lanes(spec: Spec) -> str:
    """How many lanes a container holds, in words."""
    if spec.lanes is None:
        return ""
    least, most = spec.lanes.minimum, spec.lanes.maximum
    count = f"{least}" if least == most else f"{least} to {most}"
    lanes = "lane" if most == 1 else "lanes"
    return f"A container: it holds {count} {lanes} of layers, and is built on the Build page."


def show_arguments(spec: Spec) -> None:
    """The table of arguments."""
    st.markdown("##### Arguments")
    if not spec.parameters:
        st.caption("None.")
        return
    rows = [
        (f"`{each.name}`", each.takes, each.default, plain_text(each.help))
        for each in arguments_of(spec)
    ]
    table = pd.DataFrame(rows, columns=["Argument", "Takes", "Default", "What it does"])
    st.table(table, border="horizontal", hide_index=True)
