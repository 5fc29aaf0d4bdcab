"""What the browser asks for, read with suspicion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from builder.document import Init, TensorType
from builder.operations import (
    AddLane,
    Bypass,
    Clear,
    Duplicate,
    Insert,
    Move,
    Place,
    Rejected,
    Remove,
    RemoveLane,
    Rename,
    SetInit,
    SetInput,
    SetParam,
    UnsetParam,
    Wrap,
)
from components.canvas.wire import ApplyRepair, Redo, TakeTemplate, Undo, parse_request

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
    ({"op": "wrap", "block": "b1", "kind": "Residual"}, Wrap("b1", "Residual")),
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
