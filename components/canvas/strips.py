"""Strips for the cards of the canvas: what a layer made of a sample, in a few small pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.see import measure
from components.facts import describe, in_short
from components.pictures import Pixels, thin, to_address, to_grey

MAPS = 8
"""Feature maps that a strip shows."""
COLUMNS = 128
"""Numbers of a vector that a strip shows."""
PIXELS = 64_000
"""Pixels, one byte each, that all strips may have together before they are packed."""
LEAST, MOST = 6, 28
"""Pixels that a map is wide and high, at the least and at the most."""
LONGEST = 4
"""How many times as wide as high a map is shown at the most, or as high as wide."""

Values = NDArray[Any]


def draw_strips(outputs: Mapping[str, tuple[str, Values]]) -> dict[str, dict[str, Any]]:
    """A strip for each output by its id, given with its name in words; coarser where many are."""
    side = int(math.sqrt(PIXELS / (MAPS * max(1, len(outputs)))))
    side = min(max(side, LEAST), MOST)
    return {at: draw_strip(name, values, side) for at, (name, values) in outputs.items()}


def draw_strip(name: str, values: Values, side: int = MOST) -> dict[str, Any]:
    """One output as plain data.

    ``source`` is the address of a PNG in which ``tiles`` pictures of the same size lie side by
    side, ``form`` says what they are: ``maps`` (channels), a ``table`` or a ``row``. ``of`` is the
    number of channels, ``alt`` and ``facts`` are for a person to read.
    """
    form, tiles, axes = _tiles(values, side)
    height, width = tiles[0].shape
    most = len(values) if form == "maps" else 1
    facts = measure(values)
    return {
        "form": form,
        "source": to_address(np.concatenate(tiles, axis=1)),
        "tiles": len(tiles),
        "of": most,
        "ratio": round(min(max(width / height, 1 / LONGEST), LONGEST), 3),
        "low": in_short(facts.least),
        "high": in_short(facts.largest),
        "facts": describe(facts),
        "alt": _describe_picture(name, form, len(tiles), most, axes),
    }


def _tiles(values: Values, side: int) -> tuple[str, list[Pixels], tuple[int, ...]]:
    """The form, its pictures, and the axes that one of them shows."""
    match values.ndim:
        case 0 | 1:
            row = values.reshape(1, -1)
            return "row", [thin(to_grey(row[None], False)[0], 1, COLUMNS)], row.shape[1:]
        case 2:
            return "table", [_squeeze(to_grey(values[None], False)[0], side)], values.shape
        case 3:
            maps = values[:MAPS]
        case _:  # of a volume the middle slice, as on the Inspect page
            maps = values[:MAPS, values.shape[1] // 2]
    levels = to_grey(maps, False)
    return "maps", [thin(level, side, side) for level in levels], maps.shape[1:]


def _squeeze(grey: Pixels, side: int) -> Pixels:
    """A table thinned on each axis by itself: its picture fills the strip whatever its form."""
    rows, columns = grey.shape
    down = np.linspace(0, rows - 1, min(rows, side)).astype(int)
    across = np.linspace(0, columns - 1, min(columns, 4 * side)).astype(int)
    return grey[np.ix_(down, across)]


def _describe_picture(name: str, form: str, shown: int, most: int, axes: tuple[int, ...]) -> str:
    """ "8 of 32 feature maps of Conv2d conv1, 28×28"."""
    size = "×".join(map(str, axes))
    match form:
        case "maps":
            count = f"{shown} of {most}" if shown < most else f"{most}"
            return f"{count} feature {'map' if most == 1 else 'maps'} of {name}, {size}"
        case "table":
            return f"{size} numbers of {name}"
    return f"{size} {'number' if axes == (1,) else 'numbers'} of {name}"
