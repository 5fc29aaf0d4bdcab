"""Convolutions: a small kernel slides over the input and is the same everywhere."""

from __future__ import annotations

from builder.catalogue.kinds import Flag, Integer, OneOf, Sizes
from builder.catalogue.rules import (
    CHANNELS,
    brief_square,
    groups_divide,
    kernel_fits,
    padding_within_input,
    same_needs_stride_one,
)
from builder.catalogue.spec import Accepts, Arguments, Parameter, Spec

MODES = ("zeros", "reflect", "replicate", "circular")


def _convolution(axes: int, over: str, accepts: Accepts) -> Spec:
    def brief(a: Arguments) -> str:
        channels = f"{a['in_channels']} → {a['out_channels']} channels"
        extras = [f"{brief_square(a['kernel_size'], axes)} kernel"]
        extras += [f"stride {a['stride']}"] if a["stride"] != 1 else []
        extras += [f"padding {a['padding']}"] if a["padding"] != 0 else []
        return ", ".join([channels, *extras])

    return Spec(
        kind=f"Conv{axes}d",
        category="Convolution",
        target=f"nn.Conv{axes}d",
        summary=f"Slides learned kernels over {over}; each gives one output channel.",
        keywords=("convolution", "filter", "kernel", "cnn"),
        accepts=accepts,
        parameters=(
            Parameter("in_channels", Integer(), help="Channels that come in.", follows=CHANNELS),
            Parameter("out_channels", Integer(), help="Kernels, so channels out.", initial=16),
            Parameter("kernel_size", Sizes(axes), help="Size of the kernel.", initial=3),
            Parameter("stride", Sizes(axes), 1, "Steps between two positions of the kernel."),
            Parameter(
                "padding",
                Sizes(axes, minimum=0, words=("same", "valid")),
                0,
                "Positions added on every side; 'same' keeps the size, 'valid' adds none.",
            ),
            Parameter("dilation", Sizes(axes), 1, "Distance between kernel elements.", more=True),
            Parameter(
                "groups",
                Integer(),
                1,
                "Splits the channels into groups that do not mix; divides both counts.",
                more=True,
            ),
            Parameter("bias", Flag(), True, "Add a learned number to every channel.", more=True),
            Parameter("padding_mode", OneOf(MODES), "zeros", "What the padding holds.", more=True),
        ),
        rules=(
            groups_divide,
            same_needs_stride_one,
            kernel_fits(axes),
            padding_within_input(axes),
        ),
        brief=brief,
    )


ENTRIES = (
    _convolution(1, "a sequence", Accepts((2,), "sequences of channels (N, C, L)")),
    _convolution(2, "an image", Accepts((3,), "images (N, C, H, W)")),
)
