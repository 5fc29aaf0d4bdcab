"""Outputs as strips of small pictures."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from PIL import Image

from components.canvas.strips import MOST, PIXELS, draw_strip, draw_strips
from components.pictures import to_grey


def pixels(strip: dict[str, Any]) -> np.ndarray:
    """The picture that the browser gets."""
    kind, data = strip["source"].split(",")
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def test_the_first_maps_lie_side_by_side_each_with_its_own_grey() -> None:
    maps = np.random.default_rng(0).normal(size=(32, 12, 10))
    strip = draw_strip("Conv2d conv1", maps)
    assert pixels(strip).tolist() == np.concatenate(to_grey(maps[:8], False), axis=1).tolist()
    assert (strip["form"], strip["tiles"], strip["of"], strip["ratio"]) == ("maps", 8, 32, 0.833)
    assert strip["alt"] == "8 of 32 feature maps of Conv2d conv1, 12×10"


def test_few_maps_are_all_there() -> None:
    assert draw_strip("ReLU", np.zeros((1, 2, 2)))["alt"] == "1 feature map of ReLU, 2×2"
    assert draw_strip("ReLU", np.zeros((3, 2, 2)))["alt"] == "3 feature maps of ReLU, 2×2"


def test_of_a_volume_the_middle_slice() -> None:
    volume = np.random.default_rng(0).normal(size=(2, 5, 4, 3))
    expected = np.concatenate(to_grey(volume[:, 2], False), axis=1)
    assert pixels(draw_strip("Conv3d", volume)).tolist() == expected.tolist()


def test_a_vector_is_a_row_with_its_least_and_largest_number() -> None:
    strip = draw_strip("Linear", np.array([-1.0, 0.0, 3.0]))
    assert pixels(strip).tolist() == [[0, 64, 255]]
    assert (strip["low"], strip["high"], strip["alt"]) == ("−1", "3", "3 numbers of Linear")
    assert strip["facts"] == "mean 0.667 · deviation 1.7 · from −1 to 3 · 33% zeros"


def test_a_single_number_is_a_row_too() -> None:
    for one in (np.array(2.0), np.array([2.0])):
        strip = draw_strip("Linear", one)
        assert pixels(strip).tolist() == [[128]]
        assert (strip["low"], strip["high"], strip["alt"]) == ("2", "2", "1 number of Linear")


def test_a_sequence_is_a_table_thinned_on_each_axis() -> None:
    table = np.arange(6.0).reshape(2, 3)
    assert pixels(draw_strip("LSTM", table)).tolist() == [[0, 51, 102], [153, 204, 255]]
    large = draw_strip("LSTM", np.zeros((500, 1000)))
    assert pixels(large).shape == (MOST, 4 * MOST)
    assert large["alt"] == "500×1000 numbers of LSTM"


def test_maps_are_coarser_where_there_are_many_layers() -> None:
    maps = np.random.default_rng(0).normal(size=(64, 32, 32))
    strips = draw_strips({str(at): ("Conv2d", maps) for at in range(50)})
    shapes = {pixels(strip).shape for strip in strips.values()}
    assert shapes == {(12, 96)}
    assert PIXELS >= 50 * 12 * 96
    assert sum(len(strip["source"]) for strip in strips.values()) < 100_000


def test_what_is_no_number_does_not_spoil_the_picture() -> None:
    strip = draw_strip("Linear", np.array([np.nan, 1.0, np.inf]))
    assert pixels(strip).tolist() == [[0, 0, 255]]
    assert (strip["low"], strip["high"]) == ("nan", "nan")
