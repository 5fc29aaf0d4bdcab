"""Activations: a function applied to every value, or along one axis."""

from __future__ import annotations

from builder.catalogue.spec import (
    Arguments,
    Change,
    Flag,
    Integer,
    Number,
    OneOf,
    Parameter,
    Problem,
    Spec,
)
from builder.document import TensorType

INPLACE = Parameter("inplace", Flag(), False, "Overwrite the input to save memory.", more=True)


def _activation(
    kind: str, summary: str, *parameters: Parameter, keywords: tuple[str, ...] = ()
) -> Spec:
    return Spec(
        kind=kind,
        category="Activation",
        target=f"nn.{kind}",
        summary=summary,
        parameters=parameters,
        keywords=keywords,
        brief=lambda a: ", ".join(f"{k} = {v}" for k, v in a.items() if k != "inplace"),
    )


def _axis_of_the_sample(arguments: Arguments, given: TensorType) -> Problem | None:
    """Softmax must run along an axis of the sample, never across the batch."""
    dim = arguments["dim"]
    if dim is None:
        bad = given.rank not in (1, 3)  # torch then takes axis 0, the batch
    else:
        bad = not (1 <= int(dim) <= given.rank or -given.rank <= int(dim) <= -1)
    if not bad:
        return None
    axes = given.rank + 1
    what = "the batch axis" if dim in (None, 0, -axes) else f"no axis of {given}"
    return Problem(
        "dim",
        f"dim={dim} is {what}: samples would be mixed or nothing found. This input has {axes} "
        f"axes, counted from 0 (the batch); take one from 1 to {given.rank}.",
        "Set dim to 1",
        Change("dim", 1),
    )


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
    _activation("Sigmoid", "1 / (1 + e⁻ˣ): squeezes values into 0 … 1.", keywords=("logistic",)),
    _activation("Tanh", "Squeezes values into −1 … 1.", keywords=("hyperbolic tangent",)),
    Spec(
        kind="Softmax",
        category="Activation",
        target="nn.Softmax",
        summary="Turns values along one axis into probabilities that add up to 1.",
        keywords=("probabilities",),
        parameters=(
            Parameter(
                "dim",
                Integer(minimum=None, nullable=True),
                None,
                "Axis along which the values add up to 1; 1 is the class axis.",
                initial=1,
            ),
        ),
        rules=(_axis_of_the_sample,),
        brief=lambda a: f"dim = {a['dim']}",
    ),
)
