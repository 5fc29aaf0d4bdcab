"""What the figures show of the data they are given."""

from __future__ import annotations

import numpy as np
import pytest

from builder.datasets import DATA_SETS, arrays, preview
from builder.document import TensorType
from components.data_card import describe_input, describe_targets
from components.figures import draw_confusion, draw_curve, draw_samples, draw_scatter


def test_the_confusion_matrix_shows_counts_coloured_by_the_rows_share() -> None:
    (heatmap,) = draw_confusion(((3, 1), (0, 0)), ("cat", "dog")).data
    assert heatmap.text.tolist() == [[3, 1], [0, 0]]
    assert heatmap.z.tolist() == [[0.75, 0.25], [0.0, 0.0]]
    assert heatmap.y == ("cat", "dog")


def test_every_sample_is_drawn_with_its_label() -> None:
    shown = preview(DATA_SETS["digits"], 7)
    figure = draw_samples(shown.inputs, shown.labels, columns=4)
    assert [each.text for each in figure.layout.annotations] == list("0123456")
    assert [(each.x0, each.y0) for each in figure.data[:5]] == [
        (0, 0),
        (9, 0),
        (18, 0),
        (27, 0),
        (0, 11),
    ]
    assert np.asarray(figure.data[0].z).shape == (8, 8, 3)
    assert np.asarray(figure.data[0].z).max() == 239  # 15 of 16 grey levels


def test_the_scatter_has_all_samples_by_class() -> None:
    loaded = arrays("moons")
    figure = draw_scatter(loaded.inputs, loaded.targets, DATA_SETS["moons"].target.names)
    assert [len(each.x) for each in figure.data] == np.bincount(loaded.targets).tolist()
    assert len({each.marker.symbol for each in figure.data}) == 2


def test_classes_are_counted() -> None:
    said = "**Classes** (samples): setosa (50), versicolor (50), virginica (50)"
    assert describe_targets("iris") == said


def test_the_range_of_numbers_is_told() -> None:
    assert describe_targets("diabetes") == "**To predict**: progression (25 to 346)"


def test_many_points_are_thinned_for_the_browser() -> None:
    loaded = arrays("line")
    figure = draw_curve(loaded.inputs[:, 0], loaded.targets[:, 0], ("x", "y"))
    assert len(figure.data[0].x) == 2001
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("x", "y")


@pytest.mark.parametrize(
    ("data", "given", "said"),
    [
        ("digits", (1, 8, 8), "a sample is N×1×8×8, the network's input, as it is."),
        ("digits", (64,), "a picture of N×1×8×8 is laid out as a row of 64 pixels, N×64."),
        (
            "digits",
            (3, 32, 32),
            "a picture of N×1×8×8 becomes N×3×32×32: resized bilinearly to 32×32, grey repeated "
            "to 3 channels.",
        ),
        (
            "digits",
            (5,),
            "a sample is N×1×8×8; this does not fit the network's input, N×5.",
        ),
        (
            "iris",
            (4,),
            "a sample is N×4, the network's input, each column standardised by mean and deviation "
            "of the training part.",
        ),
    ],
)
def test_what_becomes_of_a_sample(data: str, given: tuple[int, ...], said: str) -> None:
    assert describe_input(DATA_SETS[data], TensorType(given)) == said
