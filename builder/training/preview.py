"""The learning rate of a whole run before it starts, told by torch's own schedule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import nn

from builder.recipe import Recipe
from builder.training.making import Schedule, make_optimiser, make_schedule, rate_of

POINTS = 600
"""How many points a curve has at most, its ends among them."""


@dataclass(frozen=True)
class RateCurve:
    """The learning rate (``rates``) after so many epochs (``epochs``, with parts of one)."""

    epochs: tuple[float, ...]
    rates: tuple[float, ...]


@lru_cache(64)
def schedule_curve(recipe: Recipe, batches: int) -> RateCurve | None:
    """The learning rate over a run of so many batches an epoch.

    None without a schedule, and for one that goes by the validation loss: nobody knows it yet.
    """
    spec = recipe.schedule_spec
    if spec is None or spec.watches:
        return None
    optimiser = make_optimiser(recipe, nn.Linear(1, 1))
    schedule = make_schedule(recipe, optimiser, batches)
    optimiser.step()  # torch warns of a schedule that steps first
    if spec.per == "epoch":
        return _by_epochs(recipe, optimiser, schedule)
    return _by_batches(recipe, optimiser, schedule, batches)


def step_rates(recipe: Recipe, batches: int, steps: int) -> list[float] | None:
    """The learning rate that each of the first so many steps is made with.

    None for a schedule that goes by the validation loss.
    """
    spec = recipe.schedule_spec
    if spec and spec.watches:
        return None
    optimiser = make_optimiser(recipe, nn.Linear(1, 1))
    if spec is None:
        return [rate_of(optimiser)] * steps
    schedule: Schedule = make_schedule(recipe, optimiser, batches)
    optimiser.step()  # torch warns of a schedule that steps first
    rates = []
    for step in range(steps):
        if step and (spec.per == "batch" or step % batches == 0):
            schedule.step()
        rates.append(rate_of(optimiser))
    return rates


def _by_epochs(recipe: Recipe, optimiser: torch.optim.Optimizer, schedule: Schedule) -> RateCurve:
    """Each epoch is stepped, for a rate may follow from the one before."""
    rates = [rate_of(optimiser)]
    for _ in range(recipe.epochs - 1):
        schedule.step()
        rates.append(rate_of(optimiser))
    shown = _spread(recipe.epochs)
    return RateCurve(tuple(map(float, shown)), tuple(rates[at] for at in shown))


def _by_batches(
    recipe: Recipe, optimiser: torch.optim.Optimizer, schedule: Schedule, batches: int
) -> RateCurve:
    """Schedules by batches compute a rate from the step's number alone: most can be left out."""
    shown = _spread(recipe.epochs * batches)
    rates = []
    for at in shown:
        schedule.last_epoch = at - 1
        schedule.step()
        rates.append(rate_of(optimiser))
    return RateCurve(tuple(at / batches for at in shown), tuple(rates))


def _spread(count: int) -> list[int]:
    """Whole numbers below ``count``, the first and the last among them."""
    if count <= POINTS:
        return [*range(count)]
    return [round(at * (count - 1) / (POINTS - 1)) for at in range(POINTS)]
