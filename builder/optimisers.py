"""The optimisers that a recipe may name; one is one entry, described like a layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

from builder.catalogue.kinds import Flag, Kind, Number
from builder.catalogue.spec import Arguments, Parameter
from builder.document import Value


@dataclass(frozen=True)
class Decays:
    """A tuple of ``count`` decay rates, each at least 0 and below 1."""

    count: int = 2
    type: str = field(default="decays", init=False)

    def parse(self, value: object) -> Value:
        """The rates as a tuple of floats; ValueError when they are not ``count`` numbers."""
        if isinstance(value, (list, tuple)) and len(value) == self.count:
            if all(isinstance(item, (int, float)) and type(item) is not bool for item in value):
                with suppress(OverflowError):
                    return tuple(map(float, value))
        raise ValueError(f"expected {self.count} numbers, got {str(value)[:80]!r}")

    def problem(self, value: Value) -> str | None:
        """What is wrong with parsed rates, or None."""
        assert isinstance(value, tuple)
        if all(0 <= rate < 1 for rate in value):  # type: ignore[operator]
            return None
        return f"must each be at least 0 and below 1, but are {value}"

    def nearest(self, value: Value) -> Value:
        """The allowed rates closest to these."""
        assert isinstance(value, tuple)
        return tuple(min(max(float(rate), 0.0), math.nextafter(1, 0)) for rate in value)  # type: ignore[arg-type]


Rule = Callable[[Arguments], str | None]


@dataclass(frozen=True)
class OptimiserSpec:
    """One entry: the torch class, its arguments, and the copies of the weights that it keeps.

    ``copies`` tells how many numbers it holds for each weight, given all its arguments;
    ``rules`` say what is wrong between arguments that are right one by one.
    """

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    copies: Callable[[Arguments], int]
    rules: tuple[Rule, ...] = ()

    @property
    def target(self) -> str:
        """How Python code names it after ``import torch``."""
        return f"torch.optim.{self.name}"

    def parameter(self, name: str) -> Parameter | None:
        """The argument of this name, or None."""
        return next((each for each in self.parameters if each.name == name), None)


def _nesterov(arguments: Arguments) -> str | None:
    if not arguments["nesterov"] or (arguments["momentum"] and not arguments["dampening"]):
        return None
    return "nesterov needs a momentum above 0 and no dampening"


def _learning_rate(default: float) -> Parameter:
    return Parameter("lr", Number(minimum=0), default, "learning rate: the length of a step")


def _weight_decay(default: float) -> Parameter:
    return Parameter(
        "weight_decay", Number(minimum=0), default, "pulls every weight towards 0 at each step"
    )


_ADAPTIVE = (
    Parameter(
        "betas",
        cast(Kind, Decays()),
        (0.9, 0.999),
        "how slowly the running means of the gradient and of its square forget",
        more=True,
    ),
    Parameter("eps", Number(minimum=0), 1e-8, "keeps the division from exploding", more=True),
)
_AMSGRAD = Parameter(
    "amsgrad", Flag(), False, "divide by the largest mean square so far", more=True
)


def _adaptive_copies(arguments: Arguments) -> int:
    return 3 if arguments["amsgrad"] else 2


SGD = OptimiserSpec(
    name="SGD",
    summary="a step against the gradient, with momentum if wanted",
    parameters=(
        _learning_rate(1e-3),
        Parameter("momentum", Number(minimum=0), 0.0, "share of the last step that is kept"),
        Parameter(
            "dampening", Number(), 0.0, "share of the gradient that momentum leaves out", more=True
        ),
        _weight_decay(0.0),
        Parameter("nesterov", Flag(), False, "look ahead along the momentum", more=True),
    ),
    copies=lambda arguments: 1 if arguments["momentum"] else 0,
    rules=(_nesterov,),
)
ADAM = OptimiserSpec(
    name="Adam",
    summary="steps that adapt to each weight's gradients; a good first choice",
    parameters=(
        _learning_rate(1e-3),
        *_ADAPTIVE,
        _weight_decay(0.0),
        _AMSGRAD,
        Parameter(
            "decoupled_weight_decay",
            Flag(),
            False,
            "take weight decay out of the gradient's means, as AdamW does",
            more=True,
        ),
    ),
    copies=_adaptive_copies,
)
ADAMW = OptimiserSpec(
    name="AdamW",
    summary="Adam with weight decay kept apart from the gradient",
    parameters=(_learning_rate(1e-3), *_ADAPTIVE, _weight_decay(1e-2), _AMSGRAD),
    copies=_adaptive_copies,
)

OPTIMISERS: Mapping[str, OptimiserSpec] = MappingProxyType(
    {entry.name: entry for entry in (SGD, ADAM, ADAMW)}
)
