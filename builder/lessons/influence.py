"""What one output value depends on: its derivative by every input value, by autograd.

The lesson for every layer that has none of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from builder.catalogue.spec import Arguments, Spec
from builder.lessons.lesson import Lesson
from builder.lessons.running import Array, make_layer, opening, run
from builder.lessons.samples import Sample


@dataclass(frozen=True)
class Influence:
    """Input and output of one sample, and the derivative of one output value by the input.

    ``slopes`` is None for an input of whole numbers, which has no derivative.
    """

    source: str
    printed: str
    input: Array
    output: Array
    slopes: Array | None
    value: float


LESSON = Lesson("influence", lambda spec: spec.lanes is None)


def teach(spec: Spec, arguments: Arguments, sample: Sample, place: tuple[int, ...]) -> Influence:
    """Run the layer, and ask autograd what the output at ``place`` of the first sample needs."""
    layer = make_layer("layer", spec, arguments, sample)
    here = ", ".join(map(str, (0, *place)))
    smooth = sample.given.dtype == "float32"
    given = "x.clone()" if arguments.get("inplace") else "x"
    asking = [
        "",
        "# What does this one value of y depend on? Autograd knows.",
        f"y[{here}].backward()",
        "slopes = x.grad",
    ]
    lines = [
        *opening(sample, layer),
        *(["x.requires_grad_()"] if smooth else []),
        "",
        layer,
        "layer.eval()",
        f"y = layer({given})",
        *(asking if smooth else []),
        "",
        f'print(f"y[{here}] = {{y[{here}]:.4f}}")',
        *(['print(f"inputs it depends on: {slopes.count_nonzero()}")'] if smooth else []),
    ]
    ran = run("\n".join(lines) + "\n")
    slopes = ran.array("slopes")[0] if smooth else None
    output = ran.array("y")[0]
    return Influence(
        ran.source, ran.printed, ran.array("x")[0], output, slopes, float(output[place])
    )
