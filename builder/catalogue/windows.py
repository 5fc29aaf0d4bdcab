"""Windows that slide or spread: the size that comes out of an axis, and what may be set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from builder.catalogue.kinds import BIGGEST
from builder.catalogue.rules import span, spread
from builder.catalogue.spec import Arguments
from builder.document import TensorType

Numbers = dict[str, int]
"""One axis's share of the arguments: kernel_size, stride, padding, dilation, output_padding."""
LEAST = {"kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1, "output_padding": 0}


def numbers(arguments: Arguments, at: int) -> Numbers:
    """The numbers of one axis; what the layer does not have leaves the size as it is."""
    found: Numbers = {}
    for name, usual in LEAST.items():
        value = arguments.get(name, usual)
        if value is None:
            value = arguments["kernel_size"]  # a pooling's stride
        if isinstance(value, str):
            value = same_padding(found, arguments, at) if value == "same" else 0
        found[name] = value[at] if isinstance(value, tuple) else value
    found["ceil_mode"] = int(arguments.get("ceil_mode", False))
    return found


def same_padding(found: Numbers, arguments: Arguments, at: int) -> int:
    """What padding='same' adds on a side, rounded down."""
    dilation = spread(arguments["dilation"], at + 1)[at]
    return (span(found["kernel_size"], dilation) - 1) // 2


def slid(size: int, row: Numbers) -> int:
    """How many places a sliding window has: ⌊(I + 2p − d(k − 1) − 1) / s⌋ + 1; none below 1."""
    room = size + 2 * row["padding"] - span(row["kernel_size"], row["dilation"])
    if not row["ceil_mode"]:
        return room // row["stride"] + 1
    windows = -(-room // row["stride"]) + 1
    beyond = (windows - 1) * row["stride"] >= size + row["padding"]
    return windows - 1 if beyond else windows


def pooled(arguments: Arguments, given: TensorType) -> tuple[int, ...]:
    """The channels as they are, and on every other axis as many positions as there are windows."""
    sizes = (slid(size, numbers(arguments, at)) for at, size in enumerate(given.shape[1:]))
    return (given.shape[0], *sizes)


def spread_out(size: int, row: Numbers) -> int:
    """What a transposed convolution makes of an axis: (I − 1)s − 2p + d(k − 1) + e + 1."""
    covered = span(row["kernel_size"], row["dilation"]) + row["output_padding"]
    return (size - 1) * row["stride"] - 2 * row["padding"] + covered


def enlarged(arguments: Arguments, given: TensorType) -> tuple[int, ...]:
    """The sizes that a transposed convolution makes of all axes but the channels."""
    sizes = enumerate(given.shape[1:])
    return tuple(spread_out(size, numbers(arguments, at)) for at, size in sizes)


Limits = Callable[[str, int, Numbers, Arguments], tuple[int, int]]


@dataclass(frozen=True)
class Window:
    """What a wanted size can be solved for.

    ``names`` are the arguments that may change; ``size`` is what comes out of an axis, never
    falling or never rising in each of them; ``limits`` are the least and the largest value that
    one of them may have on an axis of this size while the others are as they are.
    """

    names: tuple[str, ...]
    size: Callable[[int, Numbers], int]
    limits: Limits


def _pooling_limits(name: str, size: int, row: Numbers, arguments: Arguments) -> tuple[int, int]:
    """Padding is at most half of the kernel."""
    if name == "kernel_size":
        return max(1, 2 * row["padding"]), BIGGEST
    return (0, row["kernel_size"] // 2) if name == "padding" else (1, BIGGEST)


def _average_limits(name: str, size: int, row: Numbers, arguments: Arguments) -> tuple[int, int]:
    """Torch's averages of volumes have no window larger than the input without its padding."""
    low, high = _pooling_limits(name, size, row, arguments)
    return (low, size) if name == "kernel_size" else (low, high)


def _convolution_limits(
    name: str, size: int, row: Numbers, arguments: Arguments
) -> tuple[int, int]:
    """Padding that repeats the input has no more than the input to repeat."""
    spare = {"reflect": 1, "circular": 0}.get(arguments["padding_mode"])
    if name == "padding":
        return 0, BIGGEST if spare is None else size - spare
    return 1, BIGGEST


def _transposed_limits(name: str, size: int, row: Numbers, arguments: Arguments) -> tuple[int, int]:
    """The output's padding is smaller than the stride or the dilation."""
    extra, dilation = row["output_padding"], row["dilation"]
    if name == "output_padding":
        return 0, max(row["stride"], dilation) - 1
    if name == "stride":
        return 1 if extra < dilation else extra + 1, BIGGEST
    return LEAST[name], BIGGEST


CONVOLUTION = Window(("stride", "padding", "kernel_size"), slid, _convolution_limits)
MAX_POOLING = Window(("stride", "padding", "kernel_size"), slid, _pooling_limits)
TRANSPOSED = Window(
    ("stride", "padding", "output_padding", "kernel_size"), spread_out, _transposed_limits
)


def average_pooling(axes: int, padded: bool = True) -> Window:
    """The window of a pooling that averages, over this many axes."""
    names = ("stride", "padding", "kernel_size") if padded else ("stride", "kernel_size")
    return Window(names, slid, _average_limits if axes == 3 else _pooling_limits)
