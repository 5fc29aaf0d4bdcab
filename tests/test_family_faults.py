"""What is wrong with layers that resize, pad, attend or remember, and with what holds them."""

from __future__ import annotations

import pytest

from builder.document import Block, make_params
from tests.stacks import Fault, assert_found, layer, network

FAULTS: dict[str, Fault] = {
    "a transposed convolution padded with mirrors": (
        network((3, 8, 8), layer("ConvTranspose2d", padding_mode="reflect")),
        "b1",
        "padding-mode",
        "A transposed convolution knows no padding_mode='reflect': its padding cuts off, "
        "it does not add. Torch takes 'zeros' only.",
        "Set padding_mode to 'zeros'",
    ),
    "output_padding as large as the stride": (
        network((3, 8, 8), layer("ConvTranspose2d", stride=2, output_padding=2)),
        "b1",
        "output-padding",
        "output_padding=2 must be smaller than the stride (2) or the dilation (1): it "
        "only chooses among the sizes that one stride covers.",
        "Set output_padding to 1",
    ),
    "a transposed convolution that cuts all off": (
        network((3, 2, 2), layer("ConvTranspose2d", padding=4)),
        "b1",
        "padding-too-large",
        "padding=4 cuts off more than there is: N×3×2×2 would become -4×-4.",
        "Set padding to 0",
    ),
    "groups of a transposed convolution": (
        network((3, 8, 8), layer("ConvTranspose2d", groups=2)),
        "b1",
        "groups",
        "groups=2 must divide both channel counts, but 3 channels come in and 16 go out.",
        "Set groups to 1",
    ),
    "Conv3d on an image": (
        network((3, 8, 8), layer("Conv3d")),
        "b1",
        "rank",
        "Conv3d expects volumes (N, C, D, H, W), but N×3×8×8 comes in: Conv2d is made for that.",
        "Use Conv2d instead",
    ),
    "a mirror wider than the image": (
        network((1, 4, 4), layer("ReflectionPad2d", padding=4)),
        "b1",
        "padding-too-large",
        "ReflectionPad2d can add at most 3×3 positions to a side of N×1×4×4, but padding "
        "is 4: the input has no more to repeat.",
        "Set padding to 3",
    ),
    "padding that cuts all off": (
        network((1, 4, 4), layer("ConstantPad2d", padding=(-2, -2, 0, 0))),
        "b1",
        "padding-too-large",
        "Cutting off padding=(-2, -2, 0, 0) leaves 4×0 of N×1×4×4.",
        "Set padding to 0",
    ),
    "Upsample by nothing": (
        network((1, 4, 4), Block("", "Upsample")),
        "b1",
        "size-or-factor",
        "Upsample needs size or scale_factor, one of the two, but neither is set.",
        "Set scale_factor to 2.0",
    ),
    "Upsample by size and by factor": (
        network((1, 4, 4), layer("Upsample", size=(8, 8))),
        "b1",
        "size-or-factor",
        "Upsample needs size or scale_factor, one of the two, but both are set.",
        "Set size to None",
    ),
    "Upsample of two axes by three factors": (
        network((1, 4, 4), layer("Upsample", scale_factor=(2.0, 2.0, 2.0))),
        "b1",
        "axes",
        "scale_factor=(2.0, 2.0, 2.0) has 3 numbers, but N×1×4×4 has 2 axes to resize.",
        "Set scale_factor to 2.0",
    ),
    "bilinear Upsample of a sequence": (
        network((1, 4), layer("Upsample", mode="bilinear")),
        "b1",
        "mode",
        "mode='bilinear' resizes 2 axes, but N×1×4 has 1.",
        "Set mode to 'linear'",
    ),
    "corners aligned without interpolation": (
        network((1, 4, 4), layer("Upsample", align_corners=True)),
        "b1",
        "align-corners",
        "align_corners is for modes that interpolate (linear, bilinear, bicubic, "
        "trilinear), not for 'nearest'.",
        "Set align_corners to None",
    ),
    "Upsample to nothing": (
        network((1, 4, 4), layer("Upsample", scale_factor=0.1)),
        "b1",
        "too-small",
        "scale_factor=0.1 leaves nothing of N×1×4×4.",
        "Set scale_factor to 2.0",
    ),
    "PixelShuffle of three channels": (
        network((3, 4, 4), layer("PixelShuffle")),
        "b1",
        "divide",
        "upscale_factor=2 makes one channel of 2² = 4, but the 3 channels of N×3×4×4 "
        "can't be divided by that: a convolution before it makes as many as it needs.",
        "Insert Conv2d with 4 channels before it",
    ),
    "PixelShuffle by too much": (
        network((8, 4, 4), layer("PixelShuffle", upscale_factor=3)),
        "b1",
        "divide",
        "upscale_factor=3 makes one channel of 3² = 9, but the 8 channels of N×8×4×4 "
        "can't be divided by that.",
        "Set upscale_factor to 2",
    ),
    "groups of one channel": (
        network((1, 4, 4), layer("GroupNorm", num_groups=2)),
        "b1",
        "groups",
        "num_groups=2 must divide the 1 channel that comes in.",
        "Set num_groups to 1",
    ),
    "PixelUnshuffle of an odd image": (
        network((3, 5, 5), layer("PixelUnshuffle")),
        "b1",
        "divide",
        "downscale_factor=2 must divide height and width of N×3×5×5.",
        "Set downscale_factor to 1",
    ),
    "LSTM with the steps first": (
        network((6, 8), Block("", "LSTM", make_params({"hidden_size": 4}))),
        "b1",
        "batch-first",
        "With batch_first=False, torch's default, axis 0 would be the steps, but in N×6×8"
        " it is the batch: samples would be mixed.",
        "Set batch_first to True",
    ),
    "LSTM on an image": (
        network((1, 6, 8), layer("LSTM")),
        "b1",
        "rank",
        "LSTM expects sequences of features (N, L, F), but N×1×6×8 comes in: join its "
        "last axes first.",
        "Insert Flatten before it",
    ),
    "projection as wide as the memory": (
        network((6, 8), layer("LSTM", hidden_size=4, proj_size=4)),
        "b1",
        "projection",
        "proj_size=4 must be smaller than hidden_size=4.",
        "Set proj_size to 0",
    ),
    "heads that do not divide": (
        network((6, 8), layer("MultiheadAttention", num_heads=3)),
        "b1",
        "divide",
        "num_heads=3 must divide the 8 features that come in.",
        "Set num_heads to 2",
    ),
    "keys of another width": (
        network((6, 8), layer("MultiheadAttention", kdim=5)),
        "b1",
        "self-attention",
        "kdim=5 is for keys and values of another width, but here they are the input "
        "itself, with 8 features.",
        "Set kdim to None",
    ),
    "a transformer's heads that do not divide": (
        network((6, 10), layer("TransformerEncoderLayer", nhead=4)),
        "b1",
        "divide",
        "nhead=4 must divide the 10 features that come in.",
        "Set nhead to 2",
    ),
    "Embedding of real numbers": (
        network((6,), layer("Embedding")),
        "b1",
        "dtype",
        "Embedding expects whole numbers (dtype int64), but N×6 of float32 comes in: only the "
        "data can give these, so it stands before other layers.",
        "Set the input's dtype to int64",
    ),
    "Embedding after a layer that calculates": (
        network((6,), layer("Linear", out_features=3), layer("Embedding")),
        "b2",
        "dtype",
        "Embedding expects whole numbers (dtype int64), but N×3 of float32 comes in: only the "
        "data can give these, so it stands before other layers.",
        "Switch Embedding off",
    ),
    "padding_idx beyond the table": (
        network((6,), layer("Embedding", num_embeddings=10, padding_idx=10), dtype="int64"),
        "b1",
        "padding-idx",
        "padding_idx=10 is none of the 10 entries, which are numbered from 0.",
        "Set padding_idx to None",
    ),
    "slopes for other channels": (
        network((4, 8, 8), layer("PReLU", num_parameters=3)),
        "b1",
        "slopes",
        "num_parameters=3 must be 1 (one slope for all) or 4 (one for each channel of N×4×8×8).",
        "Set num_parameters to 4",
    ),
    "RReLU's limits the wrong way round": (
        network((4,), layer("RReLU", lower=0.5, upper=0.1)),
        "b1",
        "order",
        "lower=0.5 must not be larger than upper=0.1.",
        "Set upper to 0.5",
    ),
    "Hardtanh's limits the wrong way round": (
        network((4,), layer("Hardtanh", min_val=2.0)),
        "b1",
        "order",
        "min_val=2 must be smaller than max_val=1.",
        "Set max_val to 3",
    ),
    "GLU of an odd axis": (
        network((3, 8), layer("GLU")),
        "b1",
        "glu",
        "GLU halves axis 1 of N×3×8, but its size 3 is odd.",
        "Set dim to 2",
    ),
    "GLU of the batch": (
        network((3, 8), layer("GLU", dim=0)),
        "b1",
        "dim",
        "dim=0 is the batch axis, which no layer may touch: take one from 1 to 2.",
        "Set dim to 1",
    ),
    "InstanceNorm of single pixels": (
        network((3, 1, 1), layer("InstanceNorm2d")),
        "b1",
        "single-value",
        "Each channel of N×3×1×1 holds a single value, and normalising it by itself "
        "leaves 0: put the layer where there are more, or take LayerNorm.",
        "Use LayerNorm instead",
    ),
    "LocalResponseNorm of features": (
        network((8,), layer("LocalResponseNorm")),
        "b1",
        "rank",
        "LocalResponseNorm expects channels first (N, C, …) with at least one more axis, "
        "but N×8 comes in: arrange its values with Unflatten first.",
        "Insert Unflatten to 1×8 before it",
    ),
    "the mean of a padded volume": (
        network((1, 4, 4, 4), layer("AvgPool3d", kernel_size=5, padding=1)),
        "b1",
        "kernel-too-large",
        "Torch averages over volumes only with windows up to the size of the input, "
        "4×4×4, its padding left out, but kernel_size is 5×5×5.",
        "Set kernel_size to (4, 4, 4)",
    ),
    "Skip whose layers shrink": (
        network((3, 8, 8), layer("Skip", (layer("Conv2d"),))),
        "b1",
        "join",
        "Skip puts the channels of what its body gives, N×16×6×6, after those of its "
        "input, N×3×8×8, so all other axes must agree: the body must come back to the "
        "size it began with, as pooling and then upsampling does.",
        "Set padding to 'same' inside it",
    ),
    "a shortcut of another width": (
        network(
            (3, 8, 8),
            layer(
                "Residual",
                (layer("Conv2d", padding=1),),
                (layer("Conv2d", out_channels=8, kernel_size=1),),
            ),
        ),
        "b1",
        "join",
        "Residual adds what its shortcut gives, N×8×8×8, to what its body gives, "
        "N×16×8×8, so both must have one shape: a convolution with kernel_size 1 in the "
        "shortcut, with the body's channels out and stride, does that.",
        "Set out_channels to 3 inside it",
    ),
    "unpooling other channels": (
        network((3, 8, 8), layer("PoolUnpool2d", (layer("Conv2d", padding=1),))),
        "b1",
        "join",
        "Unpooling puts each value back where the maximum was, so its layers must give "
        "the shape they got, N×3×4×4, but they give N×16×4×4: keep channels and size.",
        "Set out_channels to 3 inside it",
    ),
    "unpooling windows that overlap": (
        network((3, 8, 8), layer("PoolUnpool2d", (), stride=1)),
        "b1",
        "overlap",
        "Windows of 2 with stride 1 overlap, so two of them can have the same maximum, "
        "and unpooling can put only one value there.",
        "Set stride to None",
    ),
    "pool and unpool a row": (
        network((8,), layer("PoolUnpool2d", ())),
        "b1",
        "rank",
        "PoolUnpool2d expects images (N, C, H, W), but N×8 comes in: arrange its values "
        "with Unflatten first.",
        "Insert Unflatten to 8×1×1 before it",
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_faults(fault: Fault) -> None:
    assert_found(fault)
