"""Operations: what each does, why each is refused, and that no sequence makes a bad network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import pytest
from torch import nn

from builder.catalogue import CATALOGUE
from builder.document import (
    BLOCK_LIMIT,
    DEPTH_LIMIT,
    Block,
    Network,
    TensorType,
    depth,
    find,
    make_params,
    walk,
)
from builder.history import History
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
    Replace,
    SetInput,
    SetParam,
    UnsetParam,
    Wrap,
    apply,
    check_name,
)
from builder.schema import dumps, loads
from tests.random_networks import CONTAINERS, LAYERS, random_input, random_network, random_params

GIVEN = TensorType((1, 8, 8))
EMPTY = Network(GIVEN)


def relu(block_id: str, name: str | None = None) -> Block:
    return Block(block_id, "ReLU", (), (), name)


def stack(*blocks: Block, next_id: int = 10) -> Network:
    return Network(GIVEN, blocks, next_id)


def outline(blocks: Iterable[Block]) -> str:
    """A network on one line: ``a Group[b c] d``; lanes are divided by |."""
    return " ".join(
        f"{block.id}[{'|'.join(outline(lane) for lane in block.lanes)}]"
        if block.lanes
        else block.id
        for block in blocks
    )


def group(block_id: str, *blocks: Block, name: str | None = None) -> Block:
    return Block(block_id, "Group", (), (blocks,), name)


TREE = stack(
    relu("a", "act"),
    group("g", relu("b", "act"), relu("c")),
    Block("f", "Branches", (), ((relu("d"),), ())),
)


def test_insert_mints_an_id_and_takes_initial_values() -> None:
    assert apply(EMPTY, Insert("Conv2d")) == Network(
        GIVEN, (Block("b1", "Conv2d", (("kernel_size", 3), ("out_channels", 16))),), 2
    )


def test_insert_keeps_the_id_and_the_values_it_is_given() -> None:
    params = make_params({"out_channels": 6, "padding": "same", "kernel_size": (3, 5)})
    made = apply(EMPTY, Insert("Conv2d", Place(), params, "c7x"))
    assert made == Network(GIVEN, (Block("c7x", "Conv2d", params),), 1)
    assert apply(made, Insert("Tanh", Place(), (), "c7x")) is made


def test_minted_ids_avoid_those_in_use() -> None:
    taken = Network(GIVEN, (relu("b1"), relu("b2")), 1)
    assert outline(apply(taken, Insert("ReLU")).blocks) == "b1 b2 b3"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(), "a g[b c] f[d|] n"),
        (Place(before="a"), "n a g[b c] f[d|]"),
        (Place(before="g"), "a n g[b c] f[d|]"),
        (Place("g", 0, "c"), "a g[b n c] f[d|]"),
        (Place("g"), "a g[b c n] f[d|]"),
        (Place("f", 1), "a g[b c] f[d|n]"),
        (Place("f", 0, "c"), "a g[b c] f[d n|]"),
        (Place(before="gone"), "a g[b c] f[d|] n"),
    ],
)
def test_insert_places(place: Place, expected: str) -> None:
    assert outline(apply(TREE, Insert("ReLU", place, (), "n")).blocks) == expected


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (Move("a", Place()), "g[b c] f[d|] a"),
        (Move("c", Place("g", 0, "b")), "a g[c b] f[d|]"),
        (Move("b", Place("f", 1)), "a g[c] f[d|b]"),
        (Move("g", Place("f", 0, "d")), "a f[g[b c] d|]"),
        (Move("d", Place(before="a")), "d a g[b c] f[|]"),
        (Move("g", Place(before="b")), "a f[d|] g[b c]"),
    ],
)
def test_move(move: Move, expected: str) -> None:
    assert outline(apply(TREE, move).blocks) == expected


@pytest.mark.parametrize(
    "operation",
    [
        Move("a", Place(before="a")),
        Move("a", Place(before="g")),
        Move("f", Place()),
        Move("c", Place("g")),
        UnsetParam("a", "inplace"),
        UnsetParam("a", "nonsense"),
        Rename("a", "act"),
        Rename("c", None),
        Rename("c", ""),
        Bypass("a", False),
        Replace("a", "ReLU"),
        SetInput(GIVEN),
    ],
)
def test_nothing_to_do_gives_the_same_object(operation: Operation) -> None:
    assert apply(TREE, operation) is TREE


def test_clear() -> None:
    assert apply(TREE, Clear()) == Network(GIVEN, (), 10)
    assert apply(EMPTY, Clear()) is EMPTY


def test_a_name_already_taken_is_lost_on_the_way_into_a_lane() -> None:
    moved = apply(TREE, Move("a", Place("g")))
    assert find(moved, "a") == relu("a")
    assert find(apply(TREE, Move("a", Place("f", 1))), "a") == relu("a", "act")


def test_duplicate_copies_all_it_holds_and_leaves_the_name_to_the_original() -> None:
    named = stack(group("g", relu("b", "act"), name="head"), next_id=3)
    copied = apply(named, Duplicate("g"))
    assert outline(copied.blocks) == "g[b] b3[b4]"
    assert [block.name for block in walk(copied.blocks)] == ["head", "act", None, "act"]
    assert copied.next_id == 5


def test_remove_takes_what_a_container_holds() -> None:
    assert outline(apply(TREE, Remove("g")).blocks) == "a f[d|]"
    assert outline(apply(TREE, Remove("c")).blocks) == "a g[b] f[d|]"


def test_set_and_unset_a_parameter() -> None:
    conv = stack(Block("a", "Conv2d", (("out_channels", 4),)))
    pinned = apply(conv, SetParam("a", "in_channels", 3))
    assert pinned.blocks[0].params == (("in_channels", 3), ("out_channels", 4))
    assert apply(pinned, SetParam("a", "in_channels", 3)) is pinned
    assert apply(pinned, UnsetParam("a", "in_channels")) == conv
    sizes = apply(conv, SetParam("a", "kernel_size", [3, 5]))  # type: ignore[arg-type]
    assert sizes.blocks[0].params == (("kernel_size", (3, 5)), ("out_channels", 4))


def test_rename_and_bypass() -> None:
    assert apply(TREE, Rename("c", "relu2")) != TREE
    assert find(apply(TREE, Rename("c", "relu2")), "c") == relu("c", "relu2")
    assert find(apply(TREE, Rename("a", None)), "a") == relu("a")
    assert find(apply(TREE, Bypass("a", True)), "a") == replace(relu("a", "act"), bypassed=True)


def test_wrap() -> None:
    assert outline(apply(TREE, Wrap("c", "Residual")).blocks) == "a g[b b10[c]] f[d|]"
    assert outline(apply(TREE, Wrap("a", "Branches")).blocks) == "b10[a|] g[b c] f[d|]"
    assert apply(TREE, Wrap("a", "Repeat")).next_id == 11


def test_replace_keeps_what_both_kinds_have() -> None:
    params = make_params({"out_channels": 4, "kernel_size": (3, 5), "bias": False, "padding": 1})
    replaced = apply(stack(Block("a", "Conv2d", params, (), "conv")), Replace("a", "Conv1d"))
    assert replaced.blocks[0] == Block(
        "a",
        "Conv1d",
        make_params({"out_channels": 4, "kernel_size": 3, "bias": False, "padding": 1}),
        (),
        "conv",
    )


def test_lanes() -> None:
    wider = apply(TREE, AddLane("f"))
    assert outline(wider.blocks) == "a g[b c] f[d||]"
    assert outline(apply(wider, RemoveLane("f", 0)).blocks) == "a g[b c] f[|]"


def test_input() -> None:
    digits = apply(TREE, SetInput(TensorType((3, 32, 32)), "digits"))
    assert (digits.input, digits.data) == (TensorType((3, 32, 32)), "digits")
    assert digits.blocks is TREE.blocks


GONE = "That layer is not in the network any more."
NO_NAME = "can't be a name: take letters, digits and _, beginning with a letter, as in Python."
BAD_AXIS = "Every axis of the input must have at least 1 position, and fewer than 2³¹."
REJECTED: tuple[tuple[Operation, str], ...] = (
    (Insert("Conv9d"), "There is no layer called 'Conv9d'."),
    (Insert("ReLU", Place("gone")), GONE),
    (Insert("ReLU", Place("g", 1)), "Group has no such lane."),
    (Insert("ReLU", Place("g", -1)), "Group has no such lane."),
    (Insert("ReLU", Place("a")), "ReLU act has no such lane."),
    (Insert("ReLU", id="1"), "A layer's id is made of letters, digits, - and _."),
    (Insert("ReLU", params=(("slope", 1),)), "ReLU has no argument called 'slope'."),
    (
        Insert("ReLU", params=(("inplace", 1),)),
        "ReLU: inplace: expected true or false, got 1.",
    ),
    (Move("gone", Place()), GONE),
    (Move("a", Place("gone")), GONE),
    (Move("a", Place("f", 2)), "Branches has no such lane."),
    (Move("g", Place("g")), "Group can't go into itself."),
    (Remove("gone"), GONE),
    (Duplicate("gone"), GONE),
    (SetParam("gone", "inplace", True), GONE),
    (SetParam("a", "slope", 1), "ReLU has no argument called 'slope'."),
    (SetParam("a", "inplace", None), "ReLU: inplace: expected true or false, got None."),
    (UnsetParam("gone", "inplace"), GONE),
    (Rename("gone", "x"), GONE),
    (Rename("a", "1st"), f"'1st' {NO_NAME}"),
    (Rename("a", "my layer"), f"'my layer' {NO_NAME}"),
    (Rename("a", "lambda"), f"'lambda' {NO_NAME}"),
    (Rename("a", "x" * 61), f"'{'x' * 60}' {NO_NAME}"),
    (
        Rename("a", "train"),
        "'train' already means something to every torch module: take another.",
    ),
    (
        Rename("a", "_x"),
        "'_x' already means something to every torch module: take another.",
    ),
    (
        Rename("c", "act"),
        "Another layer beside it is called 'act': names in a lane must differ.",
    ),
    (Bypass("gone", True), GONE),
    (Wrap("gone", "Group"), GONE),
    (Wrap("a", "Tanh"), "Tanh can't hold other layers."),
    (Wrap("a", "Box"), "There is no layer called 'Box'."),
    (Replace("gone", "Tanh"), GONE),
    (Replace("a", "Group"), "Only a layer can become another kind of layer."),
    (Replace("g", "ReLU"), "Only a layer can become another kind of layer."),
    (AddLane("gone"), GONE),
    (AddLane("a"), "ReLU can't hold other layers."),
    (AddLane("g"), "Group can't have more than 1 lane."),
    (RemoveLane("gone", 0), GONE),
    (RemoveLane("f", 0), "Branches needs at least 2 lanes."),
    (RemoveLane("f", 2), "Branches has no such lane."),
    (RemoveLane("g", 0), "Group needs at least 1 lane."),
    (SetInput(TensorType(())), "A sample has 1 to 4 axes, but 0 are given."),
    (SetInput(TensorType((1,) * 5)), "A sample has 1 to 4 axes, but 5 are given."),
    (SetInput(TensorType((0,))), BAD_AXIS),
    (SetInput(TensorType((2**31,))), BAD_AXIS),
    (SetInput(TensorType((2.5,))), BAD_AXIS),  # type: ignore[arg-type]
    (SetInput(TensorType((True,))), BAD_AXIS),
    (
        SetInput(TensorType((2**31 - 1,) * 2)),
        "One sample may hold at most 1,000,000,000,000 numbers.",
    ),
    (
        SetInput(TensorType((1,), "float64")),
        "The input's dtype must be float32 or int64, not 'float64'.",
    ),
    (SetInput(GIVEN, "a\0b"), "A data set's id has 1 to 100 printable characters."),
)


@pytest.mark.parametrize(("operation", "message"), REJECTED, ids=lambda value: str(value)[:50])
def test_rejected(operation: Operation, message: str) -> None:
    with pytest.raises(Rejected) as caught:
        apply(TREE, operation)
    assert str(caught.value) == message


def test_branches_have_at_most_eight_lanes() -> None:
    wide = stack(Block("f", "Branches", (), ((),) * 8))
    with pytest.raises(Rejected) as caught:
        apply(wide, AddLane("f"))
    assert str(caught.value) == "Branches can't have more than 8 lanes."


def test_containers_can_not_lie_too_deep() -> None:
    deep = stack(relu("a"))
    for _ in range(DEPTH_LIMIT):
        deep = apply(deep, Wrap("a", "Group"))
    assert depth(deep.blocks) == DEPTH_LIMIT
    beside = apply(deep, Insert("Group", Place(), (), "h"))
    for operation in (Wrap("a", "Group"), Move("b10", Place("h")), Insert("Group", Place("b33"))):
        with pytest.raises(Rejected) as caught:
            apply(beside, operation)
        assert str(caught.value) == "Containers may lie at most 24 deep within one another."


def test_a_network_can_not_grow_too_long() -> None:
    full = Network(GIVEN, tuple(relu(f"b{n}") for n in range(BLOCK_LIMIT)), BLOCK_LIMIT)
    for operation in (Insert("ReLU"), Duplicate("b7"), Wrap("b7", "Group")):
        with pytest.raises(Rejected) as caught:
            apply(full, operation)
        assert str(caught.value) == "A network may hold at most 20,000 layers."


def test_every_attribute_of_a_sequential_is_reserved() -> None:
    for name in dir(nn.Sequential()):
        with pytest.raises(Rejected):
            check_name(name, ())


# Fuzzing: whatever arrives, in whatever order, the network stays one that can be kept.


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
    match rng.randrange(14):
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
            return Bypass(block, rng.random() < 0.5)
        case 11:
            return Wrap(block, kind)
        case 12:
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
    network = random_network(seed, containers=True)
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


IDEMPOTENT = (SetParam, UnsetParam, Rename, Bypass, SetInput, Clear, Move, Replace)


@pytest.mark.parametrize("seed", range(10))
def test_operations_that_arrive_twice_change_nothing_more(seed: int) -> None:
    rng = Random(1000 + seed)
    network = random_network(seed, containers=True)
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
    history = History(random_network(seed, containers=True))
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
