"""Requests become a new history, whatever arrives and however often."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from builder import schema
from builder.check import check
from builder.document import Network, TensorType, walk
from builder.history import History
from builder.schema import to_dict
from builder.templates import TEMPLATES
from components.canvas.receive import QUEUE_LIMIT, Outbox, read_outbox, receive

FIXTURES = Path(__file__).parents[1] / "fixtures" / "canvas"
BLANK = History(Network(TensorType((1, 8, 8)), data="digits"))


def insert(block_id: str, kind: str, **place: Any) -> dict[str, Any]:
    return {"op": "insert", "id": block_id, "kind": kind, **place}


def kinds(history: History) -> list[str]:
    return [block.kind for block in walk(history.present.blocks)]


def ids(history: History) -> list[str]:
    return [block.id for block in walk(history.present.blocks)]


def test_each_request_is_one_step() -> None:
    history, refusals = receive(
        BLANK, [insert("c1", "Flatten"), insert("c2", "Linear"), insert("c3", "ReLU", before="c2")]
    )
    assert (ids(history), refusals) == (["c1", "c3", "c2"], ())
    assert len(history.past) == 3


def test_an_operation_that_comes_twice_is_done_once() -> None:
    messages = [
        insert("c1", "Conv2d"),
        insert("c2", "ReLU"),
        {"op": "rename", "block": "c1", "name": "first"},
        {"op": "bypass", "block": "c2", "bypassed": True},
        {"op": "move", "block": "c2", "before": "c1"},
        {"op": "set", "block": "c1", "name": "out_channels", "value": 3},
    ]
    once, _ = receive(BLANK, messages)
    twice, refusals = receive(once, messages)
    assert (twice.present, refusals) == (once.present, ())


def test_what_comes_too_late_is_left_out_and_told() -> None:
    history, refusals = receive(
        BLANK,
        [
            insert("c1", "Conv2d"),
            {"op": "remove", "block": "c1"},
            {"op": "set", "block": "c1", "name": "bias", "value": False},
            {"op": "move", "block": "c1", "before": None},
            insert("c2", "ReLU", before="c1"),
        ],
    )
    assert ids(history) == ["c2"]
    assert refusals == ("That layer is not in the network any more.",) * 2


def test_a_refused_request_leaves_no_step() -> None:
    history, refusals = receive(BLANK, [insert("c1", "Nothing"), {"op": "undo"}, {"op": "redo"}])
    assert history == BLANK
    assert len(refusals) == 1


def test_undo_and_redo() -> None:
    built, _ = receive(BLANK, [insert("c1", "Flatten"), insert("c2", "Linear")])
    undone, _ = receive(built, [{"op": "undo"}])
    assert ids(undone) == ["c1"]
    redone, _ = receive(undone, [{"op": "redo"}])
    assert redone == built


def test_a_batch_is_one_step_or_none() -> None:
    built, _ = receive(BLANK, [insert("c1", "ReLU"), insert("c2", "Tanh"), insert("c3", "Mish")])
    parts = [{"op": "remove", "block": "c1"}, {"op": "remove", "block": "c2"}]
    removed, refusals = receive(built, [{"op": "batch", "operations": parts}])
    assert (ids(removed), refusals) == (["c3"], ())
    assert receive(removed, [{"op": "undo"}])[0].present == built.present
    same, refusals = receive(removed, [{"op": "batch", "operations": parts[::-1]}])
    assert same is removed
    assert refusals == ("That layer is not in the network any more.",)


def test_a_paste_is_one_step_and_says_why_it_is_refused() -> None:
    pasted, refusals = receive(
        BLANK,
        [
            {"op": "paste", "id": "p", "content": to_dict(TEMPLATES["lenet5"].network())},
            {"op": "paste", "id": "q", "content": [{"id": "x", "kind": "Conv9d"}]},
        ],
    )
    assert refusals == ("Nothing was pasted: block 'x': there is no layer called 'Conv9d'.",)
    assert [block.kind for block in pasted.present.blocks] == [
        block.kind for block in TEMPLATES["lenet5"].network().blocks
    ]
    assert ids(pasted)[:2] == ["p-1", "p-2"]
    assert receive(pasted, [{"op": "undo"}])[0].present == BLANK.present


def test_template_is_one_step() -> None:
    history, refusals = receive(BLANK, [{"op": "template", "template": "lenet5"}])
    assert (history.present, refusals) == (TEMPLATES["lenet5"].network(), ())
    assert receive(history, [{"op": "undo"}])[0].present == BLANK.present
    same, refusals = receive(history, [{"op": "template", "template": "skynet"}])
    assert (same, refusals) == (history, ("There is no template called 'skynet'.",))


def test_repair_what_the_fault_offers_now() -> None:
    history, _ = receive(
        BLANK, [insert("c1", "Conv2d"), insert("c2", "Linear", params={"out_features": 10})]
    )
    (fault,) = check(history.present).issues
    assert fault.repair is not None
    request = {"op": "repair", "block": fault.block, "code": fault.code}
    repaired, refusals = receive(history, [request])
    assert (check(repaired.present).ok, refusals) == (True, ())
    again, refusals = receive(repaired, [request])
    assert (again, refusals) == (repaired, ())


def test_repair_the_output_for_the_data_set() -> None:
    history, _ = receive(BLANK, [insert("c1", "Flatten"), insert("c2", "Linear")])
    assert check(history.present).output != TensorType((10,))
    repaired, refusals = receive(history, [{"op": "repair", "block": None, "code": "output"}])
    assert (check(repaired.present).output, refusals) == (TensorType((10,)), ())


def test_requests_of_the_canvas_owner() -> None:
    boxes = json.loads((FIXTURES / "outboxes.json").read_text(encoding="utf-8"))
    history = BLANK
    for box in boxes:
        outbox = read_outbox(box)
        assert outbox is not None
        history, _ = receive(history, [message for _, message in outbox.requests])
    first = int(history.present.blocks[0].id.removeprefix("b"))
    assert history.present == TEMPLATES["lenet5"].network(first)


@pytest.mark.parametrize(
    "value",
    [None, 5, "x", [], {}, {"client": "x"}, {"client": 5, "operations": []}, {"operations": []}]
    + [{"client": "x", "operations": other} for other in ("", None, {}, 5)],
    ids=str,
)
def test_no_outbox(value: object) -> None:
    assert read_outbox(value) is None


def test_outbox_is_put_in_order_and_cleaned() -> None:
    value = {
        "client": "x" * 100,
        "has": 5,
        "operations": [
            {"seq": 3, "op": "undo"},
            "undo",
            None,
            {"op": "undo"},
            {"seq": "4", "op": "undo"},
            {"seq": 2, "op": "clear"},
        ],
    }
    assert read_outbox(value) == Outbox(
        "x" * 64, None, ((2, {"seq": 2, "op": "clear"}), (3, {"seq": 3, "op": "undo"})), None
    )


def test_outbox_is_bounded() -> None:
    operations = [{"seq": seq, "op": "undo"} for seq in range(QUEUE_LIMIT + 5)]
    outbox = read_outbox({"client": "x", "operations": operations})
    assert outbox is not None
    assert len(outbox.requests) == QUEUE_LIMIT


@pytest.mark.parametrize("seed", range(20))
def test_garbage_leaves_a_correct_network(seed: int) -> None:
    """Random requests, sensible and not, in any order: the result can be saved and checked."""
    chance = random.Random(seed)
    history, refusals = BLANK, ()
    for _ in range(40):
        message = _anything(chance)
        history, refusals = receive(history, [message])
        assert all(isinstance(refusal, str) and len(refusal) < 300 for refusal in refusals)
    found = ids(history)
    assert len(found) == len(set(found))
    restored = schema.loads(schema.dumps(history.present))
    assert (restored.blocks, restored.input) == (history.present.blocks, history.present.input)
    check(history.present)


OPERATIONS = (
    *("insert", "insert", "insert", "insert", "move", "move", "set", "set", "remove", "duplicate"),
    *("unset", "rename", "bypass", "freeze", "wrap", "add_lane", "remove_lane", "input", "clear"),
    *("undo", "redo", "repair", "template", "nothing", "'"),
)
KINDS = ("Conv2d", "Linear", "Flatten", "Residual", "Branches", "Repeat", "ReLU", "Nope")
VALUES = (0, 1, 3, -1, 2**70, 0.5, True, None, "same", "", [], [3, 3], [0], {"a": 1}, "x" * 999)


def _anything(chance: random.Random) -> dict[str, Any]:
    block = chance.choice([f"c{chance.randrange(8)}", "", "b1", None, 5])
    message: dict[str, Any] = {
        "op": chance.choice(OPERATIONS),
        "id": f"c{chance.randrange(8)}",
        "kind": chance.choice(KINDS),
        "block": block,
        "into": chance.choice([None, None, f"c{chance.randrange(8)}", 5]),
        "lane": chance.choice([0, 0, 0, 1, -1, 99, "0"]),
        "before": chance.choice([None, None, f"c{chance.randrange(8)}"]),
        "name": chance.choice(["out_channels", "kernel_size", "bias", "conv1", "class", None]),
        "value": chance.choice(VALUES),
        "bypassed": chance.choice([True, False, None]),
        "frozen": chance.choice([True, False, None]),
        "shape": chance.choice([[1, 8, 8], [3, 32, 32], [], [0], [-5], [2**40], ["8"], None]),
        "code": chance.choice(["rank", "pinned", "output"]),
        "template": chance.choice(["mlp", "lenet5", "nope"]),
        "data": chance.choice([None, "digits", "nope", 5]),
    }
    for key in chance.sample(list(message), k=chance.randrange(3)):
        del message[key]
    return message
