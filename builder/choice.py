"""What a recipe may name of torch (an optimiser, a loss, a schedule): one entry for each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from builder.catalogue.spec import Arguments, Call, Parameter, Required
from builder.document import Params, Value, make_params

Rule = Callable[[Arguments], str | None]


@dataclass(frozen=True)
class Numbers:
    """A tuple of ``count`` real numbers; ``below`` and ``above`` are not allowed themselves.

    With ``holes`` single ones may be None.
    """

    count: int = 2
    minimum: float | None = None
    above: float | None = None
    below: float | None = None
    holes: bool = False
    type: str = field(default="numbers", init=False)

    def parse(self, value: object) -> Value:
        """The numbers as a tuple of floats; ValueError when they are not ``count`` numbers."""
        if isinstance(value, (list, tuple)) and len(value) == self.count:
            with suppress(OverflowError):
                if all(map(self._allows, value)):
                    return tuple(None if item is None else float(item) for item in value)
        raise ValueError(f"expected {self.count} numbers, got {str(value)[:80]!r}")

    def _allows(self, item: object) -> bool:
        if item is None:
            return self.holes
        return isinstance(item, (int, float)) and type(item) is not bool and math.isfinite(item)

    def problem(self, value: Value) -> str | None:
        """What is wrong with parsed numbers, or None."""
        assert isinstance(value, tuple)
        limits = [
            *([f"at least {self.minimum:g}"] if self.minimum is not None else []),
            *([f"above {self.above:g}"] if self.above is not None else []),
            *([f"below {self.below:g}"] if self.below is not None else []),
        ]
        if all(item is None or self._inside(float(item)) for item in cast(tuple[Any, ...], value)):
            return None
        return f"must each be {' and '.join(limits)}, but are {value}"

    def _inside(self, number: float) -> bool:
        low = self.minimum is None or number >= self.minimum
        over = self.above is None or number > self.above
        return low and over and (self.below is None or number < self.below)

    def nearest(self, value: Value) -> Value:
        """The allowed numbers closest to these."""
        assert isinstance(value, tuple)
        return tuple(
            None if item is None else self._clamp(float(cast(Any, item))) for item in value
        )

    def _clamp(self, number: float) -> float:
        if self.minimum is not None:
            number = max(number, self.minimum)
        if self.above is not None:
            number = max(number, math.nextafter(self.above, math.inf))
        if self.below is not None:
            number = min(number, math.nextafter(self.below, -math.inf))
        return number


@dataclass(frozen=True)
class Choice:
    """The part that all entries share: torch's class ``module.name`` and its arguments.

    ``rules`` say what is wrong between arguments that are right one by one.
    """

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    module: str
    rules: tuple[Rule, ...] = ()

    @property
    def target(self) -> str:
        """How Python code names it after ``import torch`` and ``from torch import nn``."""
        return f"{self.module}.{self.name}"

    def parameter(self, name: str) -> Parameter | None:
        """The argument of this name, or None."""
        return next((each for each in self.parameters if each.name == name), None)

    def arguments(self, given: Params) -> dict[str, Value]:
        """Every argument with its value, in the order of torch's signature."""
        values = dict(given)
        return {each.name: values.get(each.name, start_of(each)) for each in self.parameters}

    def parse(self, given: Params) -> Params:
        """The given arguments in their one canonical form.

        Raises ValueError with what is wrong, in words.
        """
        parsed: dict[str, Value] = {}
        for name, value in given:
            parameter = self.parameter(name) if isinstance(name, str) else None
            if parameter is None:
                raise ValueError(f"{self.name} has no argument {str(name)[:80]!r}; {self._known()}")
            parsed[name] = parse_value(parameter, value)
        made = make_params(parsed)
        for rule in self.rules:
            if problem := rule(self.arguments(made)):
                raise ValueError(f"{self.name}: {problem}")
        return made

    def _known(self) -> str:
        return f"it has {', '.join(each.name for each in self.parameters) or 'none'}"

    def call(self, arguments: Mapping[str, Value]) -> Call:
        """How it is made: only what differs from torch's default, in torch's order."""
        defaults = {each.name: each.default for each in self.parameters}
        differing = ((name, v) for name, v in arguments.items() if v != defaults.get(name))
        return Call(self.target, tuple(differing))


def start_of(parameter: Parameter) -> Value:
    """The value that an argument has as long as nobody sets it."""
    unset = isinstance(parameter.initial, Required)
    return cast(Value, parameter.default if unset else parameter.initial)


def parse_value(parameter: Parameter, value: object) -> Value:
    """A value in its canonical form; ValueError with the argument's name when it is wrong."""
    try:
        parsed = parameter.kind.parse(value)
    except ValueError as error:
        raise ValueError(f"{parameter.name}: {error}") from None
    if problem := parameter.kind.problem(parsed):
        raise ValueError(f"{parameter.name}: {problem}")
    return parsed
