"""Undo and redo over whole documents, which share what did not change."""

from __future__ import annotations

from dataclasses import dataclass

from builder.document import Network

STEPS = 1000
"""How many steps back a history keeps."""


@dataclass(frozen=True, slots=True)
class History:
    """The present network, those before it (latest last) and those undone (latest last)."""

    present: Network
    past: tuple[Network, ...] = ()
    future: tuple[Network, ...] = ()

    def commit(self, network: Network) -> History:
        """One step further; nothing happens when nothing changed."""
        if network == self.present:
            return self
        return History(network, (*self.past, self.present)[-STEPS:])

    def undo(self) -> History:
        """One step back, if there is one."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (*self.future, self.present))

    def redo(self) -> History:
        """One undone step forward again, if there is one."""
        if not self.future:
            return self
        return History(self.future[-1], (*self.past, self.present), self.future[:-1])
