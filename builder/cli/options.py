"""The options that describe a run, shared by ``train`` and ``export``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from builder.cli.refusal import Refusal
from builder.losses import LOSSES
from builder.optimisers import OPTIMISERS
from builder.schedules import SCHEDULES

if TYPE_CHECKING:
    from builder.recipe import Recipe


class Setting(click.Option):
    """An option named like a recipe's setting; its help ends with the setting's default."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The names, and what they mean; settings are loaded only where help is shown."""
        from builder.recipe import SETTINGS

        record = super().get_help_record(ctx)
        if record is None:
            return None
        return record[0], f"{record[1]} [default: {SETTINGS[self.name or ''].default}]"


_OPTIONS = (
    click.option(
        "--data",
        help="A data set, such as digits, or a .csv, .zip, .npz file. [default: the network's own]",
    ),
    click.option("--epochs", type=int, cls=Setting, help="Passes through the training samples."),
    click.option("--seed", type=int, cls=Setting, help="The same seed gives the same run."),
    click.option("--batch-size", type=int, cls=Setting, help="Samples for each step."),
    click.option("--optimiser", cls=Setting, help=f"{', '.join(OPTIMISERS)}."),
    click.option("--loss", cls=Setting, help=f"auto, {', '.join(LOSSES)}."),
    click.option("--schedule", cls=Setting, help=f"none, {', '.join(SCHEDULES)}."),
    click.option("--lr", type=float, help="Learning rate. [default: torch's]"),
    click.option("--time-limit", type=float, cls=Setting, help="Seconds after which the run ends."),
    click.option(
        "--patience",
        type=int,
        cls=Setting,
        help="Early stopping: epochs without a lower validation loss that are borne.",
    ),
    click.option("--device", cls=Setting, help="auto, cpu, cuda or mps."),
)


def recipe_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command every option of a recipe; it takes them as ``**settings``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def make_recipe(settings: dict[str, Any]) -> Recipe:
    """The recipe of these settings, None meaning the default; Refusal when it is none."""
    from builder.recipe import Recipe, RecipeError, first_recipe

    given = {name: value for name, value in settings.items() if value is not None}
    if "lr" in given:
        given["arguments"] = (("lr", given.pop("lr")),)
    try:
        return first_recipe(given.pop("data", Recipe().data), **given)
    except RecipeError as error:
        raise Refusal(f"{error}.") from None
