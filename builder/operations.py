"""What can be done to a network: each operation is a value, and ``apply`` makes the new network.

Places are given by anchor (the block that comes next, in a lane of a container), never by index,
so that an operation made on a view that is a moment old still means what the person saw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

from builder import edits
from builder.document import ALL, Block, BlockId, Init, Network, Params, TensorType, Value
from builder.limits import (
    BLOCK_ID,
    RESERVED_NAMES,
    Rejected,
    check_data,
    check_input,
    check_name,
    parse_param,
    spec_of,
)
from builder.tree import END, Place

__all__ = [
    "BLOCK_ID",
    "RESERVED_NAMES",
    "AddLane",
    "Batch",
    "Bypass",
    "Clear",
    "Duplicate",
    "Freeze",
    "Insert",
    "Move",
    "Operation",
    "Paste",
    "Place",
    "Rejected",
    "Remove",
    "RemoveLane",
    "Rename",
    "Replace",
    "SetInit",
    "SetInput",
    "SetParam",
    "SetParams",
    "UnsetParam",
    "Wrap",
    "apply",
    "check_input",
    "check_name",
    "parse_param",
    "spec_of",
]


@dataclass(frozen=True, slots=True)
class Insert:
    """Put a new block of a kind at a place; unset arguments start as the catalogue says."""

    kind: str
    place: Place = END
    params: Params = ()
    id: BlockId | None = None


@dataclass(frozen=True, slots=True)
class Paste:
    """Put blocks from elsewhere at a place, under new ids: ``id``, then -1, -2, …"""

    blocks: tuple[Block, ...]
    place: Place
    id: BlockId


@dataclass(frozen=True, slots=True)
class Move:
    """Take a block, with all it holds, to another place."""

    block: BlockId
    place: Place


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a block out, with all it holds."""

    block: BlockId


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Put a copy right after a block."""

    block: BlockId


@dataclass(frozen=True, slots=True)
class SetParam:
    """Set an argument; for a size that follows from the input this pins it."""

    block: BlockId
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class SetParams:
    """Set several arguments at once, or none where one can't be set."""

    block: BlockId
    values: Params


@dataclass(frozen=True, slots=True)
class UnsetParam:
    """Back to torch's default, or to following the input."""

    block: BlockId
    name: str


@dataclass(frozen=True, slots=True)
class SetInit:
    """Set how the weights of a block begin, or of all layers of a kind; None leaves it to torch."""

    init: Init | None
    block: BlockId | None = None
    kind: str = ALL


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a block a name of its own, or take it away with None."""

    block: BlockId
    name: str | None


@dataclass(frozen=True, slots=True)
class Bypass:
    """Switch a block off (it stays in place) or on again."""

    block: BlockId
    bypassed: bool


@dataclass(frozen=True, slots=True)
class Freeze:
    """Leave a block's parameters out of training, with those of all it holds, or train them."""

    block: BlockId
    frozen: bool


@dataclass(frozen=True, slots=True)
class Wrap:
    """Put a container of a kind around a block, and around ``more`` that follow it."""

    block: BlockId
    kind: str
    more: tuple[BlockId, ...] = ()
    id: BlockId | None = None


@dataclass(frozen=True, slots=True)
class Replace:
    """Make a block another kind, keeping the arguments that both kinds have."""

    block: BlockId
    kind: str


@dataclass(frozen=True, slots=True)
class AddLane:
    """Give a container one more lane."""

    block: BlockId


@dataclass(frozen=True, slots=True)
class RemoveLane:
    """Take a lane from a container, with all it holds."""

    block: BlockId
    lane: int


@dataclass(frozen=True, slots=True)
class SetInput:
    """Choose the type of one sample, and the data set it belongs to (None for a typed shape)."""

    input: TensorType
    data: str | None = None


@dataclass(frozen=True, slots=True)
class Clear:
    """Take all blocks out; the input stays."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Several operations as one: all of them in order, or none where one can't be done."""

    operations: tuple[Operation, ...]


Operation = (
    Insert
    | Paste
    | Move
    | Remove
    | Duplicate
    | SetParam
    | SetParams
    | UnsetParam
    | SetInit
    | Rename
    | Bypass
    | Freeze
    | Wrap
    | Replace
    | AddLane
    | RemoveLane
    | SetInput
    | Clear
    | Batch
)


def apply(network: Network, operation: Operation) -> Network:
    """The network after the operation; the same object when nothing changes.

    Raises Rejected when the operation can't be done on this network.
    """
    match operation:
        case Insert(kind, place, params, block_id):
            return edits.insert(network, kind, place, params, block_id)
        case Paste(blocks, place, prefix):
            return edits.paste(network, blocks, place, prefix)
        case Move(block_id, place):
            return edits.move(network, block_id, place)
        case Remove(block_id):
            return edits.remove(network, block_id)
        case Duplicate(block_id):
            return edits.duplicate(network, block_id)
        case SetParam(block_id, name, value):
            return edits.set_param(network, block_id, name, value)
        case SetParams(block_id, values):
            return edits.set_params(network, block_id, values)
        case UnsetParam(block_id, name):
            return edits.unset_param(network, block_id, name)
        case SetInit(init, block_or_none, kind):
            return edits.set_init(network, block_or_none, kind, init)
        case Rename(block_id, name):
            return edits.rename(network, block_id, name)
        case Bypass(block_id, bypassed):
            return edits.bypass(network, block_id, bypassed)
        case Freeze(block_id, frozen):
            return edits.freeze(network, block_id, frozen)
        case Wrap(block_id, kind, more, wrapper):
            return edits.wrap(network, block_id, kind, more, wrapper)
        case Replace(block_id, kind):
            return edits.replace_kind(network, block_id, kind)
        case AddLane(block_id):
            return edits.add_lane(network, block_id)
        case RemoveLane(block_id, lane):
            return edits.remove_lane(network, block_id, lane)
        case SetInput(given, data):
            changed = replace(network, input=check_input(given), data=check_data(data))
            return network if changed == network else changed
        case Batch(operations):
            changed = reduce(apply, operations, network)
            return network if changed == network else changed
        case Clear():
            return replace(network, blocks=()) if network.blocks else network
