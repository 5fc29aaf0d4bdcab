"""How a network is trained, as a frozen value that checks itself and is written as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, NoReturn

from builder.catalogue.kinds import Flag, Integer, Number, OneOf
from builder.catalogue.spec import Call, Parameter
from builder.choice import Choice, parse_value
from builder.datasets import DATA_SETS, OWN, DataError, DataSet, Target, find, known
from builder.document import Params, Value
from builder.losses import LOSSES, LossSpec, suggest
from builder.metrics import Metric, metric_of
from builder.optimisers import OPTIMISERS, OptimiserSpec
from builder.schedules import SCHEDULES, ScheduleSpec, Span

VERSION = 2
DEVICES = ("auto", "cpu", "cuda", "mps")

SETTINGS: Mapping[str, Parameter] = MappingProxyType(
    {
        setting.name: setting
        for setting in (
            Parameter(
                "data",
                OneOf(tuple(DATA_SETS), besides=OWN),
                "digits",
                "what the network learns from",
            ),
            Parameter(
                "validation",
                Number(minimum=0.01, maximum=0.9),
                0.2,
                "share of the samples kept apart to test what was learnt",
            ),
            Parameter("batch_size", Integer(1, 65536), 64, "samples for each step"),
            Parameter("epochs", Integer(1, 100_000), 10, "passes through the training samples"),
            Parameter("optimiser", OneOf(tuple(OPTIMISERS)), "Adam", "how the weights are changed"),
            Parameter(
                "loss",
                OneOf(("auto", *LOSSES)),
                "auto",
                "what is made small; auto: cross-entropy for classes, squared error for numbers",
            ),
            Parameter(
                "schedule",
                OneOf(("none", *SCHEDULES)),
                "none",
                "how the learning rate changes during the run",
            ),
            Parameter(
                "normalise",
                OneOf(("auto", "none", "standardise")),
                "auto",
                "standardise: subtract the training samples' mean and divide by their deviation; "
                "auto: do so for tables, not for images",
            ),
            Parameter(
                "clipping",
                OneOf(("none", "norm", "value")),
                "none",
                "shorten gradients: all together (norm), or each number by itself (value)",
            ),
            Parameter("clip_at", Number(above=0), 1.0, "the longest that a gradient may be"),
            Parameter(
                "patience",
                Integer(1, 100_000, nullable=True),
                None,
                "early stopping: epochs without a lower validation loss that are borne (empty: "
                "any number); the weights stay those of the last epoch",
                empty="any number",
            ),
            Parameter(
                "min_delta",
                Number(minimum=0),
                0.0,
                "early stopping: how much lower the validation loss must be to count",
            ),
            Parameter(
                "time_limit",
                Number(above=0, nullable=True),
                None,
                "seconds after which the run ends by itself (empty: none)",
                empty="none",
            ),
            Parameter(
                "precision",
                OneOf(("float32", "bfloat16", "float16")),
                "float32",
                "bfloat16 and float16 are mixed precision: layers compute in 16 bits where that "
                "does little harm",
            ),
            Parameter("seed", Integer(0), 0, "the same seed gives the same run"),
            Parameter("device", OneOf(DEVICES), "auto", "where it computes; auto: GPU if any"),
            Parameter(
                "shuffle",
                Flag(),
                True,
                "a new order of the samples in every epoch; else always the order of the data",
            ),
        )
    }
)
"""Every setting that has one value of its own, described like a layer's arguments."""

ARGUMENTS = ("arguments", "loss_arguments", "schedule_arguments")
"""The settings that hold the arguments of the optimiser, the loss and the schedule."""


def _default(name: str) -> Any:
    return SETTINGS[name].default


class RecipeError(ValueError):
    """A recipe that cannot be followed; the message says what was found and what is allowed."""


