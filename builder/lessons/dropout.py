"""Dropout: the same input in training, where values go at random, and in evaluation."""

from __future__ import annotations

from dataclasses import dataclass

from builder.catalogue.spec import Arguments, Spec
from builder.lessons.lesson import Lesson
from builder.lessons.running import Array, make_layer, opening, run
from builder.lessons.samples import FOUR, PHOTO, ROWS, VOLUMES, Sample


@dataclass(frozen=True)
class Dropout:
    """What comes in, and what comes out in training and in evaluation, for one sample.

    ``dropped`` is the share of all values that training has dropped.
    """

    source: str
    printed: str
    input: Array
    training: Array
    evaluation: Array
    dropped: float


LESSON = Lesson("dropout", lambda spec: spec.category == "Dropout", (ROWS, FOUR, PHOTO, VOLUMES))


def teach(spec: Spec, arguments: Arguments, sample: Sample, seed: int) -> Dropout:
    """Run the layer both ways; another ``seed`` drops others."""
    layer = make_layer("dropout", spec, arguments, sample)
    given = "x.clone()" if arguments["inplace"] else "x"
    lines = [
        *opening(sample, layer, seed=seed),
        "",
        layer,
        "dropout.train()",
        f"training = dropout({given})",
        "dropout.eval()",
        f"evaluation = dropout({given})",
        "",
        "# Drawn the same way once more, for an input of ones: what is dropped comes out lowest.",
        f"torch.manual_seed({seed})",
        "dropout.train()",
        "ones = dropout(torch.ones_like(x))",
        "dropped = (ones <= 0).float().mean()",
        'print(f"dropped: {dropped:.0%} of the values")',
        'print(f"mean: {x.mean():.3f} before, {training.mean():.3f} in training")',
        'print(f"deviation: {x.std():.3f} before, {training.std():.3f} in training")',
        'print("unchanged in evaluation:", torch.equal(evaluation, x))',
    ]
    ran = run("\n".join(lines) + "\n")
    return Dropout(
        ran.source,
        ran.printed,
        ran.array("x")[0],
        ran.array("training")[0],
        ran.array("evaluation")[0],
        float(ran.values["dropped"]),
    )
