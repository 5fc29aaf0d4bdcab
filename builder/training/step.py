"""One step of training, put together once for a run, so that what is off costs nothing."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from builder.recipe import Recipe
from builder.training.making import Schedule

Forward = Callable[[Tensor], Tensor]
Step = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
"""From inputs and targets of a batch to its loss and outputs, the weights changed."""


def make_forward(model: nn.Module, recipe: Recipe, device: torch.device) -> Forward:
    """The model's pass from inputs to float32 outputs, in the recipe's precision."""
    if recipe.precision == "float32":
        return model
    dtype = getattr(torch, recipe.precision)

    def forward(inputs: Tensor) -> Tensor:
        with torch.autocast(device.type, dtype):
            outputs: Tensor = model(inputs)
        return outputs.float()

    return forward


def make_scaler(recipe: Recipe, device: torch.device) -> torch.amp.GradScaler | None:
    """What enlarges the loss in float16, so that small gradients aren't lost; None otherwise."""
    return torch.amp.GradScaler(device.type) if recipe.precision == "float16" else None


def make_step(
    model: nn.Module,
    forward: Forward,
    loss_function: nn.Module,
    optimiser: torch.optim.Optimizer,
    schedule: Schedule | None,
    recipe: Recipe,
    scaler: torch.amp.GradScaler | None = None,
) -> Step:
    """The step that this recipe asks for, with the scaler of ``make_scaler``."""
    update = _make_update(model, optimiser, recipe, scaler)
    per_batch = recipe.schedule_spec is not None and recipe.schedule_spec.per == "batch"
    if schedule is not None and per_batch:
        update = _both(update, schedule.step)

    def step(inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        outputs = forward(inputs)
        loss = loss_function(outputs, targets)
        optimiser.zero_grad()
        update(loss)
        return loss, outputs

    return step


def _make_update(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    recipe: Recipe,
    scaler: torch.amp.GradScaler | None,
) -> Callable[[Tensor], None]:
    """From a loss to changed weights."""
    clip = _make_clip(model, recipe)
    if scaler is not None:
        return _make_scaled_update(optimiser, clip, scaler)

    def update(loss: Tensor) -> None:
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()

    def clipped_update(loss: Tensor) -> None:
        loss.backward()  # type: ignore[no-untyped-call]
        clip()
        optimiser.step()

    return update if recipe.clipping == "none" else clipped_update


def _make_scaled_update(
    optimiser: torch.optim.Optimizer, clip: Callable[[], object], scaler: torch.amp.GradScaler
) -> Callable[[Tensor], None]:
    def update(loss: Tensor) -> None:
        scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        scaler.unscale_(optimiser)
        clip()
        scaler.step(optimiser)
        scaler.update()

    return update


def _make_clip(model: nn.Module, recipe: Recipe) -> Callable[[], object]:
    parameters, limit = [*model.parameters()], recipe.clip_at
    match recipe.clipping:
        case "norm":
            return lambda: clip_grad_norm_(parameters, limit)
        case "value":
            return lambda: clip_grad_value_(parameters, limit)
        case _:
            return lambda: None


def _both(update: Callable[[Tensor], None], then: Callable[[], None]) -> Callable[[Tensor], None]:
    def both(loss: Tensor) -> None:
        update(loss)
        then()

    return both
