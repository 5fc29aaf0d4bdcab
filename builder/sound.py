"""What of a network with faults can still be built: all that comes before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from builder.catalogue import CATALOGUE
from builder.check import Report
from builder.document import Block, Network


def sound_parts(report: Report) -> tuple[Network, ...]:
    """Networks without faults that together hold every block before a fault.

    A network without faults is its own only part. A container with a fault inside gives one part
    for each of its lanes: what comes before it, and the lane's own beginning in a Group that has
    the container's id.
    """
    network = report.network
    return tuple(replace(network, blocks=blocks) for blocks in _parts(report, network.blocks))


def _parts(report: Report, lane: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    kept = tuple(takewhile(lambda block: _is_sound(report, block), lane))
    broken = lane[len(kept)] if len(kept) < len(lane) else None
    if broken is None or not _hands_on(broken):
        yield kept
        return
    for inner in broken.lanes:
        for part in _parts(report, inner):
            yield *kept, Block(broken.id, "Group", lanes=(part,))


def _is_sound(report: Report, block: Block) -> bool:
    return report.blocks[block.id].state in ("ok", "bypassed")


def _hands_on(block: Block) -> bool:
    """Whether it is a container whose lanes are given just what it is given itself."""
    lanes = CATALOGUE[block.kind].lanes
    return lanes is not None and lanes.enter is None
