"""The learning-rate schedules that a recipe may name; one is one entry, described like a layer.

Left out everywhere: ``last_epoch`` (every run begins at its beginning). An argument that torch
wants and that follows from the run may be None; ``Schedule.fill`` then sets it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

from builder.catalogue.kinds import Flag, Integer, Number, OneOf, Shape
from builder.catalogue.spec import REQUIRED, Arguments, Parameter
from builder.choice import Choice
from builder.document import Value


@dataclass(frozen=True)
class Span:
    """How long a run is, and the learning rate that its optimiser starts with."""

    epochs: int
    steps: int
    rate: float


Filling = Callable[[Span], Mapping[str, Value]]


@dataclass(frozen=True)
class ScheduleSpec(Choice):
    """One entry: the torch class, its arguments, and after what it makes a step.

    ``follows`` gives the arguments that follow from the run as long as they are None;
    ``watches`` says that a step is given the validation loss; ``cycles`` that the momentum may
    move against the rate.
    """

    module: str = "torch.optim.lr_scheduler"
    per: Literal["epoch", "batch"] = "epoch"
    follows: Filling = lambda span: {}
    watches: bool = False

    def fill(self, arguments: Arguments, span: Span) -> dict[str, Value]:
        """All arguments, what was left to the run set by it."""
        filled = dict(self.follows(span))
        unset = {name: filled.pop(name) for name in (*filled,) if arguments.get(name) is None}
        return {**arguments, **unset}


_GAMMA = Parameter("gamma", Number(above=0), 0.1, "what the rate is multiplied by")


def _least(default: float = 0.0) -> Parameter:
    return Parameter("eta_min", Number(minimum=0), default, "the lowest learning rate")


def _length(default: int = 5) -> Parameter:
    return Parameter("total_iters", Integer(1), default, "epochs until the end is reached")


def _from_run(name: str, kind: Any, help: str, empty: str) -> Parameter:
    return Parameter(name, kind, REQUIRED, f"{help} (empty: {empty})", None, empty=empty)


def _momentum(name: str, default: float, help: str) -> Parameter:
    return Parameter(name, Number(minimum=0, maximum=1), default, help, more=True)


def _cycled(low: float, high: float) -> tuple[Parameter, ...]:
    return (
        Parameter("cycle_momentum", Flag(), True, "move the momentum against the rate", more=True),
        _momentum("base_momentum", low, "the momentum where the rate is highest"),
        _momentum("max_momentum", high, "the momentum where the rate is lowest"),
    )


def _ordered_rates(arguments: Arguments) -> str | None:
    low, high = arguments["base_lr"], arguments["max_lr"]
    if low is None or high is None or low <= high:
        return None
    return f"base_lr must not be above max_lr, but they are {low:g} and {high:g}"


_TIMES = 10
"""How far above the optimiser's rate a cycle goes unless told."""

