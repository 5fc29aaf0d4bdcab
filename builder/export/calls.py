"""Calls as Python source, each argument written as a person would."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Call, Required
from builder.document import TensorType, Value
from builder.export.layout import Node
from builder.infer import Inferred, infer

POSITIONAL = 2
"""How many of the arguments that a class requires are written without their names."""

SEQUENTIAL = "nn.Sequential"
_SPECS = {spec.target: spec for spec in CATALOGUE.values() if spec.lanes or not spec.compose}
_SPECS |= {spec.target: spec for spec in CATALOGUE.values() if spec.target.startswith("nn.")}
"""What is known of the class that a call names; some entries put several calls together."""


def literal(value: Value) -> str:
    """A parsed value as source; ValueError for anything that is no plain, finite value."""
    match value:
        case None | bool() | int():
            return repr(value)
        case float() if math.isfinite(value):
            return repr(value)
        case str():
            return repr(value) if '"' in value or "'" in value else f'"{repr(value)[1:-1]}"'
        case tuple():
            inner = ", ".join(map(literal, value))
            return f"({inner},)" if len(value) == 1 else f"({inner})"
    raise ValueError(f"{value!r} can't be written as source")


def argument(name: str | None, value: Value) -> Node:
    """A value as an argument, by position where the name is None."""
    head = "" if name is None else f"{name}="
    if isinstance(value, tuple) and len(value) > 1:
        return Node(f"{head}(", tuple(Node(literal(item)) for item in value), ")")
    return Node(head + literal(value))


def render(call: Call, given: TensorType, notes: bool = True) -> tuple[Node, TensorType]:
    """The call as source, and the type that leaves it for this input.

    ``notes`` writes the output's shape at the end of each line where the shape changes.
    """
    if call.target == SEQUENTIAL:
        return _render_sequential(call, given, notes)
    if not _has_lanes(call):
        return _render_layer(call), output_of(call, given)
    inner, outputs, items = _entered(call, given), [], []
    for _, child in call.children:
        if child.target != SEQUENTIAL:
            items.append(_render_layer(child))
            continue
        node, output = render(child, inner, notes)
        items.append(node)
        outputs.append(output)
    items += [argument(name, value) for name, value in call.arguments]
    head = f"{call.target.rpartition('.')[2]}("
    return Node(head, tuple(items), ")", exploded=True), _join(call, given, tuple(outputs))


def _render_layer(call: Call) -> Node:
    """A layer as source, with the layers that it is made of."""
    made_of = (_render_layer(child) for _, child in call.children)
    return Node(f"{call.target.removeprefix('parts.')}(", (*made_of, *_arguments(call)), ")")


def _has_lanes(call: Call) -> bool:
    return any(child.target == SEQUENTIAL for _, child in call.children)


def _settings(call: Call) -> dict[str, Any]:
    """A container's arguments, also those that its call has handed on to what it holds."""
    spec = _SPECS[call.target]
    found = {each.name: each.default for each in spec.parameters}
    for _, child in call.children:
        if child.target != SEQUENTIAL:
            found |= {name: value for name, value in child.arguments if name in found}
    return found | dict(call.arguments)


def _entered(call: Call, given: TensorType) -> TensorType:
    """What a container's lanes are given."""
    lanes = _SPECS[call.target].lanes
    assert lanes is not None
    return lanes.given(_settings(call), given)


def output_of(call: Call, given: TensorType) -> TensorType:
    """The type that leaves a call of a network that was checked."""
    if call.target == SEQUENTIAL:
        before: tuple[Call, TensorType] | None = None
        for _, child in call.children:
            if before == (child, given):
                continue
            before = child, given
            given = output_of(child, given)
        return given
    if _has_lanes(call):
        inner = _entered(call, given)
        lanes = (child for _, child in call.children if child.target == SEQUENTIAL)
        return _join(call, given, tuple(output_of(lane, inner) for lane in lanes))
    found = infer(call, given)
    assert isinstance(found, Inferred)
    return found.output


def _join(call: Call, given: TensorType, outputs: tuple[TensorType, ...]) -> TensorType:
    lanes = _SPECS[call.target].lanes
    assert lanes is not None
    joined = lanes.join(_settings(call), given, outputs)
    assert isinstance(joined, TensorType)
    return joined


def _arguments(call: Call) -> Iterator[Node]:
    """The first required arguments by position, all others by name."""
    spec = _SPECS.get(call.target)
    known = spec.parameters if spec and not call.children else ()
    required = [each.name for each in known if isinstance(each.default, Required)]
    by_position = required[:POSITIONAL]
    for name, value in call.arguments:
        yield argument(None if name in by_position else name, value)


def _render_sequential(call: Call, given: TensorType, notes: bool) -> tuple[Node, TensorType]:
    if _repeats(call):
        return _render_repeated(call, given, notes)
    named = any(not name.isdigit() for name, _ in call.children)
    items = []
    for name, child in call.children:
        node, output = render(child, given, notes)
        if named:
            node = Node("(", (Node(_quote(name)), node), ")")
        if notes and output != given and child.target != SEQUENTIAL:
            node = replace(node, comment=str(output))
        items.append(node)
        given = output
    if not named:
        return Node("nn.Sequential(", tuple(items), ")", exploded=bool(items)), given
    pairs = Node("[", tuple(items), "]", exploded=True)
    return Node("nn.Sequential(", (Node("OrderedDict(", (pairs,), ")"),), ")"), given


def _quote(name: str) -> str:
    """A child's name as source; ValueError for what the document should never have let in."""
    if not (name.isidentifier() or name.isdecimal()):
        raise ValueError(f"{name!r} is no name for a module")
    return literal(name)


def _repeats(call: Call) -> bool:
    """Whether all children are one and the same nn.Sequential, at least twice."""
    calls = [child for _, child in call.children]
    return (
        len(calls) > 1
        and calls[0].target == SEQUENTIAL
        and all(name.isdigit() for name, _ in call.children)
        and all(child == calls[0] for child in calls[1:])
    )


def _render_repeated(call: Call, given: TensorType, notes: bool) -> tuple[Node, TensorType]:
    """``*[body for _ in range(n)]``; shapes inside only where every turn has the same ones."""
    body = call.children[0][1]
    output = output_of(call, given)
    steady = output_of(body, given) == given
    node, _ = render(body, given, notes and steady)
    loop = Node(f"for _ in range({len(call.children)})")
    comment = None if output == given or not notes else str(output)
    bodies = Node("*[", (node, loop), "]", separator="", comment=comment)
    return Node("nn.Sequential(", (bodies,), ")", exploded=True), output
