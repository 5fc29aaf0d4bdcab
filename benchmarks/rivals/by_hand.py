"""The loops that a person writes by hand, with torch's own defaults."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from rivals.task import Laps, Task

Batches = Callable[[], Iterable[tuple[Tensor, Tensor]]]


def over_tensors(task: Task, lap: Laps) -> None:
    """Batches are taken from two tensors by index: the fastest loop that is usually written."""
    training, _ = task.split()
    x, y = training.inputs, training.targets

    def batches() -> Iterable[tuple[Tensor, Tensor]]:
        order = torch.randperm(len(x))
        for start in range(0, len(x), task.batch):
            index = order[start : start + task.batch]
            yield x[index], y[index]

    _train(task, lap, batches)


def over_loader(task: Task, lap: Laps) -> None:
    """Batches come from a DataLoader in the same process."""
    loader = DataLoader(task.data_sets()[0], batch_size=task.batch, shuffle=True)
    _train(task, lap, lambda: loader)


def over_workers(task: Task, lap: Laps) -> None:
    """Batches come from a DataLoader with two worker processes, which are kept."""
    loader = DataLoader(
        task.data_sets()[0],
        batch_size=task.batch,
        shuffle=True,
        num_workers=2,
        persistent_workers=True,
    )
    _train(task, lap, lambda: loader)


def _train(task: Task, lap: Laps, batches: Batches) -> None:
    model, criterion = task.build(), task.criterion()
    optimizer = torch.optim.Adam(model.parameters(), lr=task.rate)
    _, validation = task.split()
    vx, vy = validation.inputs, validation.targets
    for _ in range(task.epochs):
        model.train()
        total = 0.0
        for xb, yb in batches():
            loss = criterion(model(xb), yb)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        model.eval()
        with torch.no_grad():
            outputs = model(vx)
            criterion(outputs, vy).item()
            metric = outputs.argmax(1) == vy if task.classifies else (outputs - vy).abs()
            metric.float().mean().item()
        lap()
