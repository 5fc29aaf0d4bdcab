"""The seam between the canvas and Python: the documents that the browser's tests read too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from builder.document import walk
from builder.history import History
from builder.operations import Rejected
from builder.templates import TEMPLATES
from components.canvas import message
from components.canvas.receive import read_outbox, receive
from components.canvas.view import catalogue
from components.canvas.wire import parse_request
from components.workspace import Workspace

FIXTURES = Path(__file__).parents[1] / "fixtures" / "canvas"
DOCUMENTS = ("empty", "lenet5", "nested", "faulty")


def read(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def cards(lane: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cards of a lane and of all lanes inside it."""
    found = []
    for card in lane:
        found += [card, *(c for inner in card["lanes"] or [] for c in cards(inner))]
    return found


@pytest.mark.parametrize("outbox", read("outboxes"))
def test_every_operation_the_browser_sends_is_understood(outbox: dict[str, Any]) -> None:
    heard = read_outbox(outbox)
    assert heard is not None
    assert (heard.client, heard.has) == (outbox["client"], outbox["has"])
    assert [seq for seq, _ in heard.requests] == [each["seq"] for each in outbox["operations"]]
    for _, operation in heard.requests:
        try:
            parse_request(operation)
        except Rejected as refusal:
            pytest.fail(f"{operation['op']} is refused: {refusal}")


def test_the_browsers_first_edits_do_what_they_say() -> None:
    outbox = read_outbox(read("outboxes")[1])
    assert outbox is not None
    until_duplicate = [operation for seq, operation in outbox.requests if seq <= 9]
    history, refusals = receive(History(TEMPLATES["mlp"].network()), until_duplicate)
    moved = next(block for block in history.present.blocks if block.id == "c2").lanes[1][0]
    assert refusals == ()
    assert (moved.id, moved.kind, moved.name, moved.bypassed) == ("c1", "Conv2d", "conv1", True)


def test_what_the_browser_pastes_and_freezes_stays_frozen() -> None:
    outboxes = [read_outbox(each) for each in read("outboxes")]
    requests = [operation for each in outboxes if each for _, operation in each.requests]
    until_template = [each for each in requests[:-1] if each["op"] != "repair"]
    history, refusals = receive(History(TEMPLATES["mlp"].network()), until_template)
    assert refusals == ()
    frozen = [block.id for block in walk(history.present.blocks) if block.frozen]
    assert frozen == ["c3-1"]


def test_python_sends_what_the_browsers_tests_are_drawn_from() -> None:
    sent = message(Workspace("network-1", History(TEMPLATES["small-resnet"].network())))
    for name in DOCUMENTS:
        document = read(name)
        assert set(document) <= set(sent), name
        assert set(document["totals"]) == set(sent["totals"]), name
        assert set(document["input"]) == set(sent["input"]), name
        for card in cards(document["cards"]):
            assert set(card) == set(sent["cards"][0]), name


def test_the_catalogue_has_the_form_the_browser_knows() -> None:
    known = read("catalogue")["catalogue"]
    _, sent = catalogue()
    parameters = {
        key for kind in known["kinds"].values() for each in kind["parameters"] for key in each
    }
    assert set(sent) == set(known)
    for kind in sent["kinds"].values():
        assert set(kind) == set(known["kinds"]["Conv2d"]), kind["kind"]
        for each in kind["parameters"]:
            assert set(each) <= parameters | {"above"}, (kind["kind"], each["name"])
