"""One kind of parameter, one Streamlit widget."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from builder.catalogue.kinds import Flag, Integer, Number, OneOf
from builder.catalogue.spec import Parameter, Required
from builder.document import Value
from components.plain import plain_text

LABELS = {
    "lr": "Learning rate",
    "eps": "Epsilon",
    "validation": "Validation share",
    "loss": "Loss",
    "schedule": "Schedule",
    "clipping": "Gradient clipping",
    "clip_at": "Clip at",
    "min_delta": "Least progress",
    "time_limit": "Time limit (s)",
    "base_lr": "Lowest learning rate",
    "max_lr": "Highest learning rate",
    "min_lr": "Lowest learning rate",
    "eta_min": "Lowest learning rate",
    "lambd": "Decay",
    "pct_start": "Share on the way up",
}
"""Words for arguments whose names in torch are no words."""


def name_field(parameter: Parameter) -> str:
    """The parameter's name as a person would write it."""
    words = parameter.name.replace("_", " ").capitalize()
    return LABELS.get(parameter.name, words)


def name_setting(name: str, parameter: Parameter) -> str:
    """A setting of a recipe laid flat, an argument of a loss or schedule with its owner."""
    group, _, argument = name.partition(".")
    title = name_field(parameter)
    return f"{group.capitalize()}: {title}" if argument and group != "optimiser" else title


def show_field(parameter: Parameter, value: Value, key: str, disabled: bool = False) -> Value:
    """A widget for the parameter, starting with ``value``; the value that the person has given.

    What is typed and cannot be used is refused below the widget, and ``value`` is kept.
    """
    about: dict[str, Any] = {
        "label": name_field(parameter),
        "key": key,
        "disabled": disabled,
        "help": f"`{parameter.name}`: {parameter.help}" if parameter.help else None,
    }
    match parameter.kind:
        case Flag(nullable=True):
            return _choose((True, False), True, value, about)
        case Flag():
            return st.checkbox(value=bool(value), **about)
        case OneOf(options):
            return _choose(options, parameter.kind.nullable, value, about)
        case Integer(minimum, maximum):
            about["placeholder"] = parameter.empty or None
            return st.number_input(
                min_value=minimum, max_value=maximum, value=value, step=1, **about
            )
        case Number():
            return _ask_number(parameter, value, about)
        case _:
            return _ask_text(parameter, value, about)


def _choose(
    options: tuple[Value, ...], nullable: bool, value: Value, about: dict[str, Any]
) -> Value:
    choices = [None, *options] if nullable else list(options)
    index = choices.index(value) if value in choices else 0
    return st.selectbox(options=choices, index=index, **about)


def _ask_number(parameter: Parameter, value: Any, about: dict[str, Any]) -> Value:
    kind = parameter.kind
    assert isinstance(kind, Number)
    given = st.number_input(
        min_value=_as_float(kind.minimum),
        max_value=_as_float(kind.maximum),
        value=_as_float(value),
        step=step_of(parameter),
        format="%g",
        placeholder=parameter.empty or None,
        **about,
    )
    if given is None and not kind.nullable:
        return value
    return _keep_if_wrong(kind, given, value)


def _as_float(value: float | None) -> float | None:
    return None if value is None else float(value)


def step_of(parameter: Parameter) -> float:
    """How far one click on + goes: a unit of the default's first digit, or a hundredth."""
    default = parameter.default
    if isinstance(default, Required) or not isinstance(default, (int, float)) or default <= 0:
        return 0.01
    return float(10.0 ** math.floor(math.log10(default)))


def _ask_text(parameter: Parameter, value: Value, about: dict[str, Any]) -> Value:
    """Several numbers, or a word, typed with commas between them."""
    nothing = "None" if getattr(parameter.kind, "nullable", False) else None
    typed = st.text_input(value=write(value), placeholder=parameter.empty or nothing, **about)
    return _keep_if_wrong(parameter.kind, read(typed), value)


def write(value: Value) -> str:
    """A value as a person types it: ``(3, 5)`` as ``3, 5``."""
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)


def read(text: str) -> Value:
    """What a person typed: nothing, a number, a word, or several of them between commas."""
    parts = [part.strip() for part in text.strip(" ()[]").split(",") if part.strip()]
    if not parts:
        return None
    return _read_one(parts[0]) if len(parts) == 1 else tuple(map(_read_one, parts))


def _read_one(text: str) -> Value:
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return None if text == "None" else text


def _keep_if_wrong(kind: Any, given: Value, value: Value) -> Value:
    try:
        parsed: Value = kind.parse(given)
        problem = kind.problem(parsed)
    except ValueError as error:
        parsed, problem = value, str(error)
    if problem:
        lead = "This " if problem.startswith("m") else ""
        st.caption(f":red[{lead}{plain_text(problem)}.]")
        return value
    return parsed
