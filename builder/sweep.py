"""One setting tried with several values: the values, and a recipe for each."""

from __future__ import annotations

import math
from collections.abc import Iterable

from builder.catalogue.kinds import Flag, Integer, Number, OneOf
from builder.catalogue.spec import Parameter
from builder.choice import parse_value
from builder.document import Value
from builder.recipe import Recipe
from builder.settings import change, parameters

FIRST = ("optimiser.lr", "batch_size", "optimiser")
"""What is tried most often, in front of the others."""
FIXED = ("data", "device")
"""What is not tried: the network is made for its data, and the device changes no result."""


class SweepError(ValueError):
    """Values that cannot be tried; the message says what was found and what is allowed."""


def variable(recipe: Recipe) -> dict[str, Parameter]:
    """The settings and arguments that may be tried: one number, one word, or yes and no."""
    found = {
        name: each
        for name, each in parameters(recipe).items()
        if name not in FIXED and isinstance(each.kind, (Integer, Number, OneOf, Flag))
    }
    return {name: found[name] for name in FIRST if name in found} | found


def read_list(text: str, parameter: Parameter) -> tuple[Value, ...]:
    """The numbers that a person typed between commas or spaces; raises SweepError."""
    words = text.replace(",", " ").replace(";", " ").split()
    return _parse(map(_number, words), parameter)


def _number(word: str) -> Value:
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return word


def spread(
    low: float, high: float, count: int, parameter: Parameter, factors: bool = False
) -> tuple[Value, ...]:
    """So many numbers from ``low`` to ``high``, each as far from the next.

    With ``factors`` each is the same multiple of the one before. Whole numbers are rounded, and
    none comes twice. Raises SweepError.
    """
    if factors and not 0 < low < high:
        raise SweepError(
            f"Equal factors need two numbers above 0, the lower first: {low:g}, {high:g}"
        )
    if not low < high:
        raise SweepError(f"The first number must be below the last, but they are {low:g}, {high:g}")
    ends = (math.log(low), math.log(high)) if factors else (low, high)
    shares = [at / (count - 1) for at in range(count)]
    found = [ends[0] + (ends[1] - ends[0]) * share for share in shares]
    numbers = [low, *(math.exp(each) if factors else each for each in found[1:-1]), high]
    if isinstance(parameter.kind, Integer):
        return _parse(map(round, numbers), parameter)
    return _parse((float(f"{each:.4g}") for each in numbers), parameter)


def _parse(values: Iterable[Value], parameter: Parameter) -> tuple[Value, ...]:
    """The values in their canonical form, none twice."""
    try:
        return tuple(dict.fromkeys(parse_value(parameter, value) for value in values))
    except ValueError as error:
        raise SweepError(str(error)) from None


def vary(recipe: Recipe, name: str, values: Iterable[Value]) -> tuple[Recipe, ...]:
    """A recipe for each value; raises RecipeError where one can't be, SweepError for under two."""
    found = tuple(change(recipe, name, value) for value in values)
    if len(found) < 2:
        raise SweepError("Choose two values or more.")
    return found
