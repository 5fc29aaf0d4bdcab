"""What is wrong with containers: in which words it is told, and what one click repairs."""

from __future__ import annotations

import pytest

from builder.check import check, check_layer
from builder.document import DEPTH_LIMIT, Block, Network, TensorType
from builder.mending import mend_join
from tests.stacks import IMAGE, Fault, assert_found, layer, network

CONV = layer("Conv2d")
KERNEL = "take more padding, a smaller kernel, or fewer pooling layers before it."
RESIDUAL = (
    "so both must have one shape: give the body as many channels out as in, stride 1, and padding "
    "that keeps the size, or add a shortcut lane that changes the input alike."
)

SKIP = (
    "Skip puts the channels of what its body gives, {}, after those of its input, {}, so all other "
    "axes must agree: the body must come back to the size it began with, as pooling and then "
    "upsampling does."
)

FAULTS: dict[str, Fault] = {
    "Residual that changes the shape": (
        network((4, 9, 9), layer("Residual", (CONV, layer("ReLU")))),
        "b1",
        "join",
        f"Residual adds its input N×4×9×9 to what its body makes of it, N×16×7×7, {RESIDUAL}",
        "Set padding to 'same' and out_channels to 4 inside it",
    ),
    "Residual with a pooling": (
        network((4, 9, 9), layer("Residual", (layer("MaxPool2d"),))),
        "b1",
        "join",
        f"Residual adds its input N×4×9×9 to what its body makes of it, N×4×4×4, {RESIDUAL}",
        "Add Upsample to 9×9 inside it",
    ),
    "Residual that nothing mends": (
        network((4, 9, 9), layer("Residual", (layer("Flatten"),))),
        "b1",
        "join",
        f"Residual adds its input N×4×9×9 to what its body makes of it, N×324, {RESIDUAL}",
        None,
    ),
    "Skip that does not come back": (
        network((4, 8, 8), layer("Skip", (layer("AdaptiveAvgPool2d", output_size=4),))),
        "b1",
        "join",
        SKIP.format("N×4×4×4", "N×4×8×8"),
        "Add Upsample inside it",
    ),
    "Skip that comes back to an odd size": (
        network((4, 9, 7), layer("Skip", (layer("Conv2d", stride=2),))),
        "b1",
        "join",
        SKIP.format("N×16×4×3", "N×4×9×7"),
        "Add Upsample to 9×7 inside it",
    ),
    "Residual that shrinks and widens": (
        network((4, 8, 8), layer("Residual", (layer("Conv2d", stride=2, padding=1),))),
        "b1",
        "join",
        f"Residual adds its input N×4×8×8 to what its body makes of it, N×16×4×4, {RESIDUAL}",
        "Set out_channels to 4 and add Upsample inside it",
    ),
    "Branches with a pooling": (
        network((4, 9, 9), layer("Branches", (CONV,), (layer("MaxPool2d"),))),
        "b1",
        "join",
        "join='concatenate' stacks channels, so all other axes must agree, but the branches give "
        "N×16×7×7, N×4×4×4: take equal strides, and padding that keeps the size.",
        "Set padding to 'same' and pooling to kernel_size 3, padding 1, stride 1 inside it",
    ),
    "Branches that shrink deeper down": (
        network((4, 9, 9), layer("Branches", (layer("Repeat", (layer("Group", (CONV,)),)),), ())),
        "b1",
        "join",
        "join='concatenate' stacks channels, so all other axes must agree, but the branches give "
        "N×16×5×5, N×4×9×9: take equal strides, and padding that keeps the size.",
        "Set padding to 'same' inside it",
    ),
    "Branches with an empty one": (
        network((4, 9, 9), layer("Branches", (CONV, layer("ReLU")), ())),
        "b1",
        "join",
        "join='concatenate' stacks channels, so all other axes must agree, but the branches give "
        "N×16×7×7, N×4×9×9: take equal strides, and padding that keeps the size.",
        "Set padding to 'same' inside it",
    ),
    "Branches that differ in size": (
        network((4, 9, 9), layer("Branches", (CONV,), (layer("Conv2d", kernel_size=1),))),
        "b1",
        "join",
        "join='concatenate' stacks channels, so all other axes must agree, but the branches give "
        "N×16×7×7, N×16×9×9: take equal strides, and padding that keeps the size.",
        "Set padding to 'same' inside it",
    ),
    "Branches that can't be added": (
        network((8,), layer("Branches", (layer("Linear"),), (), join="mean")),
        "b1",
        "join",
        "join='mean' needs one shape from every branch, but they give N×64, N×8: give all as many "
        "channels out, equal strides, and padding that keeps the size.",
        "Set out_features to 8 inside it",
    ),
    "second turn of a Repeat": (
        network((3, 9, 9), layer("Repeat", (layer("Conv2d", kernel_size=7), layer("ReLU")))),
        "b2",
        "kernel-too-large",
        f"In repetition 2: The kernel covers 7×7 positions, but the input has only 3×3: {KERNEL}",
        "Set padding to 2",
    ),
    "pinned in a Repeat": (
        network(IMAGE, layer("Repeat", (layer("Conv2d", in_channels=3, padding="same"),), times=9)),
        "b2",
        "pinned",
        "In repetition 2: in_channels is pinned to 3, but N×16×8×8 comes in, which has 16 "
        "channels.",
        "Unpin in_channels, so that it is 16",
    ),
    "Repeat 0 times": (
        network(IMAGE, layer("Repeat", (layer("ReLU"),), times=0)),
        "b1",
        "value",
        "times must be at least 1, but is 0.",
        "Set times to 1",
    ),
    "a million layers by repetition": (
        network(
            IMAGE,
            layer("ReLU"),
            layer("Repeat", (layer("Repeat", (layer("ReLU"),), times=1000),), times=1000),
        ),
        "b2",
        "too-many-layers",
        "Written out, its repetitions make 1,001,001 layers; a network may have 20,000 in all.",
        "Set times to 19",
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_faults_of_containers(fault: Fault) -> None:
    assert_found(fault)


def test_the_search_for_a_repair_makes_no_search_within_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nested: tuple[Block, ...] = ()
    for _ in range(DEPTH_LIMIT):
        nested = (layer("Residual", (layer("Conv2d", out_channels=16, kernel_size=1), *nested)),)
    asked = 0

    def counted(*about: object) -> object:
        nonlocal asked
        asked += 1
        assert asked < 1000
        return check_layer(*about)  # type: ignore[arg-type]

    monkeypatch.setattr("builder.check.check_layer", counted)
    report = check(network((8, 4, 4), *nested))
    assert [(issue.block, issue.code, issue.repair) for issue in report.issues] == [
        ("b1", "join", None)
    ]


def test_a_target_that_one_lane_cannot_reach_is_given_up_at_once() -> None:
    lanes = tuple((layer("Conv1d", kernel_size=3, stride=size),) for size in range(2, 10))
    branches = network((3, 64), layer("Branches", *lanes)).blocks[0]
    given, asked = TensorType((3, 64)), 0

    def follow(lane: tuple[Block, ...]) -> TensorType | None:
        nonlocal asked
        asked += 1
        return check(Network(given, lane)).output

    assert mend_join(branches, {"join": "concatenate"}, given, follow) is None
    assert asked == 8 + (1 + 4) + 7 * 4 + 4
