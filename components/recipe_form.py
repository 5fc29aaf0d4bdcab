"""The form for how to train: it edits a Recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import streamlit as st

from builder.catalogue.kinds import Flag
from builder.catalogue.spec import Parameter
from builder.choice import Choice, start_of
from builder.datasets import known
from builder.document import Params, Value, make_params
from builder.losses import LOSSES, suggest, taking
from builder.optimisers import OPTIMISERS, OptimiserSpec
from builder.recipe import SETTINGS, Recipe, RecipeError
from builder.schedules import SCHEDULES
from components.figures import CONFIG, draw_rates
from components.forms import name_field, show_field
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
        values |= _ask_loss(recipe, data, locked, key)
        values["optimiser"] = _choose("optimiser", list(OPTIMISERS), recipe.optimiser, locked, key)
        spec = OPTIMISERS[values["optimiser"]]
        given = recipe.arguments if recipe.optimiser == spec.name else ()
        main, more = _arrange(spec)
        arguments = _ask_arguments(main, given, locked, f"{key}-{spec.name}")
        values |= _ask(recipe, ("validation", "seed"), locked, key)
        values["device"] = _choose_device(recipe.device, locked, key)
        with st.expander("More of the optimiser", icon=":material/tune:"):
            arguments |= _ask_arguments(more, given, locked, f"{key}-{spec.name}")
            if not more:
                st.caption(f"{spec.name} has no other arguments.")
        values["arguments"] = _differing(spec, arguments)
        with st.expander("Learning-rate schedule", icon=":material/trending_down:"):
            values |= _ask_schedule(recipe, locked, key)
            picture = st.container()
        with st.expander("Clipping, early stopping, time limit", icon=":material/timer:"):
            values |= _ask_limits(recipe, locked, key)
        with st.expander("Order, normalisation, precision", icon=":material/shuffle:"):
            values |= _ask(recipe, ("normalise", "precision", "shuffle"), locked, key)
        try:
            made = Recipe(data=data, **values)
        except RecipeError as error:
            st.error(f"{plain_text(str(error))}.")
            raise
        with picture:
            _show_schedule(made)
        return made


def _ask_loss(recipe: Recipe, data: str, locked: bool, key: str) -> dict[str, Any]:
    """The loss, and its arguments once it is chosen; only losses that take the data's target."""
    entry = known(data)
    if entry is None:
        return {}
    suggested = suggest(entry.target).name
    names = ["auto", *(each.name for each in taking(entry.target))]
    chosen = recipe.loss if recipe.loss in names else "auto"
    kind = f"{key}-{entry.target.kind}-{len(names)}"
    loss = _choose("loss", names, chosen, locked, kind, {"auto": f"Suggested: {suggested}"})
    if loss == "auto":
        return {"loss": loss}
    spec = LOSSES[loss]
    given = recipe.loss_arguments if recipe.loss == loss else ()
    asked = _ask_arguments(spec.parameters, given, locked, f"{key}-{loss}")
    return {"loss": loss, "loss_arguments": _differing(spec, asked)}


def _ask_limits(recipe: Recipe, locked: bool, key: str) -> dict[str, Any]:
    """Clipping, early stopping and the time limit; what belongs to one that is off is not shown."""
    values: dict[str, Any] = {}
    for switch, detail, off in (("clipping", "clip_at", "none"), ("patience", "min_delta", None)):
        with st.container(horizontal=True):
            values |= _ask(recipe, (switch,), locked, key)
            if values[switch] != off:
                values |= _ask(recipe, (detail,), locked, key)
    return values | _ask(recipe, ("time_limit",), locked, key)


def _ask_schedule(recipe: Recipe, locked: bool, key: str) -> dict[str, Any]:
    """The schedule with all its arguments."""
    names = ["none", *SCHEDULES]
    constant = {"none": "None: it stays as it is"}
    name = _choose("schedule", names, recipe.schedule, locked, key, constant)
    if name == "none":
        return {"schedule": name}
    spec = SCHEDULES[name]
    given = recipe.schedule_arguments if recipe.schedule == name else ()
    asked = _ask_arguments(spec.parameters, given, locked, f"{key}-{name}")
    return {"schedule": name, "schedule_arguments": _differing(spec, asked)}


def _show_schedule(recipe: Recipe) -> None:
    """The learning rate over the whole run, before it starts."""
    spec = recipe.schedule_spec
    if spec is None or known(recipe.data) is None:
        return
    from builder.training.preview import schedule_curve

    st.caption(f"{spec.summary[0].upper()}{spec.summary[1:]}. It steps after every {spec.per}.")
    if curve := schedule_curve(recipe, recipe.batches_per_epoch):
        figure = draw_rates(curve.epochs, curve.rates, per_epoch=spec.per == "epoch")
        st.plotly_chart(figure, config=CONFIG)
    else:
        st.caption("What it does depends on the run, so it can't be drawn beforehand.")


def _ask(recipe: Recipe, names: Sequence[str], locked: bool, key: str) -> dict[str, Value]:
    fields = [(SETTINGS[name], getattr(recipe, name), f"{key}-{name}") for name in names]
    return _show_in_pairs(fields, locked)


def _ask_arguments(
    parameters: Sequence[Parameter], given: Params, locked: bool, key: str
) -> dict[str, Value]:
    values = dict(given)
    fields = [(p, values.get(p.name, start_of(p)), f"{key}-{p.name}") for p in parameters]
    return _show_in_pairs(fields, locked)


def _show_in_pairs(fields: Sequence[Field], locked: bool) -> dict[str, Value]:
    """Two fields in a row, on a phone too, where columns would stand below each other.

    Boxes to tick come last, in rows of their own: they are less tall than other fields.
    """
    found = {}
    boxes = [each for each in fields if isinstance(each[0].kind, Flag)]
    for group in ([each for each in fields if each not in boxes], boxes):
        for start in range(0, len(group), 2):
            with st.container(horizontal=True):
                for parameter, value, key in group[start : start + 2]:
                    found[parameter.name] = show_field(parameter, value, key, locked)
    return found


_ENTRIES: Mapping[str, Mapping[str, Choice]] = {
    "optimiser": OPTIMISERS,
    "loss": LOSSES,
    "schedule": SCHEDULES,
}


def _choose(
    name: str,
    options: Sequence[str],
    chosen: str,
    locked: bool,
    key: str,
    words: Mapping[str, str] | None = None,
) -> str:
    """One of the entries, explained; ``words`` are for options that are none."""
    entries, shown = _ENTRIES[name], words or {}
    about = [f"**{each}**: {entries[each].summary}" for each in options if each in entries]
    found = st.selectbox(
        name_field(SETTINGS[name]),
        options,
        index=options.index(chosen),
        format_func=lambda each: shown.get(each, each),
        key=f"{key}-{name}",
        help="; ".join(about),
        disabled=locked,
    )
    return str(found)


def _arrange(spec: OptimiserSpec) -> tuple[list[Parameter], list[Parameter]]:
    """The arguments to show at once, the important ones first, and those to fold away."""
    main = [each for each in spec.parameters if not each.more]
    main.sort(key=lambda each: FIRST.index(each.name) if each.name in FIRST else len(FIRST))
    return main, [each for each in spec.parameters if each.more]


def _differing(entry: Choice, arguments: Mapping[str, Value]) -> Params:
    """Only what is not as at the start."""
    starts = entry.arguments(())
    return make_params({name: v for name, v in arguments.items() if v != starts[name]})


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
