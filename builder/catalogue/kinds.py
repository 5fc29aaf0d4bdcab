"""Kinds of parameters: what values each takes, in which form, and within which limits."""

from __future__ import annotations

import math
import re
import reprlib
from dataclasses import dataclass, field
from typing import Any, Final, cast

from builder.document import Value

BIGGEST: Final = 2**31 - 1
TOO_LARGE: Final = 2**63
"""Torch counts in whole numbers of 64 bits."""


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < TOO_LARGE


class _Brief(reprlib.Repr):
    """A wrong value for a message: a few of its items, a few levels deep."""

    def repr_int(self, x: int, level: int) -> str:
        """A number, unless it has too many digits to be written."""
        return repr(x) if abs(x) < TOO_LARGE else "one far too large"

    def repr_str(self, x: str, level: int) -> str:
        """How a text begins."""
        return repr(x[:60])


def _shown(value: object) -> str:
    text = _Brief().repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _bounds(value: float, minimum: float | None, maximum: float | None) -> str | None:
    """Say what is wrong with a number outside its limits, or None."""
    if minimum is not None and value < minimum:
        return f"must be at least {minimum:,}, but is {value:,}"
    if maximum is not None and value > maximum:
        return f"must be at most {maximum:,}, but is {value:,}"
    return None


@dataclass(frozen=True)
class Integer:
    """A whole number within limits."""

    minimum: int | None = 1
    maximum: int = BIGGEST
    nullable: bool = False
    type: str = field(default="integer", init=False)

    def parse(self, value: object) -> Value:
        """The value in its canonical form; ValueError when it is no whole number."""
        if value is None and self.nullable:
            return None
        if _is_integer(value):
            return cast(int, value)
        raise ValueError(f"expected a whole number, got {_shown(value)}")

    def problem(self, value: Any) -> str | None:
        """What is wrong with a parsed value, or None."""
        return None if value is None else _bounds(value, self.minimum, self.maximum)

    def nearest(self, value: Any) -> Value:
        """The allowed value closest to this one."""
        low = self.minimum if self.minimum is not None else -BIGGEST
        return min(max(int(value), low), self.maximum)


@dataclass(frozen=True)
class Number:
    """A finite real number within limits; ``above`` is a limit that itself is not allowed."""

    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    nullable: bool = False
    type: str = field(default="number", init=False)

    def parse(self, value: object) -> Value:
        """The value as a float; ValueError when it is no finite number."""
        if value is None and self.nullable:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            if math.isfinite(number):
                return number
        raise ValueError(f"expected a finite number, got {_shown(value)}")

    def problem(self, value: Any) -> str | None:
        """What is wrong with a parsed value, or None."""
        if value is None:
            return None
        if self.above is not None and value <= self.above:
            return f"must be greater than {self.above:g}, but is {value:g}"
        return _bounds(value, self.minimum, self.maximum)

    def nearest(self, value: Any) -> Value:
        """The allowed value closest to this one, or None when there is no closest."""
        number = float(value)
        if self.above is not None and number <= self.above:
            return None
        low = -math.inf if self.minimum is None else self.minimum
        return float(min(max(number, low), math.inf if self.maximum is None else self.maximum))


@dataclass(frozen=True)
class Flag:
    """True or False."""

    nullable: bool = False
    type: str = field(default="boolean", init=False)

    def parse(self, value: object) -> Value:
        """The value itself; ValueError when it is neither True nor False."""
        if isinstance(value, bool) or (value is None and self.nullable):
            return cast(Value, value)
        raise ValueError(f"expected true or false, got {_shown(value)}")

    def problem(self, value: Any) -> str | None:
        """Nothing can be wrong with a parsed flag."""
        return None

    def nearest(self, value: Any) -> Value:
        """The value itself."""
        return cast(Value, value)


@dataclass(frozen=True)
class OneOf:
    """One of a few words, or another that matches the pattern ``besides``."""

    options: tuple[str, ...]
    nullable: bool = False
    type: str = field(default="choice", init=False)
    besides: str | None = None

    def parse(self, value: object) -> Value:
        """The value itself; ValueError when it is not among the options."""
        if (value is None and self.nullable) or (isinstance(value, str) and value in self.options):
            return value
        if self.besides and isinstance(value, str) and re.fullmatch(self.besides, value):
            return value
        raise ValueError(f"expected one of {', '.join(self.options)}, got {_shown(value)}")

    def problem(self, value: Any) -> str | None:
        """Nothing can be wrong with a parsed choice."""
        return None

    def nearest(self, value: Any) -> Value:
        """The value itself."""
        return cast(Value, value)


