"""The form for how to train: it edits a Recipe."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import streamlit as st

from builder.catalogue.spec import Parameter
from builder.document import Value, make_params
from builder.optimisers import OPTIMISERS, OptimiserSpec
from builder.recipe import SETTINGS, Recipe, RecipeError
from components.forms import show_field
from components.plain import plain_text

FIRST = ("lr", "weight_decay")
"""The arguments that matter most, in front of an optimiser's others."""

Field = tuple[Parameter, Any, str]
"""A parameter, the value it starts with, and the key of its widget."""


def show_recipe(recipe: Recipe, data: str, locked: bool, key: str) -> Recipe:
    """Show the settings and let the person change them; raises RecipeError for what can't be.

    ``key`` begins the widgets' keys: another one begins them anew, with what the recipe says.
    """
    with st.container(border=True):
        values: dict[str, Any] = _ask(recipe, ("epochs", "batch_size"), locked, key)
        values["optimiser"] = _choose_optimiser(recipe, locked, key)
        spec = OPTIMISERS[values["optimiser"]]
        given = dict(recipe.arguments) if recipe.optimiser == spec.name else {}
        main, more = _arrange(spec)
        arguments = _ask_arguments(spec, main, given, locked, key)
        values |= _ask(recipe, ("validation", "seed"), locked, key)
        values["device"] = _choose_device(recipe.device, locked, key)
        with st.expander("More settings"):
            arguments |= _ask_arguments(spec, more, given, locked, key)
            values |= _ask(recipe, ("shuffle",), locked, key)
        try:
            return Recipe(data=data, arguments=make_params(_differing(spec, arguments)), **values)
        except RecipeError as error:
            st.error(f"{plain_text(str(error))}.")
            raise


def _ask(recipe: Recipe, names: Sequence[str], locked: bool, key: str) -> dict[str, Value]:
    fields = [(SETTINGS[name], getattr(recipe, name), f"{key}-{name}") for name in names]
    return _show_in_pairs(fields, locked)


def _ask_arguments(
    spec: OptimiserSpec,
    parameters: Sequence[Parameter],
    given: dict[str, Value],
    locked: bool,
    key: str,
) -> dict[str, Value]:
    fields = [
        (each, given.get(each.name, each.default), f"{key}-{spec.name}-{each.name}")
        for each in parameters
    ]
    return _show_in_pairs(fields, locked)


def _show_in_pairs(fields: Sequence[Field], locked: bool) -> dict[str, Value]:
    """Two fields in a row, on a phone too, where columns would stand below each other."""
    found = {}
    for start in range(0, len(fields), 2):
        with st.container(horizontal=True):
            for parameter, value, key in fields[start : start + 2]:
                found[parameter.name] = show_field(parameter, value, key, locked)
    return found


def _choose_optimiser(recipe: Recipe, locked: bool, key: str) -> str:
    names = list(OPTIMISERS)
    about = "; ".join(f"**{name}**: {OPTIMISERS[name].summary}" for name in names)
    chosen = st.selectbox(
        "Optimiser",
        names,
        index=names.index(recipe.optimiser),
        key=f"{key}-optimiser",
        help=about,
        disabled=locked,
    )
    return str(chosen)


def _arrange(spec: OptimiserSpec) -> tuple[list[Parameter], list[Parameter]]:
    """The arguments to show at once, the important ones first, and those to fold away."""
    main = [each for each in spec.parameters if not each.more]
    main.sort(key=lambda each: FIRST.index(each.name) if each.name in FIRST else len(FIRST))
    return main, [each for each in spec.parameters if each.more]


def _differing(spec: OptimiserSpec, arguments: dict[str, Value]) -> dict[str, Value]:
    """Only what is not torch's default, in the order of torch's signature."""
    return {
        each.name: arguments[each.name]
        for each in spec.parameters
        if arguments[each.name] != each.default
    }


def _choose_device(chosen: str, locked: bool, key: str) -> str:
    found = devices()
    options = list(found)
    return str(
        st.selectbox(
            "Device",
            options,
            index=options.index(chosen) if chosen in found else 0,
            format_func=found.__getitem__,
            key=f"{key}-device",
            disabled=locked,
        )
    )


@cache
def devices() -> dict[str, str]:
    """The devices of this machine with their names, "auto" with the one that it picks first."""
    import torch

    found = {}
    if torch.cuda.is_available():
        found["cuda"] = f"GPU ({torch.cuda.get_device_name()})"
    if torch.backends.mps.is_available():
        found["mps"] = "Apple GPU"
    found["cpu"] = "CPU"
    return {"auto": f"Automatic: {next(iter(found.values()))}", **found}
