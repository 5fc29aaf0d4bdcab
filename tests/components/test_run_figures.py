"""Curves laid over one another, and parallel axes."""

from __future__ import annotations

import math

import pytest

from components.figures import COLOURS
from components.run_figures import Axis, Curve, colour_of, draw_curves, draw_parallel, write_value


def test_a_run_has_one_colour_and_one_place_in_the_legend() -> None:
    curves = [
        Curve(2, "Run 2", "validation loss", [1, 2], [0.5, 0.25]),
        Curve(2, "Run 2", "training loss", [1, 2], [0.75, 0.5], thin=True),
        Curve(5, "Run 5", "validation loss", [1], [0.125]),
    ]
    figure = draw_curves(curves, "Epochs", "Loss")
    told = [
        (t.name, t.line.color, t.line.dash, t.showlegend, t.mode, list(t.x), list(t.y))
        for t in figure.data
    ]
    assert told == [
        ("Run 2", COLOURS[1], "dot", False, "lines", [1, 2], [0.75, 0.5]),
        ("Run 2", COLOURS[1], "solid", True, "lines", [1, 2], [0.5, 0.25]),
        ("Run 5", COLOURS[4], "solid", True, "lines+markers", [1], [0.125]),
    ]
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("Epochs", "Loss")


def test_the_loss_may_be_logarithmic() -> None:
    curve = Curve(1, "Run 1", "loss", [1, 2], [1.0, 0.1])
    assert draw_curves([curve], "x", "y").layout.yaxis.type == "linear"
    assert draw_curves([curve], "x", "y", logarithmic=True).layout.yaxis.type == "log"


def test_colours_that_come_again_are_told_apart_by_dashes() -> None:
    first, ninth = len(COLOURS) * 0 + 1, len(COLOURS) + 1
    curves = [Curve(n, f"Run {n}", "loss", [1, 2], [1.0, 2.0]) for n in (first, ninth)]
    one, other = draw_curves(curves, "x", "y").data
    assert one.line.color == other.line.color == colour_of(first)
    assert (one.line.dash, other.line.dash) == ("solid", "dash")


def test_a_long_curve_is_thinned_and_what_is_no_number_is_a_gap() -> None:
    values = [1.0] * 5000 + [9.0] + [1.0] * 5000
    values[3] = math.nan
    (trace,) = draw_curves([Curve(1, "Run 1", "loss", range(10_001), values)], "x", "y").data
    assert len(trace.x) < 1100
    assert dict(zip(trace.x, trace.y, strict=True))[5000] == 9.0
    assert dict(zip(trace.x, trace.y, strict=True))[3] is None


def test_numbers_far_apart_are_placed_by_their_factors() -> None:
    assert Axis("lr", (0.1, 0.001, 0.01)).places() == (
        [1.0, 0.0, pytest.approx(0.5)],
        [(0.0, "0.001"), (0.5, "0.01"), (1.0, "0.1")],
    )
    assert Axis("n", (0, 10, 5)).places() == (
        [0.0, 1.0, 0.5],
        [(0.0, "0"), (0.5, "5"), (1.0, "10")],
    )


def test_an_axis_of_words_of_nothing_and_of_one_value() -> None:
    assert Axis("optimiser", ("SGD", "Adam", "SGD")).places() == (
        [0.0, 1.0, 0.0],
        [(0.0, "SGD"), (1.0, "Adam")],
    )
    assert Axis("shuffle", (True, False)).places()[1] == [(0.0, "yes"), (1.0, "no")]
    assert Axis("patience", (None, 3)).places() == ([None, 0.5], [(0.5, "3")])
    assert Axis("nothing", (None, None)).places() == ([None, None], [])


def test_marks_that_would_lie_on_one_another_are_left_out_but_not_the_ends() -> None:
    _, marks = Axis("n", (0, 1, 50, 99, 100)).places()
    assert marks == [(0.0, "0"), (0.5, "50"), (1.0, "100")]


def test_parallel_axes_have_a_line_for_each_run() -> None:
    axes = [Axis("Batch size", (16, 64)), Axis("Best accuracy", (0.5, 0.75), "{:.0%}".format)]
    figure = draw_parallel(axes, [1, 3], ["Run 1", "Run 3"])
    assert [(t.name, t.line.color, list(t.y)) for t in figure.data] == [
        ("Run 1", COLOURS[0], [0.0, 0.0]),
        ("Run 3", COLOURS[2], [1.0, 1.0]),
    ]
    assert list(figure.layout.xaxis.ticktext) == ["Batch<br>size", "Best<br>accuracy"]
    assert [each.text for each in figure.layout.annotations] == ["16", "64", "50%", "75%"]
    assert figure.data[0].text[1] == "Best accuracy: 0.5"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (True, "yes"), (0.1, "0.1"), (1e-08, "1e-08"), ((0.9, None), "0.9, –"), (3, "3")],
)
def test_values_are_written_for_people(value: object, text: str) -> None:
    assert write_value(value) == text
