"""The arithmetic of a layer, shown: its sizes and its parameters, with its own numbers."""

from __future__ import annotations

from builder.catalogue import CATALOGUE
from builder.catalogue.expression import Formula, Term
from builder.catalogue.spec import Arguments
from builder.document import TensorType

__all__ = ["Formula", "Term", "explain"]


def explain(
    kind: str, arguments: Arguments, given: TensorType, output: TensorType
) -> tuple[Formula, ...]:
    """How a layer's output size and parameter count come about, worked out with its own numbers.

    ``arguments`` are all of the layer's, with which it takes ``given`` and gives ``output``.
    """
    explained = (part(arguments, given, output) for part in CATALOGUE[kind].arithmetic)
    return tuple(formula for formulas in explained for formula in formulas)
