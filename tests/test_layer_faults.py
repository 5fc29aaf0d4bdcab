"""What is wrong with one layer: in which words it is told, and what one click repairs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.check import check
from builder.document import Block, Network, TensorType
from builder.templates import TEMPLATES
from tests.stacks import IMAGE, Fault, assert_found, layer, network, repaired


def lenet_on(*shape: int) -> Network:
    return replace(TEMPLATES["lenet5"].network(), input=TensorType(shape))


CONV = layer("Conv2d")
FLAT = layer("Flatten")
KERNEL = "take more padding, a smaller kernel, or fewer pooling layers before it."
WINDOW = "take a smaller window, or fewer pooling layers before it."
RANK = "Conv2d expects images (N, C, H, W), but "
LINEAR = "Linear expects features (N, F) or sequences (N, L, F), but "

FAULTS: dict[str, Fault] = {
    "LeNet-5 on 8×8 pixels": (
        lenet_on(1, 8, 8),
        "b4",
        "kernel-too-large",
        f"The kernel covers 5×5 positions, but the input has only 2×2: {KERNEL}",
        "Set padding to 2",
    ),
    "LeNet-5 on a row": (
        lenet_on(1024),
        "b1",
        "rank",
        f"{RANK}N×1024 comes in: arrange its values with Unflatten first.",
        "Insert Unflatten to 1×32×32 before it",
    ),
    "Conv2d after Flatten": (
        network((1, 8, 8), FLAT, CONV),
        "b2",
        "rank",
        f"{RANK}N×64 comes in: arrange its values with Unflatten first.",
        "Insert Unflatten to 1×8×8 before it",
    ),
    "Conv2d on a sequence": (
        network((4, 9), CONV),
        "b1",
        "rank",
        f"{RANK}N×4×9 comes in: Conv1d is made for that.",
        "Use Conv1d instead",
    ),
    "average over a thin volume": (
        network((2, 2, 6, 6), layer("AvgPool3d", kernel_size=4, padding=1)),
        "b1",
        "kernel-too-large",
        "Torch averages over volumes only with windows up to the size of the input, 2×6×6, its "
        "padding left out, but kernel_size is 4×4×4.",
        "Set kernel_size to (2, 4, 4)",
    ),
    "Conv2d on a volume": (
        network((1, 4, 8, 8), CONV),
        "b1",
        "rank",
        f"{RANK}N×1×4×8×8 comes in: Conv3d is made for that.",
        "Use Conv3d instead",
    ),
    "Linear on an image": (
        network((1, 28, 28), layer("Linear", out_features=10)),
        "b1",
        "rank",
        f"{LINEAR}N×1×28×28 comes in: flatten it first.",
        "Insert Flatten before it",
    ),
    "BatchNorm1d on an image": (
        network(IMAGE, layer("BatchNorm1d")),
        "b1",
        "rank",
        "BatchNorm1d expects features (N, C) or sequences of channels (N, C, L), but N×3×8×8 comes "
        "in: BatchNorm2d is made for that.",
        "Use BatchNorm2d instead",
    ),
    "groups that do not divide": (
        network(IMAGE, layer("Conv2d", groups=2)),
        "b1",
        "groups",
        "groups=2 must divide both channel counts, but 3 channels come in and 16 go out.",
        "Set groups to 1",
    ),
    "kernel larger than the padded input": (
        network((1, 4, 4), layer("Conv2d", kernel_size=7, padding=1)),
        "b1",
        "kernel-too-large",
        f"The kernel covers 7×7 positions, but the input has only 6×6 with its padding: {KERNEL}",
        "Set padding to 2",
    ),
    "kernel far too large": (
        network((1, 4, 4), layer("Conv2d", kernel_size=(3, 50), dilation=2)),
        "b1",
        "kernel-too-large",
        f"The kernel covers 5×99 positions, but the input has only 4×4: {KERNEL}",
        "Set kernel_size to (2, 2)",
    ),
    "kernel longer than a sequence": (
        network((1, 4), layer("Conv1d", kernel_size=6)),
        "b1",
        "kernel-too-large",
        f"The kernel covers 6 positions, but the input has only 4: {KERNEL}",
        "Set padding to 1",
    ),
    "pooling once too often": (
        network((1, 2, 2), layer("MaxPool2d"), layer("MaxPool2d")),
        "b2",
        "kernel-too-large",
        f"The window covers 2×2 positions, but the input has only 1×1: {WINDOW}",
        "Set kernel_size to 1",
    ),
    "pooling padded too much": (
        network((4, 8, 8), layer("AvgPool2d", kernel_size=(2, 4), padding=2)),
        "b1",
        "padding-too-large",
        "Pooling may pad at most half of its kernel (1×2 here), but padding is 2×2.",
        "Set padding to 1",
    ),
    "pinned channels": (
        network(IMAGE, layer("Conv2d", in_channels=1)),
        "b1",
        "pinned",
        "in_channels is pinned to 1, but N×3×8×8 comes in, which has 3 channels.",
        "Unpin in_channels, so that it is 3",
    ),
    "pinned features": (
        network((84,), layer("Linear", in_features=120)),
        "b1",
        "pinned",
        "in_features is pinned to 120, but N×84 comes in, which has 84 features.",
        "Unpin in_features, so that it is 84",
    ),
    "pinned shape": (
        network(IMAGE, layer("LayerNorm", normalized_shape=(3, 8))),
        "b1",
        "pinned",
        "normalized_shape is pinned to (3, 8), but N×3×8×8 comes in, which ends in (3, 8, 8).",
        "Unpin normalized_shape, so that it is (3, 8, 8)",
    ),
    "GroupNorm that does not divide": (
        network((10, 4, 4), layer("GroupNorm", num_groups=4)),
        "b1",
        "groups",
        "num_groups=4 must divide the 10 channels that come in.",
        "Set num_groups to 2",
    ),
    "Unflatten to other sizes": (
        network((10,), layer("Unflatten", unflattened_size=(3, 4))),
        "b1",
        "unflatten",
        "Axis 1 of N×10 has 10 values, which are not 3×4 = 12.",
        "Set unflattened_size to (1, -1)",
    ),
    "Unflatten that leaves a rest": (
        network((4, 10), layer("Unflatten", dim=-1, unflattened_size=(-1, 3))),
        "b1",
        "unflatten",
        "Axis 2 of N×4×10 has 10 values, which do not divide by 3.",
        "Set unflattened_size to (1, -1)",
    ),
    "Unflatten of the batch": (
        network((10,), layer("Unflatten", dim=0, unflattened_size=(2, 5))),
        "b1",
        "dim",
        "dim=0 is the batch axis, which no layer may touch: take 1.",
        "Set dim to 1",
    ),
    "Unflatten to nine axes": (
        network((4, 2, 2, 2), layer("Unflatten", unflattened_size=(1, 1, 1, 1, 4, 1))),
        "b1",
        "unflatten",
        "Splitting an axis of N×4×2×2×2 in 6 gives a sample of more than 8 axes: take at most 5 "
        "sizes.",
        None,
    ),
    "Softmax along no axis": (
        network((10,), layer("Softmax", dim=2)),
        "b1",
        "dim",
        "dim=2 is no axis of N×10: take 1.",
        "Set dim to 1",
    ),
    "Softmax along the batch": (
        network((4, 10), layer("Softmax", dim=-3)),
        "b1",
        "dim",
        "dim=-3 is the batch axis, which no layer may touch: take one from 1 to 2.",
        "Set dim to 1",
    ),
    "Softmax that torch would take along the batch": (
        network((4, 10), layer("Softmax", dim=None)),
        "b1",
        "dim",
        "With dim=None torch takes axis 0 of N×4×10, the batch, and mixes the samples: take 1 or "
        "2.",
        "Set dim to 1",
    ),
    "Flatten of the batch": (
        network(IMAGE, layer("Flatten", start_dim=0)),
        "b1",
        "dim",
        "start_dim=0 is the batch axis, which no layer may touch: take one from 1 to 3.",
        "Set start_dim to 1",
    ),
    "Flatten backwards": (
        network(IMAGE, layer("Flatten", start_dim=3, end_dim=2)),
        "b1",
        "dim",
        "end_dim=2 comes before start_dim=3 in N×3×8×8: axes are joined forwards.",
        "Set end_dim to -1",
    ),
    "same padding with a stride": (
        network(IMAGE, layer("Conv2d", padding="same", stride=2)),
        "b1",
        "same-stride",
        "padding='same' keeps the size only when the stride is 1, but stride is 2.",
        "Set stride to 1",
    ),
    "more reflected than there is": (
        network((1, 3, 5), layer("Conv2d", padding=3, padding_mode="reflect")),
        "b1",
        "padding-too-large",
        "padding_mode='reflect' can add at most 2×4 positions to this input, but padding asks for "
        "3×3.",
        "Set padding_mode to 'zeros'",
    ),
    "two outputs": (
        network(IMAGE, layer("MaxPool2d", return_indices=True)),
        "b1",
        "return-indices",
        "return_indices=True makes this layer return two tensors (values and their positions), "
        "which the next layer of a stack can't take; the container PoolUnpool keeps them for an "
        "unpooling layer.",
        "Set return_indices to False",
    ),
    "missing out_features": (
        network((4,), Block("", "Linear")),
        "b1",
        "missing",
        "out_features is not set, and torch has no default for it.",
        "Set out_features to 64",
    ),
    "probability of 1.5": (
        network((4,), layer("Dropout", p=1.5)),
        "b1",
        "value",
        "p must be at most 1, but is 1.5.",
        "Set p to 1.0",
    ),
    "kernel of 0": (
        network(IMAGE, layer("Conv2d", kernel_size=(0, 3))),
        "b1",
        "value",
        "kernel_size must be at least 1, but is 0.",
        "Set kernel_size to (1, 3)",
    ),
    "eps of 0 where torch divides by it": (
        network(IMAGE, layer("BatchNorm2d", eps=0.0)),
        "b1",
        "value",
        "eps must be greater than 0, but is 0.",
        "Set eps to 1e-05",
    ),
    "whole numbers as input": (
        network((4,), layer("Linear"), dtype="int64"),
        "b1",
        "dtype",
        "Linear expects real numbers (dtype float32), but N×4 of int64 comes in: put Embedding "
        "before it, or read the input as real numbers.",
        "Set the input's dtype to float32",
    ),
    "beyond what torch can count": (
        network((2**31 - 1,), layer("Linear", out_features=2**31 - 1)),
        "b1",
        "too-large",
        "With N×2147483647 as its input, Linear holds or makes more numbers than any machine can "
        "address: choose smaller sizes.",
        None,
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_faults_of_layers(fault: Fault) -> None:
    assert_found(fault)


def test_one_click_makes_lenet_work_on_small_digits() -> None:
    faulty = lenet_on(1, 8, 8)
    report = check(repaired(faulty, check(faulty)))
    assert report.ok
    assert report.output == TensorType((10,))
