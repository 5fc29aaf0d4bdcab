"""What a layer or a network costs: numbers to learn, arithmetic, and memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Cost(NamedTuple):
    """The cost of one sample's way through a block, or through a whole network.

    ``parameters`` and ``buffers`` count numbers, ``frozen`` those of the parameters that training
    leaves as they are.
    ``madds`` counts the multiply-adds of matrix products, convolutions and attention, as torch's
    own flop counter does at two flops for each; adding a bias, activations, pooling and
    normalisation count as nothing. ``activations`` are the bytes of the outputs that a training
    step keeps for one sample: times the batch size they are a batch's. ``weights`` are the bytes
    of parameters and buffers.
    """

    parameters: int = 0
    buffers: int = 0
    madds: int = 0
    activations: int = 0
    weights: int = 0
    frozen: int = 0

    @property
    def trainable(self) -> int:
        """How many numbers training changes."""
        return self.parameters - self.frozen

    def times(self, turns: int) -> Cost:
        """The cost of so many turns that are all alike."""
        return Cost(*(turns * number for number in self))

    def freeze(self) -> Cost:
        """The cost of the same with all parameters frozen."""
        return self._replace(frozen=self.parameters)


FREE = Cost()


def total(costs: Iterable[Cost]) -> Cost:
    """The sum of costs, number by number."""
    return Cost(*map(sum, zip(FREE, *costs, strict=True)))
