"""How weights may be drawn at the start: one entry for each, described like a layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from builder.catalogue.kinds import Number, OneOf
from builder.catalogue.spec import Arguments, Call, Parameter
from builder.document import Init, Value, make_params

FURTHEST = 1e6
"""How far from zero any number of a rule may be."""
NONLINEARITIES = (
    "linear",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "selu",
)

Rule = Callable[[Arguments], str | None]


@dataclass(frozen=True)
class Initialiser:
    """One entry: the function of ``torch.nn.init`` without its underscore, and its arguments.

    ``axes`` is the least number of axes a weight must have for it; ``rules`` say what is wrong
    between arguments that are right one by one.
    """

    name: str
    title: str
    summary: str
    parameters: tuple[Parameter, ...]
    axes: int = 2
    rules: tuple[Rule, ...] = ()

    @property
    def target(self) -> str:
        """How Python code names it after ``from torch import nn``."""
        return f"nn.init.{self.name}_"

    def parameter(self, name: str) -> Parameter | None:
        """The argument of this name, or None."""
        return next((each for each in self.parameters if each.name == name), None)

    def arguments(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """Every argument with its value, in the order of torch's signature."""
        return {
            each.name: given.get(each.name, cast(Value, each.initial)) for each in self.parameters
        }


def _number(name: str, default: float, help: str, minimum: float = -FURTHEST) -> Parameter:
    return Parameter(name, Number(minimum=minimum, maximum=FURTHEST), default, help, default)


def _gain(default: float) -> Parameter:
    return _number("gain", default, "the result is multiplied by this", 0.0)


_KAIMING = (
    _number("a", 0, "slope below zero of the leaky ReLU that follows"),
    Parameter(
        "mode",
        OneOf(("fan_in", "fan_out")),
        "fan_in",
        "keep the variance in the forward pass (fan_in) or in the backward pass (fan_out)",
        "fan_in",
    ),
    Parameter(
        "nonlinearity",
        OneOf(NONLINEARITIES),
        "leaky_relu",
        "the activation that follows",
        "leaky_relu",
    ),
)


def _ordered(arguments: Arguments) -> str | None:
    a, b = arguments["a"], arguments["b"]
    return f"a must not be above b, but a={a:g} and b={b:g}" if a > b else None


_ALL = (
    Initialiser(
        "xavier_uniform",
        "Xavier uniform",
        "uniform, as wide as keeps the variance through tanh-like layers (Glorot and Bengio, 2010)",
        (_gain(1.0),),
    ),
    Initialiser(
        "xavier_normal",
        "Xavier normal",
        "normal, as wide as keeps the variance through tanh-like layers (Glorot and Bengio, 2010)",
        (_gain(1.0),),
    ),
    Initialiser(
        "kaiming_uniform",
        "Kaiming uniform",
        "uniform, as wide as keeps the variance through ReLU layers (He et al., 2015)",
        _KAIMING,
    ),
    Initialiser(
        "kaiming_normal",
        "Kaiming normal",
        "normal, as wide as keeps the variance through ReLU layers (He et al., 2015)",
        _KAIMING,
    ),
    Initialiser(
        "normal",
        "Normal",
        "normal with this mean and deviation, whatever the layer's size",
        (
            _number("mean", 0.0, "where it is centred"),
            _number("std", 1.0, "its standard deviation", 0.0),
        ),
        axes=1,
    ),
    Initialiser(
        "uniform",
        "Uniform",
        "every number between two bounds is as likely",
        (_number("a", 0.0, "the lower bound"), _number("b", 1.0, "the upper bound")),
        axes=1,
        rules=(_ordered,),
    ),
    Initialiser(
        "constant",
        "Constant",
        "every weight the same: all units of a layer then learn alike",
        (
            Parameter(
                "val",
                Number(minimum=-FURTHEST, maximum=FURTHEST),
                help="what every weight is",
                initial=0.0,
            ),
        ),
        axes=1,
    ),
    Initialiser(
        "orthogonal",
        "Orthogonal",
        "rows, or columns, at right angles and of one length (Saxe et al., 2013)",
        (_gain(1),),
    ),
)

INITIALISERS: Mapping[str, Initialiser] = MappingProxyType({each.name: each for each in _ALL})
"""Every entry by its name, in the order of the form."""

BIAS = _number("bias", 0.0, "what every bias is set to")


def parse_init(init: Init) -> Init:
    """The rule in its one canonical form; ValueError with what is wrong, in words."""
    if (entry := INITIALISERS.get(init.method)) is None:
        known = ", ".join(INITIALISERS)
        raise ValueError(
            f"there is no way to initialise weights called {init.method[:60]!r}; there are {known}"
        )
    parsed = {name: _parse(entry, name, value) for name, value in init.params}
    for rule in entry.rules:
        if wrong := rule(entry.arguments(parsed)):
            raise ValueError(f"{entry.name}: {wrong}")
    bias = None if init.bias is None else _parse_value("bias", BIAS, init.bias)
    return Init(entry.name, make_params(parsed), bias)  # type: ignore[arg-type]


def init_to_dict(init: Init) -> dict[str, Any]:
    """The rule as plain data; what is not set is not written."""
    written: dict[str, Any] = {"method": init.method}
    if init.params:
        written["params"] = dict(init.params)
    if init.bias is not None:
        written["bias"] = init.bias
    return written


def _parse(entry: Initialiser, name: str, value: object) -> Value:
    if (parameter := entry.parameter(name)) is None:
        known = ", ".join(each.name for each in entry.parameters)
        raise ValueError(f"{entry.name} has no argument {str(name)[:60]!r}; it has {known}")
    return _parse_value(f"{entry.name}: {name}", parameter, value)


def _parse_value(label: str, parameter: Parameter, value: object) -> Value:
    try:
        parsed = parameter.kind.parse(value)
    except ValueError as error:
        raise ValueError(f"{label}: {error}") from None
    if wrong := parameter.kind.problem(parsed):
        raise ValueError(f"{label} {wrong}")
    return parsed


def call_of(init: Init) -> Call:
    """How a weight is drawn: only what differs from torch's defaults, in torch's order."""
    entry = INITIALISERS[init.method]
    defaults = {each.name: each.default for each in entry.parameters}
    values = entry.arguments(dict(init.params)).items()
    return Call(entry.target, tuple((name, v) for name, v in values if v != defaults[name]))
