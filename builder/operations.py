"""What can be done to a network: each operation is a value, and ``apply`` makes the new network.

Places are given by anchor (the block that comes next, in a lane of a container), never by index,
so that an operation made on a view that is a moment old still means what the person saw.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Spec
from builder.document import (
    BLOCK_LIMIT,
    DEPTH_LIMIT,
    Block,
    BlockId,
    Network,
    Params,
    TensorType,
    Value,
    depth,
    find,
    make_params,
    walk,
)

BLOCK_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
NAME_LIMIT = 60
AXIS_LIMIT = 2**31 - 1


class Rejected(ValueError):
    """An operation that can't be done; the message says why, in words for a person."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block goes: before ``before``, or at the end of the lane when that is None."""

    into: BlockId | None = None
    lane: int = 0
    before: BlockId | None = None


@dataclass(frozen=True, slots=True)
class Insert:
    """Put a new block of a kind at a place; unset arguments start as the catalogue says."""

    kind: str
    place: Place = Place()
    params: Params = ()
    id: BlockId | None = None


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
class UnsetParam:
    """Back to torch's default, or to following the input."""

    block: BlockId
    name: str


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
class Wrap:
    """Put a container of a kind around a block."""

    block: BlockId
    kind: str


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


Operation = (
    Insert
    | Move
    | Remove
    | Duplicate
    | SetParam
    | UnsetParam
    | Rename
    | Bypass
    | Wrap
    | Replace
    | AddLane
    | RemoveLane
    | SetInput
    | Clear
)


def apply(network: Network, operation: Operation) -> Network:
    """The network after the operation; the same object when nothing changes.

    Raises Rejected when the operation can't be done on this network.
    """
    match operation:
        case Insert(kind, place, params, block_id):
            return _insert(network, kind, place, params, block_id)
        case Move(block_id, place):
            return _move(network, block_id, place)
        case Remove(block_id):
            _need(network, block_id)
            return _edit(network, block_id, lambda block: ())
        case Duplicate(block_id):
            block = _need(network, block_id)
            copy, next_id = _copy(block, network.next_id, _taken(network))
            grown = _edit(network, block_id, lambda block: (block, copy))
            return _bounded(replace(grown, next_id=next_id))
        case SetParam(block_id, name, value):
            return _set(network, block_id, name, value)
        case UnsetParam(block_id, name):
            kept = {k: v for k, v in _need(network, block_id).params if k != name}
            return _update(network, block_id, params=make_params(kept))
        case Rename(block_id, name):
            return _rename(network, block_id, name)
        case Bypass(block_id, bypassed):
            return _update(network, block_id, bypassed=bypassed)
        case Wrap(block_id, kind):
            return _wrap(network, block_id, kind)
        case Replace(block_id, kind):
            return _replace_kind(network, block_id, kind)
        case AddLane(block_id):
            return _add_lane(network, block_id)
        case RemoveLane(block_id, lane):
            return _remove_lane(network, block_id, lane)
        case SetInput(given, data):
            changed = replace(network, input=check_input(given), data=data)
            return network if changed == network else changed
        case Clear():
            return replace(network, blocks=()) if network.blocks else network


def spec_of(kind: str) -> Spec:
    """The catalogue entry of a kind; Rejected when there is none."""
    if (spec := CATALOGUE.get(kind)) is None:
        raise Rejected(f"There is no layer called {str(kind)[:60]!r}.")
    return spec


def parse_param(spec: Spec, name: str, value: object) -> Value:
    """A value in its canonical form; Rejected when the kind has no such argument or value."""
    if (parameter := spec.parameter(name)) is None:
        raise Rejected(f"{spec.kind} has no argument called {str(name)[:60]!r}.")
    try:
        return parameter.kind.parse(value)
    except ValueError as error:
        raise Rejected(f"{spec.kind}: {name}: {error}.") from None


def check_input(given: TensorType) -> TensorType:
    """The same type when it can be a sample's; Rejected otherwise."""
    if not 1 <= given.rank <= 4:
        raise Rejected(f"A sample has 1 to 4 axes, but {given.rank} are given.")
    if any(not 1 <= size <= AXIS_LIMIT for size in given.shape):
        raise Rejected("Every axis of the input must have at least 1 position, and fewer than 2³¹.")
    if given.dtype not in ("float32", "int64"):
        raise Rejected(f"The input's dtype must be float32 or int64, not {given.dtype!r}.")
    return given


