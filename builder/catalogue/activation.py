"""Activations: a function applied to every value, or along one axis."""

from __future__ import annotations

from builder.catalogue import formulas
from builder.catalogue.kinds import Flag, Integer, Number, OneOf
from builder.catalogue.rules import CHANNELS_FIRST, axis_problem
from builder.catalogue.spec import (
    Accepts,
    Arguments,
    Change,
    Explaining,
    Parameter,
    Problem,
    Rule,
    Shaping,
    Spec,
    keep_shape,
)
from builder.document import TensorType

ANY_SHAPE = Accepts()
INPLACE = Parameter("inplace", Flag(), False, "Overwrite the input to save memory.", more=True)
ALPHA = Parameter("alpha", Number(), 1.0, "Where it levels off for very negative values: −α.")
LAMBD = Parameter("lambd", Number(minimum=0, maximum=1e38), 0.5, "Values up to this size become 0.")


def _activation(
    kind: str,
    summary: str,
    *parameters: Parameter,
    keywords: tuple[str, ...] = (),
    accepts: Accepts = ANY_SHAPE,
    rules: tuple[Rule, ...] = (),
    gives: Shaping = keep_shape,
    probabilities: bool = False,
    arithmetic: tuple[Explaining, ...] = (),
) -> Spec:
    return Spec(
        kind=kind,
        category="Activation",
        target=f"nn.{kind}",
        summary=summary,
        parameters=parameters,
        accepts=accepts,
        rules=rules,
        gives=gives,
        probabilities=probabilities,
        keywords=keywords,
        brief=lambda a: ", ".join(
            f"{k} = {v}" for k, v in a.items() if k != "inplace" and v is not None
        ),
        arithmetic=arithmetic,
    )


def _axis_of_the_sample(arguments: Arguments, given: TensorType) -> Problem | None:
    """Softmax must run along an axis of the sample, never across the batch."""
    dim = arguments["dim"]
    if dim is not None:
        return axis_problem("dim", int(dim), given, 1)
    if given.rank != 2:
        return None  # torch takes axis 1 by itself
    return Problem(
        "dim",
        f"With dim=None torch takes axis 0 of {given}, the batch, and mixes the samples: "
        "take 1 or 2.",
        "Set dim to 1",
        Change("dim", 1),
    )


def _soft(kind: str, summary: str, *keywords: str, probabilities: bool = True) -> Spec:
    dim = Parameter(
        "dim",
        Integer(minimum=None, nullable=True),
        None,
        "Axis along which the probabilities add up to 1; 1 is the class axis.",
        initial=1,
    )
    return _activation(
        kind,
        summary,
        dim,
        keywords=keywords,
        rules=(_axis_of_the_sample,),
        probabilities=probabilities,
    )


def _slopes_for_channels(arguments: Arguments, given: TensorType) -> Problem | None:
    count, channels = int(arguments["num_parameters"]), given.shape[0]
    if count in (1, channels):
        return None
    return Problem(
        "slopes",
        f"num_parameters={count} must be 1 (one slope for all) or {channels} (one for each "
        f"channel of {given}).",
        f"Set num_parameters to {channels}",
        Change("num_parameters", channels),
    )


def _in_order(low: str, high: str) -> Rule:
    """One argument must not be larger than the other."""

    def rule(arguments: Arguments, given: TensorType) -> Problem | None:
        least, most = arguments[low], arguments[high]
        if least <= most:
            return None
        return Problem(
            "order",
            f"{low}={least:g} must not be larger than {high}={most:g}.",
            f"Set {high} to {least:g}",
            Change(high, least),
        )

    return rule


def _bounds_in_order(arguments: Arguments, given: TensorType) -> Problem | None:
    """Hardtanh's limits, by their names of today or those of old, which come first in torch."""
    names = [
        old if arguments[old] is not None else new
        for old, new in (("min_value", "min_val"), ("max_value", "max_val"))
    ]
    low, high = (arguments[name] for name in names)
    if low < high:
        return None
    best = low + 1.0
    return Problem(
        "order",
        f"{names[0]}={low:g} must be smaller than {names[1]}={high:g}.",
        f"Set {names[1]} to {best:g}",
        Change(names[1], best),
    )


def _halves(arguments: Arguments, given: TensorType) -> Problem | None:
    dim = int(arguments["dim"])
    if problem := axis_problem("dim", dim, given, 1):
        return problem
    size = given.shape[dim if dim < 0 else dim - 1]
    if size % 2 == 0:
        return None
    even = next((at for at, each in enumerate(given.shape, 1) if each % 2 == 0), None)
    return Problem(
        "glu",
        f"GLU halves axis {dim} of {given}, but its size {size} is odd.",
        None if even is None else f"Set dim to {even}",
        None if even is None else Change("dim", even),
    )


def _halved(arguments: Arguments, given: TensorType) -> tuple[int, ...]:
    shape, dim = list(given.shape), int(arguments["dim"])
    at = dim if dim < 0 else dim - 1
    shape[at] //= 2
    return tuple(shape)


