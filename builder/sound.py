"""What of a network with faults can still be built: all that comes before them."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from builder.catalogue import CATALOGUE
from builder.check import Report
from builder.document import Block, Network, make_params


def sound_part(report: Report) -> Network:
    """The network without what has a fault and what waits for it.

    A network without faults is its own sound part. A container with a fault inside gives way to
    one of the same id with the beginnings of its lanes, each ended by a Flatten of its own, so
    that whatever they give can be joined.
    """
    if report.ok:
        return report.network
    return replace(report.network, blocks=_begin(report, report.network.blocks))


def _begin(report: Report, lane: tuple[Block, ...]) -> tuple[Block, ...]:
    kept = tuple(takewhile(lambda block: _is_sound(report, block), lane))
    broken = lane[len(kept)] if len(kept) < len(lane) else None
    return kept if broken is None or not _hands_on(broken) else (*kept, _open(report, broken))


def _is_sound(report: Report, block: Block) -> bool:
    return report.blocks[block.id].state in ("ok", "bypassed")


def _hands_on(block: Block) -> bool:
    """Whether it is a container whose lanes are given just what it is given itself."""
    lanes = CATALOGUE[block.kind].lanes
    return lanes is not None and lanes.enter is None


def _open(report: Report, broken: Block) -> Block:
    lanes = tuple(
        (*_begin(report, lane), Block(f"{broken.id}-{at}", "Flatten"))
        for at, lane in enumerate(broken.lanes)
    )
    if len(lanes) == 1:
        return Block(broken.id, "Group", lanes=lanes)
    return Block(broken.id, "Branches", make_params({"join": "concatenate"}), lanes)
