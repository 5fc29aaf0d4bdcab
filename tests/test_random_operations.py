"""Whatever arrives, in whatever order, the network stays one that can be kept."""

from __future__ import annotations

from random import Random

import pytest

from builder.catalogue import CATALOGUE
from builder.document import (
    DEPTH_LIMIT,
    Init,
    Network,
    depth,
    find,
    make_params,
    walk,
)
from builder.history import History
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
    Replace,
    SetInit,
    SetInput,
    SetParam,
    SetParams,
    UnsetParam,
    Wrap,
    apply,
)
from builder.schema import dumps, loads
from tests.random_networks import CONTAINERS, LAYERS, random_input, random_network, random_params
from tests.rules import random_init


def assert_valid(network: Network) -> None:
    blocks = list(walk(network.blocks))
    assert len({block.id for block in blocks}) == len(blocks)
    assert depth(network.blocks) <= DEPTH_LIMIT
    for lane in (network.blocks, *(lane for block in blocks for lane in block.lanes)):
        names = [block.name for block in lane if block.name]
        assert len(set(names)) == len(names)
    for block in blocks:
        lanes = CATALOGUE[block.kind].lanes
        least, most = (lanes.minimum, lanes.maximum) if lanes else (0, 0)
        assert least <= len(block.lanes) <= most
        assert block.params == make_params(dict(block.params))
    assert loads(dumps(network)) == network


def random_operation(rng: Random, network: Network, known: list[str]) -> Operation:
    """Any operation on a block that is there, or was, or never has been."""
    ids = [block.id for block in walk(network.blocks)]
    if known and rng.random() < 0.2:
        ids = known
    block = rng.choice(ids) if ids else "b1"
    found = find(network, block)
    kind = rng.choice((*LAYERS, *CONTAINERS, "Nonsense"))
    into = rng.choice((None, None, rng.choice(ids) if ids else "b1"))
    place = Place(into, rng.choice((0, 0, 1, 2, -1)), rng.choice((None, *ids[:9])))
    spec = CATALOGUE[found.kind if found else "ReLU"]
    params = random_params(rng, spec) or (("nonsense", 1),)
    name, value = rng.choice(params)
    minted = rng.choice((None, f"c{rng.randrange(30)}", "b3", "!"))
    match rng.randrange(19):
        case 0 | 1 | 2:
            wanted = random_params(rng, CATALOGUE[kind]) if kind in CATALOGUE else ()
            return Insert(kind, place, wanted, minted)
        case 3 | 4:
            return Move(block, place)
        case 5:
            return Remove(block)
        case 6:
            return Duplicate(block)
        case 7:
            return SetParam(block, name, value)
        case 8:
            return UnsetParam(block, name)
        case 9:
            return Rename(block, rng.choice((None, "", "act", "conv1", "1st", "forward")))
        case 10:
            flag = rng.random() < 0.5
            return rng.choice((Bypass(block, flag), Freeze(block, flag)))
        case 11:
            return Wrap(block, kind)
        case 12:
            return Wrap(block, kind, tuple(rng.sample(ids, min(len(ids), 2))), minted)
        case 13:
            found_blocks = tuple(each for each in (found,) if each)
            return Paste(found_blocks, place, minted or "p")
        case 14:
            return SetParams(block, params)
        case 15:
            return Batch(
                (Move(block, place), Remove(block), Bypass(rng.choice(ids or ["b1"]), True))
            )
        case 16:
            init = rng.choice((None, Init("magic"), random_init(rng)))
            where = rng.choice((None, block))
            return SetInit(init, where, rng.choice(("*", "Linear", "Conv2d", kind)))
        case 17:
            return rng.choice((AddLane(block), RemoveLane(block, rng.randint(-1, 2))))
        case _:
            return rng.choice((Replace(block, kind), SetInput(random_input(rng)), Clear()))


def attempt(network: Network, operation: Operation) -> Network:
    try:
        return apply(network, operation)
    except Rejected as rejected:
        reason = str(rejected)
    assert reason.endswith(".")
    assert reason[0].isupper() or reason[0] == "'"
    return network


@pytest.mark.parametrize("seed", range(30))
def test_random_operations_keep_the_network_valid(seed: int) -> None:
    rng = Random(seed)
    network = random_network(seed, depth=2)
    known: list[str] = []
    late: list[Operation] = []
    for _ in range(60):
        operation = random_operation(rng, network, known)
        if late and rng.random() < 0.3:
            operation = late.pop(rng.randrange(len(late)))  # out of order, or once more
        known.extend(block.id for block in network.blocks)
        before = dumps(network)
        changed = attempt(network, operation)
        assert dumps(network) == before
        assert (changed is network) == (changed == network)
        assert_valid(changed)
        late.append(operation)
        network = changed


IDEMPOTENT = (
    SetParam,
    SetParams,
    Paste,
    SetInit,
    UnsetParam,
    Rename,
    Bypass,
    Freeze,
    SetInput,
    Clear,
    Move,
    Replace,
)


@pytest.mark.parametrize("seed", range(10))
def test_operations_that_arrive_twice_change_nothing_more(seed: int) -> None:
    rng = Random(1000 + seed)
    network = random_network(seed, depth=2)
    for _ in range(60):
        operation = random_operation(rng, network, [])
        once = attempt(network, operation)
        named = isinstance(operation, Insert) and operation.id is not None
        if isinstance(operation, IDEMPOTENT) or named:
            assert attempt(once, operation) is once
        network = once


@pytest.mark.parametrize("seed", range(10))
def test_undo_and_redo_are_exact(seed: int) -> None:
    rng = Random(2000 + seed)
    history = History(random_network(seed, depth=2))
    seen = [history.present]
    for _ in range(40):
        changed = attempt(history.present, random_operation(rng, history.present, []))
        history = history.commit(changed)
        if changed is not seen[-1]:
            seen.append(changed)
    for expected in reversed(seen[:-1]):
        history = history.undo()
        assert history.present is expected
    assert history.undo() is history
    for expected in seen[1:]:
        history = history.redo()
        assert history.present is expected
    assert history.redo() is history
