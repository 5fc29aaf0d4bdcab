"""What each operation does to the network, in the words of the tree."""

from __future__ import annotations

from dataclasses import replace

from builder.catalogue.spec import Spec
from builder.document import Block, BlockId, Init, Network, Params, Value, make_params, walk
from builder.limits import (
    BLOCK_ID,
    PREFIX,
    Rejected,
    check_bounds,
    check_init,
    check_init_kind,
    check_name,
    order_inits,
    parse_param,
    spec_of,
)
from builder.tree import (
    Place,
    copy_block,
    edit_block,
    mint,
    need,
    number,
    put,
    siblings,
    taken_ids,
    update,
)

BAD_ID = "A layer's id is made of letters, digits, - and _."


def _claim(network: Network, wanted: BlockId | None) -> tuple[BlockId, int] | None:
    """A new block's id, and the number for the next one; None when the block is there already.

    The browser gives ids (``wanted``) so that it can draw the block before the answer comes; the
    same operation may then come twice.
    """
    taken = taken_ids(network)
    if wanted is None:
        return mint(network.next_id, taken)
    if not BLOCK_ID.fullmatch(wanted):
        raise Rejected(BAD_ID)
    return None if wanted in taken else (wanted, network.next_id)


def insert(
    network: Network, kind: str, place: Place, params: Params, block_id: BlockId | None
) -> Network:
    """The network with a new block of the kind; the same one when that id is there already."""
    spec = spec_of(kind)
    if (claimed := _claim(network, block_id)) is None:
        return network
    own_id, next_id = claimed
    values = spec.initial | {name: parse_param(spec, name, value) for name, value in params}
    lanes = ((),) * (spec.lanes.minimum if spec.lanes else 0)
    block = Block(own_id, kind, make_params(values), lanes)
    return check_bounds(replace(put(network, place, block), next_id=next_id))


def move(network: Network, block_id: BlockId, place: Place) -> Network:
    """The network with the block, and all it holds, at another place."""
    block = need(network, block_id)
    within = {inner.id for inner in walk((block,))}
    if place.into in within:
        raise Rejected(f"{block.label} can't go into itself.")
    if place.before == block_id:
        return network
    if place.into is not None:
        need(network, place.into)
    without = edit_block(network, block_id, lambda _: ())
    moved = put(without, place, block)
    return network if moved == network else check_bounds(moved)


def paste(network: Network, blocks: tuple[Block, ...], place: Place, prefix: str) -> Network:
    """The network with the blocks at the place, under new ids that begin with the prefix.

    The same network when they are there already: the same operation, come twice.
    """
    if not PREFIX.fullmatch(prefix):
        raise Rejected(BAD_ID)
    new = number(blocks, prefix)
    if taken_ids(network).intersection(block.id for block in walk(new)):
        return network
    return check_bounds(put(network, place, *new)) if new else network


def remove(network: Network, block_id: BlockId) -> Network:
    """The network without the block and all it holds."""
    need(network, block_id)
    return edit_block(network, block_id, lambda block: ())


def duplicate(network: Network, block_id: BlockId) -> Network:
    """The network with a copy right after the block."""
    block = need(network, block_id)
    copy, next_id = copy_block(block, network.next_id, taken_ids(network))
    grown = edit_block(network, block_id, lambda block: (block, copy))
    return check_bounds(replace(grown, next_id=next_id))


def set_param(network: Network, block_id: BlockId, name: str, value: Value) -> Network:
    """The network with the argument set to the value, in its canonical form."""
    block = need(network, block_id)
    parsed = parse_param(spec_of(block.kind), name, value)
    return update(network, block_id, params=make_params(dict(block.params) | {name: parsed}))


def set_params(network: Network, block_id: BlockId, values: Params) -> Network:
    """The network with all these arguments set; none of them where one can't be."""
    block = need(network, block_id)
    spec = spec_of(block.kind)
    parsed = {name: parse_param(spec, name, value) for name, value in values}
    return update(network, block_id, params=make_params(dict(block.params) | parsed))


def unset_param(network: Network, block_id: BlockId, name: str) -> Network:
    """The network with the argument absent again: torch's default, or what follows."""
    kept = {k: v for k, v in need(network, block_id).params if k != name}
    return update(network, block_id, params=make_params(kept))


