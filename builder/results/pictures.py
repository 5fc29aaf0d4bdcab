"""Pictures from a person: an uploaded file, or a drawing; needs Pillow, not torch."""

from __future__ import annotations

import warnings
from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from builder.datasets import DataError, arrays

BYTES = 10_000_000
"""The largest file that is read."""
PIXELS = 25_000_000
"""The largest picture that is unpacked."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
INK = 0.1
"""From this brightness on a pixel is drawn on."""
LOOKED_AT = 500
"""Samples from which it is learnt how large the data set's drawings are."""

Picture = NDArray[np.float32]
Shape = tuple[int, ...]


def read_picture(content: bytes, shape: Shape, swapped: bool = False) -> Picture:
    """An image file as a sample of this shape (channels, height, width), its numbers from 0 to 1.

    It is stretched to the size, made grey or colour, and laid on white where it is transparent;
    ``swapped`` exchanges dark and bright. Raises DataError for what can't be read.
    """
    channels, height, width = shape
    if len(content) > BYTES:
        raise DataError(
            f"This file has {len(content) / 1e6:.0f} MB; a picture may have up to "
            f"{BYTES / 1e6:.0f} MB. Make it smaller first."
        )
    picture = _open(content).convert("L" if channels == 1 else "RGB")
    picture = picture.resize((width, height), Image.Resampling.BILINEAR)
    pixels = np.asarray(picture, np.float32).reshape(height, width, -1).transpose(2, 0, 1) / 255
    return np.ascontiguousarray(1 - pixels if swapped else pixels)


def _open(content: bytes) -> Image.Image:
    """The picture upright and without transparency, its size checked before it is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged below
            opened = Image.open(BytesIO(content), formats=FORMATS)
        if opened.width * opened.height > PIXELS:
            raise DataError(
                f"This picture has {opened.width}×{opened.height} pixels; up to "
                f"{PIXELS / 1e6:.0f} million are read. Make it smaller first."
            )
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except Image.DecompressionBombError:
        raise DataError("This picture has far too many pixels. Make it smaller first.") from None
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise DataError(
            f"This can't be read as a picture ({', '.join(FORMATS)}): {error}."
        ) from None
    return Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)


def place_drawing(drawing: NDArray[Any], data_set_id: str, shape: Shape) -> Picture | None:
    """A drawing, bright on dark, as a sample: as large as the data set's own, its mass in the
    middle; None where nothing is drawn.

    MNIST's digits were made so: fitted into 20×20 pixels of 28×28, the centre of mass in the
    middle. Here the box is measured, because other data sets have other ones.
    Shape: height × width from 0 to 1, to channels × height × width.
    """
    cropped = _crop(drawing.astype(np.float32))
    if cropped is None:
        return None
    channels, height, width = shape
    room = ink_box(data_set_id)
    scale = min(room[0] / cropped.shape[0], room[1] / cropped.shape[1])
    size = [max(1, round(side * scale)) for side in cropped.shape]
    image = Image.fromarray((255 * cropped).astype(np.uint8))
    shrunk = image.resize((size[1], size[0]), Image.Resampling.BOX)
    small: Picture = np.asarray(shrunk).astype(np.float32) / np.float32(255)
    made = np.zeros((channels, height, width), np.float32)
    top, left = (_begin(small, axis, side) for axis, side in enumerate((height, width)))
    made[:, top : top + size[0], left : left + size[1]] = small
    return made


def _crop(drawing: Picture) -> Picture | None:
    rows, columns = (np.flatnonzero((drawing > INK).any(axis)) for axis in (1, 0))
    if not len(rows):
        return None
    return drawing[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _begin(small: Picture, axis: int, side: int) -> int:
    """Where the small picture begins, its centre of mass in the middle as far as there is room."""
    mass = small.sum(1 - axis)
    centre = float((mass * (np.arange(len(mass)) + 0.5)).sum() / mass.sum())
    return min(max(round(side / 2 - centre), 0), side - len(mass))


@lru_cache(8)
def ink_box(data_set_id: str) -> tuple[int, int]:
    """Height and width that all but the largest of a data set's drawings keep to."""
    inputs = arrays(data_set_id).inputs
    rows = np.linspace(0, len(inputs) - 1, min(LOOKED_AT, len(inputs))).astype(int)
    drawn = [crop.shape for each in inputs[rows] if (crop := _crop(each.max(0))) is not None]
    sides: NDArray[np.float64] = np.percentile(np.array(drawn or [inputs.shape[2:]]), 95, axis=0)
    return max(1, round(sides[0])), max(1, round(sides[1]))
