"""Other ways to train the same network by the same recipe, each in a process of its own.

One entry is one rival: its name in the table, the package it needs, and the function that trains.
A rival is written as its own documentation would, with nothing turned on that the app does not do
as well, and what costs it time for nothing (progress bars, logs, checkpoints) turned off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from rivals.task import Laps, Task


@dataclass(frozen=True)
class Rival:
    """One entry; ``function`` is "module:name" in this package, ``package`` None if always here."""

    name: str
    title: str
    function: str
    package: str | None = None

    @property
    def is_here(self) -> bool:
        """Whether what it needs is installed."""
        return self.package is None or find_spec(self.package) is not None

    def load(self) -> Callable[[Task, Laps], None]:
        """The function that trains and calls its laps after each epoch."""
        module, name = self.function.split(":")
        found: Callable[[Task, Laps], None] = getattr(import_module(f"rivals.{module}"), name)
        return found


RIVALS = {
    rival.name: rival
    for rival in (
        Rival("tensors", "a hand-written loop over tensors", "by_hand:over_tensors"),
        Rival("loader", "a hand-written loop over a DataLoader", "by_hand:over_loader"),
        Rival("workers", "the same with two worker processes", "by_hand:over_workers"),
        Rival("lightning", "Lightning", "with_lightning:train", "lightning"),
        Rival("skorch", "skorch", "with_skorch:train", "skorch"),
        Rival("keras", "Keras on torch", "with_keras:train", "keras"),
    )
}
