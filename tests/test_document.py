"""The document: frozen values, walked in order."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from builder.document import Block, Network, TensorType, depth, find, make_params, walk

INNER = Block("b3", "ReLU")
TREE = (
    Block("b1", "Branches", (), ((Block("b2", "Group", (), ((INNER,),)),), (Block("b4", "Tanh"),))),
    Block("b5", "Flatten"),
)


def test_walk_goes_in_document_order() -> None:
    assert [block.id for block in walk(TREE)] == ["b1", "b2", "b3", "b4", "b5"]


def test_find() -> None:
    network = Network(TensorType((4,)), TREE)
    assert find(network, "b3") is INNER
    assert find(network, "b9") is None


def test_depth_counts_containers() -> None:
    assert depth(()) == 0
    assert depth((INNER,)) == 0
    assert depth(TREE) == 2
    assert depth((Block("b1", "Group", (), ((),)),)) == 1


def test_types_are_written_with_the_batch_first() -> None:
    assert str(TensorType((1, 28, 28))) == "N×1×28×28"
    assert TensorType((1, 28, 28)).rank == 3


def test_label_is_the_kind_then_the_name() -> None:
    assert Block("b1", "Conv2d").label == "Conv2d"
    assert Block("b1", "Conv2d", name="conv1").label == "Conv2d conv1"


def test_equal_networks_compare_and_hash_equal() -> None:
    one = Block("b1", "Conv2d", make_params({"out_channels": 4, "kernel_size": 3}))
    other = Block("b1", "Conv2d", make_params({"kernel_size": 3, "out_channels": 4}))
    assert one == other
    assert hash(one) == hash(other)


def test_values_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        INNER.kind = "Tanh"  # type: ignore[misc]