@dataclass(frozen=True)
class Recipe:
    """The settings of a run.

    ``arguments`` belong to the optimiser and hold only what was set; an absent one has torch's
    default. So do ``loss_arguments`` and ``schedule_arguments``; a loss that is left to the data
    has none. Early stopping keeps the weights of the last epoch, not those of the best.
    Raises RecipeError when a value is unknown, out of range or of the wrong kind.
    """

    data: str = _default("data")
    validation: float = _default("validation")
    batch_size: int = _default("batch_size")
    epochs: int = _default("epochs")
    optimiser: str = _default("optimiser")
    arguments: Params = ()
    loss: str = _default("loss")
    loss_arguments: Params = ()
    schedule: str = _default("schedule")
    schedule_arguments: Params = ()
    normalise: str = _default("normalise")
    clipping: str = _default("clipping")
    clip_at: float = _default("clip_at")
    patience: int | None = _default("patience")
    min_delta: float = _default("min_delta")
    time_limit: float | None = _default("time_limit")
    precision: str = _default("precision")
    seed: int = _default("seed")
    device: str = _default("device")
    shuffle: bool = _default("shuffle")

    def __post_init__(self) -> None:
        try:
            for name, setting in SETTINGS.items():
                object.__setattr__(self, name, parse_value(setting, getattr(self, name)))
            for name, entry in zip(ARGUMENTS, self._entries(), strict=True):
                object.__setattr__(self, name, _parse(name, entry, getattr(self, name)))
        except ValueError as error:
            raise RecipeError(str(error)) from None
        self._check_rules()

    def _entries(self) -> tuple[Choice | None, ...]:
        return self.spec, LOSSES.get(self.loss), self.schedule_spec

    def _check_rules(self) -> None:
        chosen, data_set = LOSSES.get(self.loss), known(self.data)
        if chosen and data_set and chosen.outputs(data_set.target) is None:
            target = data_set.target
            found = f"{target.outputs} classes" if target.kind == "classes" else "numbers"
            raise RecipeError(
                f"{chosen.name} does not go with {data_set.title}, whose target is {found}"
            )
        cycles = self.schedule_values.get("cycle_momentum")
        if cycles and not {"momentum", "betas"} & self.optimiser_arguments.keys():
            raise RecipeError(
                f"{self.schedule}: {self.optimiser} has no momentum that could be moved, so "
                "cycle_momentum must be false"
            )

    @property
    def _target(self) -> Target:
        """What is to be predicted; classes where the data set is gone, so a run still shows."""
        try:
            return self.data_set.target
        except DataError:
            return Target("classes", ())

    @cached_property
    def data_set(self) -> DataSet:
        """The data set's entry, found once: a run that has begun does not need its files any more.

        Raises DataError when there is none.
        """
        return find(self.data)

    @property
    def spec(self) -> OptimiserSpec:
        """The optimiser's entry."""
        return OPTIMISERS[self.optimiser]

    @property
    def loss_spec(self) -> LossSpec:
        """The loss's entry: the chosen one, or the one suggested for the target."""
        return LOSSES.get(self.loss) or suggest(self._target)

    @property
    def schedule_spec(self) -> ScheduleSpec | None:
        """The schedule's entry, or None when the learning rate stays as it is."""
        return SCHEDULES.get(self.schedule)

    @property
    def metric(self) -> Metric:
        """The metric's entry, which goes with the target."""
        return metric_of(self._target)

    @property
    def optimiser_arguments(self) -> dict[str, Value]:
        """Every argument of the optimiser with its value, in the order of torch's signature."""
        return self.spec.arguments(self.arguments)

    @property
    def schedule_values(self) -> dict[str, Value]:
        """Every argument of the schedule with its value, None where the run will set it."""
        return self.schedule_spec.arguments(self.schedule_arguments) if self.schedule_spec else {}

    @property
    def optimiser_call(self) -> Call:
        """How the optimiser is made: only what differs from torch's default, in torch's order."""
        call = self.spec.call(self.optimiser_arguments)
        return Call(call.target, (*call.arguments, ("fused", True))) if self.spec.fused else call

    @property
    def loss_call(self) -> Call:
        """How the loss is made: only what differs from torch's default."""
        return self.loss_spec.call(self.loss_spec.arguments(self.loss_arguments))

    def schedule_call(self, batches: int) -> Call | None:
        """How the schedule is made in a run of so many batches an epoch; None without one."""
        if self.schedule_spec is None:
            return None
        rate = float(self.optimiser_arguments["lr"])  # type: ignore[arg-type]
        span = Span(self.epochs, self.epochs * batches, rate)
        return self.schedule_spec.call(self.schedule_spec.fill(self.schedule_values, span))

    @property
    def standardise(self) -> bool:
        """Whether the inputs are standardised by mean and deviation of the training part."""
        chosen = self.normalise
        return self.data_set.normalise if chosen == "auto" else chosen == "standardise"

    def held_out(self, samples: int) -> int:
        """How many of so many samples are kept apart for validation."""
        return round(samples * self.validation)

    def batch_starts(self, samples: int) -> range:
        """Where each batch begins in so many training samples.

        A last batch of one sample is left out (BatchNorm needs two).
        """
        if self.batch_size > 1 and samples % self.batch_size == 1:
            samples -= 1
        return range(0, samples, self.batch_size)

    @property
    def batches_per_epoch(self) -> int:
        """How many steps an epoch takes, by what the data set says of itself."""
        samples = self.data_set.samples
        return max(1, len(self.batch_starts(samples - self.held_out(samples))))


