"""Uploaded pictures and drawings become samples of the data set's own form."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from builder.datasets import DataError, arrays
from builder.results import pictures
from builder.results.pictures import ink_box, place_drawing, read_picture


def encode(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def half(mode: str = "L") -> Image.Image:
    """Black on the left, white on the right."""
    levels = np.zeros((20, 40), np.uint8)
    levels[:, 20:] = 255
    return Image.fromarray(levels).convert(mode)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_every_format_is_read_and_resized(kind):
    found = read_picture(encode(half("RGB"), kind), (1, 4, 8))
    assert (found.shape, found.dtype) == ((1, 4, 8), np.float32)
    assert np.allclose(found[0, :, :3], 0, atol=0.05)
    assert np.allclose(found[0, :, 5:], 1, atol=0.05)


def test_colours_and_swapping():
    red = encode(Image.new("RGB", (9, 9), (255, 0, 0)))
    assert read_picture(red, (3, 2, 2))[:, 0, 0].tolist() == [1, 0, 0]
    assert read_picture(red, (3, 2, 2), swapped=True)[:, 0, 0].tolist() == [0, 1, 1]


def test_what_is_transparent_is_white():
    clear = encode(Image.new("RGBA", (9, 9), (0, 0, 0, 0)))
    assert read_picture(clear, (1, 3, 3)).min() == 1


def test_a_photograph_on_its_side_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise
    found = read_picture(encode(half(), "PNG", exif=exif), (1, 8, 8))
    assert np.allclose(found[0, :3], 0, atol=0.05)
    assert np.allclose(found[0, 5:], 1, atol=0.05)


def test_what_cannot_be_read_is_told(monkeypatch):
    for content in (b"", b"hello", encode(half())[:60]):
        with pytest.raises(DataError, match="This can't be read as a picture"):
            read_picture(content, (1, 8, 8))
    with pytest.raises(DataError, match="may have up to 10 MB"):
        read_picture(bytes(10_000_001), (1, 8, 8))
    monkeypatch.setattr(pictures, "PIXELS", 799)
    with pytest.raises(DataError, match="This picture has 40×20 pixels"):
        read_picture(encode(half()), (1, 8, 8))


def test_the_box_of_the_digits():
    assert ink_box("digits") == (8, 7)


def test_a_drawing_is_cut_out_scaled_and_centred():
    drawing = np.zeros((84, 84), np.float32)
    drawing[10:50, 60:70] = 1  # a bar high up on the right
    found = place_drawing(drawing, "digits", (1, 8, 8))
    assert found.shape == (1, 8, 8)
    assert found[0].max(1).tolist() == [1] * 8
    assert found[0].max(0).tolist() == [0, 0, 0, 1, 1, 0, 0, 0]


def test_the_mass_is_in_the_middle(monkeypatch):
    monkeypatch.setattr(pictures, "ink_box", lambda data: (20, 20))
    drawing = np.zeros((84, 84), np.float32)
    drawing[0:40, 0:8] = 1
    drawing[32:40, 0:40] = 1  # an L: its mass is low and on the left
    (found,) = place_drawing(drawing, "any", (1, 28, 28))
    rows, columns = np.indices(found.shape)
    assert abs((rows * found).sum() / found.sum() - 13.5) <= 0.5
    assert abs((columns * found).sum() / found.sum() - 13.5) <= 0.5
    drawn = np.argwhere(found > 0.5)
    assert (np.ptp(drawn, axis=0) + 1).tolist() == [20, 20]


def test_nothing_drawn_is_no_sample():
    assert place_drawing(np.zeros((84, 84), np.float32), "digits", (1, 8, 8)) is None


def test_a_sample_that_is_drawn_again_stays_alike():
    (sample,) = arrays("digits").inputs[0]
    large = sample.repeat(10, axis=0).repeat(10, axis=1)
    (found,) = place_drawing(large, "digits", (1, 8, 8))
    assert np.corrcoef(found.ravel(), sample.ravel())[0, 1] > 0.85
