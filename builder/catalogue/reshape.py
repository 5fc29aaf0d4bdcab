"""Layers that rearrange values, and those that enlarge an image."""

from __future__ import annotations

from math import prod

from builder.catalogue import formulas
from builder.catalogue.kinds import Factors, Flag, Integer, OneOf, Shape
from builder.catalogue.rules import CHANNELS_FIRST, axis_problem, divisor
from builder.catalogue.spec import (
    ANYTHING,
    RANKS,
    Accepts,
    Arguments,
    Before,
    Change,
    Parameter,
    Problem,
    Spec,
)
from builder.document import TensorType


def _axis(value: int, axes: int) -> int:
    return value + axes if value < 0 else value


def _flatten_spares_the_batch(arguments: Arguments, given: TensorType) -> Problem | None:
    axes = given.rank + 1
    start, end = (int(arguments[n]) for n in ("start_dim", "end_dim"))
    first, last = _axis(start, axes), _axis(end, axes)
    found = axis_problem("start_dim", start, given, 1) or axis_problem("end_dim", end, given, -1)
    if found or first <= last:
        return found
    message = f"end_dim={end} comes before start_dim={start} in {given}: axes are joined forwards."
    return Problem("dim", message, "Set end_dim to -1", Change("end_dim", -1))


def _unflatten_fits(arguments: Arguments, given: TensorType) -> Problem | None:
    dim = int(arguments["dim"])
    if problem := axis_problem("dim", dim, given, 1):
        return problem
    axis = _axis(dim, given.rank + 1)
    sizes = arguments["unflattened_size"]
    assert isinstance(sizes, tuple)
    if given.rank - 1 + len(sizes) > len(RANKS):
        room = len(RANKS) + 1 - given.rank
        return Problem(
            "unflatten",
            f"Splitting an axis of {given} in {len(sizes)} gives a sample of more than "
            f"{len(RANKS)} axes: take at most {room} sizes.",
        )
    known = prod(int(n) for n in sizes if n != -1)
    have = given.shape[axis - 1]
    if known == have or (-1 in sizes and have % known == 0):
        return None
    wanted = "×".join(map(str, sizes))
    reason = f"do not divide by {known}" if -1 in sizes else f"are not {wanted} = {known}"
    repair = (1, -1)  # fits whatever comes in, also in the next turn of a Repeat
    return Problem(
        "unflatten",
        f"Axis {axis} of {given} has {have} values, which {reason}.",
        f"Set unflattened_size to {repair}",
        Change("unflattened_size", repair),
    )


MODES = {
    "nearest": (2, 3, 4),
    "linear": (2,),
    "bilinear": (3,),
    "bicubic": (3,),
    "trilinear": (4,),
    "area": (2, 3, 4),
    "nearest-exact": (2, 3, 4),
}
"""How many axes a sample has that each way of enlarging takes."""
SMOOTH = ("linear", "bilinear", "bicubic", "trilinear")


def _size_or_factor(arguments: Arguments, given: TensorType) -> Problem | None:
    size, factor = arguments["size"], arguments["scale_factor"]
    if (size is None) == (factor is None):
        which = "neither is set" if size is None else "both are set"
        fix = Change("scale_factor", 2.0) if size is None else Change("size", None)
        label = f"Set {fix.name} to {fix.value}"
        message = f"Upsample needs size or scale_factor, one of the two, but {which}."
        return Problem("size-or-factor", message, label, fix)
    name = "size" if factor is None else "scale_factor"
    value, axes = arguments[name], given.rank - 1
    if isinstance(value, tuple) and len(value) != axes:
        best = value[:1] * axes if name == "size" else value[0]
        message = f"{name}={value} has {len(value)} numbers, but {given} has {axes} axes to resize."
        return Problem("axes", message, f"Set {name} to {best}", Change(name, best))
    return None