def check_name(name: str, siblings: tuple[Block, ...], block_id: BlockId) -> None:
    """Names become attributes of an nn.Sequential: Rejected when this one can't be."""
    if not name.isidentifier() or keyword.iskeyword(name) or len(name) > NAME_LIMIT:
        raise Rejected(
            f"{name[:NAME_LIMIT]!r} can't be a name: take letters, digits and _, beginning with a "
            "letter, as in Python."
        )
    if name in RESERVED_NAMES or name.startswith("_"):
        raise Rejected(f"{name!r} already means something to every torch module: take another.")
    if any(block.name == name and block.id != block_id for block in siblings):
        raise Rejected(f"There is a {name!r} beside it already: names in a stack must differ.")


def _need(network: Network, block_id: BlockId) -> Block:
    if (block := find(network, block_id)) is None:
        raise Rejected("That layer is not in the network any more.")
    return block


Edit = Callable[[Block], tuple[Block, ...]]


def _edit_lane(lane: tuple[Block, ...], block_id: BlockId, edit: Edit) -> tuple[Block, ...]:
    """The lane with the block put through ``edit``; the same object when it is not in there."""
    for index, block in enumerate(lane):
        if block.id == block_id:
            return (*lane[:index], *edit(block), *lane[index + 1 :])
        lanes = tuple(_edit_lane(inner, block_id, edit) for inner in block.lanes)
        if any(new is not old for new, old in zip(lanes, block.lanes, strict=True)):
            return (*lane[:index], replace(block, lanes=lanes), *lane[index + 1 :])
    return lane


def _edit(network: Network, block_id: BlockId, edit: Edit) -> Network:
    return replace(network, blocks=_edit_lane(network.blocks, block_id, edit))


def _update(network: Network, block_id: BlockId, **changes: object) -> Network:
    block = _need(network, block_id)
    changed = replace(block, **changes)  # type: ignore[arg-type]
    return network if changed == block else _edit(network, block_id, lambda _: (changed,))


def _bounded(network: Network) -> Network:
    if sum(1 for _ in walk(network.blocks)) > BLOCK_LIMIT:
        raise Rejected(f"A network may hold at most {BLOCK_LIMIT:,} layers.")
    if depth(network.blocks) > DEPTH_LIMIT:
        raise Rejected(f"Containers may lie at most {DEPTH_LIMIT} deep within one another.")
    return network


def _taken(network: Network) -> set[BlockId]:
    return {block.id for block in walk(network.blocks)}


def _mint(next_id: int, taken: set[BlockId]) -> tuple[BlockId, int]:
    while f"b{next_id}" in taken:
        next_id += 1
    return f"b{next_id}", next_id + 1


def _insert(
    network: Network, kind: str, place: Place, params: Params, block_id: BlockId | None
) -> Network:
    spec = spec_of(kind)
    taken = _taken(network)
    next_id = network.next_id
    if block_id is None:
        block_id, next_id = _mint(next_id, taken)
    elif not BLOCK_ID.fullmatch(block_id):
        raise Rejected("A layer's id is made of letters, digits, - and _.")
    elif block_id in taken:
        return network  # the same operation, come twice
    values = spec.initial | {name: parse_param(spec, name, value) for name, value in params}
    lanes = ((),) * (spec.lanes.minimum if spec.lanes else 0)
    block = Block(block_id, kind, make_params(values), lanes)
    return _bounded(replace(_put(network, block, place), next_id=next_id))


def _put(network: Network, block: Block, place: Place) -> Network:
    """The network with the block at the place; at the lane's end when its anchor is gone."""
    if place.into is None:
        return replace(network, blocks=_put_in_lane(network.blocks, block, place.before))
    container = _need(network, place.into)
    if not 0 <= place.lane < len(container.lanes):
        raise Rejected(f"{container.label} has no such lane.")
    lanes = tuple(
        _put_in_lane(lane, block, place.before) if index == place.lane else lane
        for index, lane in enumerate(container.lanes)
    )
    return _update(network, place.into, lanes=lanes)


def _put_in_lane(
    lane: tuple[Block, ...], block: Block, before: BlockId | None
) -> tuple[Block, ...]:
    ids = [each.id for each in lane]
    index = ids.index(before) if before in ids else len(lane)
    others = {each.name for each in lane}
    named = replace(block, name=None) if block.name in others else block
    return (*lane[:index], named, *lane[index:])


