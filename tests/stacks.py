"""Networks for tests, written in a few words, and what the check must find in a wrong one."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from builder.catalogue import CATALOGUE
from builder.check import Report, check
from builder.document import Block, Network, TensorType, Value, make_params
from builder.operations import apply

Fault = tuple[Network, str, str, str, str | None]
"""A wrong network, then block, code, message and repair of its first fault."""

IMAGE = (3, 8, 8)


def layer(
    kind: str, /, *lanes: tuple[Block, ...], name: str | None = None, **values: Value
) -> Block:
    """A block as the palette makes it; its id comes later."""
    return Block("", kind, make_params(CATALOGUE[kind].initial | values), lanes, name)


def network(shape: tuple[int, ...], *blocks: Block, dtype: str = "float32") -> Network:
    """A network with ids from b1, in document order."""
    numbers = count(1)

    def number(block: Block) -> Block:
        block_id = f"b{next(numbers)}"
        return replace(
            block, id=block_id, lanes=tuple(tuple(map(number, lane)) for lane in block.lanes)
        )

    numbered = tuple(map(number, blocks))
    return Network(TensorType(shape, dtype), numbered, next(numbers))


def repaired(faulty: Network, report: Report) -> Network:
    """The network after one click on the first fault's repair."""
    repair = report.issues[0].repair
    assert repair is not None
    for operation in repair.operations:
        faulty = apply(faulty, operation)
    return faulty


def assert_found(fault: Fault) -> None:
    """The check finds the fault; its repair takes it away, though it may leave another one."""
    faulty, block, code, message, label = fault
    report = check(faulty)
    assert not report.ok
    issue = report.issues[0]
    found = (issue.block, issue.code, issue.message, issue.repair and issue.repair.label)
    assert found == (block, code, message, label)
    assert report.blocks[block].state == "fault"
    if label is not None:
        after = check(repaired(faulty, report)).blocks[block].issue
        assert after is None or after.code != code
