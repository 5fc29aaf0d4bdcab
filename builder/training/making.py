"""What a recipe names, made with torch: the loss, the optimiser and the schedule."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.optim import lr_scheduler

from builder.recipe import Recipe

Schedule = Any
"""A scheduler of ``torch.optim.lr_scheduler``; ReduceLROnPlateau's ``step`` takes a loss."""


def make_loss(recipe: Recipe) -> nn.Module:
    """The recipe's loss function."""
    made: nn.Module = getattr(nn, recipe.loss_spec.name)(**dict(recipe.loss_call.arguments))
    return made


def make_optimiser(recipe: Recipe, model: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimiser over the model's parameters that are not frozen."""
    made: torch.optim.Optimizer = getattr(torch.optim, recipe.optimiser)(
        [each for each in model.parameters() if each.requires_grad],
        **dict(recipe.optimiser_call.arguments),
    )
    return made


def make_schedule(
    recipe: Recipe, optimiser: torch.optim.Optimizer, batches: int
) -> Schedule | None:
    """The recipe's schedule for a run of so many batches an epoch, or None."""
    if (call := recipe.schedule_call(batches)) is None:
        return None
    return getattr(lr_scheduler, recipe.schedule)(optimiser, **dict(call.arguments))


def rate_of(optimiser: torch.optim.Optimizer) -> float:
    """The learning rate of the next step."""
    return float(optimiser.param_groups[0]["lr"])
