"""Calls become modules: the one place, beside the exporter, that interprets a Call."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from typing import cast

from torch import nn

from builder import parts
from builder.catalogue.spec import Call


def build(call: Call, device: str | None = None) -> nn.Module:
    """The module that a call makes, on a device (None: torch's own choice).

    Its parameters are drawn from torch's global generator, children first.
    """
    children = [(name, build(child, device)) for name, child in call.children]
    if call.target == "nn.Sequential":
        return nn.Sequential(OrderedDict(children))
    home, _, name = call.target.rpartition(".")
    make = getattr(parts if home == "parts" else nn, name)
    arguments = dict(call.arguments)
    if device is not None and _takes_device(make):
        arguments["device"] = device
    return cast(nn.Module, make(*(child for _, child in children), **arguments))


@cache
def _takes_device(make: Callable[..., object]) -> bool:
    recurrent = isinstance(make, type) and issubclass(make, nn.RNNBase)
    return recurrent or "device" in inspect.signature(make).parameters
