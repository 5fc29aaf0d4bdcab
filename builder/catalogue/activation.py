"""Activations: a function applied to every value, or along one axis."""

from __future__ import annotations

from builder.catalogue.kinds import Flag, Integer, Number, OneOf
from builder.catalogue.rules import axis_problem
from builder.catalogue.spec import Arguments, Change, Parameter, Problem, Spec, keep_shape
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
        gives=keep_shape,
        keywords=keywords,
        brief=lambda a: ", ".join(f"{k} = {v}" for k, v in a.items() if k != "inplace"),
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
        gives=keep_shape,
        brief=lambda a: f"dim = {a['dim']}",
    ),
)
