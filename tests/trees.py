"""A small network of layers within containers, and how to write one on a line."""

from __future__ import annotations

from collections.abc import Iterable

from builder.document import (
    Block,
    Network,
    TensorType,
)

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