def _mode_takes_the_axes(arguments: Arguments, given: TensorType) -> Problem | None:
    mode = arguments["mode"]
    if given.rank in MODES[mode]:
        return None
    best = next(name for name in ("bilinear", "linear", "trilinear") if given.rank in MODES[name])
    return Problem(
        "mode",
        f"mode='{mode}' resizes {MODES[mode][0] - 1} axes, but {given} has {given.rank - 1}.",
        f"Set mode to '{best}'",
        Change("mode", best),
    )


def _only_smooth_modes_align(arguments: Arguments, given: TensorType) -> Problem | None:
    mode = arguments["mode"]
    if arguments["align_corners"] is None or mode in SMOOTH:
        return None
    return Problem(
        "align-corners",
        f"align_corners is for modes that interpolate ({', '.join(SMOOTH)}), not for '{mode}'.",
        "Set align_corners to None",
        Change("align_corners", None),
    )


def _recompute_needs_a_factor(arguments: Arguments, given: TensorType) -> Problem | None:
    if not arguments["recompute_scale_factor"] or arguments["size"] is None:
        return None
    return Problem(
        "recompute",
        "recompute_scale_factor works a factor out anew, but here the size is given.",
        "Set recompute_scale_factor to None",
        Change("recompute_scale_factor", None),
    )


def _resized(arguments: Arguments, given: TensorType) -> tuple[int, ...]:
    """The size asked for, or ⌊size × factor⌋ on every axis."""
    axes = given.rank - 1
    if (size := arguments["size"]) is not None:
        return (given.shape[0], *(size if isinstance(size, tuple) else (size,) * axes))
    factor = arguments["scale_factor"]
    factors = factor if isinstance(factor, tuple) else (factor,) * axes
    pairs = zip(given.shape[1:], factors, strict=True)
    return (given.shape[0], *(int(size * each) for size, each in pairs))


def _something_is_left(arguments: Arguments, given: TensorType) -> Problem | None:
    if min(_resized(arguments, given)) >= 1:
        return None
    message = f"scale_factor={arguments['scale_factor']} leaves nothing of {given}."
    return Problem("too-small", message, "Set scale_factor to 2.0", Change("scale_factor", 2.0))


def _brief_upsample(a: Arguments) -> str:
    by = f"to {a['size']}" if a["size"] is not None else f"× {a['scale_factor']}"
    return f"{by}, {a['mode']}"


def _squares_divide(arguments: Arguments, given: TensorType) -> Problem | None:
    factor = int(arguments["upscale_factor"])
    if given.shape[0] % factor**2 == 0:
        return None
    channels = given.shape[0]
    best = next(n for n in range(factor, 0, -1) if channels % n**2 == 0)
    told = (
        f"upscale_factor={factor} makes one channel of {factor}² = {factor**2}, but the "
        f"{channels} {'channel' if channels == 1 else 'channels'} of {given} can't be divided by "
        "that"
    )
    if best > 1:
        label = f"Set upscale_factor to {best}"
        return Problem("divide", f"{told}.", label, Change("upscale_factor", best))
    convolution = (("out_channels", factor**2), ("kernel_size", 3), ("padding", 1))
    return Problem(
        "divide",
        f"{told}: a convolution before it makes as many as it needs.",
        f"Insert Conv2d with {factor**2} channels before it",
        Before("Conv2d", convolution),
    )


def _factor_divides(arguments: Arguments, given: TensorType) -> Problem | None:
    factor = int(arguments["downscale_factor"])
    if all(size % factor == 0 for size in given.shape[1:]):
        return None
    best = divisor(factor, *given.shape[1:])
    return Problem(
        "divide",
        f"downscale_factor={factor} must divide height and width of {given}.",
        f"Set downscale_factor to {best}",
        Change("downscale_factor", best),
    )


