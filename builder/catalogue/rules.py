"""Rules that several layers share: windows that fit, counts that divide, sizes that follow."""

from __future__ import annotations

from collections.abc import Callable
from math import gcd
from typing import Any

from builder.catalogue.kinds import Flag
from builder.catalogue.spec import Accepts, Arguments, Change, Follows, Parameter, Problem, Rule
from builder.document import TensorType, Value

CHANNELS_FIRST = {
    1: Accepts((2,), "sequences of channels (N, C, L)"),
    2: Accepts((3,), "images (N, C, H, W)"),
    3: Accepts((4,), "volumes (N, C, D, H, W)"),
}
"""What layers for one, two and three axes take."""
SEQUENCES = Accepts((2,), "sequences of features (N, L, F)")
OVER = {1: "a sequence", 2: "an image", 3: "a volume"}

CHANNELS = Follows(lambda given: given.shape[0], "which has {} channels")
FEATURES = Follows(lambda given: given.shape[-1], "which has {} features")


def spread(value: Any, axes: int) -> tuple[int, ...]:
    """One number for every axis: ``3`` → ``(3, 3)``."""
    return tuple(value) if isinstance(value, tuple) else (int(value),) * axes


def divisor(limit: int, *numbers: int) -> int:
    """The largest number up to ``limit`` that divides all ``numbers``."""
    common = gcd(*numbers)
    return next(n for n in range(min(max(limit, 1), common), 0, -1) if common % n == 0)


def span(kernel: int, dilation: int) -> int:
    """How many input positions a dilated kernel covers: d(k − 1) + 1."""
    return dilation * (kernel - 1) + 1


def window_fits(axes: int) -> Rule:
    """A pooling window must not be larger than the padded input, on any axis.

    With ``ceil_mode`` it may hang over the end by less than a stride.
    """

    def rule(arguments: Arguments, given: TensorType) -> Problem | None:
        covers, room = _reach(arguments, given, axes)
        stride = spread(arguments["stride"] or arguments["kernel_size"], axes)
        over = [s - 1 if arguments.get("ceil_mode") else 0 for s in stride]
        if all(c <= space + o for c, space, o in zip(covers, room, over, strict=True)):
            return None
        advice = "take a smaller window, or fewer pooling layers before it"
        return _too_large("window", advice, covers, room, given, _fitting(arguments, room))

    return rule


