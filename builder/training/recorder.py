"""Collects each batch's loss and accuracy and sends them on, 20 times a second at most."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import torch
from torch import Tensor

from builder.training.events import Batches, Event

INTERVAL = 0.05
"""Seconds between two events of steps."""


class Recorder:
    """What the loop writes down; made for little work per batch.

    On the CPU a number is read at once. On another device reading one would wait for the device,
    so tensors are kept and read together when an event is due.
    """

    def __init__(self, send: Callable[[Event], None], at_once: bool) -> None:
        self.send = send
        self.steps = 0
        self._at_once = at_once
        self._losses: list[float] = []
        self._hits: list[int] = []
        self._kept: list[tuple[Tensor, Tensor]] = []
        self._sizes: list[int] = []
        self._total, self._right, self._seen = 0.0, 0, 0
        self.begin()

    def begin(self) -> None:
        """The first step starts now."""
        self._begun = self._sent = perf_counter()

    def resume(self) -> None:
        """Steps go on after a pause, which counts for no step's speed."""
        self._sent = perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds since the first step began."""
        return perf_counter() - self._begun

    def add(self, loss: Tensor, outputs: Tensor, targets: Tensor) -> None:
        """Write down a step: its mean loss, its outputs N×C and targets N."""
        hits = (outputs.argmax(1) == targets).sum()
        if self._at_once:
            self._losses.append(loss.item())
            self._hits.append(int(hits.item()))
        else:
            self._kept.append((loss.detach(), hits))
        self._sizes.append(len(targets))
        if perf_counter() - self._sent >= INTERVAL:
            self.flush()

    def flush(self) -> None:
        """Send what was written down since the last event."""
        if not self._sizes:
            return
        self._read_kept()
        for loss, hits, size in zip(self._losses, self._hits, self._sizes, strict=True):
            self._total += loss * size
            self._right += hits
            self._seen += size
        now = perf_counter()
        self.send(self._event(now))
        self.steps += len(self._sizes)
        self._sent = now
        self._losses, self._hits, self._sizes = [], [], []

    def end_epoch(self) -> tuple[float, float]:
        """Mean loss and accuracy over all samples since the last call; sends what is left."""
        self.flush()
        means = self._total / self._seen, self._right / self._seen
        self._total, self._right, self._seen = 0.0, 0, 0
        return means

    def _read_kept(self) -> None:
        if self._kept:
            losses, hits = zip(*self._kept, strict=True)
            self._losses = torch.stack(losses).tolist()
            self._hits = torch.stack(hits).tolist()
            self._kept = []

    def _event(self, now: float) -> Batches:
        accuracies = (hits / size for hits, size in zip(self._hits, self._sizes, strict=True))
        speed = sum(self._sizes) / max(now - self._sent, 1e-9)
        first = self.steps + 1
        return Batches(first, tuple(self._losses), tuple(accuracies), speed, now - self._begun)
