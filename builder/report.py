"""What a check finds: for every block what flows in and out, and the fault on its layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from builder.cost import FREE, Cost
from builder.document import Block, BlockId, Network, TensorType
from builder.operations import Operation

State = Literal["ok", "fault", "waiting", "bypassed"]
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Repair:
    """Operations that one click applies, and the words on the button."""

    label: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Issue:
    """What is wrong, on which block (None: the network as a whole), and what would mend it."""

    block: BlockId | None
    code: str
    message: str
    repair: Repair | None = None


class BlockReport(NamedTuple):
    """What the check found out about one block.

    ``arguments`` has every argument that is known, defaults and followed sizes included;
    ``filled`` has the sizes that follow from the input, also where they are pinned otherwise.
    ``cost`` is that of one sample, a container's with all that it holds, each repetition counted.
    A named tuple, because every check makes one for each block: six times as fast to make.
    """

    block: Block
    state: State
    input: TensorType | None = None
    output: TensorType | None = None
    cost: Cost = FREE
    issue: Issue | None = None
    waits_for: Block | None = None
    arguments: Mapping[str, Any] = NOTHING
    filled: Mapping[str, Any] = NOTHING

    @property
    def parameters(self) -> int:
        """How many numbers the block's parameters are."""
        return self.cost.parameters

    @property
    def trainable(self) -> int:
        """How many of them training changes: none where the block is frozen."""
        return self.cost.trainable

    @property
    def buffers(self) -> int:
        """How many numbers the block keeps that are not learned."""
        return self.cost.buffers

    @property
    def madds(self) -> int:
        """Multiply-adds for one sample."""
        return self.cost.madds

    @property
    def activations(self) -> int:
        """Bytes of the outputs that a training step keeps, for one sample."""
        return self.cost.activations


@dataclass(frozen=True)
class Report:
    """Every block's report by id, in document order, and the totals of the network."""

    network: Network
    blocks: Mapping[BlockId, BlockReport]
    output: TensorType | None
    cost: Cost

    @property
    def parameters(self) -> int:
        """How many numbers the network's parameters are."""
        return self.cost.parameters

    @property
    def trainable(self) -> int:
        """How many of them training changes: those of frozen blocks stay."""
        return self.cost.trainable

    @property
    def buffers(self) -> int:
        """How many numbers the network keeps that are not learned."""
        return self.cost.buffers

    @property
    def madds(self) -> int:
        """Multiply-adds for one sample."""
        return self.cost.madds

    @property
    def activations(self) -> int:
        """Bytes of the outputs that a training step keeps, for one sample."""
        return self.cost.activations

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All faults, in document order."""
        return tuple(each.issue for each in self.blocks.values() if each.issue)

    @property
    def ok(self) -> bool:
        """Whether the network can be built."""
        return not any(each.state == "fault" for each in self.blocks.values())
