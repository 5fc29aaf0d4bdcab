"""What the browser asks for, read with suspicion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from builder.document import Block, Init, TensorType
from builder.operations import (
    AddLane,
    Batch,
    Bypass,
    Clear,
    Duplicate,
    Freeze,
    Insert,
    Move,
    Paste,
    Place,
    Rejected,
    Remove,
    RemoveLane,
    Rename,
    SetInit,
    SetInput,
    SetParam,
    SetParams,
    UnsetParam,
    Wrap,
)
from components.canvas.wire import (
    ApplyRepair,
    Inspected,
    Redo,
    TakeTemplate,
    Undo,
    parse_inspected,
    parse_request,
)

FIXTURES = Path(__file__).parents[1] / "fixtures" / "canvas"

MEANINGS: list[tuple[dict[str, Any], object]] = [
    (
        {"op": "insert", "id": "c1", "kind": "Conv2d", "into": None, "lane": 0, "before": "b2"},
        Insert("Conv2d", Place(None, 0, "b2"), (), "c1"),
    ),
    (
        {"op": "insert", "id": "c1", "kind": "Linear", "params": {"out_features": 7}},
        Insert("Linear", Place(), (("out_features", 7),), "c1"),
    ),
    (
        {"op": "move", "block": "b1", "into": "b9", "lane": 1, "before": None},
        Move("b1", Place("b9", 1)),
    ),
    ({"op": "remove", "block": "b1"}, Remove("b1")),
    ({"op": "duplicate", "block": "b1"}, Duplicate("b1")),
    ({"op": "set", "block": "b1", "name": "bias", "value": False}, SetParam("b1", "bias", False)),
    ({"op": "unset", "block": "b1", "name": "bias"}, UnsetParam("b1", "bias")),
    ({"op": "rename", "block": "b1", "name": "conv1"}, Rename("b1", "conv1")),
    ({"op": "rename", "block": "b1", "name": None}, Rename("b1", None)),
    ({"op": "bypass", "block": "b1", "bypassed": True}, Bypass("b1", True)),
    ({"op": "freeze", "block": "b1", "frozen": True}, Freeze("b1", True)),
    ({"op": "wrap", "block": "b1", "kind": "Residual"}, Wrap("b1", "Residual")),
    (
        {"op": "wrap", "block": "b1", "kind": "Group", "more": ["b2", "b3"], "id": "c9"},
        Wrap("b1", "Group", ("b2", "b3"), "c9"),
    ),
    (
        {"op": "paste", "id": "c9", "content": [{"id": "x", "kind": "ReLU"}], "before": "b2"},
        Paste((Block("x", "ReLU"),), Place(None, 0, "b2"), "c9"),
    ),
    (
        {
            "op": "paste",
            "id": "c9",
            "content": {
                "stackyard": 1,
                "input": {"shape": [4]},
                "blocks": [{"id": "x", "kind": "Linear", "params": {"out_features": 3}}],
            },
        },
        Paste((Block("x", "Linear", (("out_features", 3),)),), Place(), "c9"),
    ),
    (
        {"op": "set_all", "block": "b1", "values": {"stride": 2, "padding": [1, 1]}},
        SetParams("b1", (("stride", 2), ("padding", [1, 1]))),
    ),
    (
        {"op": "batch", "operations": [{"op": "remove", "block": "b1"}, {"op": "clear"}]},
        Batch((Remove("b1"), Clear())),
    ),
    ({"op": "add_lane", "block": "b1"}, AddLane("b1")),
    ({"op": "remove_lane", "block": "b1", "lane": 1}, RemoveLane("b1", 1)),
    (
        {"op": "input", "shape": [3, 32, 32], "data": None},
        SetInput(TensorType((3, 32, 32)), None),
    ),
    (
        {"op": "input", "shape": [12], "dtype": "int64", "data": "digits"},
        SetInput(TensorType((12,), "int64"), "digits"),
    ),
    (
        {"op": "set_init", "block": "b1", "init": {"method": "normal", "params": {"std": 1}}},
        SetInit(Init("normal", (("std", 1.0),)), "b1"),
    ),
    (
        {"op": "set_init", "kind": "Linear", "init": {"method": "orthogonal", "bias": 0}},
        SetInit(Init("orthogonal", (), 0.0), None, "Linear"),
    ),
    ({"op": "set_init", "init": None}, SetInit(None)),
    ({"op": "clear"}, Clear()),
    ({"op": "undo"}, Undo()),
    ({"op": "redo"}, Redo()),
    ({"op": "repair", "block": "b1", "code": "rank"}, ApplyRepair("b1", "rank")),
    ({"op": "repair", "block": None, "code": "output"}, ApplyRepair(None, "output")),
    ({"op": "template", "template": "lenet5"}, TakeTemplate("lenet5")),
]

NONSENSE: list[dict[str, Any]] = [
    {},
    {"op": None},
    {"op": "drop table"},
    {"op": ["insert"]},
    {"op": "insert"},
    {"op": "insert", "id": 7, "kind": "Conv2d"},
    {"op": "insert", "id": "c1", "kind": "Conv2d", "params": {"weights": 1}},
    {"op": "insert", "id": "c1", "kind": "Conv2d", "params": {"out_channels": "many"}},
    {"op": "insert", "id": "c1", "kind": "Conv2d", "params": [1]},
    {"op": "insert", "id": "c1", "kind": "Conv2d", "lane": "0"},
    {"op": "insert", "id": "c1", "kind": "Conv2d", "lane": True},
    {"op": "insert", "id": "c1", "kind": "Conv2d", "before": 3},
    {"op": "move", "block": None},
    {"op": "set", "block": "b1", "name": "bias"},
    {"op": "rename", "block": "b1", "name": 5},
    {"op": "bypass", "block": "b1", "bypassed": "yes"},
    {"op": "freeze", "block": "b1", "frozen": 1},
    {"op": "freeze", "block": "b1"},
    {"op": "remove_lane", "block": "b1", "lane": "1"},
    {"op": "set_init"},
    {"op": "set_init", "init": "normal"},
    {"op": "set_init", "init": {"method": "magic"}},
    {"op": "set_init", "init": {"method": "normal", "params": [1]}},
    {"op": "set_init", "init": {"method": "normal", "bias": "none"}},
    {"op": "set_init", "init": None, "kind": 5},
    {"op": "set_init", "init": None, "block": 5},
    {"op": "input", "shape": "3x32x32"},
    {"op": "input", "shape": [3, 32.5, 32]},
    {"op": "input", "shape": [True, 8, 8]},
    {"op": "input", "shape": [1, 8, 8], "data": {}},
    {"op": "repair", "block": [], "code": "rank"},
    {"op": "template", "template": 5},
    {"op": "wrap", "block": "b1", "kind": "Group", "more": "b2"},
    {"op": "wrap", "block": "b1", "kind": "Group", "more": [2]},
    {"op": "wrap", "block": "b1", "kind": "Group", "id": 5},
    {"op": "paste", "id": "c1"},
    {"op": "paste", "id": "c1", "content": "Conv2d"},
    {"op": "paste", "id": "c1", "content": [{"kind": "ReLU"}]},
    {"op": "paste", "id": "c1", "content": [{"id": "x", "kind": "eval"}]},
    {"op": "paste", "id": "c1", "content": {"blocks": []}},
    {"op": "paste", "id": "c1", "content": [[[]]]},
    {"op": "set_all", "block": "b1", "values": ["stride"]},
    {"op": "batch"},
    {"op": "batch", "operations": [5]},
    {"op": "batch", "operations": [{"op": "undo"}]},
    {"op": "batch", "operations": [{"op": "batch", "operations": []}]},
    {"op": "batch", "operations": [{"op": "clear"}] * 1001},
]


@pytest.mark.parametrize(("message", "meaning"), MEANINGS, ids=lambda each: str(each)[:40])
def test_parse_request(message: dict[str, Any], meaning: object) -> None:
    assert parse_request(message) == meaning


@pytest.mark.parametrize("message", NONSENSE, ids=str)
def test_refuse_nonsense_in_words(message: dict[str, Any]) -> None:
    with pytest.raises(Rejected) as refusal:
        parse_request(message)
    assert 10 < len(str(refusal.value)) < 200


def test_all_that_the_canvas_sends_is_understood() -> None:
    boxes = json.loads((FIXTURES / "outboxes.json").read_text(encoding="utf-8"))
    messages = [operation for box in boxes for operation in box["operations"]]
    assert len(messages) >= 18
    for message in messages:
        parse_request(message)


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ({"block": "b1"}, Inspected("b1")),
        ({"block": "b1", "wanted": None}, Inspected("b1")),
        ({"block": "b1", "wanted": [8, 8]}, Inspected("b1", (8, 8))),
        *(({"block": "b1", "wanted": wrong}, Inspected("b1")) for wrong in ([], [0], [True], "8")),
        *((wrong, None) for wrong in (None, {}, {"block": 5}, "b1", [])),
    ],
    ids=str,
)
def test_what_is_inspected(value: object, meaning: Inspected | None) -> None:
    assert parse_inspected(value) == meaning
