"""Pooling: a window is replaced by one number."""

from __future__ import annotations

from dataclasses import replace

from builder.catalogue import formulas, windows
from builder.catalogue.kinds import Flag, Integer, Number, OneOf, Sizes
from builder.catalogue.rules import (
    CHANNELS_FIRST,
    brief_square,
    padding_half_kernel,
    spread,
    window_fits,
)
from builder.catalogue.spec import Arguments, Call, Change, Parameter, Problem, Rule, Spec
from builder.document import TensorType, Value

CATEGORY = "Pooling"
SMALLER = ("subsample", "downsample")
SIZE_WORDS = {1: "Length", 2: "Height and width", 3: "Depth, height and width"}
CEIL_MODE = Parameter(
    "ceil_mode", Flag(), False, "Round the output size up instead of down.", more=True
)
RETURN_INDICES = Parameter(
    "return_indices", Flag(), False, "Return where the maxima were as well.", more=True
)
COUNT_INCLUDE_PAD = Parameter(
    "count_include_pad", Flag(), True, "Count the padding in the mean.", more=True
)


def window(axes: int) -> tuple[Parameter, Parameter, Parameter]:
    """Kernel, stride and padding of a pooling layer over this many axes."""
    return (
        Parameter("kernel_size", Sizes(axes), help="Size of the window.", initial=2),
        Parameter(
            "stride",
            Sizes(axes, nullable=True),
            None,
            "Steps between windows; as large as the window if None.",
        ),
        Parameter("padding", Sizes(axes, minimum=0), 0, "Positions added on every side."),
    )


def window_settings(arguments: Arguments) -> tuple[tuple[str, Value], ...]:
    """What a call of a pooling layer with this window writes: all that is not torch's default."""
    usual = (("kernel_size", 0), ("stride", None), ("padding", 0))
    return tuple((name, arguments[name]) for name, value in usual if arguments[name] != value)


def _indices_need_a_partner(arguments: Arguments, given: TensorType) -> Problem | None:
    if not arguments["return_indices"]:
        return None
    return Problem(
        "return-indices",
        "return_indices=True makes this layer return two tensors (values and their positions), "
        "which the next layer of a stack can't take; the container PoolUnpool keeps them for an "
        "unpooling layer.",
        "Set return_indices to False",
        Change("return_indices", False),
    )


def brief_window(axes: int, a: Arguments) -> str:
    """A pooling window for a card: ``2×2 window, stride 1``."""
    stride = f", stride {a['stride']}" if a["stride"] is not None else ""
    return f"{brief_square(a['kernel_size'], axes)} window{stride}"


def _average_within_input(arguments: Arguments, given: TensorType) -> Problem | None:
    kernel, sizes = spread(arguments["kernel_size"], 3), given.shape[1:]
    if all(k <= size for k, size in zip(kernel, sizes, strict=True)):
        return None
    best = tuple(map(min, kernel, sizes))
    return Problem(
        "kernel-too-large",
        f"Torch averages over volumes only with windows up to the size of the input, "
        f"{brief_square(sizes, 3)}, its padding left out, but kernel_size is "
        f"{brief_square(kernel, 3)}.",
        f"Set kernel_size to {best}",
        Change("kernel_size", best),
    )


def _average(axes: int) -> tuple[Rule, ...]:
    """What holds for averages over this many axes in particular."""
    return (_average_within_input,) if axes == 3 else ()


def _max_pool(axes: int) -> Spec:
    return Spec(
        kind=f"MaxPool{axes}d",
        category=CATEGORY,
        target=f"nn.MaxPool{axes}d",
        summary="Keeps the largest value of every window.",
        keywords=("maximum", *SMALLER),
        accepts=CHANNELS_FIRST[axes],
        parameters=(
            *window(axes),
            Parameter("dilation", Sizes(axes), 1, "Distance between window elements.", more=True),
            RETURN_INDICES,
            CEIL_MODE,
        ),
        rules=(_indices_need_a_partner, padding_half_kernel(axes), window_fits(axes)),
        brief=lambda a: brief_window(axes, a),
        arithmetic=(formulas.window,),
        window=windows.MAX_POOLING,
    )


def _avg_pool(axes: int) -> Spec:
    divisor = Parameter(
        "divisor_override",
        Integer(nullable=True),
        None,
        "Divide by this number instead of the window's size.",
        more=True,
    )
    return Spec(
        kind=f"AvgPool{axes}d",
        category=CATEGORY,
        target=f"nn.AvgPool{axes}d",
        summary="Keeps the mean of every window.",
        keywords=("average", "mean", *SMALLER),
        accepts=CHANNELS_FIRST[axes],
        parameters=(
            *window(axes),
            CEIL_MODE,
            COUNT_INCLUDE_PAD,
            *((divisor,) if axes > 1 else ()),
        ),
        rules=(padding_half_kernel(axes), window_fits(axes), *_average(axes)),
        brief=lambda a: brief_window(axes, a),
        arithmetic=(formulas.window,),
        window=windows.average_pooling(axes),
    )


