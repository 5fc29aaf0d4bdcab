"""Numbers as small grey pictures: arrays in, pixels out."""

from __future__ import annotations

import base64
import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
COLUMNS = 8
TILE = 72
"""Pixels that a map is wide and high, roughly: whole multiples of its own, or less where larger."""
FRAME = (128, 128, 128, 110)
"""The line around a map, so that a white one has edges on white and a black one on black."""
WIDE, HIGH = 640, 260
"""How large the picture of a single table of numbers may become."""


def draw_maps(maps: NDArray[Any], shared: bool = False, columns: int = COLUMNS) -> Pixels:
    """Feature maps of count × height × width side by side, row by row, as RGBA.

    The least number is black and the largest white: of each map by itself, or of all of them when
    ``shared``. What lies between the maps is transparent.
    """
    tiles = [_fit(tile, TILE, TILE) for tile in to_grey(maps, shared)]
    height, width = tiles[0].shape
    columns = min(columns, len(tiles))
    rows, gap = math.ceil(len(tiles) / columns), max(2, TILE // 18)
    size = (rows * (height + gap) - gap + 2, columns * (width + gap) - gap + 2)
    sheet = np.zeros((*size, 4), np.uint8)
    for at, tile in enumerate(tiles):
        row, column = divmod(at, columns)
        y, x = row * (height + gap) + 1, column * (width + gap) + 1
        sheet[y - 1 : y + height + 1, x - 1 : x + width + 1] = FRAME
        sheet[y : y + height, x : x + width, :3] = tile[..., None]
        sheet[y : y + height, x : x + width, 3] = 255
    return sheet


def draw_table(numbers: NDArray[Any]) -> Pixels:
    """A table of rows × columns as one grey picture, the least number black, the largest white."""
    return _fit(to_grey(numbers[None], False)[0], HIGH, WIDE)


def draw_sample(picture: NDArray[Any], size: int = 120) -> Pixels:
    """A sample of channels × height × width, its numbers from 0 to 1, in grey or in colours."""
    levels = (255 * np.clip(np.nan_to_num(picture), 0, 1)).astype(np.uint8)
    colours = [_fit(channel, size, size) for channel in levels[:3]]
    return np.stack(colours if len(colours) == 3 else colours[:1] * 3, axis=-1)


def to_grey(maps: NDArray[Any], shared: bool) -> Pixels:
    """Grey levels 0 to 255; a map of one number alone is middle grey, unless all of it is 0."""
    finite = np.nan_to_num(np.asarray(maps, np.float64), nan=0.0, posinf=1e30, neginf=-1e30)
    axes = tuple(range(finite.ndim)) if shared else tuple(range(1, finite.ndim))
    least, most = finite.min(axes, keepdims=True), finite.max(axes, keepdims=True)
    span = most - least
    levels = (finite - least) / np.where(span > 0, span, 1)
    flat = np.where(most == 0, 0.0, 0.5)
    return np.asarray(np.round(255 * np.where(span > 0, levels, flat)), dtype=np.uint8)


def _fit(grey: Pixels, high: int, wide: int) -> Pixels:
    """The picture in whole multiples as large as fits, or thinned evenly where it is larger."""
    height, width = grey.shape
    factor = min(high // height, wide // width)
    if factor >= 1:
        return grey.repeat(factor, axis=0).repeat(factor, axis=1)
    return thin(grey, high, wide)


def thin(grey: Pixels, high: int, wide: int) -> Pixels:
    """The picture, evenly thinned to its own form where it is larger than this."""
    height, width = grey.shape
    scale = min(high / height, wide / width, 1)
    rows = np.linspace(0, height - 1, max(1, round(height * scale))).astype(int)
    columns = np.linspace(0, width - 1, max(1, round(width * scale))).astype(int)
    return grey[np.ix_(rows, columns)]


def to_address(grey: Pixels) -> str:
    """A picture as the address of a PNG that holds it.

    So a page asks for no file, which would be gone once the page has drawn something else.
    """
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