def _parse(name: str, entry: Choice | None, given: Params) -> Params:
    if entry is not None:
        return entry.parse(given)
    if given:
        raise ValueError(f"{name}: name what they are for; that was left open")
    return ()


def first_recipe(data: str, **settings: Any) -> Recipe:
    """A recipe to begin with on this data: what its entry proposes, where nothing else is said.

    A choice of an optimiser or of its arguments leaves out what is proposed of both.
    """
    data_set = known(data)
    proposed = dict(data_set.start) if data_set else {}
    if settings.keys() & {"optimiser", "arguments"}:
        proposed = {n: v for n, v in proposed.items() if n not in ("optimiser", "arguments")}
    return Recipe(data=data, **{**proposed, **settings})


def move(recipe: Recipe, data: str) -> Recipe:
    """The same recipe for other data: what its own data proposed is what the other proposes.

    A loss that doesn't take the other target is left to the data again.
    """
    before, after = first_recipe(recipe.data), first_recipe(data)
    changes: dict[str, Any] = {"data": data}
    for names in (("optimiser", "arguments"), ("epochs",)):
        if all(getattr(recipe, name) == getattr(before, name) for name in names):
            changes |= {name: getattr(after, name) for name in names}
    chosen, data_set = LOSSES.get(recipe.loss), known(data)
    if chosen and data_set and chosen.outputs(data_set.target) is None:
        changes |= {"loss": _default("loss"), "loss_arguments": ()}
    return replace(recipe, **changes)


def to_dict(recipe: Recipe) -> dict[str, Any]:
    """The recipe as plain data."""
    values = {field.name: getattr(recipe, field.name) for field in fields(recipe)}
    arguments = {name: dict(values[name]) for name in ARGUMENTS}
    return {"version": VERSION, **values, **arguments}


def from_dict(data: object) -> Recipe:
    """The recipe that plain data of this version or an older one describes.

    Absent settings have their defaults. Raises RecipeError for anything unknown or out of range.
    """
    if not isinstance(data, dict):
        raise RecipeError(f"a recipe is an object, got {type(data).__name__}")
    values = _migrate(dict(data))
    known = {field.name for field in fields(Recipe)}
    if unknown := [name for name in values if name not in known]:
        raise RecipeError(f"unknown setting {str(unknown[0])[:80]!r}")
    for name in ARGUMENTS:
        if not isinstance(arguments := values.pop(name, {}), dict):
            raise RecipeError(f"{name}: expected an object")
        values[name] = tuple(arguments.items())
    return Recipe(**values)


def _migrate(values: dict[str, Any]) -> dict[str, Any]:
    """The settings in the words of this version."""
    version = values.pop("version", VERSION)
    if version == 1 and type(version) is int:
        return _from_first(values)
    if version != VERSION or type(version) is not int:
        raise RecipeError(f"expected a recipe of version 1 to {VERSION}, got {str(version)[:80]!r}")
    return values


_NORMALISE = {None: "auto", True: "standardise", False: "none"}


def _from_first(values: dict[str, Any]) -> dict[str, Any]:
    """Version 1: ``normalise`` was true, false or null, and the one loss was no choice."""
    if (chosen := values.get("normalise")) is None or isinstance(chosen, bool):
        values["normalise"] = _NORMALISE[chosen]
    if values.get("loss") == "CrossEntropyLoss":
        del values["loss"]
    return values


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
