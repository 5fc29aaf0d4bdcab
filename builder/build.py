"""Calls become modules: the one place, beside the exporter, that interprets a Call."""

from __future__ import annotations

from collections import OrderedDict
from typing import cast

from torch import nn

from builder import parts
from builder.catalogue.spec import Call
from builder.check import check
from builder.document import Network
from builder.lower import lower


def build(call: Call) -> nn.Module:
    """The module that a call makes; its parameters are drawn from torch's global generator."""
    children = [(name, build(child)) for name, child in call.children]
    arguments = dict(call.arguments)
    home, _, name = call.target.rpartition(".")
    make = getattr(parts if home == "parts" else nn, name)
    if call.target == "nn.Sequential":
        return nn.Sequential(OrderedDict(children))
    return cast(nn.Module, make(*(child for _, child in children), **arguments))


def build_network(network: Network) -> nn.Sequential:
    """The network as an ``nn.Sequential``; raises Faulty when it has faults."""
    return cast(nn.Sequential, build(lower(check(network))))
