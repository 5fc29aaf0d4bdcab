"""Pooling: a window is replaced by one number."""

from __future__ import annotations

from builder.catalogue.kinds import Flag, Integer, Sizes
from builder.catalogue.rules import brief_square, padding_half_kernel, window_fits
from builder.catalogue.spec import Accepts, Arguments, Change, Parameter, Problem, Spec
from builder.document import TensorType

IMAGES = Accepts((3,), "images (N, C, H, W)")

KERNEL = Parameter("kernel_size", Sizes(2), help="Size of the window.", initial=2)
STRIDE = Parameter(
    "stride",
    Sizes(2, nullable=True),
    None,
    "Steps between windows; as large as the window if None.",
)
PADDING = Parameter("padding", Sizes(2, minimum=0), 0, "Positions added on every side.")
CEIL_MODE = Parameter(
    "ceil_mode", Flag(), False, "Round the output size up instead of down.", more=True
)


def _indices_need_a_partner(arguments: Arguments, given: TensorType) -> Problem | None:
    if not arguments["return_indices"]:
        return None
    return Problem(
        "return-indices",
        "return_indices=True makes this layer return two tensors (values and their positions), "
        "which the next layer of a stack can't take.",
        "Set return_indices to False",
        Change("return_indices", False),
    )


def _brief(a: Arguments) -> str:
    stride = f", stride {a['stride']}" if a["stride"] is not None else ""
    return f"{brief_square(a['kernel_size'], 2)} window{stride}"


ENTRIES = (
    Spec(
        kind="MaxPool2d",
        category="Pooling",
        target="nn.MaxPool2d",
        summary="Keeps the largest value of every window.",
        keywords=("maximum", "subsample", "downsample"),
        accepts=IMAGES,
        parameters=(
            KERNEL,
            STRIDE,
            PADDING,
            Parameter("dilation", Sizes(2), 1, "Distance between window elements.", more=True),
            Parameter(
                "return_indices", Flag(), False, "Return where the maxima were as well.", more=True
            ),
            CEIL_MODE,
        ),
        rules=(_indices_need_a_partner, padding_half_kernel(2), window_fits(2)),
        brief=_brief,
    ),
    Spec(
        kind="AvgPool2d",
        category="Pooling",
        target="nn.AvgPool2d",
        summary="Keeps the mean of every window.",
        keywords=("average", "mean", "subsample", "downsample"),
        accepts=IMAGES,
        parameters=(
            KERNEL,
            STRIDE,
            PADDING,
            CEIL_MODE,
            Parameter(
                "count_include_pad", Flag(), True, "Count the padding in the mean.", more=True
            ),
            Parameter(
                "divisor_override",
                Integer(nullable=True),
                None,
                "Divide by this number instead of the window's size.",
                more=True,
            ),
        ),
        rules=(padding_half_kernel(2), window_fits(2)),
        brief=_brief,
    ),
    Spec(
        kind="AdaptiveAvgPool2d",
        category="Pooling",
        target="nn.AdaptiveAvgPool2d",
        summary="Averages windows chosen so that the output has the size you ask for.",
        keywords=("global average", "gap", "mean"),
        accepts=IMAGES,
        parameters=(
            Parameter(
                "output_size",
                Sizes(2, holes=True),
                help="Height and width that come out; None keeps the input's.",
                initial=1,
            ),
        ),
        brief=lambda a: f"to {brief_square(a['output_size'], 2)}",
    ),
)
