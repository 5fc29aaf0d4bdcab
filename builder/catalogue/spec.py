"""What a catalogue entry is made of: parameter kinds, rules, the spec of a layer, and its call."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from builder.document import TensorType, Value

Arguments = Mapping[str, Any]
"""A call's arguments by name, each already parsed by its kind."""


class Required:
    """The default of an argument for which torch has none."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = Required()
BIGGEST: Final = 2**31 - 1
TOO_LARGE: Final = 2**63
"""Torch counts in whole numbers of 64 bits."""

RANKS: Final = tuple(range(1, 9))
"""How many axes a sample may have within a network."""


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < TOO_LARGE


def _shown(value: object) -> str:
    """A wrong value for a message, shortened."""
    if isinstance(value, int) and abs(value) >= TOO_LARGE:
        return "one far too large"
    text = repr(value[:60] if isinstance(value, (str, list, tuple)) else value)
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

    type: str = field(default="boolean", init=False)

    def parse(self, value: object) -> Value:
        """The value itself; ValueError when it is neither True nor False."""
        if isinstance(value, bool):
            return value
        raise ValueError(f"expected true or false, got {_shown(value)}")

    def problem(self, value: Any) -> str | None:
        """Nothing can be wrong with a parsed flag."""
        return None

    def nearest(self, value: Any) -> Value:
        """The value itself."""
        return cast(Value, value)


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    options: tuple[str, ...]
    nullable: bool = False
    type: str = field(default="choice", init=False)

    def parse(self, value: object) -> Value:
        """The value itself; ValueError when it is not among the options."""
        if (value is None and self.nullable) or (isinstance(value, str) and value in self.options):
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
    type: str = field(default="shape", init=False)

    def parse(self, value: object) -> Value:
        """A tuple of ints; ValueError otherwise. A single int stands for a tuple of one."""
        items = (value,) if _is_integer(value) else value
        if isinstance(items, (list, tuple)) and 0 < len(items) <= 8:
            if all(map(_is_integer, items)):
                return tuple(items)
        raise ValueError(f"expected a tuple of whole numbers, got {_shown(value)}")

    def problem(self, value: Any) -> str | None:
        """What is wrong with a parsed value, or None."""
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


Kind = Integer | Number | Flag | OneOf | Sizes | Shape


@dataclass(frozen=True)
class Follows:
    """How a size follows from the input, and which pinned values agree with that input.

    ``words`` tells what the input has instead of a wrong pinned size: "which has {} channels".
    """

    value: Callable[[TensorType], Value]
    words: str
    agrees: Callable[[Value, TensorType], bool] | None = None

    def fits(self, value: Value, given: TensorType) -> bool:
        """Whether a pinned value agrees with the input."""
        return self.agrees(value, given) if self.agrees else value == self.value(given)


@dataclass(frozen=True)
class Parameter:
    """One argument of a torch class: its kind, torch's default, limits and one line of help.

    ``initial`` is what a fresh layer is given where torch has no default (or a poor one).
    """

    name: str
    kind: Kind
    default: Value | Required = REQUIRED
    help: str = ""
    initial: Value | Required = REQUIRED
    follows: Follows | None = None
    more: bool = False


@dataclass(frozen=True)
class Before:
    """A fix: put a layer in front of the faulty block."""

    kind: str
    params: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True)
class Change:
    """A fix: set an argument of the faulty block."""

    name: str
    value: Value


@dataclass(frozen=True)
class Reset:
    """A fix: let an argument of the faulty block follow from the input again."""

    name: str


@dataclass(frozen=True)
class Swap:
    """A fix: make the faulty block another kind, keeping the arguments that both have."""

    kind: str


@dataclass(frozen=True)
class Recast:
    """A fix: give the network's input another dtype."""

    dtype: str


Fix = Before | Change | Reset | Swap | Recast


@dataclass(frozen=True)
class Problem:
    """Why a block cannot take its input; ``label`` says what one click on the ``fix`` would do."""

    code: str
    message: str
    label: str | None = None
    fix: Fix | None = None


