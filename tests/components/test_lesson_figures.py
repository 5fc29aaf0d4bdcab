"""Pictures of numbers: legible, outlined where they should be, no narrower than they can be."""

from __future__ import annotations

import numpy as np
import pytest

from components.lesson_figures import (
    NARROWEST,
    Box,
    Ink,
    beside,
    draw_activation,
    draw_grid,
    stacked,
)

NAN = float("nan")


def test_every_number_stands_in_its_cell() -> None:
    cells, numbers = draw_grid(np.array([[0.0, 0.5], [-1.25, 100.0]]), cell=40).data
    assert numbers.text == ("0", "0.50", "−1.25", "100")
    assert list(zip(numbers.x, numbers.y, strict=True)) == [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert cells.customdata.tolist() == [[0.0, 0.5], [-1.25, 100.0]]


def test_small_cells_hold_no_number() -> None:
    assert len(draw_grid(np.ones((4, 40))).data) == 1


@pytest.mark.parametrize("dark", [False, True])
def test_numbers_can_be_read_on_every_colour(dark: bool) -> None:
    values = np.linspace(-1, 1, 41)[None, :]
    ink = Ink(dark, signed=True)
    numbers = draw_grid(values, ink=ink, cell=30).data[1]
    for shade, colour in zip(ink.shades(values)[0], numbers.textfont.color, strict=True):
        text = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
        light, deep = sorted((_luminance(shade), _luminance(text)), reverse=True)
        assert (light + 0.05) / (deep + 0.05) >= 4.5, shade


def _luminance(colour: np.ndarray) -> float:
    share = np.asarray(colour) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def test_boxes_outline_whole_cells() -> None:
    figure = draw_grid(np.ones((5, 5)), [Box(1, 2, 3, 2), Box(0, 0, faint=True)])
    window, faint = figure.layout.shapes
    assert (window.x0, window.x1, window.y0, window.y1) == (1.5, 3.5, 0.5, 3.5)
    assert (window.line.dash, faint.line.dash) == (None, "dot")


def test_a_narrow_picture_is_as_wide_as_streamlit_draws_it() -> None:
    layout = draw_grid(np.ones((2, 2)), cell=30).layout
    assert layout.width == NARROWEST
    assert layout.width - layout.margin.l - layout.margin.r == 60


def test_channels_stand_beside_or_above_each_other() -> None:
    images = np.array([[[1.0, 2.0]], [[3.0, 4.0]]])
    assert np.array_equal(beside(images), [[1, 2, NAN, 3, 4]], equal_nan=True)
    assert np.array_equal(stacked(images), [[1, 2], [NAN, NAN], [3, 4]], equal_nan=True)


def test_names_stand_at_rows_and_numbers_at_columns() -> None:
    layout = draw_grid(np.ones((2, 2)), names=("one", "two")).layout
    assert layout.yaxis.ticktext == ("one", "two")
    assert layout.xaxis.ticktext == ("1", "2")


def test_the_tangent_goes_through_the_point() -> None:
    x = np.linspace(-6, 6, 13)
    tangent = draw_activation(x, x**2, 2 * x, (1.0, 1.0, 2.0)).data[0]
    assert (list(tangent.x), list(tangent.y)) == ([-0.5, 2.5], [-2.0, 4.0])