_ALL = (
    ScheduleSpec(
        "StepLR",
        "multiplied by gamma after every step_size epochs",
        (
            _from_run(
                "step_size", Integer(1, nullable=True), "epochs between two", "a third of all"
            ),
            _GAMMA,
        ),
        follows=lambda span: {"step_size": max(1, span.epochs // 3)},
    ),
    ScheduleSpec(
        "MultiStepLR",
        "multiplied by gamma after each of these epochs",
        (
            _from_run(
                "milestones",
                Shape(nullable=True),
                "the epochs, with commas",
                "after a half and three quarters",
            ),
            _GAMMA,
        ),
        follows=lambda span: {"milestones": _half_and_more(span.epochs)},
    ),
    ScheduleSpec(
        "ConstantLR",
        "a part of the rate for the first epochs, then all of it",
        (
            Parameter("factor", Number(minimum=0, maximum=1), 1 / 3, "the part at the start"),
            _length(),
        ),
    ),
    ScheduleSpec(
        "LinearLR",
        "from one part of the rate to another in a straight line; a warm-up",
        (
            Parameter(
                "start_factor", Number(above=0, maximum=1), 1 / 3, "the part of the rate at first"
            ),
            Parameter("end_factor", Number(minimum=0, maximum=1), 1.0, "the part at the end"),
            _length(),
        ),
    ),
    ScheduleSpec(
        "ExponentialLR",
        "multiplied by gamma after every epoch",
        (replace(_GAMMA, default=REQUIRED, initial=0.9),),
    ),
    ScheduleSpec(
        "PolynomialLR",
        "falls to 0 along a power of the epochs that are left",
        (_length(), Parameter("power", Number(minimum=0), 1.0, "1 is a straight line")),
    ),
    ScheduleSpec(
        "CosineAnnealingLR",
        "falls along half a cosine, slowly at first and at the end",
        (
            _from_run("T_max", Integer(1, nullable=True), "epochs until the lowest", "all epochs"),
            _least(),
        ),
        follows=lambda span: {"T_max": span.epochs},
    ),
    ScheduleSpec(
        "CosineAnnealingWarmRestarts",
        "half a cosine again and again, each from the full rate",
        (
            _from_run(
                "T_0",
                Integer(1, nullable=True),
                "epochs of the first cosine",
                "a third of all",
            ),
            Parameter("T_mult", Integer(1, 100), 1, "how much longer each is than the one before"),
            _least(),
        ),
        follows=lambda span: {"T_0": max(1, span.epochs // 3)},
    ),
    ScheduleSpec(
        "CyclicLR",
        "up and down between two rates, batch by batch",
        (
            _from_run(
                "base_lr",
                Number(minimum=0, nullable=True),
                "the lowest rate",
                "lr",
            ),
            _from_run(
                "max_lr",
                Number(minimum=0, nullable=True),
                "the highest rate",
                "10 × lr",
            ),
            Parameter("step_size_up", Integer(1), 2000, "batches on the way up"),
            Parameter(
                "step_size_down",
                Integer(1, nullable=True),
                None,
                "batches on the way down (empty: as on the way up)",
                empty="as up",
            ),
            Parameter(
                "mode",
                OneOf(("triangular", "triangular2", "exp_range")),
                "triangular",
                "equal triangles, each half as high as the last, or shrinking by gamma",
            ),
            Parameter("gamma", Number(above=0), 1.0, "shrinks each batch of exp_range", more=True),
            *_cycled(0.8, 0.9),
        ),
        rules=(_ordered_rates,),
        per="batch",
        follows=lambda span: {"base_lr": span.rate, "max_lr": _TIMES * span.rate},
    ),
    ScheduleSpec(
        "OneCycleLR",
        "up to a high rate and down to almost nothing, once, batch by batch",
        (
            _from_run(
                "max_lr",
                Number(above=0, nullable=True),
                "the highest rate",
                "10 × lr",
            ),
            Parameter(
                "pct_start", Number(minimum=0, maximum=1), 0.3, "share of the run on the way up"
            ),
            Parameter(
                "anneal_strategy", OneOf(("cos", "linear")), "cos", "along a cosine or a line"
            ),
            *_cycled(0.85, 0.95),
            Parameter(
                "div_factor",
                Number(above=0),
                25.0,
                "it starts at max_lr divided by this",
                more=True,
            ),
            Parameter(
                "final_div_factor",
                Number(above=0),
                1e4,
                "it ends at its start divided by this",
                more=True,
            ),
            Parameter(
                "three_phase", Flag(), False, "down to the start first, then to the end", more=True
            ),
        ),
        per="batch",
        follows=lambda span: {"max_lr": _TIMES * span.rate, "total_steps": span.steps},
    ),
    ScheduleSpec(
        "ReduceLROnPlateau",
        "multiplied by a factor when the validation loss stops falling",
        (
            Parameter(
                "factor", Number(minimum=0, maximum=0.999), 0.1, "what the rate is multiplied by"
            ),
            Parameter("patience", Integer(0), 10, "epochs without progress that are borne"),
            Parameter("threshold", Number(minimum=0), 1e-4, "what counts as progress", more=True),
            Parameter(
                "threshold_mode",
                OneOf(("rel", "abs")),
                "rel",
                "progress as a share of the loss, or as a difference",
                more=True,
            ),
            Parameter("cooldown", Integer(0), 0, "epochs to wait after each fall", more=True),
            Parameter("min_lr", Number(minimum=0), 0.0, "the lowest learning rate", more=True),
            Parameter("eps", Number(minimum=0), 1e-8, "a smaller change is not made", more=True),
        ),
        watches=True,
    ),
)


def _half_and_more(epochs: int) -> tuple[int, ...]:
    return tuple(sorted({max(1, epochs // 2), max(1, 3 * epochs // 4)}))


SCHEDULES: Mapping[str, ScheduleSpec] = MappingProxyType({each.name: each for each in _ALL})
"""Every entry by its name."""