Rule = Callable[[Arguments, TensorType], Problem | None]
Shaping = Callable[[Arguments, TensorType], tuple[int, ...]]


def keep_shape(arguments: Arguments, given: TensorType) -> tuple[int, ...]:
    """The output has the input's shape."""
    return given.shape


@dataclass(frozen=True)
class Accepts:
    """The inputs a layer takes: how many axes one sample may have, in words too."""

    ranks: tuple[int, ...] = RANKS
    words: str = "any shape"
    dtype: str = "float32"


@dataclass(frozen=True)
class Call:
    """A constructor call: ``("nn.Conv2d", (("in_channels", 3), …))`` and the modules it holds."""

    target: str
    arguments: tuple[tuple[str, Value], ...] = ()
    children: tuple[tuple[str, Call], ...] = ()


@dataclass(frozen=True)
class Lanes:
    """How a container holds others and what comes out of it.

    ``join`` takes the arguments, the container's input and each lane's output; ``arrange`` makes
    the call from the lowered lanes (``times`` bodies where the lane is repeated).
    """

    join: Callable[[Arguments, TensorType, tuple[TensorType, ...]], TensorType | Problem]
    arrange: Callable[[Arguments, tuple[Call, ...]], Call]
    minimum: int = 1
    maximum: int = 1
    label: str = "body"
    times: Callable[[Arguments], int] = lambda arguments: 1


@dataclass(frozen=True)
class Spec:
    """One catalogue entry: everything the app knows about a layer or a container.

    ``gives`` is the output's shape where it is plain to see, which spares asking torch for it.
    """

    kind: str
    category: str
    target: str
    summary: str
    parameters: tuple[Parameter, ...] = ()
    accepts: Accepts = Accepts()
    rules: tuple[Rule, ...] = ()
    gives: Shaping | None = None
    lanes: Lanes | None = None
    keywords: tuple[str, ...] = ()
    brief: Callable[[Arguments], str] = lambda arguments: ""

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of this name, or None."""
        return next((each for each in self.parameters if each.name == name), None)

    @property
    def initial(self) -> dict[str, Value]:
        """What a fresh block of this kind has set."""
        return {p.name: p.initial for p in self.parameters if not isinstance(p.initial, Required)}

    def describe(self) -> dict[str, Any]:
        """The entry as plain data, for the palette, the form and the command line."""
        page = self.target.removeprefix("nn.")
        torch_class = self.target.startswith("nn.") and self.lanes is None
        url = f"https://docs.pytorch.org/docs/stable/generated/torch.nn.{page}.html"
        return {
            "kind": self.kind,
            "category": self.category,
            "summary": self.summary,
            "keywords": list(self.keywords),
            "url": url if torch_class else None,
            "container": self.lanes is not None,
            "lanes": self.lanes
            and {"min": self.lanes.minimum, "max": self.lanes.maximum, "label": self.lanes.label},
            "parameters": [describe_parameter(parameter) for parameter in self.parameters],
        }


def describe_parameter(parameter: Parameter) -> dict[str, Any]:
    """A parameter as plain data; limits, options and the default only where there are any."""
    kind = parameter.kind
    about: dict[str, Any] = {
        "name": parameter.name,
        "type": kind.type,
        "required": isinstance(parameter.default, Required),
        "follows": parameter.follows is not None,
        "more": parameter.more,
        "help": parameter.help,
    }
    for name in ("minimum", "maximum", "above", "options", "axes", "nullable", "holes", "words"):
        value = getattr(kind, name, None)
        if value is not None and value is not False and value != ():
            about[name] = list(value) if isinstance(value, tuple) else value
    if kind.type == "shape" and getattr(kind, "wild", False):
        about["wild"] = True
    for name in ("default", "initial"):
        value = getattr(parameter, name)
        if not isinstance(value, Required):
            about[name] = list(value) if isinstance(value, tuple) else value
    return about
