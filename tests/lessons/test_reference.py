"""The reference text: arguments in words, shapes that torch gives, formulas that it documents."""

from __future__ import annotations

import pytest

from builder.catalogue import CATALOGUE
from builder.lessons.reference import Argument, arguments_of, formulas_of, shapes_of


def test_arguments_in_words() -> None:
    assert arguments_of(CATALOGUE["ConstantPad1d"]) == [
        Argument(
            "padding",
            "whole number, or 2 of them",
            "required",
            "Positions added on every side, or (left, right); negative ones cut off.",
        ),
        Argument("value", "number", "required", "The number that the padding holds."),
    ]
    rows = {row.name: (row.takes, row.default) for row in arguments_of(CATALOGUE["Conv2d"])}
    assert rows["in_channels"] == ("whole number from 1", "from the input")
    assert rows["padding"] == ('whole number from 0, or 2 of them, or "same", or "valid"', "0")
    assert rows["bias"] == ("True or False", "True")


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_every_entry_has_its_text(kind: str) -> None:
    spec = CATALOGUE[kind]
    assert len(arguments_of(spec)) == len(spec.parameters)
    formulas = formulas_of(spec)
    for latex in (*formulas.computes, *formulas.sizes):
        assert latex.count("{") == latex.count("}")
        assert "align*" not in latex
        assert ":math:" not in latex


@pytest.mark.parametrize("kind", sorted(k for k, s in CATALOGUE.items() if s.lanes is None))
def test_every_layer_has_an_example_of_its_shapes(kind: str) -> None:
    assert shapes_of(CATALOGUE[kind])


def test_formulas_are_torchs() -> None:
    assert formulas_of(CATALOGUE["Sigmoid"]).computes == (
        r"\text{Sigmoid}(x) = \sigma(x) = \frac{1}{1 + \exp(-x)}",
    )
    assert formulas_of(CATALOGUE["Linear"]).computes == ("y = xA^T + b",)
    assert len(formulas_of(CATALOGUE["Conv2d"]).sizes) == 2
    assert formulas_of(CATALOGUE["Residual"]).computes == ()