@dataclass(frozen=True)
class Sizes:
    """One whole number for all axes, or a tuple with one for each; ``words`` may stand instead.

    ``holes`` allows None for single axes (an output size that keeps the input's).
    """

    axes: int
    minimum: int = 1
    maximum: int = BIGGEST
    nullable: bool = False
    holes: bool = False
    words: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """The name of the widget that edits it."""
        return "padding" if self.words else "sizes"

    def parse(self, value: object) -> Value:
        """An int, a tuple of ``axes`` ints, a word or None; ValueError otherwise."""
        if value is None and self.nullable:
            return None
        if isinstance(value, str) and value in self.words:
            return value
        if _is_integer(value):
            return cast(int, value)
        if isinstance(value, (list, tuple)) and len(value) == self.axes:
            if all(_is_integer(item) or (item is None and self.holes) for item in value):
                return tuple(value)
        words = "".join(f" or {word!r}" for word in self.words)
        raise ValueError(
            f"expected a whole number or {self.axes} of them{words}, got {_shown(value)}"
        )

    def problem(self, value: Any) -> str | None:
        """What is wrong with a parsed value, or None."""
        if value is None or isinstance(value, str):
            return None
        numbers = value if isinstance(value, tuple) else (value,)
        found = (_bounds(n, self.minimum, self.maximum) for n in numbers if n is not None)
        return next((problem for problem in found if problem), None)

    def nearest(self, value: Any) -> Value:
        """The allowed value closest to this one."""
        if isinstance(value, tuple):
            return tuple(None if n is None else self.nearest(n) for n in value)
        return min(max(int(value), self.minimum), self.maximum)


@dataclass(frozen=True)
class Shape:
    """A tuple of whole numbers of any length from one; with ``wild`` one of them may be −1."""

    wild: bool = False
    maximum: int = BIGGEST
    nullable: bool = False
    type: str = field(default="shape", init=False)

    def parse(self, value: object) -> Value:
        """A tuple of ints; ValueError otherwise. A single int stands for a tuple of one."""
        if value is None and self.nullable:
            return None
        items = (value,) if _is_integer(value) else value
        if isinstance(items, (list, tuple)) and 0 < len(items) <= 8:
            if all(map(_is_integer, items)):
                return tuple(items)
        raise ValueError(f"expected a tuple of whole numbers, got {_shown(value)}")

    def problem(self, value: Any) -> str | None:
        """What is wrong with a parsed value, or None."""
        if value is None:
            return None
        assert isinstance(value, tuple)
        if self.wild and value.count(-1) > 1:
            return "may hold −1 only once"
        allowed = [n for n in value if not (self.wild and n == -1)]
        found = (_bounds(n, 1, self.maximum) for n in allowed)
        return next((problem for problem in found if problem), None)

    def nearest(self, value: Any) -> Value:
        """The allowed value closest to this one."""
        assert isinstance(value, tuple)
        wild = value.index(-1) if self.wild and -1 in value else None
        return tuple(
            -1 if index == wild else min(max(int(n), 1), self.maximum)
            for index, n in enumerate(value)
        )


@dataclass(frozen=True)
class Factors:
    """One real number for all axes, or a tuple with one for each of up to three; all positive."""

    nullable: bool = False
    type: str = field(default="factors", init=False)

    def parse(self, value: object) -> Value:
        """A float, or a tuple of floats; ValueError otherwise."""
        if isinstance(value, (list, tuple)):
            if 0 < len(value) <= 3:
                return tuple(Number().parse(item) for item in value)
            raise ValueError(f"expected a number or up to three of them, got {_shown(value)}")
        return Number(nullable=self.nullable).parse(value)

    def problem(self, value: Any) -> str | None:
        """What is wrong with a parsed value, or None."""
        numbers = value if isinstance(value, tuple) else (value,)
        found = (Number(above=0).problem(number) for number in numbers)
        return next((problem for problem in found if problem), None)

    def nearest(self, value: Any) -> Value:
        """A factor that changes nothing: there is no smallest positive number."""
        return 1.0


Kind = Integer | Number | Flag | OneOf | Sizes | Shape | Factors
