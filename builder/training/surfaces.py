"""Draws what a network of one or two inputs makes of them, again and again while it learns."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import torch
from torch import Tensor, nn

from builder.datasets.adapt import adapt
from builder.document import TensorType
from builder.grid import grid_of
from builder.recipe import Recipe
from builder.training.events import Batches, Event, Surface
from builder.training.measure import measure_of
from builder.training.memory import VALIDATION_BATCH
from builder.training.samples import scale_of
from builder.training.step import make_forward

INTERVAL = 0.25
"""Seconds between two surfaces, at least."""
SHARE = 0.02
"""How much of a run's time they may take."""


class Surfaces:
    """Passes events on, and after some of those about steps a Surface.

    The network is run in evaluation mode, draws no random numbers and is left as it was, so that
    a run with surfaces is bit for bit the run without.
    """

    def __init__(
        self,
        send: Callable[[Event], None],
        model: nn.Module,
        recipe: Recipe,
        given: TensorType,
        device: torch.device,
    ) -> None:
        self._send, self._model = send, model
        self._measure = measure_of(recipe.loss_spec)
        self._forward = make_forward(model, recipe, device)
        self._points = _prepare(recipe, given, device)
        self._due = 0.0

    def pass_on(self, event: Event) -> None:
        """Send an event on; draw a surface when it is time."""
        self._send(event)
        if isinstance(event, Batches) and self._points is not None:
            if (begun := perf_counter()) >= self._due:
                self.draw(event.first + len(event.losses) - 1)
                ended = perf_counter()
                self._due = ended + max(INTERVAL, (ended - begun) / SHARE)

    def draw(self, step: int) -> None:
        """Send the surface of this moment, if the data can be drawn."""
        if self._points is None:
            return
        was = self._model.training
        self._model.eval()
        with torch.inference_mode():
            points = self._points.clone()  # layers may write into them
            parts = torch.split(points, VALIDATION_BATCH)
            outputs = torch.cat([self._forward(part) for part in parts])
        self._model.train(was)
        self._send(self._read(step, outputs))

    def _read(self, step: int, outputs: Tensor) -> Surface:
        if self._measure.probabilities is None:
            return Surface(step, _round(outputs[:, 0], 5), ())
        best, classes = self._measure.probabilities(outputs).max(1)
        return Surface(step, _round(best, 3), tuple(classes.tolist()))


def _prepare(recipe: Recipe, given: TensorType, device: torch.device) -> Tensor | None:
    """The grid's points as the network gets them."""
    grid = grid_of(recipe.data_set)
    if grid is None:
        return None
    points = adapt(torch.tensor(grid.points()), given)
    scale = scale_of(recipe, given)
    return (scale.apply(points) if scale else points).to(device)


def _round(values: Tensor, digits: int) -> tuple[float, ...]:
    """As many significant digits as a drawing needs."""
    return tuple(float(f"{value:.{digits}g}") for value in values.tolist())
