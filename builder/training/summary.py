"""A run in a line: how it stands, how it was trained and what came of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builder import recipe as recipes
from builder.metrics import METRICS, Metric
from builder.recipe import Recipe
from builder.store import RunRecord
from builder.training.events import Epoch, Started

MARKS = ('{"event": "started"', '{"event": "epoch"')
"""How the stored events begin that a summary is made of: few, beside those of the steps."""


@dataclass(frozen=True)
class RunSummary:
    """A run without its steps; ``recipe`` is None when this version cannot read it."""

    record: RunRecord
    recipe: Recipe | None
    started: Started | None
    epochs: tuple[Epoch, ...]

    @property
    def active(self) -> bool:
        """Whether it still waits or runs."""
        return self.record.status in ("queued", "running")

    @property
    def metric(self) -> Metric | None:
        """The metric that it tells, or None before it has begun."""
        return METRICS.get(self.started.metric) if self.started else None

    @property
    def last(self) -> Epoch | None:
        """Its newest epoch."""
        return self.epochs[-1] if self.epochs else None

    @property
    def best_loss(self) -> float | None:
        """The lowest validation loss of all epochs."""
        return _best((each.val_loss for each in self.epochs), rises=False)

    @property
    def best_metric(self) -> float | None:
        """The best validation metric of all epochs."""
        rises = self.metric is not None and self.metric.rises
        return _best((each.val_metric for each in self.epochs), rises)

    @property
    def samples_per_second(self) -> float | None:
        """Training samples in a second of all finished epochs, their validation included."""
        if not (self.started and self.last and self.last.seconds > 0):
            return None
        return self.started.samples * self.last.epoch / self.last.seconds


def summarise(record: RunRecord, started: Started | None, epochs: Sequence[Epoch]) -> RunSummary:
    """The summary of a run."""
    try:
        recipe = recipes.loads(record.recipe)
    except ValueError:
        recipe = None
    return RunSummary(record, recipe, started, tuple(epochs))


def _best(values: Iterable[float], rises: bool) -> float | None:
    finite = [value for value in values if math.isfinite(value)]
    return (max if rises else min)(finite, default=None)
