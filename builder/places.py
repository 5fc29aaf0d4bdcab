"""Where the module of each block is in the built network, by the paths of ``named_modules``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Call, Lanes
from builder.check import Report
from builder.document import Block, BlockId
from builder.lower import name_children

_BODY = "a lane's body"


@dataclass(frozen=True, slots=True)
class Inside:
    """One container around a block: which lane of it, and which turn of a Repeat, from 0."""

    container: BlockId
    lane: int
    turn: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A block, the path of its module, and the containers around it from the outermost on."""

    block: Block
    path: str
    inside: tuple[Inside, ...] = ()


def locate(report: Report, turns: Mapping[BlockId, int] | None = None) -> Iterator[Spot]:
    """The spots of a network without faults, in document order; bypassed blocks have none.

    A block within a Repeat has one for each turn. With ``turns`` it has one alone: that of the
    turn given there for the container, or of the first.
    """
    return _locate_lane(report, report.network.blocks, "", (), turns)


def frozen_paths(report: Report) -> tuple[tuple[str, ...], ...]:
    """The paths of each frozen block that holds parameters, one for each turn of a Repeat.

    Those within another frozen block are left out.
    """
    if not report.cost.frozen:
        return ()
    paths: dict[BlockId, list[str]] = {}
    for spot in locate(report):
        around = (report.blocks[each.container].block for each in spot.inside)
        held = report.blocks[spot.block.id].parameters
        if spot.block.frozen and held and not any(each.frozen for each in around):
            paths.setdefault(spot.block.id, []).append(spot.path)
    return tuple(map(tuple, paths.values()))


def _locate_lane(
    report: Report,
    lane: tuple[Block, ...],
    path: str,
    inside: tuple[Inside, ...],
    turns: Mapping[BlockId, int] | None,
) -> Iterator[Spot]:
    for name, block in name_children(lane):
        own = _join(path, name)
        yield Spot(block, own, inside)
        if (lanes := CATALOGUE[block.kind].lanes) is None:
            continue
        arguments = report.blocks[block.id].arguments
        times = lanes.times(arguments)
        bodies = _bodies(lanes, arguments, len(block.lanes), times)
        wanted = range(times) if turns is None else (min(turns.get(block.id, 0), times - 1),)
        for number, inner in enumerate(block.lanes):
            for turn in wanted:
                body = _join(own, bodies[number * times + turn])
                around = (*inside, Inside(block.id, number, turn))
                yield from _locate_lane(report, inner, body, around, turns)


def _bodies(lanes: Lanes, arguments: Mapping[str, Any], count: int, times: int) -> dict[int, str]:
    """The path of each body within the container's module: the entry arranges marked ones."""
    marked = tuple(Call(_BODY, (("number", at),)) for at in range(count * times))
    return dict(_find(lanes.arrange(arguments, marked), ""))


def _find(call: Call, path: str) -> Iterator[tuple[int, str]]:
    if call.target == _BODY:
        yield int(dict(call.arguments)["number"]), path  # type: ignore[arg-type]
    for name, child in _modules(call):
        yield from _find(child, _join(path, name))


def _modules(call: Call) -> tuple[tuple[str, Call], ...]:
    """A call's children by the names of their modules."""
    if call.target == "parts.Branches":  # it keeps them in a list of its own
        return tuple((f"branches.{name}", child) for name, child in call.children)
    return call.children


def _join(path: str, name: str) -> str:
    return ".".join(filter(None, (path, name)))
