"""Convolutions: a small kernel slides over the input and is the same everywhere."""

from __future__ import annotations

from builder.catalogue import formulas, madds, windows
from builder.catalogue.kinds import Flag, Integer, OneOf, Sizes
from builder.catalogue.rules import (
    CHANNELS,
    CHANNELS_FIRST,
    OVER,
    brief_square,
    groups_divide,
    kernel_fits,
    padding_within_input,
    same_needs_stride_one,
    spread,
)
from builder.catalogue.spec import Arguments, Change, Parameter, Problem, Rule, Spec
from builder.document import TensorType

MODES = ("zeros", "reflect", "replicate", "circular")


BIAS = Parameter("bias", Flag(), True, "Add a learned number to every channel.", more=True)
GROUPS = Parameter(
    "groups",
    Integer(),
    1,
    "Splits the channels into groups that do not mix; divides both counts.",
    more=True,
)


def _channels(axes: int) -> tuple[Parameter, ...]:
    return (
        Parameter("in_channels", Integer(), help="Channels that come in.", follows=CHANNELS),
        Parameter("out_channels", Integer(), help="Kernels, so channels out.", initial=16),
        Parameter("kernel_size", Sizes(axes), help="Size of the kernel.", initial=3),
        Parameter("stride", Sizes(axes), 1, "Steps between two positions of the kernel."),
    )


def _brief(axes: int, a: Arguments) -> str:
    parts = [f"{a['in_channels']} → {a['out_channels']} channels"]
    parts += [f"{brief_square(a['kernel_size'], axes)} kernel"]
    parts += [
        f"{name} {a[name]}" for name, usual in (("stride", 1), ("padding", 0)) if a[name] != usual
    ]
    return ", ".join(parts)


def _convolution(axes: int) -> Spec:
    return Spec(
        kind=f"Conv{axes}d",
        category="Convolution",
        target=f"nn.Conv{axes}d",
        summary=f"Slides learned kernels over {OVER[axes]}; each gives one output channel.",
        keywords=("convolution", "filter", "kernel", "cnn"),
        accepts=CHANNELS_FIRST[axes],
        parameters=(
            *_channels(axes),
            Parameter(
                "padding",
                Sizes(axes, minimum=0, words=("same", "valid")),
                0,
                "Positions added on every side; 'same' keeps the size, 'valid' adds none.",
            ),
            Parameter("dilation", Sizes(axes), 1, "Distance between kernel elements.", more=True),
            GROUPS,
            BIAS,
            Parameter("padding_mode", OneOf(MODES), "zeros", "What the padding holds.", more=True),
        ),
        rules=(
            groups_divide,
            same_needs_stride_one,
            kernel_fits(axes),
            padding_within_input(axes),
        ),
        brief=lambda a: _brief(axes, a),
        madds=madds.convolution,
        arithmetic=(formulas.window, formulas.kernels()),
        window=windows.CONVOLUTION,
    )


def _only_zeros(arguments: Arguments, given: TensorType) -> Problem | None:
    mode = arguments["padding_mode"]
    if mode == "zeros":
        return None
    return Problem(
        "padding-mode",
        f"A transposed convolution knows no padding_mode='{mode}': its padding cuts off, it does "
        "not add. Torch takes 'zeros' only.",
        "Set padding_mode to 'zeros'",
        Change("padding_mode", "zeros"),
    )


def _enlarged(arguments: Arguments, given: TensorType) -> tuple[int, ...]:
    return (int(arguments["out_channels"]), *windows.enlarged(arguments, given))


def _output_padding_is_smaller(axes: int) -> Rule:
    def rule(arguments: Arguments, given: TensorType) -> Problem | None:
        names = ("output_padding", "stride", "dilation")
        rows = list(zip(*(spread(arguments[name], axes) for name in names), strict=True))
        if all(extra < max(s, d) for extra, s, d in rows):
            return None
        best = min(max(s, d) - 1 for _, s, d in rows)
        return Problem(
            "output-padding",
            f"output_padding={arguments['output_padding']} must be smaller than the stride "
            f"({arguments['stride']}) or the dilation ({arguments['dilation']}): it only chooses "
            "among the sizes that one stride covers.",
            f"Set output_padding to {best}",
            Change("output_padding", best),
        )

    return rule


def _something_is_left(arguments: Arguments, given: TensorType) -> Problem | None:
    sizes = windows.enlarged(arguments, given)
    if min(sizes) >= 1:
        return None
    return Problem(
        "padding-too-large",
        f"padding={arguments['padding']} cuts off more than there is: {given} would become "
        f"{'×'.join(map(str, sizes))}.",
        "Set padding to 0",
        Change("padding", 0),
    )


def _transposed(axes: int) -> Spec:
    return Spec(
        kind=f"ConvTranspose{axes}d",
        category="Convolution",
        target=f"nn.ConvTranspose{axes}d",
        summary="Spreads every value out with a learned kernel: with a stride it enlarges.",
        keywords=("deconvolution", "upsample", "transposed convolution", "decoder"),
        accepts=CHANNELS_FIRST[axes],
        parameters=(
            *_channels(axes),
            Parameter(
                "padding",
                Sizes(axes, minimum=0),
                0,
                "Positions cut off on every side of the result.",
            ),
            Parameter(
                "output_padding",
                Sizes(axes, minimum=0),
                0,
                "Positions added at the end of each axis; smaller than the stride.",
            ),
            GROUPS,
            BIAS,
            Parameter("dilation", Sizes(axes), 1, "Distance between kernel elements.", more=True),
            Parameter("padding_mode", OneOf(MODES), "zeros", "Torch takes zeros only.", more=True),
        ),
        rules=(
            groups_divide,
            _only_zeros,
            _output_padding_is_smaller(axes),
            _something_is_left,
        ),
        gives=_enlarged,
        brief=lambda a: _brief(axes, a),
        madds=madds.transposed_convolution,
        arithmetic=(formulas.spread_out, formulas.kernels(transposed=True)),
        window=windows.TRANSPOSED,
    )


AXES = (1, 2, 3)

ENTRIES = (*map(_convolution, AXES), *map(_transposed, AXES))
