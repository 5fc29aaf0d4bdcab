"""A network becomes an ``nn.Sequential``."""

from __future__ import annotations

from typing import cast

from torch import nn

from builder.check import check
from builder.document import Network
from builder.lower import lower
from builder.make import build

__all__ = ["build", "build_network"]


def build_network(network: Network) -> nn.Sequential:
    """The network as an ``nn.Sequential``; raises Faulty when it has faults."""
    return cast(nn.Sequential, build(lower(check(network))))
