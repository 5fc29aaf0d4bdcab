"""A network becomes an ``nn.Sequential`` with the initial weights that it asks for."""

from __future__ import annotations

from itertools import chain
from typing import cast

from torch import nn

from builder.check import Report, check
from builder.document import Network
from builder.initial_weights import initialise, plan
from builder.lower import lower
from builder.make import build
from builder.places import frozen_paths

__all__ = ["build", "build_checked", "build_network"]


def build_network(network: Network) -> nn.Sequential:
    """The network as an ``nn.Sequential``; raises Faulty when it has faults."""
    return build_checked(check(network))


def build_checked(report: Report) -> nn.Sequential:
    """The same for a network that was checked already.

    Its weights are drawn from torch's global generator: first those of the modules as torch draws
    them, then those that the network's own rules ask for. Frozen blocks draw theirs as well.
    """
    model = cast(nn.Sequential, build(lower(report)))
    initialise(model, plan(report))
    for path in chain(*frozen_paths(report)):
        model.get_submodule(path).requires_grad_(False)
    return model
