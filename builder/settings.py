"""A recipe laid flat: every setting and every argument by one name, to compare and to vary.

A setting has its own name ("batch_size"); an argument has that of what it belongs to in front
("optimiser.lr").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from builder.catalogue.spec import Parameter
from builder.choice import Choice
from builder.document import Value, make_params
from builder.recipe import SETTINGS, Recipe

GROUPS: Mapping[str, str] = MappingProxyType(
    {"optimiser": "arguments", "loss": "loss_arguments", "schedule": "schedule_arguments"}
)
"""The settings that name an entry of torch, with the recipe's field for its arguments."""


def entry_of(recipe: Recipe, group: str) -> Choice | None:
    """What the recipe names in this group, or None for no schedule."""
    entries = (recipe.spec, recipe.loss_spec, recipe.schedule_spec)
    return dict(zip(GROUPS, entries, strict=True))[group]


def parameters(recipe: Recipe) -> dict[str, Parameter]:
    """What each setting and argument of this recipe may be, each argument after its setting."""
    found: dict[str, Parameter] = {}
    for name, setting in SETTINGS.items():
        found[name] = setting
        if name in GROUPS and (entry := entry_of(recipe, name)):
            found |= {f"{name}.{each.name}": each for each in entry.parameters}
    return found


def values(recipe: Recipe) -> dict[str, Value]:
    """The value of each setting and argument, torch's defaults filled in, in the same order."""
    found: dict[str, Value] = {}
    for name in SETTINGS:
        found[name] = getattr(recipe, name)
        if name in GROUPS and (entry := entry_of(recipe, name)):
            arguments = entry.arguments(getattr(recipe, GROUPS[name]))
            found |= {f"{name}.{each}": value for each, value in arguments.items()}
    return found


def change(recipe: Recipe, name: str, value: Value) -> Recipe:
    """The recipe with another value; another entry has its own default arguments.

    Raises RecipeError when the recipe can't have it.
    """
    group, _, argument = name.partition(".")
    changes: dict[str, Any] = {group: value}
    if argument:
        arguments = dict(getattr(recipe, GROUPS[group])) | {argument: value}
        changes = {GROUPS[group]: make_params(arguments)}
    elif group in GROUPS and value != getattr(recipe, group):
        changes[GROUPS[group]] = ()
    return replace(recipe, **changes)


def differing(flat: Sequence[Mapping[str, Value]]) -> tuple[str, ...]:
    """The names that have not one value in all of these, in the order of the first to have them."""
    names = dict.fromkeys(name for each in flat for name in each)
    return tuple(name for name in names if len({_key(each, name) for each in flat}) > 1)


def _key(flat: Mapping[str, Value], name: str) -> tuple[bool, str, Value]:
    """True and 1 are equal in Python, but not as settings."""
    value = flat.get(name)
    return name in flat, type(value).__name__ if isinstance(value, bool) else "", value
