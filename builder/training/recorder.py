"""Collects each batch's loss and metric and sends them on, 20 times a second at most."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

import torch
from torch import Tensor

from builder.training.events import Batches, Event
from builder.training.measure import Measure, mean_score, mean_scores

INTERVAL = 0.05
"""Seconds between two events of steps."""


T = TypeVar("T")


class Recorder:
    """What the loop writes down; made for little work per batch.

    Outputs and targets are kept and compared together when an event is due: once for many
    batches instead of once for each. So are losses on a GPU, where reading a number means
    waiting for the device; on the CPU it costs nothing and is done at once.
    """

    def __init__(self, send: Callable[[Event], None], measure: Measure, at_once: bool) -> None:
        self.send = send
        self._measure = measure
        self.steps = 0
        self._at_once = at_once
        self._losses: list[float] = []
        self._unread: list[Tensor] = []
        self._outputs: list[Tensor] = []
        self._targets: list[Tensor] = []
        self._scores: list[Tensor] = []
        self._total, self._seen = 0.0, 0
        self.begin()

    def begin(self, rate: Callable[[], float | None] = lambda: None) -> None:
        """The first step starts now; ``rate`` tells the learning rate of the next step."""
        self._rate = rate
        self._begun = self._sent = perf_counter()

    def resume(self) -> None:
        """Steps go on after a pause, which counts for no step's speed."""
        self._sent = perf_counter()

    def rest(self, wait: Callable[[], T]) -> T:
        """Send all there is and wait; no number counts the time."""
        self.flush()
        begun = perf_counter()
        found = wait()
        self._begun += perf_counter() - begun
        self.resume()
        return found

    @property
    def seconds(self) -> float:
        """Seconds since the first step began, without pauses."""
        return perf_counter() - self._begun

    def add(self, loss: Tensor, outputs: Tensor, targets: Tensor) -> None:
        """Write down a step: its mean loss, its outputs and targets, N samples each."""
        if self._at_once:
            self._losses.append(loss.item())
        else:
            self._unread.append(loss.detach())
        self._outputs.append(outputs.detach())
        self._targets.append(targets)
        if perf_counter() - self._sent >= INTERVAL:
            self.flush()

    def flush(self) -> None:
        """Send what was written down since the last event."""
        if not self._targets:
            return
        losses = self._losses if self._at_once else torch.stack(self._unread).tolist()
        scores = self._measure.scores(torch.cat(self._outputs), torch.cat(self._targets)).cpu()
        self._scores.append(scores)
        sizes = [len(targets) for targets in self._targets]
        for loss, size in zip(losses, sizes, strict=True):
            self._total += loss * size
        self._seen += sum(sizes)
        now = perf_counter()
        metrics = tuple(mean_scores(scores, sizes))
        speed = sum(sizes) / max(now - self._sent, 1e-9)
        first, seconds = self.steps + 1, now - self._begun
        self.send(Batches(first, tuple(losses), metrics, speed, seconds, self._rate()))
        self.steps += len(sizes)
        self._losses, self._unread, self._outputs, self._targets = [], [], [], []
        self._sent = now

    def end_epoch(self) -> tuple[float, float]:
        """Mean loss and metric over all samples since the last call; sends what is left."""
        self.flush()
        means = self._total / self._seen, mean_score(self._scores)
        self._total, self._seen, self._scores = 0.0, 0, []
        return means