def set_init(network: Network, block_id: BlockId | None, kind: str, init: Init | None) -> Network:
    """The network with the rule for a block's initial weights, or a kind's; None takes it away."""
    parsed = check_init(init) if init else None
    if block_id is not None:
        return update(network, block_id, init=parsed)
    rules = {name: rule for name, rule in network.inits if name != kind}
    if parsed:
        rules[check_init_kind(kind)] = parsed
    inits = order_inits(rules)
    return network if inits == network.inits else replace(network, inits=inits)


def bypass(network: Network, block_id: BlockId, bypassed: bool) -> Network:
    """The network with the block switched off, or on."""
    return update(network, block_id, bypassed=bypassed)


def freeze(network: Network, block_id: BlockId, frozen: bool) -> Network:
    """The network with the block's parameters left out of training, or in it again.

    A block that holds none may be frozen too: that changes nothing until it holds some.
    """
    return update(network, block_id, frozen=frozen)


def rename(network: Network, block_id: BlockId, name: str | None) -> Network:
    """The network with the block under this name, or under none."""
    need(network, block_id)
    if name:
        beside = siblings(network.blocks, block_id) or ()
        check_name(name, {each.name for each in beside if each.name and each.id != block_id})
    return update(network, block_id, name=name or None)


def _container_spec(kind: str) -> Spec:
    if (spec := spec_of(kind)).lanes is None:
        raise Rejected(f"{kind} can't hold other layers.")
    return spec


def wrap(
    network: Network,
    block_id: BlockId,
    kind: str,
    more: tuple[BlockId, ...] = (),
    wrapper: BlockId | None = None,
) -> Network:
    """The network with a new container around the block, and around ``more`` that follow it.

    ``wrapper`` is the container's id; the same network when that id is there already.
    """
    spec = _container_spec(kind)
    if (claimed := _claim(network, wrapper)) is None:
        return network
    own_id, next_id = claimed
    run = _run(network, (block_id, *more))
    assert spec.lanes is not None
    lanes = (run, *((),) * (spec.lanes.minimum - 1))
    around = Block(own_id, kind, make_params(spec.initial), lanes)
    wrapped = network
    for inner in more:
        wrapped = edit_block(wrapped, inner, lambda _: ())
    wrapped = edit_block(wrapped, block_id, lambda _: (around,))
    return check_bounds(replace(wrapped, next_id=next_id))


def _run(network: Network, ids: tuple[BlockId, ...]) -> tuple[Block, ...]:
    """The blocks of these ids; Rejected unless they follow one another in one lane."""
    need(network, ids[0])
    lane = siblings(network.blocks, ids[0]) or ()
    start = next(index for index, block in enumerate(lane) if block.id == ids[0])
    run = lane[start : start + len(ids)]
    if tuple(block.id for block in run) != ids:
        raise Rejected("Only layers that follow one another in one lane can be wrapped together.")
    return run


def replace_kind(network: Network, block_id: BlockId, kind: str) -> Network:
    """The network with the block turned into another kind, keeping what fits."""
    spec, block = spec_of(kind), need(network, block_id)
    if block.lanes or spec.lanes:
        raise Rejected("Only a layer can become another kind of layer.")
    values = spec.initial
    for name, value in block.params:
        try:
            values[name] = parse_param(spec, name, value)
        except Rejected:
            continue  # the other kind has no such argument, or takes other values
    return update(network, block_id, kind=kind, params=make_params(values))


def add_lane(network: Network, block_id: BlockId) -> Network:
    """The network with one more lane in the container."""
    block = need(network, block_id)
    limits = _container_spec(block.kind).lanes
    assert limits is not None
    if len(block.lanes) >= limits.maximum:
        raise Rejected(f"{block.label} can't have more than {_lanes(limits.maximum)}.")
    return update(network, block_id, lanes=(*block.lanes, ()))


def _lanes(count: int) -> str:
    return "1 lane" if count == 1 else f"{count} lanes"


def remove_lane(network: Network, block_id: BlockId, lane: int) -> Network:
    """The network without that lane of the container."""
    block = need(network, block_id)
    limits = _container_spec(block.kind).lanes
    assert limits is not None
    if not 0 <= lane < len(block.lanes):
        raise Rejected(f"{block.label} has no such lane.")
    if len(block.lanes) <= limits.minimum:
        raise Rejected(f"{block.label} needs at least {_lanes(limits.minimum)}.")
    return update(network, block_id, lanes=block.lanes[:lane] + block.lanes[lane + 1 :])