def _lp_pool(axes: int) -> Spec:
    kernel, stride, _ = window(axes)
    if axes == 1:  # torch takes no tuples here
        kernel, stride = (
            replace(kernel, kind=Integer()),
            replace(stride, kind=Integer(nullable=True)),
        )
    return Spec(
        kind=f"LPPool{axes}d",
        category=CATEGORY,
        target=f"nn.LPPool{axes}d",
        summary="Keeps the p-norm of every window: between the sum (p = 1) and the maximum.",
        keywords=("norm", "power", *SMALLER),
        accepts=CHANNELS_FIRST[axes],
        parameters=(
            Parameter(
                "norm_type",
                Number(minimum=1),
                help="The p of (Σ xᵖ)^(1/p); an odd one needs values that are not negative.",
                initial=2.0,
            ),
            kernel,
            stride,
            CEIL_MODE,
        ),
        rules=(window_fits(axes), *_average(axes)),
        gives=windows.pooled,
        brief=lambda a: f"p = {a['norm_type']:g}, {brief_window(axes, a)}",
        arithmetic=(formulas.window,),
        window=windows.average_pooling(axes, padded=False),
    )


def _output_size(axes: int) -> Parameter:
    keeps = "; None keeps the input's" if axes > 1 else ""
    return Parameter(
        "output_size",
        Sizes(axes, holes=axes > 1),
        help=f"{SIZE_WORDS[axes]} that come{'s' if axes == 1 else ''} out{keeps}.",
        initial=1,
    )


def _adaptive(axes: int, what: str) -> Spec:
    word = "Averages" if what == "Avg" else "Takes maxima of"
    return Spec(
        kind=f"Adaptive{what}Pool{axes}d",
        category=CATEGORY,
        target=f"nn.Adaptive{what}Pool{axes}d",
        summary=f"{word} windows chosen so that the output has the size you ask for.",
        keywords=("global average", "gap", "mean") if what == "Avg" else ("global maximum",),
        accepts=CHANNELS_FIRST[axes],
        parameters=(_output_size(axes), *((RETURN_INDICES,) if what == "Max" else ())),
        rules=(_indices_need_a_partner,) if what == "Max" else (),
        gives=lambda a, given: _adapted(a["output_size"], given),
        brief=lambda a: f"to {brief_square(a['output_size'], axes)}",
        arithmetic=(formulas.asked_for,),
    )


def _adapted(wanted: int | tuple[int | None, ...], given: TensorType) -> tuple[int, ...]:
    sizes = wanted if isinstance(wanted, tuple) else (wanted,) * (given.rank - 1)
    kept = zip(sizes, given.shape[1:], strict=True)
    return (given.shape[0], *(have if size is None else size for size, have in kept))


def _side_by_side(arguments: Arguments, given: TensorType) -> tuple[int, ...]:
    channels, *sizes = windows.pooled(arguments, given)
    return (channels * (2 if arguments["join"] == "concatenate" else 1), *sizes)


def _avg_max_pool(axes: int) -> Spec:
    """Average and maximum side by side: the two are branches, joined as a container joins them."""

    def compose(arguments: Arguments, _: Call) -> Call:
        shared = window_settings(arguments)
        pools = tuple(Call(f"nn.{what}Pool{axes}d", shared) for what in ("Avg", "Max"))
        branches = tuple((str(at), pool) for at, pool in enumerate(pools))
        return Call("parts.Branches", (("join", arguments["join"]),), branches)

    join = Parameter(
        "join",
        OneOf(("mean", "concatenate")),
        "mean",
        "The mean of the two, or their channels one after the other.",
        own=True,
    )
    return Spec(
        kind=f"AvgMaxPool{axes}d",
        category=CATEGORY,
        target="parts.Branches",
        summary="Average and maximum of every window, as their mean or as twice the channels.",
        keywords=("combined", "mixed", "average", "maximum", *SMALLER),
        accepts=CHANNELS_FIRST[axes],
        parameters=(join, *window(axes)),
        rules=(padding_half_kernel(axes), window_fits(axes), *_average(axes)),
        gives=_side_by_side,
        compose=compose,
        brief=lambda a: f"{a['join']}, {brief_window(axes, a)}",
        arithmetic=(formulas.joined_channels, formulas.window),
        window=windows.average_pooling(axes),
    )


AXES = (1, 2, 3)

ENTRIES = (
    *map(_max_pool, AXES),
    *map(_avg_pool, AXES),
    *(_adaptive(axes, "Avg") for axes in AXES),
    *(_adaptive(axes, "Max") for axes in AXES),
    *map(_lp_pool, AXES),
    *map(_avg_max_pool, AXES),
)
