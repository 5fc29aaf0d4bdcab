"""The form that tries one setting with several values, as runs one after the other."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from builder.catalogue.kinds import Flag, Integer, Number, OneOf
from builder.catalogue.spec import Parameter
from builder.document import Value
from builder.recipe import Recipe, RecipeError
from builder.settings import GROUPS, values
from builder.sweep import SweepError, read_list, spread, variable, vary
from builder.training.runs import WAITING_LIMIT
from components.forms import name_setting, step_of
from components.plain import plain_text

EXAMPLES = {"optimiser.lr": "0.1, 0.01, 0.001", "batch_size": "16, 64, 256"}
"""What the field for numbers shows before anything is typed."""


def show_sweep(
    recipe: Recipe, start: Callable[[tuple[Recipe, ...], str], None], disabled: bool, key: str
) -> None:
    """A folded form; ``start`` gets a recipe for each value and what the runs have in common."""
    with st.expander("Try several values", icon=":material/tune:"):
        offered = variable(recipe)
        name = st.selectbox(
            "Setting",
            list(offered),
            format_func=lambda each: name_setting(each, offered[each]),
            key=f"{key}-sweep",
            disabled=disabled,
        )
        title = name_setting(name, offered[name])
        try:
            chosen = ask_values(
                name, offered[name], values(recipe)[name], f"{key}-sweep-{name}", disabled
            )
            recipes = vary(recipe, name, chosen) if chosen else ()
        except (SweepError, RecipeError) as error:
            st.caption(f":red[{plain_text(str(error))}]")
            recipes = ()
        st.caption(describe(name, len(recipes)))
        if recipes and st.button(
            f"Try {len(recipes)} values",
            icon=":material/playlist_play:",
            disabled=disabled or len(recipes) > WAITING_LIMIT,
            key=f"{key}-sweep-start",
        ):
            start(recipes, title)


def ask_values(
    name: str, parameter: Parameter, value: Value, key: str, disabled: bool = False
) -> tuple[Value, ...]:
    """The values to try, empty as long as none are given; raises SweepError for wrong ones."""
    match parameter.kind:
        case OneOf(options):
            return tuple(
                st.multiselect(
                    "Values", options, key=key, placeholder="Two or more", disabled=disabled
                )
            )
        case Flag():
            st.caption("Tries both: yes and no.")
            return (True, False)
        case Integer() | Number():
            return _ask_numbers(name, parameter, value, key, disabled)
    raise AssertionError(parameter.kind)


def _ask_numbers(
    name: str, parameter: Parameter, value: Value, key: str, disabled: bool
) -> tuple[Value, ...]:
    how = st.segmented_control(
        "Values",
        ["List", "Range"],
        default="List",
        required=True,
        key=f"{key}-how",
        disabled=disabled,
    )
    if how == "List":
        typed = st.text_input(
            "Numbers",
            key=f"{key}-list",
            placeholder=EXAMPLES.get(name, "such as 1, 2, 4"),
            disabled=disabled,
        )
        return read_list(typed, parameter)
    middle = float(value) if isinstance(value, (int, float)) and value else 1.0
    whole = isinstance(parameter.kind, Integer)
    start, end = (max(1, middle // 4), middle * 4) if whole else (middle / 10, middle * 10)
    step = 1.0 if whole else step_of(parameter)
    with st.container(horizontal=True):
        low = st.number_input(
            "From", value=float(start), step=step, format="%g", key=f"{key}-low", disabled=disabled
        )
        high = st.number_input(
            "To", value=float(end), step=step, format="%g", key=f"{key}-high", disabled=disabled
        )
        count = st.number_input(
            "How many", 2, WAITING_LIMIT, 5, key=f"{key}-count", disabled=disabled
        )
    factors = st.toggle("Equal factors", value=True, key=f"{key}-factors", disabled=disabled)
    found = spread(low, high, count, parameter, factors)
    st.caption(f"Tries {', '.join(f'{each:g}' for each in found)}.")
    return found


def describe(name: str, count: int) -> str:
    """What will happen, in words."""
    told = "The runs wait in the queue, one after the other, and are compared on the Runs page."
    if name in GROUPS:
        told += f" Each {name} begins with torch's own settings."
    if count > WAITING_LIMIT:
        return f"At most {WAITING_LIMIT} runs of a network may wait; these are {count}."
    return told
