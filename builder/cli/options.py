"""The options that describe a run, shared by ``train`` and ``export``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from builder.cli.refusal import Refusal
from builder.optimisers import OPTIMISERS

if TYPE_CHECKING:
    from builder.recipe import Recipe

_OPTIONS = (
    click.option("--data", help="A data set, such as digits. [default: the network's own]"),
    click.option("--epochs", type=int, help="Passes through the training samples. [default: 10]"),
    click.option("--seed", type=int, help="The same seed gives the same run. [default: 0]"),
    click.option("--batch-size", type=int, help="Samples for each step. [default: 64]"),
    click.option("--optimiser", help=f"{', '.join(OPTIMISERS)}. [default: Adam]"),
    click.option("--lr", type=float, help="Learning rate. [default: torch's]"),
    click.option("--device", help="auto, cpu, cuda or mps. [default: auto]"),
)


def recipe_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command every option of a recipe; it takes them as ``**settings``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def make_recipe(settings: dict[str, Any]) -> Recipe:
    """The recipe of these settings, None meaning the default; Refusal when it is none."""
    from builder.recipe import Recipe, RecipeError

    given = {name: value for name, value in settings.items() if value is not None}
    arguments = (("lr", given.pop("lr")),) if "lr" in given else ()
    try:
        return Recipe(**given, arguments=arguments)
    except RecipeError as error:
        raise Refusal(f"{error}.") from None
