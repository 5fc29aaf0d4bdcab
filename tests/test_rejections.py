"""Operations that are refused, and the reasons that a person reads."""

from __future__ import annotations

import pytest
from torch import nn

from builder.document import (
    BLOCK_LIMIT,
    DEPTH_LIMIT,
    Block,
    Network,
    TensorType,
    depth,
)
from builder.operations import (
    AddLane,
    Batch,
    Bypass,
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
    SetInput,
    SetParam,
    SetParams,
    UnsetParam,
    Wrap,
    apply,
    check_name,
)
from tests.trees import GIVEN, TREE, relu, stack

APART = "Only layers that follow one another in one lane can be wrapped together."
BAD_ID = "A layer's id is made of letters, digits, - and _."
GONE = "That layer is not in the network any more."
NO_NAME = "can't be a name: take letters, digits and _, beginning with a letter, as in Python."
BAD_AXIS = "Every axis of the input must have at least 1 position, and fewer than 2³¹."
REJECTED: tuple[tuple[Operation, str], ...] = (
    (Insert("Conv9d"), "There is no layer called 'Conv9d'."),
    (Insert("ReLU", Place("gone")), GONE),
    (Insert("ReLU", Place("g", 1)), "Group has no such lane."),
    (Insert("ReLU", Place("g", -1)), "Group has no such lane."),
    (Insert("ReLU", Place("a")), "ReLU act has no such lane."),
    (Insert("ReLU", id="1"), BAD_ID),
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
    (Freeze("gone", True), GONE),
    (Wrap("gone", "Group"), GONE),
    (Wrap("a", "Tanh"), "Tanh can't hold other layers."),
    (Wrap("a", "Box"), "There is no layer called 'Box'."),
    (Wrap("a", "Group", ("c",)), APART),
    (Wrap("a", "Group", ("gone",)), APART),
    (Wrap("a", "Group", ("a",)), APART),
    (Wrap("a", "Group", (), "!"), BAD_ID),
    (Paste((relu("x"),), Place(), "!"), BAD_ID),
    (Paste((relu("x"),), Place("gone"), "p"), GONE),
    (SetParams("gone", ()), GONE),
    (SetParams("a", (("slope", 1),)), "ReLU has no argument called 'slope'."),
    (Batch((Remove("a"), Remove("gone"))), GONE),
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
