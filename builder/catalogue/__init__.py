"""The layer catalogue: one entry per layer, from which everything else about it is made."""

from __future__ import annotations

from collections.abc import Mapping

from builder.catalogue import (
    activation,
    attention,
    containers,
    convolution,
    dropout,
    linear,
    normalisation,
    padding,
    pooling,
    recurrent,
    reshape,
)
from builder.catalogue.spec import Spec

_SHELVES = (
    linear,
    convolution,
    pooling,
    normalisation,
    activation,
    dropout,
    padding,
    reshape,
    recurrent,
    attention,
    containers,
)

CATALOGUE: Mapping[str, Spec] = {spec.kind: spec for shelf in _SHELVES for spec in shelf.ENTRIES}
"""Every entry by its kind, in the order of the palette."""


def categories() -> dict[str, list[str]]:
    """The kinds of each category, in the order of the palette."""
    found: dict[str, list[str]] = {}
    for spec in CATALOGUE.values():
        found.setdefault(spec.category, []).append(spec.kind)
    return found
