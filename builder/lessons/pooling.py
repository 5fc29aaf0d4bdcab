"""Max pooling: where each maximum was, and unpooling, which puts it back there."""

from __future__ import annotations

from dataclasses import dataclass

from builder.catalogue.rules import spread
from builder.catalogue.spec import Arguments, Spec
from builder.document import Value
from builder.export.calls import literal
from builder.lessons.convolution import covered_ranges, write_range
from builder.lessons.lesson import Lesson, window_axes
from builder.lessons.running import Array, as_image, make_layer, opening, run
from builder.lessons.samples import DIGIT, FOUR, PHOTO, ROW, ROWS, Sample


@dataclass(frozen=True)
class Pooling:
    """One window and its maximum; arrays are channels × height × width.

    ``covered`` are the positions of the window that lie in the input, by axis; ``index`` is the
    maximum's position, counted row by row. ``back`` is what unpooling makes of the maxima.
    """

    source: str
    printed: str
    input: Array
    output: Array
    indices: Array
    back: Array
    covered: tuple[range, ...]
    maximum: float
    index: int


def _shows(spec: Spec) -> bool:
    names = {each.name for each in spec.parameters}
    return {"kernel_size", "return_indices"} <= names and window_axes(spec) is not None


LESSON = Lesson("pooling", _shows, (DIGIT, PHOTO, FOUR, ROW, ROWS))


def teach(
    spec: Spec, arguments: Arguments, sample: Sample, channel: int, place: tuple[int, ...]
) -> Pooling:
    """Pool, look at one window, and put the maxima back."""
    axes = len(place)
    stride: Value = arguments["stride"] or arguments["kernel_size"]
    windows = {**arguments, "stride": stride}
    covered = covered_ranges(windows, place)
    padding = spread(arguments["padding"], axes)
    inside = tuple(map(_within, covered, padding, sample.given.shape[1:]))
    ran = run(_write(spec, arguments, sample, channel, place, inside, stride))
    return Pooling(
        ran.source,
        ran.printed,
        as_image(ran.array("x")[0], axes),
        as_image(ran.array("y")[0], axes),
        as_image(ran.array("indices")[0], axes),
        as_image(ran.array("back")[0], axes),
        inside,
        float(ran.values["y"][(0, channel, *place)]),
        int(ran.values["indices"][(0, channel, *place)]),
    )


def _within(covered: range, padding: int, size: int) -> range:
    """A window's positions counted in the input itself, without those in the padding."""
    found = [at - padding for at in covered if 0 <= at - padding < size]
    return range(found[0], found[-1] + 1, covered.step)


def _write(
    spec: Spec,
    arguments: Arguments,
    sample: Sample,
    channel: int,
    place: tuple[int, ...],
    inside: tuple[range, ...],
    stride: Value,
) -> str:
    layer = make_layer("pool", spec, arguments, sample, ("return_indices", True))
    here = ", ".join(map(str, (0, channel, *place)))
    lines = [
        *opening(sample, layer, seed=None),
        "",
        layer,
        "y, indices = pool(x)",
        "",
        "# One window by hand: its values within the input, and the largest of them.",
        f"window = x[0, {channel}, {', '.join(map(write_range, inside))}]",
        "maximum = window.max()",
        "",
        *_unpool(arguments, len(place), stride),
        "",
        f'print(f"by hand {{maximum:.4f}}, torch {{y[{here}]:.4f}} from {{indices[{here}]}}")',
    ]
    return "\n".join(lines) + "\n"


def _unpool(arguments: Arguments, axes: int, stride: Value) -> list[str]:
    """Torch's unpooling knows no dilation: there the indices are used directly."""
    if set(spread(arguments["dilation"], axes)) != {1}:
        return [
            "# Unpooling, which in torch knows no dilation: each maximum goes back to its index.",
            "back = torch.zeros_like(x).flatten(2)",
            "back = back.scatter(2, indices.flatten(2), y.flatten(2)).view_as(x)",
        ]
    given = [literal(arguments["kernel_size"])]
    if stride != arguments["kernel_size"]:
        given.append(f"stride={literal(stride)}")
    if arguments["padding"]:
        given.append(f"padding={literal(arguments['padding'])}")
    return [
        "# Unpooling: each maximum goes back to where it was, all else is 0.",
        f"unpool = nn.MaxUnpool{axes}d({', '.join(given)})",
        "back = unpool(y, indices, output_size=x.shape)",
    ]
