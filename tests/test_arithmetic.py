"""The arithmetic that is shown, against what the check reports, over the whole catalogue."""

from __future__ import annotations

import re
from math import ceil, floor

import pytest

from builder.arithmetic import Formula, Term, explain
from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Spec
from builder.document import TensorType, Value, make_params
from builder.layers import check_layer
from tests.edges import sound, told

LAYERS = {kind: spec for kind, spec in CATALOGUE.items() if spec.lanes is None}
EXPLAINED = {kind: spec for kind, spec in LAYERS.items() if spec.arithmetic}
PLACES = {"Channels": 0, "Depth": -3, "Height": -2, "Width": -1, "Length": -1}
"""Which axis of the output a formula is about, by its title."""
PYTHON = {"−": "-", "·": "*", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "²": "**2"}
SYMBOL = re.compile(r"[A-Za-z][₁-₉]?")


def explained(kind: str, shape: tuple[int, ...], **values: Value) -> tuple[Formula, ...]:
    given = TensorType(shape, CATALOGUE[kind].accepts.dtype or "float32")
    outcome = check_layer(kind, make_params(CATALOGUE[kind].initial | values), given)
    assert outcome.output is not None, outcome.problem
    return explain(kind, outcome.arguments, given, outcome.output)


def worked(kind: str, shape: tuple[int, ...], **values: Value) -> list[str]:
    return [each.worked for each in explained(kind, shape, **values)]


def value(formula: Formula) -> int:
    """The number that a formula comes to, its numbers worked out again by Python."""
    left, right = formula.worked.split(" = ")
    text = "".join(PYTHON.get(sign, sign) for sign in left)
    if not text.isidentifier():
        assert eval(text, {"floor": floor, "ceil": ceil}) == int(right), formula
    return int(right)


def substituted(formula: Formula) -> str:
    """The formula with each symbol replaced by its value, as the worked line must read."""
    values = {term.symbol: term.value for term in formula.terms}
    text = formula.formula.split(" = ")[1]
    text = re.sub(r"(?<=[\w)₁-₉])(?=[A-Za-z(])", "·", text)
    return SYMBOL.sub(lambda found: _written(values[found[0]]), text)


def _written(number: float) -> str:
    text = repr(number).removesuffix(".0")
    return f"(−{text[1:]})" if number < 0 else text


@pytest.mark.parametrize("spec", EXPLAINED.values(), ids=EXPLAINED)
def test_what_is_worked_out_is_what_the_check_reports(spec: Spec) -> None:
    for _, given, outcome in sound(spec):
        assert outcome.output is not None
        where = (given, told(outcome.arguments))
        parameters = 0
        for formula in explain(spec.kind, outcome.arguments, given, outcome.output):
            assert formula.terms
            assert all(term.meaning for term in formula.terms)
            number = value(formula)
            if formula.title == "Parameters":
                parameters = number
            elif formula.title == "Features":
                assert number in outcome.output.shape, where
            else:
                assert number == outcome.output.shape[PLACES[formula.title]], where
        assert parameters == outcome.cost.parameters, where


@pytest.mark.parametrize("spec", EXPLAINED.values(), ids=EXPLAINED)
def test_the_numbers_stand_where_the_symbols_stand(spec: Spec) -> None:
    for _, given, outcome in sound(spec):
        assert outcome.output is not None
        for formula in explain(spec.kind, outcome.arguments, given, outcome.output):
            left = formula.worked.split(" = ")[0]
            if not left.isidentifier():
                assert substituted(formula) == left


@pytest.mark.parametrize("spec", LAYERS.values(), ids=LAYERS)
def test_layers_with_parameters_or_windows_are_explained(spec: Spec) -> None:
    """A layer that keeps the number of axes but changes their sizes has a window of some kind."""
    for _, given, outcome in sound(spec):
        assert outcome.output is not None
        titles = {
            formula.title
            for formula in explain(spec.kind, outcome.arguments, given, outcome.output)
        }
        assert (outcome.cost.parameters > 0) == ("Parameters" in titles)
        if given.rank > 1 and len(outcome.output.shape) == given.rank and spec.kind not in PLAIN:
            if outcome.output.shape[1:] != given.shape[1:]:
                assert titles & PLACES.keys(), told(outcome.arguments)


PLAIN = ("Linear", "RNN", "LSTM", "GRU", "GLU", "Flatten", "Unflatten", "Embedding")
"""Layers that change how many features there are, or how axes are told apart, by no window."""


