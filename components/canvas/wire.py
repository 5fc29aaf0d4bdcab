"""What the browser may ask for, read with suspicion: plain data in, operations out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builder.document import ALL, Init, TensorType, make_params
from builder.limits import check_init
from builder.operations import (
    AddLane,
    Bypass,
    Clear,
    Duplicate,
    Insert,
    Move,
    Operation,
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
    parse_param,
    spec_of,
)


@dataclass(frozen=True, slots=True)
class Undo:
    """Go one step back."""


@dataclass(frozen=True, slots=True)
class Redo:
    """Go one undone step forward."""


@dataclass(frozen=True, slots=True)
class ApplyRepair:
    """Apply the repair that the fault of this code on this block (None: the network) offers."""

    block: str | None
    code: str


@dataclass(frozen=True, slots=True)
class TakeTemplate:
    """Replace the network by a template."""

    template: str


Request = Operation | Undo | Redo | ApplyRepair | TakeTemplate


def parse_request(message: Mapping[str, Any]) -> Request:
    """The request that a message from the browser holds; Rejected when it makes no sense."""
    match message:
        case {"op": "insert", "kind": str(kind), "id": str(block_id)}:
            params = message.get("params") or {}
            if not isinstance(params, dict):
                raise _nonsense(message)
            values = {
                name: parse_param(spec_of(kind), name, value) for name, value in params.items()
            }
            return Insert(kind, _place(message), make_params(values), block_id)
        case {"op": "move", "block": str(block)}:
            return Move(block, _place(message))
        case {"op": "remove", "block": str(block)}:
            return Remove(block)
        case {"op": "duplicate", "block": str(block)}:
            return Duplicate(block)
        case {"op": "set", "block": str(block), "name": str(name), "value": value}:
            return SetParam(block, name, value)
        case {"op": "unset", "block": str(block), "name": str(name)}:
            return UnsetParam(block, name)
        case {"op": "set_init", "init": init}:
            block_id, kind = _text_or_none(message, "block"), message.get("kind", ALL)
            if not isinstance(kind, str):
                raise _nonsense(message)
            return SetInit(_init(message, init), block_id, kind)
        case {"op": "rename", "block": str(block), "name": str() | None as name}:
            return Rename(block, name)
        case {"op": "bypass", "block": str(block), "bypassed": bool(bypassed)}:
            return Bypass(block, bypassed)
        case {"op": "wrap", "block": str(block), "kind": str(kind)}:
            return Wrap(block, kind)
        case {"op": "add_lane", "block": str(block)}:
            return AddLane(block)
        case {"op": "remove_lane", "block": str(block), "lane": int(lane)}:
            return RemoveLane(block, lane)
        case {"op": "input", "shape": list(shape)}:
            return SetInput(_input(message, shape), _text_or_none(message, "data"))
        case {"op": "clear"}:
            return Clear()
        case {"op": "undo"}:
            return Undo()
        case {"op": "redo"}:
            return Redo()
        case {"op": "repair", "code": str(code)}:
            return ApplyRepair(_text_or_none(message, "block"), code)
        case {"op": "template", "template": str(template)}:
            return TakeTemplate(template)
    raise _nonsense(message)


def _nonsense(message: Mapping[str, Any]) -> Rejected:
    return Rejected(f"That was not understood ({str(message.get('op'))[:30]}): reload the page.")


def _text_or_none(message: Mapping[str, Any], name: str) -> str | None:
    value = message.get(name)
    if value is None or isinstance(value, str):
        return value
    raise _nonsense(message)


def _init(message: Mapping[str, Any], init: object) -> Init | None:
    match init:
        case None:
            return None
        case {"method": str(method)}:
            params = init.get("params") or {}
            if isinstance(params, dict):
                found = Init(method, tuple(params.items()), init.get("bias"))
                return check_init(found)
    raise _nonsense(message)


def _place(message: Mapping[str, Any]) -> Place:
    lane = message.get("lane", 0)
    if not isinstance(lane, int) or isinstance(lane, bool):
        raise _nonsense(message)
    return Place(_text_or_none(message, "into"), lane, _text_or_none(message, "before"))


def _input(message: Mapping[str, Any], shape: list[object]) -> TensorType:
    sizes = tuple(size for size in shape if isinstance(size, int) and not isinstance(size, bool))
    if len(sizes) != len(shape):
        raise Rejected("A shape is made of whole numbers, such as 3×32×32.")
    return TensorType(sizes, _text_or_none(message, "dtype") or "float32")
