"""The network as a document: frozen values that describe a tree of blocks, without torch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

Value = None | bool | int | float | str | tuple["Value", ...]
Params = tuple[tuple[str, "Value"], ...]
BlockId = str

NUMBER_BYTES = {"float32": 4, "int64": 8}
"""How much memory one number takes."""

DEPTH_LIMIT = 24
"""How many containers may lie within one another."""

BLOCK_LIMIT = 20_000
"""How many blocks one network may hold, nested ones counted."""


@dataclass(frozen=True, slots=True)
class TensorType:
    """What flows over a connection: the shape of one sample (no batch axis) and its dtype."""

    shape: tuple[int, ...]
    dtype: str = "float32"

    def __str__(self) -> str:
        return "×".join(["N", *map(str, self.shape)])

    @property
    def rank(self) -> int:
        """Number of axes of one sample."""
        return len(self.shape)

    @property
    def bytes(self) -> int:
        """Memory that one sample takes."""
        return prod(self.shape) * NUMBER_BYTES[self.dtype]


ALL = "*"
"""Stands for every kind of layer where a rule for initial weights is meant for all of them."""


@dataclass(frozen=True, slots=True)
class Init:
    """How weights begin: a function of ``torch.nn.init`` by its name without the underscore.

    ``params`` holds only what was set; ``bias`` is what biases are set to, None leaves torch's.
    """

    method: str
    params: Params = ()
    bias: float | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A layer (no lanes) or a container (one lane or more).

    ``params`` holds only what was set: an absent argument has torch's default, or follows from
    the input where the catalogue says that it does. ``init`` is its own rule for initial weights.
    Training leaves the parameters of a ``frozen`` block, and of all it holds, as they are.
    """

    id: BlockId
    kind: str
    params: Params = ()
    lanes: tuple[tuple[Block, ...], ...] = ()
    name: str | None = None
    bypassed: bool = False
    frozen: bool = False
    init: Init | None = None

    @property
    def label(self) -> str:
        """The kind, then the given name if there is one: ``Conv2d conv1``."""
        return f"{self.kind} {self.name}" if self.name else self.kind


@dataclass(frozen=True, slots=True)
class Network:
    """A stack of blocks, the type of one input sample, and the data set it is meant for.

    ``next_id`` numbers the next block that an operation mints, which keeps operations pure.
    ``inits`` has the rules for initial weights: by ``ALL`` first, then by kinds of layers.
    """

    input: TensorType
    blocks: tuple[Block, ...] = ()
    next_id: int = 1
    data: str | None = None
    inits: tuple[tuple[str, Init], ...] = ()


def make_params(values: dict[str, Value]) -> Params:
    """Parameters in their one canonical order, so that equal networks compare equal."""
    return tuple(sorted(values.items()))


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Every block in document order, each container before what it holds."""
    for block in blocks:
        yield block
        for lane in block.lanes:
            yield from walk(lane)


def find(network: Network, block_id: BlockId) -> Block | None:
    """The block with this id, or None."""
    return next((block for block in walk(network.blocks) if block.id == block_id), None)


def depth(blocks: tuple[Block, ...]) -> int:
    """How many containers the deepest block lies in; 0 for a plain stack."""
    return max((1 + max(map(depth, block.lanes)) for block in blocks if block.lanes), default=0)
