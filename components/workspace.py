"""The work of one browser page: its network's history, kept in step with the store."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from builder.check import Report, check
from builder.document import Network, TensorType
from builder.history import History
from builder.operations import Operation, Rejected, apply
from builder.store import Conflict, Store, StoreError
from components.canvas.receive import Outbox, receive

BLANK = Network(TensorType((1, 8, 8)), data="digits")
"""What a person finds at the first visit."""

NETWORK_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
CLIENTS = 32
"""How many browsers a network remembers the last request of."""
OTHER_TAB = "This network was changed in another tab."
BOTH_KEPT = "This network was changed in another tab too. Both changes are kept."


def new_id() -> str:
    """An id for a network: it is the whole secret of its link, so nobody can guess it."""
    return secrets.token_urlsafe(12)


Step = Callable[[History, bool], History]
"""From one history to the next; the flag says that another tab's change came in between."""
"""A change that can be made on top of another tab's changes too."""


@dataclass(frozen=True)
class Notice:
    """Something to tell the person, numbered so that each is told once."""

    id: int
    text: str
    kind: str = "info"


@dataclass
class Workspace:
    """One page's view of a stored network; every change goes through the store.

    ``revision`` is the stored one that ``history.present`` descends from (0: never saved).
    Streamlit may begin a run of the page while the one before it ends in another thread: whoever
    reads several of the values below, or changes them, holds ``lock``.
    """

    network_id: str
    history: History
    revision: int = 0
    acknowledged: dict[str, int] = field(default_factory=dict)
    client: str | None = None
    catalogue_seen: str | None = None
    notice: Notice | None = None
    unsaved: str | None = None
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)
    _waiting: list[Step] = field(default_factory=list)
    _report: Report | None = None

    def __post_init__(self) -> None:
        self._saved = self.history

    @property
    def report(self) -> Report:
        """The check of the present network, made once for each."""
        with self.lock:
            if self._report is None or self._report.network is not self.history.present:
                self._report = check(self.history.present)
            return self._report

    def tell(self, text: str, kind: str = "info") -> None:
        """Leave a notice for the person.

        Numbered by the clock, so that no two are alike, not even after a restart of the server.
        """
        last = self.notice.id if self.notice else 0
        self.notice = Notice(max(last + 1, time.time_ns() // 1_000_000), text, kind)

    def take(self, outbox: Outbox, store: Store) -> None:
        """Do what the browser asks and has not been done, and save."""
        with self.lock:
            if outbox.network not in (None, self.network_id):
                return  # meant for the network that was here before
            self.client, self.catalogue_seen = outbox.client, outbox.has
            last = self.acknowledged.get(outbox.client, 0)
            fresh = [message for seq, message in outbox.requests if seq > last]
            if fresh:
                self._acknowledge(outbox)
                self.change(lambda *state: self._receive(fresh, *state), store)

    def _acknowledge(self, outbox: Outbox) -> None:
        """Note what is done; it is saved with the network, so that nothing is done twice."""
        others = {k: v for k, v in self.acknowledged.items() if k != outbox.client}
        kept = dict(list(others.items())[-CLIENTS:])
        self.acknowledged = kept | {outbox.client: max(seq for seq, _ in outbox.requests)}

    def _receive(
        self, fresh: list[Mapping[str, Any]], history: History, overtaken: bool
    ) -> History:
        history, refusals = receive(history, fresh, overtaken)
        if refusals:
            self.tell(refusals[-1], "warning")
        return history

    def apply(self, operations: tuple[Operation, ...], store: Store) -> None:
        """Apply operations as one step that can be undone; raises Rejected."""

        def step(history: History, overtaken: bool) -> History:
            network = history.present
            for operation in operations:
                network = apply(network, operation)
            return history.commit(network)

        self.change(step, store)

    def replace(self, network: Network, store: Store) -> None:
        """Put another network in this one's place, as a step that can be undone."""
        self.change(lambda history, overtaken: history.commit(network), store)

    def change(self, step: Step, store: Store) -> None:
        """Take a step and save it; when another tab saved first, take it on top of theirs."""
        with self.lock:
            changed = step(self.history, False)
            different = changed.present != self.history.present
            self.history = changed
            if different:
                self._waiting.append(step)
                self._save(store)

    def _save(self, store: Store) -> None:
        """Save what waits to be; what can't be saved now waits for the next change."""
        try:
            self._write(store)
        except Conflict:
            self.refresh(store)
            try:
                self._write(store)
            except StoreError as error:  # another tab was faster twice, or the disk is full
                self.unsaved = str(error)
        except StoreError as error:
            self.unsaved = str(error)

    def _write(self, store: Store) -> None:
        self.revision = store.save_network(
            self.network_id, self.history.present, self.revision, self.acknowledged
        )
        self._saved, self.unsaved = self.history, None
        self._waiting.clear()

    def refresh(self, store: Store) -> None:
        """Take over what another tab has saved meanwhile, as one step of this history."""
        with self.lock:
            try:
                if store.revision(self.network_id) == self.revision:
                    return
                found = store.load_network(self.network_id)
                self._merge(store.acknowledged(self.network_id))
            except StoreError as error:
                self.tell(str(error), "warning")
                return
            if found is None:
                self.revision = 0
            else:
                self._adopt(*found)

    def _merge(self, acknowledged: Mapping[str, int]) -> None:
        """Add what another tab's browser has been told; of two numbers the later one holds."""
        for client, seq in acknowledged.items():
            self.acknowledged[client] = max(seq, self.acknowledged.get(client, 0))

    def _adopt(self, network: Network, revision: int) -> None:
        self.history = self._saved = self._saved.commit(network)
        self.revision = revision
        self.tell(BOTH_KEPT if self._waiting else OTHER_TAB)
        for step in self._waiting:
            try:
                self.history = step(self.history, True)
            except Rejected as refusal:
                self.tell(str(refusal), "warning")


def open_workspace(network_id: str | None, store: Store) -> Workspace:
    """The stored network of this id; a blank one where there is none, or for a bad id.

    Raises StoreError when the network is there but can't be read: its link stays good.
    """
    if network_id is None or not NETWORK_ID.fullmatch(network_id):
        return Workspace(new_id(), History(BLANK))
    if (found := store.load_network(network_id)) is None:
        return Workspace(network_id, History(BLANK))
    acknowledged = store.acknowledged(network_id)
    return Workspace(network_id, History(found[0]), found[1], acknowledged)