def test_a_convolution_as_in_a_textbook() -> None:
    height, width, parameters = explained("Conv2d", (1, 28, 30), kernel_size=5, padding=2)
    assert height == Formula(
        "Height",
        "O = ⌊(I + 2p − d(k − 1) − 1) / s⌋ + 1",
        "⌊(28 + 2·2 − 1·(5 − 1) − 1) / 1⌋ + 1 = 28",
        (
            Term("I", 28, "positions that come in"),
            Term("p", 2, "padding on each side"),
            Term("d", 1, "dilation: distance between elements of the window"),
            Term("k", 5, "kernel_size: positions of the window"),
            Term("s", 1, "stride: positions from one window to the next"),
        ),
    )
    assert (width.title, width.terms[0].value) == ("Width", 30)
    assert parameters.formula == "P = C·K·k₁·k₂ + K"
    assert parameters.worked == "1·16·5·5 + 16 = 416"


@pytest.mark.parametrize(
    ("kind", "shape", "values", "lines"),
    [
        ("Conv1d", (4, 9), {"groups": 2, "bias": False}, ["(4 / 2)·16·3 = 96"]),
        ("Conv2d", (3, 64, 64), {"out_channels": 32, "kernel_size": 5}, ["3·32·5·5 + 32 = 2432"]),
        ("ConvTranspose1d", (4, 9), {"groups": 2}, ["4·(16 / 2)·3 + 16 = 112"]),
        ("Linear", (784,), {"out_features": 128}, ["784·128 + 128 = 100480"]),
        ("BatchNorm2d", (6, 4, 4), {}, ["2·6 = 12"]),
        ("LayerNorm", (6, 4, 4), {}, ["2·6·4·4 = 192"]),
        ("Embedding", (7,), {}, ["1000·64 = 64000"]),
        ("PReLU", (7,), {}, ["P = 1"]),
        ("LSTM", (5, 8), {}, ["O = 64", "4·(64·(8 + 64) + 2·64) = 18944"]),
        (
            "GRU",
            (5, 8),
            {"hidden_size": 4, "bidirectional": True, "num_layers": 3},
            [
                "2·4 = 8",
                "2·3·(4·(8 + 4) + 2·4) + (3 − 1)·2·3·(4·(2·4 + 4) + 2·4) = 1008",
            ],
        ),
        ("MultiheadAttention", (5, 8), {}, ["4·(8·8 + 8) = 288"]),
    ],
)
def test_parameters_as_a_product(
    kind: str, shape: tuple[int, ...], values: dict[str, Value], lines: list[str]
) -> None:
    assert worked(kind, shape, **values)[-len(lines) :] == lines


@pytest.mark.parametrize(
    ("kind", "shape", "values", "line"),
    [
        ("Conv1d", (4, 9), {"kernel_size": 4, "padding": "same"}, "9 + 3 − 1·(4 − 1) = 9"),
        ("ConvTranspose1d", (4, 7), {"stride": 2}, "(7 − 1)·2 − 2·0 + 1·(3 − 1) + 0 + 1 = 15"),
        ("AvgPool1d", (4, 9), {}, "⌊(9 + 2·0 − 2) / 2⌋ + 1 = 4"),
        ("AvgPool1d", (4, 9), {"ceil_mode": True}, "⌈(9 + 2·0 − 2) / 2⌉ + 1 = 5"),
        ("LPPool1d", (4, 9), {"stride": 4, "ceil_mode": True}, "⌈(9 − 2) / 4⌉ + 1 = 3"),
        (
            "MaxPool1d",
            (4, 6),
            {"kernel_size": 2, "stride": 4, "padding": 1, "ceil_mode": True},
            "⌈(6 + 2·1 − 1·(2 − 1) − 1) / 4⌉ + 1 − 1 = 2",
        ),
        ("AdaptiveAvgPool1d", (4, 9), {"output_size": 7}, "O = 7"),
        ("ZeroPad1d", (4, 9), {"padding": (2, -1)}, "9 + 2 + (−1) = 10"),
        ("Upsample", (4, 9), {"scale_factor": 1.5}, "⌊9·1.5⌋ = 13"),
        ("Upsample", (4, 9), {"size": (5,), "scale_factor": None}, "O = 5"),
        ("PixelShuffle", (8, 3, 3), {}, "8 / 2² = 2"),
        ("PixelUnshuffle", (2, 6, 6), {}, "2·2² = 8"),
        ("Flatten", (64, 4, 4), {}, "64·4·4 = 1024"),
        ("AvgMaxPool1d", (4, 9), {"join": "concatenate"}, "2·4 = 8"),
    ],
)
def test_sizes(kind: str, shape: tuple[int, ...], values: dict[str, Value], line: str) -> None:
    assert worked(kind, shape, **values)[0] == line


def test_a_window_beyond_the_input_is_told() -> None:
    (formula,) = explained("MaxPool1d", (4, 6), kernel_size=2, stride=4, padding=1, ceil_mode=True)
    assert formula.formula.endswith("+ 1 − u")
    assert formula.terms[-1] == Term("u", 1, "a last window that would begin beyond the input")


def test_a_layer_without_arithmetic() -> None:
    assert explained("ReLU", (4,)) == ()
    assert explained("BatchNorm1d", (4,), affine=False) == ()
