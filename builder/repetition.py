"""How many layers a network has with its repetitions written out, and whether that is too many."""

from __future__ import annotations

from collections.abc import Mapping

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Change, Problem
from builder.document import BLOCK_LIMIT, Block, BlockId, Value


def repetition_problems(stack: tuple[Block, ...]) -> Mapping[BlockId, Problem]:
    """The containers of a stack with which it grows beyond ``BLOCK_LIMIT`` layers, and why."""
    found: dict[BlockId, Problem] = {}
    so_far = 0
    for block in stack:
        if not block.lanes:
            so_far += 1
            continue
        layers = count_layers(block)
        if so_far + layers > BLOCK_LIMIT:
            found[block.id] = _problem(block, layers, BLOCK_LIMIT - so_far)
        else:
            so_far += layers
    return found


def count_layers(block: Block) -> int:
    """How many blocks the block stands for, itself included, each repetition counted."""
    if block.bypassed or not block.lanes:
        return 1
    return 1 + _times(block) * _count_once(block)


def _count_once(block: Block) -> int:
    return sum(count_layers(inner) for lane in block.lanes for inner in lane)


def _times(block: Block) -> int:
    spec = CATALOGUE[block.kind]
    given: dict[str, Value] = dict(block.params)
    for parameter in spec.parameters:
        given.setdefault(parameter.name, parameter.default)  # type: ignore[arg-type]
    return max(spec.lanes.times(given), 1) if spec.lanes else 1


def _problem(block: Block, layers: int, room: int) -> Problem:
    message = (
        f"Written out, its repetitions make {layers:,} layers; a network may have {BLOCK_LIMIT:,} "
        "in all."
    )
    lanes = CATALOGUE[block.kind].lanes
    times = (room - 1) // max(_count_once(block), 1)
    if lanes is None or lanes.repeats is None or times < 1:
        return Problem("too-many-layers", message)
    fix = Change(lanes.repeats, times)
    return Problem("too-many-layers", message, f"Set {lanes.repeats} to {times}", fix)