def _shuffled(arguments: Arguments, given: TensorType) -> tuple[int, ...]:
    r, (channels, height, width) = int(arguments["upscale_factor"]), given.shape
    return (channels // r**2, height * r, width * r)


def _unshuffled(arguments: Arguments, given: TensorType) -> tuple[int, ...]:
    r, (channels, height, width) = int(arguments["downscale_factor"]), given.shape
    return (channels * r**2, height // r, width // r)


ENTRIES = (
    Spec(
        kind="Flatten",
        category="Reshape",
        target="nn.Flatten",
        summary="Joins axes into one: the step from images to features.",
        keywords=("reshape", "view"),
        accepts=ANYTHING,
        parameters=(
            Parameter("start_dim", Integer(minimum=None), 1, "First axis to join; 0 is the batch."),
            Parameter("end_dim", Integer(minimum=None), -1, "Last axis to join; −1 is the last."),
        ),
        rules=(_flatten_spares_the_batch,),
        brief=lambda a: (
            ""
            if (a["start_dim"], a["end_dim"]) == (1, -1)
            else f"axes {a['start_dim']} to {a['end_dim']}"
        ),
        arithmetic=(formulas.flattened,),
    ),
    Spec(
        kind="Unflatten",
        category="Reshape",
        target="nn.Unflatten",
        summary="Splits one axis into several: the step from features to images.",
        keywords=("reshape", "view"),
        accepts=ANYTHING,
        parameters=(
            Parameter(
                "dim", Integer(minimum=None), help="Axis to split; 0 is the batch.", initial=1
            ),
            Parameter(
                "unflattened_size",
                Shape(wild=True),
                help="Sizes that the axis becomes; one may be −1 to be worked out.",
                initial=(1, -1),
            ),
        ),
        rules=(_unflatten_fits,),
        brief=lambda a: f"axis {a['dim']} to {'×'.join(map(str, a['unflattened_size']))}",
    ),
    Spec(
        kind="Upsample",
        category="Reshape",
        target="nn.Upsample",
        summary="Enlarges each channel, by repeating values or interpolating between them.",
        keywords=("resize", "interpolate", "enlarge", "decoder"),
        accepts=Accepts((2, 3, 4), "channels first (N, C, …) with one to three more axes"),
        parameters=(
            Parameter("size", Shape(nullable=True), None, "Size that comes out, for every axis."),
            Parameter(
                "scale_factor",
                Factors(nullable=True),
                None,
                "How many times as large, for all axes or for each.",
                initial=2.0,
            ),
            Parameter("mode", OneOf(tuple(MODES)), "nearest", "How values in between are found."),
            Parameter(
                "align_corners",
                Flag(nullable=True),
                None,
                "Whether corner values stay at the corners, for modes that interpolate.",
                more=True,
            ),
            Parameter(
                "recompute_scale_factor",
                Flag(nullable=True),
                None,
                "Work the factor out anew from the rounded size.",
                more=True,
            ),
        ),
        rules=(
            _size_or_factor,
            _mode_takes_the_axes,
            _only_smooth_modes_align,
            _recompute_needs_a_factor,
            _something_is_left,
        ),
        gives=_resized,
        brief=_brief_upsample,
        arithmetic=(formulas.resized,),
    ),
    Spec(
        kind="PixelShuffle",
        category="Reshape",
        target="nn.PixelShuffle",
        summary="Makes r² channels into one that is r times as high and wide.",
        keywords=("sub-pixel", "super-resolution", "enlarge", "upsample"),
        accepts=CHANNELS_FIRST[2],
        parameters=(
            Parameter("upscale_factor", Integer(maximum=10_000), help="The r of r².", initial=2),
        ),
        rules=(_squares_divide,),
        gives=_shuffled,
        brief=lambda a: f"× {a['upscale_factor']}",
        arithmetic=(formulas.shuffled("upscale_factor", enlarges=True),),
    ),
    Spec(
        kind="PixelUnshuffle",
        category="Reshape",
        target="nn.PixelUnshuffle",
        summary="Makes each channel into r² that are r times less high and wide.",
        keywords=("space to depth", "downsample"),
        accepts=CHANNELS_FIRST[2],
        parameters=(
            Parameter("downscale_factor", Integer(maximum=10_000), help="The r of r².", initial=2),
        ),
        rules=(_factor_divides,),
        gives=_unshuffled,
        brief=lambda a: f"÷ {a['downscale_factor']}",
        arithmetic=(formulas.shuffled("downscale_factor", enlarges=False),),
    ),
)