ENTRIES = (
    _activation("ReLU", "max(0, x): negative values become 0.", INPLACE, keywords=("rectifier",)),
    _activation(
        "LeakyReLU",
        "Like ReLU, with a small slope for negative values.",
        Parameter("negative_slope", Number(), 0.01, "Slope for negative values."),
        INPLACE,
    ),
    _activation(
        "GELU",
        "x·Φ(x): a smooth ReLU, usual in transformers.",
        Parameter("approximate", OneOf(("none", "tanh")), "none", "Exact, or by a faster formula."),
    ),
    _activation(
        "Sigmoid",
        "1 / (1 + e⁻ˣ): squeezes values into 0 … 1.",
        keywords=("logistic",),
        probabilities=True,
    ),
    _activation("Tanh", "Squeezes values into −1 … 1.", keywords=("hyperbolic tangent",)),
    _soft("Softmax", "Turns values along one axis into probabilities that add up to 1."),
    _soft(
        "LogSoftmax",
        "The logarithm of Softmax, for NLLLoss.",
        "log probabilities",
        probabilities=False,
    ),
    _soft("Softmin", "Softmax of the negated values: the smallest gets the most.", "probabilities"),
    _activation(
        "Softmax2d",
        "Softmax over the channels, at every place of an image.",
        accepts=CHANNELS_FIRST[2],
        keywords=("probabilities", "segmentation"),
    ),
    _activation("ReLU6", "ReLU that stops at 6.", INPLACE, keywords=("mobilenet",)),
    _activation(
        "PReLU",
        "LeakyReLU whose slope is learned.",
        Parameter("num_parameters", Integer(), 1, "One slope for all, or one for each channel."),
        Parameter("init", Number(), 0.25, "Slope to begin with."),
        rules=(_slopes_for_channels,),
        arithmetic=(formulas.slopes,),
        keywords=("parametric",),
    ),
    _activation(
        "RReLU",
        "LeakyReLU whose slope is drawn at random while training.",
        Parameter("lower", Number(), 1 / 8, "Smallest slope."),
        Parameter("upper", Number(), 1 / 3, "Largest slope."),
        INPLACE,
        rules=(_in_order("lower", "upper"),),
        keywords=("randomised",),
    ),
    _activation(
        "ELU", "x, or α(eˣ − 1) below 0: smooth towards −α.", ALPHA, INPLACE, keywords=("smooth",)
    ),
    _activation(
        "SELU",
        "Scaled ELU that keeps mean 0 and deviation 1 from layer to layer.",
        INPLACE,
        keywords=("self-normalising",),
    ),
    _activation(
        "CELU",
        "max(0, x) + min(0, α(eˣᐟᵅ − 1)): ELU with a continuous slope.",
        Parameter("alpha", Number(above=0), 1.0, "Where it levels off: −α."),
        INPLACE,
    ),
    _activation("SiLU", "x·sigmoid(x), also called swish.", INPLACE, keywords=("swish",)),
    _activation("Mish", "x·tanh(softplus(x)): a smooth ReLU.", INPLACE),
    _activation("LogSigmoid", "The logarithm of the sigmoid: always below 0."),
    _activation("Hardsigmoid", "A sigmoid of three straight lines.", INPLACE),
    _activation("Hardswish", "Swish with Hardsigmoid: cheap on phones.", INPLACE),
    _activation(
        "Hardtanh",
        "Cuts values off below and above.",
        Parameter("min_val", Number(), -1.0, "Smallest value that comes out."),
        Parameter("max_val", Number(), 1.0, "Largest value that comes out."),
        INPLACE,
        Parameter("min_value", Number(nullable=True), None, "Old name of min_val.", more=True),
        Parameter("max_value", Number(nullable=True), None, "Old name of max_val.", more=True),
        rules=(_bounds_in_order,),
        keywords=("clip", "clamp"),
    ),
    _activation("Tanhshrink", "x − tanh(x): close to 0 it vanishes."),
    _activation(
        "Softplus",
        "log(1 + e^(βx)) / β: a smooth ReLU, always above 0.",
        Parameter("beta", Number(above=0), 1.0, "The larger, the closer to ReLU."),
        Parameter("threshold", Number(), 20.0, "Above βx of this it is x itself.", more=True),
    ),
    _activation("Softshrink", "Pulls values towards 0 by λ; small ones become 0.", LAMBD),
    _activation("Hardshrink", "Small values become 0, others stay.", LAMBD),
    _activation("Softsign", "x / (1 + |x|): squeezes values into −1 … 1."),
    _activation(
        "Threshold",
        "Values up to a threshold are replaced by one number.",
        Parameter("threshold", Number(), help="Values above this stay.", initial=0.0),
        Parameter("value", Number(), help="What stands for all others.", initial=0.0),
        INPLACE,
    ),
    _activation(
        "GLU",
        "One half of an axis, gated by the sigmoid of the other half.",
        Parameter("dim", Integer(minimum=None), -1, "Axis to halve.", initial=1),
        rules=(_halves,),
        gives=_halved,
        keywords=("gated",),
    ),
)