def kernel_fits(axes: int) -> Rule:
    """A (dilated) kernel must not be larger than the padded input, on any axis."""

    def rule(arguments: Arguments, given: TensorType) -> Problem | None:
        if arguments["padding"] == "same":
            return None
        covers, room = _reach(arguments, given, axes)
        if all(cover <= space for cover, space in zip(covers, room, strict=True)):
            return None
        sizes = given.shape[1:]
        lacking = [max((c - size + 1) // 2, 0) for c, size in zip(covers, sizes, strict=True)]
        fits_padded = all(p <= size for p, size in zip(lacking, sizes, strict=True))
        fix = Change("padding", max(lacking)) if fits_padded else _fitting(arguments, room)
        advice = "take more padding, a smaller kernel, or fewer pooling layers before it"
        return _too_large("kernel", advice, covers, room, given, fix)

    return rule


def _reach(arguments: Arguments, given: TensorType, axes: int) -> tuple[list[int], list[int]]:
    """How many positions the window covers on every axis, and how many there are to cover."""
    kernel = spread(arguments["kernel_size"], axes)
    dilation = spread(arguments.get("dilation", 1), axes)
    padding = arguments.get("padding", 0)
    padded = spread(0 if isinstance(padding, str) else padding, axes)
    covers = [span(k, d) for k, d in zip(kernel, dilation, strict=True)]
    return covers, [size + 2 * p for size, p in zip(given.shape[1:], padded, strict=True)]


def _fitting(arguments: Arguments, room: list[int]) -> Change:
    """The largest kernel, up to the present one, for which there is room."""
    kernel = spread(arguments["kernel_size"], len(room))
    dilation = spread(arguments.get("dilation", 1), len(room))
    sizes = tuple(
        min(k, (space - 1) // d + 1) for k, d, space in zip(kernel, dilation, room, strict=True)
    )
    alike = not isinstance(arguments["kernel_size"], tuple)
    return Change("kernel_size", min(sizes) if alike else sizes)


def _too_large(
    what: str, advice: str, covers: list[int], room: list[int], given: TensorType, fix: Change
) -> Problem:
    padded = " with its padding" if tuple(room) != given.shape[1:] else ""
    return Problem(
        "kernel-too-large",
        f"The {what} covers {_by(covers)} positions, but the input has only {_by(room)}{padded}: "
        f"{advice}.",
        f"Set {fix.name} to {fix.value}",
        fix,
    )


def _by(numbers: list[int]) -> str:
    return "×".join(map(str, numbers))


def axis_problem(name: str, axis: int, given: TensorType, best: int) -> Problem | None:
    """An axis must be one of the sample's: 1 … rank, or −rank … −1 from the end."""
    if 1 <= axis <= given.rank or -given.rank <= axis <= -1:
        return None
    if axis in (0, -given.rank - 1):
        what = "is the batch axis, which no layer may touch"
    else:
        what = f"is no axis of {given}"
    choice = "take 1" if given.rank == 1 else f"take one from 1 to {given.rank}"
    label = f"Set {name} to {best}"
    return Problem("dim", f"{name}={axis} {what}: {choice}.", label, Change(name, best))


def divides(count: str, what: str, size: Callable[[TensorType], int], code: str = "divide") -> Rule:
    """The argument ``count`` must divide a size of the input, as heads divide features."""

    def rule(arguments: Arguments, given: TensorType) -> Problem | None:
        number, have = int(arguments[count]), size(given)
        if have % number == 0:
            return None
        best = divisor(number, have)
        return Problem(
            code,
            f"{count}={number} must divide the {_come_in(have, what)}.",
            f"Set {count} to {best}",
            Change(count, best),
        )

    return rule


def _come_in(count: int, what: str) -> str:
    """The words for what a layer is given: "1 channel that comes in", "8 features that come in"."""
    return (
        f"1 {what.removesuffix('s')} that comes in"
        if count == 1
        else f"{count} {what} that come in"
    )


def batch_first(arguments: Arguments, given: TensorType) -> Problem | None:
    """A stack has the batch on axis 0, which torch by default takes for the steps."""
    if arguments["batch_first"]:
        return None
    return Problem(
        "batch-first",
        f"With batch_first=False, torch's default, axis 0 would be the steps, but in {given} it "
        "is the batch: samples would be mixed.",
        "Set batch_first to True",
        Change("batch_first", True),
    )


BATCH_FIRST = Parameter(
    "batch_first",
    Flag(),
    False,
    "Axis 0 is the batch and axis 1 the steps, as everywhere in a stack.",
    initial=True,
    more=True,
)


def groups_divide(arguments: Arguments, given: TensorType) -> Problem | None:
    """``groups`` must divide both channel counts."""
    into, out, groups = (int(arguments[n]) for n in ("in_channels", "out_channels", "groups"))
    if into % groups == 0 and out % groups == 0:
        return None
    best = divisor(groups, into, out)
    return Problem(
        "groups",
        f"groups={groups} must divide both channel counts, but {into} "
        f"{'channel comes' if into == 1 else 'channels come'} in and {out} "
        f"{'goes' if out == 1 else 'go'} out.",
        f"Set groups to {best}",
        Change("groups", best),
    )


def same_needs_stride_one(arguments: Arguments, given: TensorType) -> Problem | None:
    """padding='same' is defined for stride 1 only."""
    stride = arguments["stride"]
    if arguments["padding"] != "same" or set(spread(stride, 1)) == {1}:
        return None
    return Problem(
        "same-stride",
        f"padding='same' keeps the size only when the stride is 1, but stride is {stride}.",
        "Set stride to 1",
        Change("stride", 1),
    )


def padding_within_input(axes: int) -> Rule:
    """Reflected padding needs fewer positions than the input has; circular at most as many."""

    def rule(arguments: Arguments, given: TensorType) -> Problem | None:
        mode = arguments["padding_mode"]
        spare = {"reflect": 1, "circular": 0}.get(str(mode))
        if spare is None or arguments["padding"] == "valid":
            return None
        kernel, dilation = (spread(arguments[n], axes) for n in ("kernel_size", "dilation"))
        if arguments["padding"] == "same":
            totals = [span(k, d) - 1 for k, d in zip(kernel, dilation, strict=True)]
            padding = tuple(total - total // 2 for total in totals)
        else:
            padding = spread(arguments["padding"], axes)
        limits = [size - spare for size in given.shape[1:]]
        if all(p <= limit for p, limit in zip(padding, limits, strict=True)):
            return None
        return Problem(
            "padding-too-large",
            f"padding_mode='{mode}' can add at most {_by(limits)} positions to this input, "
            f"but padding asks for {_by(list(padding))}.",
            "Set padding_mode to 'zeros'",
            Change("padding_mode", "zeros"),
        )

    return rule


def padding_half_kernel(axes: int) -> Rule:
    """Pooling pads at most half of its kernel; torch leaves the dilation out of this."""

    def rule(arguments: Arguments, given: TensorType) -> Problem | None:
        kernel = spread(arguments["kernel_size"], axes)
        padding = spread(arguments["padding"], axes)
        limits = tuple(k // 2 for k in kernel)
        if all(p <= limit for p, limit in zip(padding, limits, strict=True)):
            return None
        best = min(limits)
        return Problem(
            "padding-too-large",
            f"Pooling may pad at most half of its kernel ({_by(list(limits))} here), "
            f"but padding is {_by(list(padding))}.",
            f"Set padding to {best}",
            Change("padding", best),
        )

    return rule


def brief_square(value: Value, axes: int) -> str:
    """A window for a card: ``3`` → ``3×3`` on two axes."""
    return "×".join(map(str, value if isinstance(value, tuple) else (value,) * axes))
