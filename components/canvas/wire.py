"""What the browser may ask for, read with suspicion: plain data in, operations out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builder.document import ALL, Block, Init, TensorType, make_params
from builder.limits import check_init
from builder.operations import (
    AddLane,
    Batch,
    Bypass,
    Clear,
    Duplicate,
    Freeze,
    Insert,
    Move,
    Operation,
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
    parse_param,
    spec_of,
)
from builder.schema import SchemaError, blocks_from


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


@dataclass(frozen=True, slots=True)
class Inspected:
    """The layer whose arithmetic is on show, and the output size that is wanted of it."""

    block: str
    wanted: tuple[int, ...] | None = None


BATCH_LIMIT = 1000
"""How many operations may be done as one."""

Request = Operation | Undo | Redo | ApplyRepair | TakeTemplate


def parse_request(message: Mapping[str, Any]) -> Request:
    """The request that a message from the browser holds; Rejected when it makes no sense."""
    match message:
        case {"op": "batch", "operations": list(parts)}:
            return _batch(message, parts)
        case {"op": "undo"}:
            return Undo()
        case {"op": "redo"}:
            return Redo()
        case {"op": "repair", "code": str(code)}:
            return ApplyRepair(_text_or_none(message, "block"), code)
        case {"op": "template", "template": str(template)}:
            return TakeTemplate(template)
    return _parse_operation(message)


def _batch(message: Mapping[str, Any], parts: list[object]) -> Batch:
    if len(parts) > BATCH_LIMIT:
        raise Rejected(f"At most {BATCH_LIMIT:,} layers can be changed at once.")
    operations = []
    for part in parts:
        if not isinstance(part, dict):
            raise _nonsense(message)
        operations.append(_parse_operation(part))
    return Batch(tuple(operations))


def _parse_operation(message: Mapping[str, Any]) -> Operation:
    match message:
        case {"op": "insert", "kind": str(kind), "id": str(block_id)}:
            params = message.get("params") or {}
            if not isinstance(params, dict):
                raise _nonsense(message)
            values = {
                name: parse_param(spec_of(kind), name, value) for name, value in params.items()
            }
            return Insert(kind, _place(message), make_params(values), block_id)
        case {"op": "paste", "id": str(prefix), "content": content}:
            return Paste(_blocks(content), _place(message), prefix)
        case {"op": "move", "block": str(block)}:
            return Move(block, _place(message))
        case {"op": "remove", "block": str(block)}:
            return Remove(block)
        case {"op": "duplicate", "block": str(block)}:
            return Duplicate(block)
        case {"op": "set", "block": str(block), "name": str(name), "value": value}:
            return SetParam(block, name, value)
        case {"op": "set_all", "block": str(block), "values": dict(values)}:
            return SetParams(block, tuple(values.items()))
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
        case {"op": "freeze", "block": str(block), "frozen": bool(frozen)}:
            return Freeze(block, frozen)
        case {"op": "wrap", "block": str(block), "kind": str(kind)}:
            return Wrap(block, kind, _ids(message), _text_or_none(message, "id"))
        case {"op": "add_lane", "block": str(block)}:
            return AddLane(block)
        case {"op": "remove_lane", "block": str(block), "lane": int(lane)}:
            return RemoveLane(block, lane)
        case {"op": "input", "shape": list(shape)}:
            return SetInput(_input(message, shape), _text_or_none(message, "data"))
        case {"op": "clear"}:
            return Clear()
    raise _nonsense(message)


def parse_inspected(value: Any) -> Inspected | None:
    """The layer that the browser says is looked at, or None when it says none."""
    match value:
        case {"block": str(block)}:
            wanted = value.get("wanted")
            sizes = wanted if isinstance(wanted, list) and 0 < len(wanted) <= 3 else []
            if not sizes or not all(type(n) is int and 0 < n < 2**31 for n in sizes):
                return Inspected(block)
            return Inspected(block, tuple(sizes))
    return None


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


def _ids(message: Mapping[str, Any]) -> tuple[str, ...]:
    more = message.get("more") or []
    if not isinstance(more, list) or not all(isinstance(each, str) for each in more):
        raise _nonsense(message)
    return tuple(more)


def _blocks(content: object) -> tuple[Block, ...]:
    try:
        return blocks_from(content)
    except SchemaError as error:
        raise Rejected(f"Nothing was pasted: {error}") from None


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
