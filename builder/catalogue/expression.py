"""Formulas that show themselves twice: in symbols, and with a layer's own numbers worked out."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Final

MINUS: Final = "−"
SUM, QUOTIENT, PRODUCT, ATOM = range(4)
"""How tightly the last operation of an expression binds."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Term:
    """A symbol of a formula, what it stands for here, and what it means."""

    symbol: str
    value: float
    meaning: str


@dataclass(frozen=True)
class Formula:
    """``O = ⌊I / s⌋``, worked out as ``⌊9 / 2⌋ = 4``, under the title of what it gives."""

    title: str
    formula: str
    worked: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Expression:
    """Arithmetic in symbols and in numbers, and its value; Python's operators join two of them.

    The two writings and the value are made by the same operations, so they cannot differ.
    """

    symbols: str
    numbers: str
    value: float
    strength: int = ATOM
    terms: tuple[Term, ...] = ()

    def __add__(self, other: Expression | int) -> Expression:
        right = _expression(other)
        return _joined(self, " + ", right, self.value + right.value, SUM)

    def __sub__(self, other: Expression | int) -> Expression:
        right = _expression(other)
        return _joined(self, f" {MINUS} ", right, self.value - right.value, SUM, right=QUOTIENT)

    def __mul__(self, other: Expression | int) -> Expression:
        right = _expression(other)
        value = self.value * right.value
        product = _joined(self, "·", right, value, PRODUCT, left=PRODUCT, right=PRODUCT)
        left, short = _bracketed(self, PRODUCT)[0], _bracketed(right, PRODUCT)[0]
        if _needs_no_dot(left, short):
            return Expression(left + short, product.numbers, value, PRODUCT, product.terms)
        return product

    def __rmul__(self, other: int) -> Expression:
        return _expression(other) * self

    def __truediv__(self, other: Expression | int) -> Expression:
        """A quotient without a rest."""
        right = _expression(other)
        return replace(_over(self, right), value=self.value // right.value)

    def squared(self) -> Expression:
        """The square of a symbol."""
        return Expression(f"{self.symbols}²", f"{self.numbers}²", self.value**2, ATOM, self.terms)

    def times_all(self, others: tuple[Expression, ...]) -> Expression:
        """The product of this and the others."""
        product = self
        for other in others:
            product = product * other
        return product


def floor(inner: Expression, divisor: Expression | None = None) -> Expression:
    """⌊inner⌋, or ⌊inner / divisor⌋."""
    inside = inner if divisor is None else _over(inner, divisor)
    value = math.floor(inner.value) if divisor is None else inner.value // divisor.value
    return Expression(f"⌊{inside.symbols}⌋", f"⌊{inside.numbers}⌋", value, ATOM, inside.terms)


def ceil(inner: Expression, divisor: Expression) -> Expression:
    """⌈inner / divisor⌉."""
    inside = _over(inner, divisor)
    value = -(-inner.value // divisor.value)
    return Expression(f"⌈{inside.symbols}⌉", f"⌈{inside.numbers}⌉", value, ATOM, inside.terms)


def symbol(name: str, value: float, meaning: str) -> Expression:
    """A symbol with its value; a negative one stands in brackets among the numbers."""
    written = number(value)
    numbers = f"({written})" if value < 0 else written
    return Expression(name, numbers, value, ATOM, (Term(name, value, meaning),))


def equation(title: str, result: str, expression: Expression) -> Formula:
    """The formula that says that ``result`` is this expression.

    A single symbol is not worked out: ``O = 7`` rather than ``7 = 7``.
    """
    alone = expression.strength == ATOM and expression.symbols.isalnum()
    worked = f"{result if alone else expression.numbers} = {number(expression.value)}"
    return Formula(title, f"{result} = {expression.symbols}", worked, expression.terms)


def number(value: float) -> str:
    """A number as it is written in a formula: ``2.0`` → ``2``."""
    return repr(value).removesuffix(".0").replace("-", MINUS)


def _expression(value: Expression | int) -> Expression:
    return value if isinstance(value, Expression) else Expression(str(value), str(value), value)


def _bracketed(expression: Expression, least: int) -> tuple[str, str]:
    """Both writings, in brackets where the last operation binds less than ``least``."""
    if expression.strength >= least:
        return expression.symbols, expression.numbers
    return f"({expression.symbols})", f"({expression.numbers})"


def _joined(
    a: Expression,
    sign: str,
    b: Expression,
    value: float,
    strength: int,
    left: int = SUM,
    right: int = SUM,
) -> Expression:
    before, after = _bracketed(a, left), _bracketed(b, right)
    symbols, numbers = (f"{x}{sign}{y}" for x, y in zip(before, after, strict=True))
    return Expression(symbols, numbers, value, strength, _together(a.terms, b.terms))


def _together(first: tuple[Term, ...], second: tuple[Term, ...]) -> tuple[Term, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _needs_no_dot(left: str, right: str) -> bool:
    """Whether a product reads well without a dot: 2p, d(k − 1), (I − 1)s."""
    if right[0] == "(":
        return left.isalnum()
    starts = right[0].isalpha()
    return starts and (_NUMBER.fullmatch(left) is not None or (left[-1] == ")" and len(right) == 1))


def _over(inner: Expression, divisor: Expression) -> Expression:
    """A quotient that is still to be rounded."""
    return _joined(inner, " / ", divisor, 0, QUOTIENT, left=PRODUCT, right=ATOM)
