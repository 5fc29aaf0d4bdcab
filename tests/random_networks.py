"""Random networks from a seed, valid and invalid, made from the catalogue alone.

A new catalogue entry takes part without a line here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from math import prod
from random import Random

from builder.catalogue import CATALOGUE
from builder.catalogue.kinds import Factors, Flag, Integer, Number, OneOf, Shape, Sizes
from builder.catalogue.spec import Parameter, Required, Spec
from builder.check import check
from builder.document import Block, Network, TensorType, Value, make_params

LAYERS = tuple(kind for kind, spec in CATALOGUE.items() if spec.lanes is None)
CONTAINERS = tuple(kind for kind, spec in CATALOGUE.items() if spec.lanes is not None)
SMALL = (1, 1, 2, 2, 3, 3, 4, 5, 6, 8)
NUMBERS_LIMIT = 20_000
"""Values in one sample, so that a real forward pass stays quick."""


def random_network(seed: int, depth: int = 0) -> Network:
    """A network of up to nine blocks, more within containers that lie ``depth`` deep at most.

    Many fit together, many do not.
    """
    rng = Random(seed)
    given = random_input(rng)
    maker = _Maker(rng, care=rng.choice((0.0, 0.8, 1.0, 1.0)), cold=Random(f"frozen {seed}"))
    blocks = maker.stack(given, rng.randint(1, 9 if depth < 3 else 4), depth)
    return Network(given, blocks, next(maker.numbers))


def random_input(rng: Random) -> TensorType:
    """The type of one sample: a row, a sequence, an image or a volume; seldom whole numbers."""
    rank = rng.choice((1, 1, 2, 3, 3, 3, 3, 4))
    first = rng.choice((1, 2, 3, 4, 6, 8))
    rest = (rng.choice((1, 2, 4, 5, 7, 8, 12)) for _ in range(rank - 1))
    dtype = "int64" if rng.random() < 0.04 else "float32"
    return TensorType((first, *rest), dtype)


def random_value(rng: Random, parameter: Parameter) -> Value:
    """A value that the parameter's kind can parse; seldom one outside its limits."""
    kind = parameter.kind
    if getattr(kind, "nullable", False) and rng.random() < 0.2:
        return None
    match kind:
        case Flag():
            return rng.random() < 0.5
        case OneOf():
            return rng.choice(kind.options)
        case Number():
            return float(rng.choice((0.0, 1e-5, 0.01, 0.1, 0.5, 0.9, 1.0, 2.0, -0.5)))
        case Integer():
            return _whole(rng, kind.minimum)
        case Sizes():
            if kind.words and rng.random() < 0.3:
                return rng.choice(kind.words)
            if rng.random() < 0.6:
                return _whole(rng, kind.minimum)
            holes = kind.holes and rng.random() < 0.5
            sizes = [_whole(rng, kind.minimum) for _ in range(kind.axes)]
            return (None, *sizes[1:]) if holes else tuple(sizes)
        case Shape():
            sizes = [rng.choice(SMALL) for _ in range(rng.randint(1, 3))]
            if kind.wild and rng.random() < 0.7:
                sizes[rng.randrange(len(sizes))] = -1
            return tuple(sizes)
        case Factors():
            return rng.choice((2.0, 0.5, 1.5, (2.0,), (1.0, 2.0), (0.5, 2.0, 1.0), 0.0))


def _whole(rng: Random, minimum: int | None) -> int:
    if minimum is None:
        return rng.choice((-5, -2, -1, -1, 0, 1, 1, 1, 2, 3))
    if rng.random() < 0.03:
        return minimum - rng.choice((1, 2))
    return rng.choice((minimum, minimum, *SMALL)) if minimum else rng.choice((0, 0, *SMALL[:8]))


def random_params(rng: Random, spec: Spec) -> tuple[tuple[str, Value], ...]:
    """Some arguments set at random, most left as a fresh layer has them."""
    values = dict(spec.initial)
    for parameter in spec.parameters:
        likely = 0.05 if parameter.follows else 0.25
        if isinstance(parameter.default, Required) and not parameter.follows:
            likely = 0.8
        if rng.random() < likely:
            values[parameter.name] = random_value(rng, parameter)
        elif parameter.name in values and rng.random() < 0.02:
            del values[parameter.name]
    return make_params(values)


class _Maker:
    """Grows one network; ``care`` is how often a block that does not fit is drawn again.

    ``cold`` draws which blocks are frozen: by itself, as that changes nothing else.
    """

    def __init__(self, rng: Random, care: float, cold: Random) -> None:
        self.rng = rng
        self.care = care
        self.cold = cold
        self.numbers = count(1)

    def stack(self, given: TensorType, length: int, depth: int) -> tuple[Block, ...]:
        blocks: list[Block] = []
        flowing: TensorType | None = given
        for _ in range(length):
            block, flowing = self.fitting(flowing, depth)
            blocks.append(block)
        return tuple(self.named(blocks))

    def fitting(self, given: TensorType | None, depth: int) -> tuple[Block, TensorType | None]:
        """A block, preferably one that takes the input, and what comes out of it."""
        careful = self.rng.random() < self.care
        for _ in range(12):
            block = self.block(given, depth)
            if given is None:
                return block, None
            output = check(Network(given, (block,))).output
            if output is not None and prod(output.shape) > NUMBERS_LIMIT:
                continue
            if output is not None or not careful:
                return block, output
        return self.make("ReLU", ()), given

    def block(self, given: TensorType | None, depth: int) -> Block:
        if depth == 0 or self.rng.random() < 0.6:
            kind = self.rng.choice(LAYERS)
            return self.make(kind, random_params(self.rng, CATALOGUE[kind]))
        kind = self.rng.choice(CONTAINERS)
        lanes = CATALOGUE[kind].lanes
        assert lanes is not None
        amount = self.rng.randint(lanes.minimum, min(lanes.maximum, lanes.minimum + 1))
        inside = given or TensorType((4,))
        filled = tuple(
            self.stack(inside, self.rng.choice((0, 1, 1, 2, 3)), depth - 1) for _ in range(amount)
        )
        return replace(self.make(kind, random_params(self.rng, CATALOGUE[kind])), lanes=filled)

    def make(self, kind: str, params: tuple[tuple[str, Value], ...]) -> Block:
        flags = (self.rng.random() < 0.05, self.cold.random() < 0.3)
        return Block(f"b{next(self.numbers)}", kind, params, (), None, *flags)

    def named(self, blocks: list[Block]) -> Iterator[Block]:
        for index, block in enumerate(blocks):
            yield replace(block, name=f"layer_{index}") if self.rng.random() < 0.2 else block
