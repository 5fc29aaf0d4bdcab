"""How a network is trained, as a frozen value that checks itself and is written as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, NoReturn, cast

from builder.catalogue.kinds import Flag, Integer, Number, OneOf
from builder.catalogue.spec import Call, Parameter
from builder.datasets import DATA_SETS, find
from builder.document import Params, Value, make_params
from builder.optimisers import OPTIMISERS, OptimiserSpec

VERSION = 1
LOSSES = ("CrossEntropyLoss",)
DEVICES = ("auto", "cpu", "cuda", "mps")

SETTINGS: Mapping[str, Parameter] = MappingProxyType(
    {
        setting.name: setting
        for setting in (
            Parameter("data", OneOf(tuple(DATA_SETS)), "digits", "what the network learns from"),
            Parameter(
                "validation",
                Number(minimum=0.01, maximum=0.9),
                0.2,
                "share of the samples kept apart to test what was learnt",
            ),
            Parameter("batch_size", Integer(1, 65536), 64, "samples for each step"),
            Parameter("epochs", Integer(1, 100_000), 10, "passes through the training samples"),
            Parameter("optimiser", OneOf(tuple(OPTIMISERS)), "Adam", "how the weights are changed"),
            Parameter("loss", OneOf(LOSSES), "CrossEntropyLoss", "what is made small"),
            Parameter("seed", Integer(0), 0, "the same seed gives the same run"),
            Parameter("device", OneOf(DEVICES), "auto", "where it computes; auto: GPU if any"),
            Parameter("shuffle", Flag(), True, "a new order of the samples in every epoch"),
        )
    }
)
"""Every setting that has one value of its own, described like a layer's arguments."""


def _default(name: str) -> Any:
    return SETTINGS[name].default


class RecipeError(ValueError):
    """A recipe that cannot be followed; the message says what was found and what is allowed."""


@dataclass(frozen=True)
class Recipe:
    """The settings of a run.

    ``arguments`` belong to the optimiser and hold only what was set; an absent one has torch's
    default. ``normalise`` None means what the data set is best with (tables are standardised).
    Raises RecipeError when a value is unknown, out of range or of the wrong kind.
    """

    data: str = _default("data")
    validation: float = _default("validation")
    batch_size: int = _default("batch_size")
    epochs: int = _default("epochs")
    optimiser: str = _default("optimiser")
    arguments: Params = ()
    loss: str = _default("loss")
    seed: int = _default("seed")
    device: str = _default("device")
    shuffle: bool = _default("shuffle")
    normalise: bool | None = None

    def __post_init__(self) -> None:
        for name, setting in SETTINGS.items():
            object.__setattr__(self, name, _parse(setting, getattr(self, name)))
        if not (self.normalise is None or isinstance(self.normalise, bool)):
            raise RecipeError(f"normalise: expected true, false or null, got {self.normalise!r}")
        object.__setattr__(self, "arguments", _parse_arguments(self.spec, self.arguments))
        self._check_rules()

    def _check_rules(self) -> None:
        for rule in self.spec.rules:
            if problem := rule(self.optimiser_arguments):
                raise RecipeError(f"{self.optimiser}: {problem}")

    @property
    def spec(self) -> OptimiserSpec:
        """The optimiser's entry."""
        return OPTIMISERS[self.optimiser]

    @property
    def optimiser_arguments(self) -> dict[str, Value]:
        """Every argument of the optimiser with its value, in the order of torch's signature."""
        defaults = {each.name: each.default for each in self.spec.parameters}
        return cast(dict[str, Value], {**defaults, **dict(self.arguments)})

    @property
    def optimiser_call(self) -> Call:
        """How the optimiser is made: only what differs from torch's default, in torch's order."""
        defaults = {p.name: p.default for p in self.spec.parameters}
        values = self.optimiser_arguments.items()
        differing = tuple((name, value) for name, value in values if value != defaults[name])
        return Call(self.spec.target, differing)

    @property
    def standardise(self) -> bool:
        """Whether the inputs are standardised by mean and deviation of the training part."""
        own = find(self.data).normalise
        return own if self.normalise is None else self.normalise


def _parse(setting: Parameter, value: object) -> Value:
    try:
        parsed = setting.kind.parse(value)
    except ValueError as error:
        raise RecipeError(f"{setting.name}: {error}") from None
    if problem := setting.kind.problem(parsed):
        raise RecipeError(f"{setting.name}: {problem}")
    return parsed


def _parse_arguments(spec: OptimiserSpec, given: Params) -> Params:
    parsed: dict[str, Value] = {}
    for name, value in given:
        parameter = spec.parameter(name) if isinstance(name, str) else None
        if parameter is None:
            known = ", ".join(each.name for each in spec.parameters)
            raise RecipeError(f"{spec.name} has no argument {str(name)[:80]!r}; it has {known}")
        parsed[name] = _parse(parameter, value)
    return make_params(parsed)


def to_dict(recipe: Recipe) -> dict[str, Any]:
    """The recipe as plain data."""
    values = {field.name: getattr(recipe, field.name) for field in fields(recipe)}
    return {"version": VERSION, **values, "arguments": dict(recipe.arguments)}


def from_dict(data: object) -> Recipe:
    """The recipe that plain data describes; absent settings have their defaults.

    Raises RecipeError for anything unknown or out of range.
    """
    if not isinstance(data, dict):
        raise RecipeError(f"a recipe is an object, got {type(data).__name__}")
    values = dict(data)
    if (version := values.pop("version", VERSION)) != VERSION:
        raise RecipeError(f"expected a recipe of version {VERSION}, got {str(version)[:80]!r}")
    known = {field.name for field in fields(Recipe)}
    if unknown := [name for name in values if name not in known]:
        raise RecipeError(f"unknown setting {str(unknown[0])[:80]!r}")
    arguments = values.pop("arguments", {})
    if not isinstance(arguments, dict):
        raise RecipeError("arguments: expected an object")
    return Recipe(**values, arguments=tuple(arguments.items()))


def dumps(recipe: Recipe) -> str:
    """The recipe as JSON."""
    return json.dumps(to_dict(recipe), ensure_ascii=False)


def _refuse_constant(name: str) -> NoReturn:
    raise RecipeError(f"numbers must be finite, got {name}")


def loads(text: str) -> Recipe:
    """The recipe that JSON text describes; raises RecipeError."""
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except RecipeError:
        raise
    except (ValueError, RecursionError):
        raise RecipeError("this is not JSON that holds a recipe") from None
    return from_dict(data)