def _move(network: Network, block_id: BlockId, place: Place) -> Network:
    block = _need(network, block_id)
    within = {inner.id for inner in walk((block,))}
    if place.into in within:
        raise Rejected(f"{block.label} can't go into itself.")
    if place.before == block_id:
        return network
    if place.into is not None:
        _need(network, place.into)
    without = _edit(network, block_id, lambda _: ())
    moved = _put(without, block, place)
    return network if moved == network else _bounded(moved)


def _copy(block: Block, next_id: int, taken: set[BlockId]) -> tuple[Block, int]:
    """A copy with ids of its own; it loses its name, which its original keeps."""
    block_id, next_id = _mint(next_id, taken)
    lanes = []
    for lane in block.lanes:
        copies = []
        for inner in lane:
            copy, next_id = _copy(inner, next_id, taken)
            copies.append(replace(copy, name=inner.name))
        lanes.append(tuple(copies))
    return replace(block, id=block_id, lanes=tuple(lanes), name=None), next_id


def _set(network: Network, block_id: BlockId, name: str, value: Value) -> Network:
    block = _need(network, block_id)
    parsed = parse_param(spec_of(block.kind), name, value)
    return _update(network, block_id, params=make_params(dict(block.params) | {name: parsed}))


def _siblings(blocks: tuple[Block, ...], block_id: BlockId) -> tuple[Block, ...] | None:
    if any(block.id == block_id for block in blocks):
        return blocks
    found = (_siblings(lane, block_id) for block in blocks for lane in block.lanes)
    return next((lane for lane in found if lane is not None), None)


def _rename(network: Network, block_id: BlockId, name: str | None) -> Network:
    _need(network, block_id)
    if name:
        check_name(name, _siblings(network.blocks, block_id) or (), block_id)
    return _update(network, block_id, name=name or None)


def _container(kind: str) -> Spec:
    if (spec := spec_of(kind)).lanes is None:
        raise Rejected(f"{kind} can't hold other layers.")
    return spec


def _wrap(network: Network, block_id: BlockId, kind: str) -> Network:
    spec = _container(kind)
    block = _need(network, block_id)
    new_id, next_id = _mint(network.next_id, _taken(network))
    assert spec.lanes is not None
    lanes = ((block,), *((),) * (spec.lanes.minimum - 1))
    around = Block(new_id, kind, make_params(spec.initial), lanes)
    wrapped = _edit(network, block_id, lambda _: (around,))
    return _bounded(replace(wrapped, next_id=next_id))


def _replace_kind(network: Network, block_id: BlockId, kind: str) -> Network:
    spec, block = spec_of(kind), _need(network, block_id)
    if block.lanes or spec.lanes:
        raise Rejected("Only a layer can become another kind of layer.")
    values = spec.initial
    for name, value in block.params:
        try:
            values[name] = parse_param(spec, name, value)
        except Rejected:
            continue  # the other kind has no such argument, or takes other values
    return _update(network, block_id, kind=kind, params=make_params(values))


def _add_lane(network: Network, block_id: BlockId) -> Network:
    block = _need(network, block_id)
    limits = _container(block.kind).lanes
    assert limits is not None
    if len(block.lanes) >= limits.maximum:
        raise Rejected(f"{block.label} can't have more than {limits.maximum} lanes.")
    return _update(network, block_id, lanes=(*block.lanes, ()))


def _remove_lane(network: Network, block_id: BlockId, lane: int) -> Network:
    block = _need(network, block_id)
    limits = _container(block.kind).lanes
    assert limits is not None
    if not 0 <= lane < len(block.lanes):
        raise Rejected(f"{block.label} has no such lane.")
    if len(block.lanes) <= limits.minimum:
        raise Rejected(f"{block.label} needs at least {limits.minimum} lanes.")
    return _update(network, block_id, lanes=block.lanes[:lane] + block.lanes[lane + 1 :])


RESERVED_NAMES = frozenset(
    """
    T_destination add_module append apply bfloat16 buffers call_super_init children compile cpu
    cuda double dump_patches eval extend extra_repr float forward get_buffer get_extra_state
    get_parameter get_submodule half insert ipu load_state_dict modules mtia named_buffers
    named_children named_modules named_parameters parameters pop register_backward_hook
    register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook
    register_load_state_dict_pre_hook register_module register_parameter
    register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state
    set_submodule share_memory state_dict to to_empty train training type xpu zero_grad
    """.split()
)
"""What every nn.Sequential already has: torch refuses a child of such a name."""
