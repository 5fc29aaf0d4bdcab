"""What is known of a run so far: its events folded into lists, cheap to read from any point."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field
from typing import Any

from builder.training.events import (
    Batches,
    Epoch,
    Event,
    Failed,
    Finished,
    Layers,
    Started,
    Stepped,
)
from builder.training.tracks import Tracks

EPOCH_SERIES = ("train_loss", "train_metric", "val_loss", "val_metric")


@dataclass(frozen=True)
class Points:
    """The points of a run from step number ``batch`` and epoch number ``epoch`` on (from 0)."""

    run: str
    batch: int
    losses: tuple[float, ...]
    metrics: tuple[float, ...]
    epoch: int
    epochs: tuple[Epoch, ...]

    def series(self) -> dict[str, list[float | None]]:
        """The points as lists for a chart, valid in JSON: None for what is not finite.

        ``step``, ``batch_loss`` and ``batch_metric`` go together, and so do ``epoch_step``,
        ``train_loss``, ``train_metric``, ``val_loss`` and ``val_metric``.
        """
        first = self.batch + 1
        return {
            "step": [*range(first, first + len(self.losses))],
            "batch_loss": [*map(_finite, self.losses)],
            "batch_metric": [*map(_finite, self.metrics)],
            "epoch_step": [each.step for each in self.epochs],
            **{
                name: [_finite(getattr(each, name)) for each in self.epochs]
                for name in EPOCH_SERIES
            },
        }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


@dataclass
class Curves:
    """Folds events; 100,000 steps take 1.6 MB."""

    started: Started | None = None
    ended: Finished | Failed | None = None
    losses: array[float] = field(default_factory=lambda: array("d"))
    metrics: array[float] = field(default_factory=lambda: array("d"))
    epochs: list[Epoch] = field(default_factory=list)
    tracks: Tracks = field(default_factory=Tracks)
    layers: Layers | None = None
    stepped: Stepped | None = None
    samples_per_second: float = 0.0
    seconds: float = 0.0
    lr: float | None = None

    def apply(self, event: Event) -> None:
        """Take in the next event."""
        match event:
            case Started():
                self.started = event
            case Batches():
                self.losses.extend(event.losses)
                self.metrics.extend(event.metrics)
                self.samples_per_second, self.seconds = event.samples_per_second, event.seconds
                self.lr = event.lr
                self.tracks.keep_pace(event)
            case Epoch():
                self.epochs.append(event)
                self.seconds = event.seconds
            case Layers():
                self.layers = event
                self.tracks.measure(event)
            case Stepped():
                self.stepped = event
            case Finished() | Failed():
                self.ended = event

    def since(self, run: str, batch: int, epoch: int) -> Points:
        """The points from this step and this epoch on; a number out of range gives none."""
        batch = min(max(batch, 0), len(self.losses))
        epoch = min(max(epoch, 0), len(self.epochs))
        losses, metrics = tuple(self.losses[batch:]), tuple(self.metrics[batch:])
        return Points(run, batch, losses, metrics, epoch, tuple(self.epochs[epoch:]))

    @property
    def steps(self) -> int:
        """How many steps the whole run takes; 0 before it has started."""
        return self.started.batches_per_epoch * self.started.epochs if self.started else 0

    @property
    def seconds_left(self) -> float | None:
        """How long it will go on at the pace so far, or None when that can't be told yet."""
        done = len(self.losses)
        return self.seconds / done * (self.steps - done) if done and not self.ended else None

    def facts(self) -> dict[str, Any]:
        """What a view of the run shows besides its points."""
        return {
            "started": self.started,
            "finished": self.ended if isinstance(self.ended, Finished) else None,
            "epochs": tuple(self.epochs),
            "step": len(self.losses),
            "steps": self.steps,
            "samples_per_second": self.samples_per_second,
            "seconds": self.seconds,
            "seconds_left": self.seconds_left,
            "lr": self.lr,
            "layers": self.layers,
            "stepped": self.stepped,
        }
