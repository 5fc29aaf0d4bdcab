"""The optimisers that a recipe may name; one is one entry, described like a layer.

Of torch's own these are left out: LBFGS, whose step needs a closure that it calls again and again;
SparseAdam, which takes sparse gradients alone; and Muon, which takes matrices alone and so no bias.
Of their arguments those are left out that change how torch computes a step and not which step it
is (foreach, fused, capturable, differentiable), and maximize, which makes the loss large.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from builder.catalogue.kinds import Flag, Kind, Number
from builder.catalogue.spec import Arguments, Parameter
from builder.choice import Choice, Numbers


@dataclass(frozen=True)
class OptimiserSpec(Choice):
    """One entry: the torch class, its arguments, and the copies of the weights that it keeps.

    ``copies`` tells how many numbers it holds for each weight, given all its arguments. ``fused``
    says that torch can make its step in one go on every device, which is faster than one small
    operation after the other and differs from it by rounding alone.
    """

    module: str = "torch.optim"
    copies: Callable[[Arguments], int] = lambda arguments: 2
    fused: bool = False


def _nesterov(arguments: Arguments) -> str | None:
    if not arguments["nesterov"] or (arguments["momentum"] and not arguments["dampening"]):
        return None
    return "nesterov needs a momentum above 0 and no dampening"


def _around_one(arguments: Arguments) -> str | None:
    low, high = arguments["etas"]
    if 0 < low < 1 < high:
        return None
    return f"etas must be a number between 0 and 1 and one above 1, but are ({low:g}, {high:g})"


def _ordered_steps(arguments: Arguments) -> str | None:
    low, high = arguments["step_sizes"]
    if low <= high:
        return None
    return f"the first of step_sizes must not be above the second, but they are ({low:g}, {high:g})"


def _learning_rate(default: float) -> Parameter:
    return Parameter("lr", Number(minimum=0), default, "learning rate: the length of a step")


def _weight_decay(default: float) -> Parameter:
    return Parameter(
        "weight_decay", Number(minimum=0), default, "pulls every weight towards 0 at each step"
    )


def _eps(default: float) -> Parameter:
    help = "keeps the division from exploding"
    return Parameter("eps", Number(minimum=0), default, help, more=True)


def _share(name: str, default: float, help: str) -> Parameter:
    return Parameter(name, Number(minimum=0, maximum=1), default, help, more=True)


_BETAS = Parameter(
    "betas",
    cast(Kind, Numbers(minimum=0, below=1)),
    (0.9, 0.999),
    "how slowly the running means of the gradient and of its square forget",
    more=True,
)
_AMSGRAD = Parameter(
    "amsgrad", Flag(), False, "divide by the largest mean square so far", more=True
)
_DECOUPLED = Parameter(
    "decoupled_weight_decay",
    Flag(),
    False,
    "take weight decay out of the gradient's means, as AdamW does",
    more=True,
)
_MOMENTUM = Parameter("momentum", Number(minimum=0), 0.0, "share of the last step that is kept")


def _adaptive_copies(arguments: Arguments) -> int:
    return 3 if arguments["amsgrad"] else 2


SGD = OptimiserSpec(
    name="SGD",
    summary="a step against the gradient, with momentum if wanted",
    parameters=(
        _learning_rate(1e-3),
        _MOMENTUM,
        Parameter(
            "dampening", Number(), 0.0, "share of the gradient that momentum leaves out", more=True
        ),
        _weight_decay(0.0),
        Parameter("nesterov", Flag(), False, "look ahead along the momentum", more=True),
    ),
    copies=lambda arguments: 1 if arguments["momentum"] else 0,
    rules=(_nesterov,),
    fused=True,
)
ADAM = OptimiserSpec(
    name="Adam",
    summary="steps that adapt to each weight's gradients; a good first choice",
    parameters=(
        _learning_rate(1e-3),
        _BETAS,
        _eps(1e-8),
        _weight_decay(0.0),
        _AMSGRAD,
        _DECOUPLED,
    ),
    copies=_adaptive_copies,
    fused=True,
)
ADAMW = OptimiserSpec(
    name="AdamW",
    summary="Adam with weight decay kept apart from the gradient",
    parameters=(_learning_rate(1e-3), _BETAS, _eps(1e-8), _weight_decay(1e-2), _AMSGRAD),
    copies=_adaptive_copies,
    fused=True,
)
RMSPROP = OptimiserSpec(
    name="RMSprop",
    summary="divides by a running root mean square of the gradient",
    parameters=(
        _learning_rate(1e-2),
        _share("alpha", 0.99, "how slowly the running mean square forgets"),
        _eps(1e-8),
        _weight_decay(0.0),
        _MOMENTUM,
        Parameter("centered", Flag(), False, "divide by the deviation instead", more=True),
    ),
    copies=lambda arguments: 1 + bool(arguments["momentum"]) + bool(arguments["centered"]),
)
ADAGRAD = OptimiserSpec(
    name="Adagrad",
    summary="steps shrink with the sum of all squared gradients; for rare features",
    parameters=(
        _learning_rate(1e-2),
        Parameter(
            "lr_decay", Number(minimum=0), 0.0, "how fast the rate falls with steps", more=True
        ),
        _weight_decay(0.0),
        Parameter(
            "initial_accumulator_value",
            Number(minimum=0),
            0.0,
            "what the sum of squares starts with",
            more=True,
        ),
        _eps(1e-10),
    ),
    copies=lambda arguments: 1,
)
ADADELTA = OptimiserSpec(
    name="Adadelta",
    summary="as RMSprop, with a learning rate that it finds itself",
    parameters=(
        _learning_rate(1.0),
        _share("rho", 0.9, "how slowly the running mean squares forget"),
        _eps(1e-6),
        _weight_decay(0.0),
    ),
)
ADAMAX = OptimiserSpec(
    name="Adamax",
    summary="Adam with the largest gradient in place of the mean square",
    parameters=(_learning_rate(2e-3), _BETAS, _eps(1e-8), _weight_decay(0.0)),
)
NADAM = OptimiserSpec(
    name="NAdam",
    summary="Adam that looks ahead along its momentum, as Nesterov's does",
    parameters=(
        _learning_rate(2e-3),
        _BETAS,
        _eps(1e-8),
        _weight_decay(0.0),
        Parameter(
            "momentum_decay", Number(minimum=0), 4e-3, "how fast the momentum warms up", more=True
        ),
        _DECOUPLED,
    ),
)
RADAM = OptimiserSpec(
    name="RAdam",
    summary="Adam that starts carefully, so that it needs no warm-up",
    parameters=(_learning_rate(1e-3), _BETAS, _eps(1e-8), _weight_decay(0.0), _DECOUPLED),
)
ASGD = OptimiserSpec(
    name="ASGD",
    summary="plain steps whose weights are averaged late in the run",
    parameters=(
        _learning_rate(1e-2),
        Parameter("lambd", Number(minimum=0), 1e-4, "how fast the weights decay", more=True),
        _share("alpha", 0.75, "power by which the rate falls"),
        Parameter(
            "t0", Number(minimum=0), 1e6, "step from which on weights are averaged", more=True
        ),
        _weight_decay(0.0),
    ),
    copies=lambda arguments: 1,
)
RPROP = OptimiserSpec(
    name="Rprop",
    summary="looks at the gradient's sign alone; for batches that hold all samples",
    parameters=(
        _learning_rate(1e-2),
        Parameter(
            "etas",
            cast(Kind, Numbers(above=0)),
            (0.5, 1.2),
            "factors of a step when the sign turns and when it stays",
            more=True,
        ),
        Parameter(
            "step_sizes",
            cast(Kind, Numbers(above=0)),
            (1e-6, 50.0),
            "the shortest and the longest step",
            more=True,
        ),
    ),
    rules=(_around_one, _ordered_steps),
)
ADAFACTOR = OptimiserSpec(
    name="Adafactor",
    summary="keeps mean squares of rows and columns alone: little memory for large layers",
    parameters=(
        _learning_rate(1e-2),
        Parameter(
            "beta2_decay",
            Number(maximum=0),
            -0.8,
            "power by which the mean squares forget less and less",
            more=True,
        ),
        Parameter(
            "eps",
            cast(Kind, Numbers(minimum=0, holes=True)),
            (None, 1e-3),
            "least mean square (None: the smallest number there is) and least size of weights",
            more=True,
        ),
        Parameter(
            "d", Number(minimum=1), 1.0, "an update's root mean square is cut here", more=True
        ),
        _weight_decay(0.0),
    ),
    rules=(
        lambda arguments: (
            "the second of eps must be a number" if None in arguments["eps"][1:] else None
        ),
    ),
    copies=lambda arguments: 0,
)

OPTIMISERS: Mapping[str, OptimiserSpec] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            SGD,
            ADAM,
            ADAMW,
            RMSPROP,
            ADAGRAD,
            ADADELTA,
            ADAMAX,
            NADAM,
            RADAM,
            ASGD,
            RPROP,
            ADAFACTOR,
        )
    }
)
