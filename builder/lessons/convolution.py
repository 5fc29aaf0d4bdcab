"""Convolution: the kernel at one position, its products written out, and their sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from builder.catalogue.rules import span, spread
from builder.catalogue.spec import Arguments, Spec
from builder.lessons.lesson import Lesson, window_axes
from builder.lessons.running import Array, as_image, make_layer, opening, run, to_array
from builder.lessons.samples import DIGIT, FOUR, PHOTO, ROW, ROWS, Sample

KERNELS: Final = {
    "random": "As torch draws it",
    "mean": "All weights equal: the mean",
    "edges": "Right minus left: upright edges",
}
"""What the kernel holds."""
MODES: Final = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate"}


START = (("out_channels", 2), ("padding", 1))


@dataclass(frozen=True)
class Convolution:
    """One output value, with all that made it; arrays are channels × height × width.

    ``sides`` are the positions of padding before and after, for each axis; ``covered`` the
    positions of the padded input that the kernel covers, by axis; ``channels`` those of the input
    that this output channel sees.
    """

    source: str
    printed: str
    padded: Array
    output: Array
    sides: tuple[tuple[int, int], ...]
    covered: tuple[range, ...]
    channels: range
    window: Array
    weights: Array
    products: Array
    bias: float | None
    total: float
    torch_says: float


def _shows(spec: Spec) -> bool:
    names = {each.name for each in spec.parameters}
    slides = {"kernel_size", "dilation", "groups"} <= names and "output_padding" not in names
    return spec.category == "Convolution" and slides and window_axes(spec) is not None


LESSON = Lesson("convolution", _shows, (DIGIT, PHOTO, FOUR, ROW, ROWS), START)


def padding_sides(arguments: Arguments, axes: int) -> tuple[tuple[int, int], ...]:
    """Positions that are added before and after, for every axis."""
    padding = arguments["padding"]
    if padding == "valid":
        return ((0, 0),) * axes
    if padding != "same":
        return tuple((size, size) for size in spread(padding, axes))
    kernel, dilation = (spread(arguments[name], axes) for name in ("kernel_size", "dilation"))
    totals = (span(k, d) - 1 for k, d in zip(kernel, dilation, strict=True))
    return tuple((total // 2, total - total // 2) for total in totals)


def covered_ranges(arguments: Arguments, place: tuple[int, ...]) -> tuple[range, ...]:
    """The positions of the padded input under the kernel when it makes the output at ``place``."""
    names = ("kernel_size", "stride", "dilation")
    rows = zip(place, *(spread(arguments[name], len(place)) for name in names), strict=True)
    return tuple(range(at * s, at * s + span(k, d), d) for at, k, s, d in rows)


def teach(
    spec: Spec,
    arguments: Arguments,
    sample: Sample,
    channel: int,
    place: tuple[int, ...],
    kernel: str = "random",
) -> Convolution:
    """Run the convolution, and one of its output values by hand."""
    axes, groups = len(place), int(arguments["groups"])
    each = int(arguments["in_channels"]) // groups
    first = channel // (int(arguments["out_channels"]) // groups) * each
    sides, covered = padding_sides(arguments, axes), covered_ranges(arguments, place)
    channels = range(first, first + each)
    ran = run(_write(spec, arguments, sample, channel, place, kernel, sides, (channels, *covered)))
    bias = ran.values["conv"].bias
    return Convolution(
        ran.source,
        ran.printed,
        as_image(ran.array("padded")[0], axes),
        as_image(ran.array("y")[0], axes),
        sides,
        covered,
        channels,
        as_image(ran.array("window"), axes),
        as_image(to_array(ran.values["conv"].weight[channel]), axes),
        as_image(ran.array("products"), axes),
        None if bias is None else float(bias[channel].detach()),
        float(ran.values["total"]),
        float(ran.values["y"][(0, channel, *place)]),
    )


def _write(
    spec: Spec,
    arguments: Arguments,
    sample: Sample,
    channel: int,
    place: tuple[int, ...],
    kernel: str,
    sides: tuple[tuple[int, int], ...],
    ranges: tuple[range, ...],
) -> str:
    layer = make_layer("conv", spec, arguments, sample)
    around = ", ".join(f"{before}, {after}" for before, after in reversed(sides))
    mode = str(arguments["padding_mode"])
    spelled = f'({around}), mode="{MODES.get(mode, mode)}"'
    here = ", ".join(map(str, (0, channel, *place)))
    bias = f" + conv.bias[{channel}]" if arguments["bias"] else ""
    lines = [
        *opening(sample, layer),
        "",
        layer,
        "with torch.no_grad():",
        *(f"    {line}" for line in _fill(kernel, bool(arguments["bias"]))),
        "    y = conv(x)",
        "",
        "    # One value of y by hand: what the kernel covers, times its weights, summed up.",
        f"    padded = nn.functional.pad(x, {spelled})",
        f"    window = padded[0, {', '.join(map(write_range, ranges))}]",
        f"    products = window * conv.weight[{channel}]",
        f"    total = products.sum(){bias}",
        "",
        f'print(f"by hand {{total:.4f}}, torch {{y[{here}]:.4f}}")',
    ]
    return "\n".join(lines) + "\n"


def write_range(positions: range) -> str:
    """Positions as a slice: ``2:5``, or ``2:7:2`` where some are left out between."""
    step = "" if positions.step == 1 else f":{positions.step}"
    return f"{positions.start}:{positions[-1] + 1}{step}"


def _fill(kernel: str, bias: bool) -> list[str]:
    """The lines that put known weights into the kernel."""
    if kernel == "random":
        return []
    if kernel == "mean":
        lines = ["conv.weight.fill_(1 / conv.weight[0].numel())"]
    else:
        lines = [
            "slope = torch.linspace(-1, 1, conv.weight.shape[-1])",
            "conv.weight.copy_(slope.expand_as(conv.weight))",
        ]
    return [*lines, "conv.bias.zero_()"] if bias else lines


def written_sum(lesson: Convolution) -> str:
    """The sum with all its terms, a row of the kernel in each line."""
    lines = []
    for values, weights in zip(lesson.window, lesson.weights, strict=True):
        for row, factors in zip(values, weights, strict=True):
            terms = zip(row, factors, strict=True)
            lines.append(" + ".join(f"{v:.3f}·{_signed(w)}" for v, w in terms))
    if lesson.bias is not None:
        lines.append(f"{_signed(lesson.bias)} (bias)")
    first, *others = lines
    rows = [
        f"  {first}",
        *(f"+ {line}" for line in others),
        f"= {lesson.total:.4f}".replace("-", "−"),
    ]
    return "\n".join(rows)


def written_sizes(arguments: Arguments, lesson: Convolution, given: tuple[int, ...]) -> list[str]:
    """The arithmetic of the output's size on every axis, with this layer's own numbers."""
    names = ("kernel_size", "stride", "dilation")
    rows = []
    settings = (spread(arguments[name], len(given)) for name in names)
    for size, both, k, s, d in zip(given, lesson.sides, *settings, strict=True):
        result = (size + sum(both) - d * (k - 1) - 1) // s + 1
        rows.append(f"⌊({size} + {sum(both)} − {d}·({k} − 1) − 1) / {s}⌋ + 1 = {result}")
    return rows


def _signed(number: float) -> str:
    return f"(−{-number:.3f})" if number < 0 else f"{number:.3f}"
