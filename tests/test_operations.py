"""Operations: what each makes of a network."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.document import (
    Block,
    Network,
    TensorType,
    find,
    make_params,
    walk,
)
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
    Remove,
    RemoveLane,
    Rename,
    Replace,
    SetInput,
    SetParam,
    SetParams,
    UnsetParam,
    Wrap,
    apply,
)
from tests.trees import EMPTY, GIVEN, TREE, group, outline, relu, stack


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
        Freeze("g", False),
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


def test_freeze_keeps_all_else() -> None:
    frozen = apply(apply(TREE, Freeze("g", True)), Freeze("c", True))
    assert [block.id for block in walk(frozen.blocks) if block.frozen] == ["g", "c"]
    assert outline(frozen.blocks) == outline(TREE.blocks)
    assert apply(apply(frozen, Freeze("c", False)), Freeze("g", False)) == TREE


@pytest.mark.parametrize("more", [Duplicate("g"), Paste((relu("x"),), Place(), "p")])
def test_what_else_is_done_freezes_and_trains_nothing(more: Operation) -> None:
    frozen = apply(TREE, Batch((Freeze("g", True), more)))
    kept = [block.kind for block in walk(frozen.blocks) if block.frozen]
    assert kept == ["Group", "Group"] if isinstance(more, Duplicate) else ["Group"]


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


def test_wrap_several_that_follow_one_another() -> None:
    wrapped = apply(TREE, Wrap("b", "Residual", ("c",), "w"))
    assert outline(wrapped.blocks) == "a g[w[b c]] f[d|]"
    assert apply(wrapped, Wrap("b", "Residual", ("c",), "w")) is wrapped
    assert outline(apply(TREE, Wrap("a", "Branches", ("g", "f"))).blocks) == "b10[a g[b c] f[d|]|]"


def test_paste_gives_ids_in_document_order_and_drops_names_that_are_taken() -> None:
    blocks = (replace(group("x", relu("y")), name="act"), relu("z"))
    named = apply(TREE, Rename("a", "act"))
    pasted = apply(named, Paste(blocks, Place(before="g"), "p"))
    assert outline(pasted.blocks) == "a p-1[p-2] p-3 g[b c] f[d|]"
    assert [block.name for block in pasted.blocks[:2]] == ["act", None]
    assert apply(pasted, Paste(blocks, Place(), "p")) is pasted
    assert outline(apply(TREE, Paste(blocks, Place("f", 1), "p")).blocks) == (
        "a g[b c] f[d|p-1[p-2] p-3]"
    )
    assert apply(TREE, Paste((), Place(), "p")) is TREE


def test_set_several_arguments_at_once() -> None:
    conv = apply(EMPTY, Insert("Conv2d"))
    changed = apply(conv, SetParams("b1", (("stride", 2), ("padding", [1, 2]))))
    assert dict(changed.blocks[0].params) == {
        "kernel_size": 3,
        "out_channels": 16,
        "padding": (1, 2),
        "stride": 2,
    }
    assert apply(changed, SetParams("b1", (("stride", 2),))) is changed


def test_a_batch_is_all_of_its_operations() -> None:
    moved = Batch((Move("a", Place("f", 1)), Move("b", Place("f", 1))))
    assert outline(apply(TREE, moved).blocks) == "g[c] f[d|a b]"
    assert apply(TREE, Batch((Bypass("a", True), Bypass("a", False)))) is TREE
