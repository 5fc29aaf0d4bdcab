"""Random rules for initial weights."""

from __future__ import annotations

from random import Random

from builder.document import ALL, Init, Network, walk
from builder.initialisers import INITIALISERS
from builder.operations import SetInit, apply

KINDS = (ALL, "Linear", "Conv2d", "LSTM", "MultiheadAttention", "BatchNorm1d", "Embedding")


def random_init(rng: Random) -> Init:
    """A rule that is allowed, some of its arguments set."""
    entry = INITIALISERS[rng.choice(list(INITIALISERS))]
    values = {}
    for parameter in entry.parameters:
        if rng.random() < 0.4:
            options = getattr(parameter.kind, "options", None)
            values[parameter.name] = rng.choice(options or (0.0, 0.5, 1.0))
    if entry.name == "uniform":
        values |= {"a": -0.5, "b": rng.choice((0.0, 0.5))}
    return Init(entry.name, tuple(values.items()), rng.choice((None, 0.0, 0.25)))


def with_rules(network: Network, seed: int) -> Network:
    """The network with some rules for kinds and for single blocks."""
    rng = Random(seed)
    for kind in KINDS:
        if rng.random() < 0.3:
            network = apply(network, SetInit(random_init(rng), kind=kind))
    for block in walk(network.blocks):
        if rng.random() < 0.4:
            network = apply(network, SetInit(random_init(rng), block.id))
    return network
