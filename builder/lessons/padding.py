"""Padding: the input within its border, and where the border has its values from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from builder.catalogue import CATALOGUE
from builder.catalogue.rules import spread
from builder.catalogue.spec import Arguments, Spec
from builder.document import make_params
from builder.layers import check_layer
from builder.lessons import influence
from builder.lessons.influence import Influence
from builder.lessons.lesson import Lesson, window_axes
from builder.lessons.running import Array, make_layer, opening, run, to_array
from builder.lessons.samples import DIGIT, PHOTO, ROW, ROWS, Sample


@dataclass(frozen=True)
class Padding:
    """A padded input; ``frame`` is where the input lies in it: (start, stop) for each axis.

    ``origin`` is the position in the input that the chosen value is copied from, or None.
    """

    influence: Influence
    frame: tuple[tuple[int, int], ...]
    origin: tuple[int, ...] | None


@dataclass(frozen=True)
class Comparison:
    """What every kind of padding makes of the same input, by the kind's name."""

    source: str
    printed: str
    outputs: dict[str, Array]


LESSON = Lesson(
    "padding",
    lambda spec: spec.category == "Padding" and window_axes(spec) is not None,
    (DIGIT, PHOTO, ROW, ROWS),
    (("padding", 2),),
)


def teach(spec: Spec, arguments: Arguments, sample: Sample, place: tuple[int, ...]) -> Padding:
    """Pad, and ask autograd which input the value at ``place`` (channel, …) is a copy of."""
    found = influence.teach(spec, arguments, sample, place)
    axes = len(place) - 1
    numbers = spread(arguments["padding"], 2 * axes)
    befores = [numbers[2 * at] for at in reversed(range(axes))]
    sizes = zip(befores, sample.given.shape[1:], found.output.shape[1:], strict=True)
    frame = tuple((max(before, 0), min(before + size, out)) for before, size, out in sizes)
    assert found.slopes is not None
    where = np.argwhere(found.slopes)
    origin = tuple(int(at) for at in where[0]) if len(where) else None
    return Padding(found, frame, origin)


def compare(spec: Spec, arguments: Arguments, sample: Sample) -> Comparison:
    """The same positions added by every kind of padding that can add them."""
    alike = [each for each in CATALOGUE.values() if _is_alike(each, spec)]
    settings = make_params({"padding": arguments["padding"]})
    layers = []
    for each in alike:
        own = {name: value for name, value in each.initial.items() if name != "padding"}
        outcome = check_layer(each.kind, make_params({**own, **dict(settings)}), sample.given)
        if outcome.problem is None:
            layers.append(make_layer(each.kind, each, outcome.arguments, sample))
    made = [layer.replace(" = ", "=", 1) for layer in layers]
    lines = [
        *opening(sample, seed=None),
        "",
        "paddings = dict(",
        *(f"    {layer}," for layer in made),
        ")",
        "outputs = {name: pad(x)[0] for name, pad in paddings.items()}",
        'print(*(f"{name}: mean {y.mean():.4f}" for name, y in outputs.items()), sep="\\n")',
    ]
    ran = run("\n".join(lines) + "\n")
    outputs = {name: to_array(y) for name, y in ran.values["outputs"].items()}
    return Comparison(ran.source, ran.printed, outputs)


def _is_alike(other: Spec, spec: Spec) -> bool:
    return other.category == spec.category and other.accepts == spec.accepts
