"""Requests from the browser become a new history: pure, whatever arrives and however often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from builder.check import Repair, check
from builder.datasets import known
from builder.fit import remark
from builder.history import History
from builder.operations import Rejected, apply
from builder.templates import TEMPLATES
from components.canvas.wire import (
    ApplyRepair,
    Redo,
    Request,
    TakeTemplate,
    Undo,
    parse_request,
)

OVERTAKEN = "Another tab changed this network first: look at its change, then undo again."
QUEUE_LIMIT = 10_000
"""How many requests one message may hold."""


@dataclass(frozen=True)
class Outbox:
    """The requests that a browser has not seen acknowledged, numbered in the order made.

    ``network`` is the id of the network that they were made on, as far as the browser knew.
    """

    client: str
    network: str | None = None
    requests: tuple[tuple[int, Mapping[str, Any]], ...] = ()
    has: str | None = None


def read_outbox(value: object) -> Outbox | None:
    """The outbox that a component's state holds, or None when it holds none."""
    match value:
        case {"client": str(client), "operations": list(operations)}:
            has = value.get("has")
            numbered = [
                (operation["seq"], operation)
                for operation in operations[:QUEUE_LIMIT]
                if isinstance(operation, dict) and isinstance(operation.get("seq"), int)
            ]
            numbered.sort(key=lambda pair: pair[0])
            network = value.get("epoch")
            return Outbox(
                client[:64],
                network if isinstance(network, str) else None,
                tuple(numbered),
                has if isinstance(has, str) else None,
            )
    return None


def receive(
    history: History, messages: Iterable[Mapping[str, Any]], overtaken: bool = False
) -> tuple[History, tuple[str, ...]]:
    """Do what the messages ask for, in order, each as one step that can be undone.

    What can't be done is left out, and the second value says why. ``overtaken`` says that another
    tab's change came first: an undo then would take that one back, which nobody asked for.
    """
    refusals = []
    for message in messages:
        try:
            request = parse_request(message)
            if overtaken and isinstance(request, Undo | Redo):
                raise Rejected(OVERTAKEN)
            history = _perform(history, request)
        except Rejected as refusal:
            refusals.append(str(refusal))
    return history, tuple(refusals)


def _perform(history: History, request: Request) -> History:
    match request:
        case Undo():
            return history.undo()
        case Redo():
            return history.redo()
        case ApplyRepair(block, code):
            return _repair(history, block, code)
        case TakeTemplate(template):
            if template not in TEMPLATES:
                raise Rejected(f"There is no template called {template[:40]!r}.")
            return history.commit(TEMPLATES[template].network(history.present.next_id))
        case _:
            return history.commit(apply(history.present, request))


def _repair(history: History, block: str | None, code: str) -> History:
    """Apply what the fault offers now; a fault that is gone needs nothing."""
    network = history.present
    repair = _find_repair(history, block, code)
    for operation in repair.operations if repair else ():
        network = apply(network, operation)
    return history.commit(network)


def _find_repair(history: History, block: str | None, code: str) -> Repair | None:
    report = check(history.present)
    issues = list(report.issues)
    data_set = known(history.present.data)
    if data_set and (target := remark(report, data_set)):
        issues.append(target)
    return next((i.repair for i in issues if i.block == block and i.code == code), None)
