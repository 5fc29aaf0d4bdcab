"""Numbers as grey pictures and as figures."""

from __future__ import annotations

import numpy as np

from components.pictures import FRAME, TILE, draw_maps, draw_sample, draw_table, to_grey
from components.value_figures import (
    POINTS,
    draw_classes,
    draw_histograms,
    draw_lines,
    draw_vector,
)


def test_each_map_has_its_own_scale_or_all_share_one() -> None:
    maps = np.array([[[0.0, 1.0]], [[2.0, 4.0]]])
    assert to_grey(maps, shared=False).tolist() == [[[0, 255]], [[0, 255]]]
    assert to_grey(maps, shared=True).tolist() == [[[0, 64]], [[128, 255]]]


def test_a_map_of_one_number_is_grey_and_one_of_zeros_black() -> None:
    assert to_grey(np.array([[[3.0, 3.0]], [[0.0, 0.0]]]), False).tolist() == [
        [[128, 128]],
        [[0, 0]],
    ]


def test_what_is_no_number_does_not_spoil_the_picture() -> None:
    assert to_grey(np.array([[[np.nan, 1.0, np.inf]]]), False).tolist() == [[[0, 0, 255]]]


def test_maps_lie_side_by_side_with_nothing_between_them() -> None:
    sheet = draw_maps(np.zeros((3, 8, 8)), columns=2)
    assert sheet.shape == (2 * TILE + 6, 2 * TILE + 6, 4)
    assert (sheet[1 : TILE + 1, 1 : TILE + 1, 3] == 255).all()
    assert tuple(sheet[0, 0]) == FRAME
    assert not sheet[TILE + 2 : TILE + 4].any()
    assert not sheet[TILE + 4 :, TILE + 2 :].any()  # the fourth place is empty


def test_large_maps_are_thinned() -> None:
    assert draw_maps(np.zeros((1, 500, 250))).shape == (74, 38, 4)
    assert draw_table(np.zeros((3000, 3000))).shape == (260, 260)


def test_samples_are_grey_or_coloured() -> None:
    grey = draw_sample(np.full((1, 4, 4), 0.5))
    assert grey.shape == (120, 120, 3)
    assert (grey == 127).all()
    assert draw_sample(np.eye(3)[:, :, None])[0, 0].tolist() == [255, 0, 0]


def test_few_numbers_are_bars_and_many_a_line_that_keeps_its_extremes() -> None:
    assert draw_vector(np.arange(10.0)).data[0].type == "bar"
    many = np.zeros(100_000)
    many[54_321] = 7
    line = draw_vector(many).data[0]
    assert line.type == "scatter"
    assert len(line.y) <= POINTS
    assert max(line.y) == 7


def test_rows_are_lines_with_their_numbers() -> None:
    assert [line.name for line in draw_lines(np.zeros((3, 5))).data] == ["0", "1", "2"]


def test_the_true_class_has_a_colour_of_its_own() -> None:
    colours = draw_classes(np.array([1.0, 2.0, 3.0]), ("a", "b", "c"), 1).data[0].marker.color
    assert colours[0] == colours[2] != colours[1]


def test_histograms_share_their_bins_and_leave_out_what_is_no_number() -> None:
    figure = draw_histograms({"one": np.array([0.0, np.nan]), "two": np.array([1.0, 1.0, 0.0])})
    one, two = figure.data
    np.testing.assert_array_equal(one.x, two.x)
    assert sum(one.y) == sum(two.y) == 1
    assert not draw_histograms({"none": np.array([np.nan])}).data
