"""Finding and changing blocks in the tree: every function makes new tuples, sharing the rest."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace

from builder.document import Block, BlockId, Network, find, walk
from builder.limits import Rejected

Edit = Callable[[Block], tuple[Block, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block goes: before ``before``, or at the end of the lane when that is None."""

    into: BlockId | None = None
    lane: int = 0
    before: BlockId | None = None


END = Place()
"""The end of the network."""


def need(network: Network, block_id: BlockId) -> Block:
    """The block with this id; Rejected when there is none."""
    if (block := find(network, block_id)) is None:
        raise Rejected("That layer is not in the network any more.")
    return block


def _edit_lane(lane: tuple[Block, ...], block_id: BlockId, edit: Edit) -> tuple[Block, ...]:
    """The lane with the block put through ``edit``; the same object when it is not in there."""
    for index, block in enumerate(lane):
        if block.id == block_id:
            return (*lane[:index], *edit(block), *lane[index + 1 :])
        lanes = tuple(_edit_lane(inner, block_id, edit) for inner in block.lanes)
        if any(new is not old for new, old in zip(lanes, block.lanes, strict=True)):
            return (*lane[:index], replace(block, lanes=lanes), *lane[index + 1 :])
    return lane


def edit_block(network: Network, block_id: BlockId, edit: Edit) -> Network:
    """The network with what ``edit`` makes of the block in its place."""
    return replace(network, blocks=_edit_lane(network.blocks, block_id, edit))


def update(network: Network, block_id: BlockId, **changes: object) -> Network:
    """The network with fields of one block changed; the same object when nothing changes."""
    block = need(network, block_id)
    changed = replace(block, **changes)  # type: ignore[arg-type]
    return network if changed == block else edit_block(network, block_id, lambda _: (changed,))


def taken_ids(network: Network) -> set[BlockId]:
    """Every id that is in use."""
    return {block.id for block in walk(network.blocks)}


def mint(next_id: int, taken: set[BlockId]) -> tuple[BlockId, int]:
    """The next free id, and the number to go on with."""
    while f"b{next_id}" in taken:
        next_id += 1
    return f"b{next_id}", next_id + 1


def put(network: Network, place: Place, *blocks: Block) -> Network:
    """The network with the blocks at the place; at the lane's end when its anchor is gone."""
    if place.into is None:
        return replace(network, blocks=_put_in_lane(network.blocks, blocks, place.before))
    container = need(network, place.into)
    if not 0 <= place.lane < len(container.lanes):
        raise Rejected(f"{container.label} has no such lane.")
    lanes = tuple(
        _put_in_lane(lane, blocks, place.before) if index == place.lane else lane
        for index, lane in enumerate(container.lanes)
    )
    return update(network, place.into, lanes=lanes)


def _put_in_lane(
    lane: tuple[Block, ...], blocks: tuple[Block, ...], before: BlockId | None
) -> tuple[Block, ...]:
    """The lane with the blocks in it; a name that is taken there already is lost."""
    ids = [each.id for each in lane]
    index = ids.index(before) if before in ids else len(lane)
    others = {each.name for each in lane}
    named = tuple(replace(each, name=None) if each.name in others else each for each in blocks)
    return (*lane[:index], *named, *lane[index:])


def number(blocks: tuple[Block, ...], prefix: str) -> tuple[Block, ...]:
    """The blocks, and all they hold, with new ids: the prefix, then 1, 2, … in document order."""
    counted = itertools.count(1)

    def renumber(block: Block) -> Block:
        block_id = f"{prefix}-{next(counted)}"
        lanes = tuple(tuple(renumber(inner) for inner in lane) for lane in block.lanes)
        return replace(block, id=block_id, lanes=lanes)

    return tuple(renumber(block) for block in blocks)


def copy_block(block: Block, next_id: int, taken: set[BlockId]) -> tuple[Block, int]:
    """A copy with ids of its own; it loses its name, which its original keeps."""
    block_id, next_id = mint(next_id, taken)
    lanes = []
    for lane in block.lanes:
        copies = []
        for inner in lane:
            copy, next_id = copy_block(inner, next_id, taken)
            copies.append(replace(copy, name=inner.name))
        lanes.append(tuple(copies))
    return replace(block, id=block_id, lanes=tuple(lanes), name=None), next_id


def siblings(blocks: tuple[Block, ...], block_id: BlockId) -> tuple[Block, ...] | None:
    """The lane that the block lies in, or None."""
    if any(block.id == block_id for block in blocks):
        return blocks
    found = (siblings(lane, block_id) for block in blocks for lane in block.lanes)
    return next((lane for lane in found if lane is not None), None)
