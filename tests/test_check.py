"""The check: what flows where, whose fault it is in which words, and what one click repairs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from random import Random
from threading import Barrier

import pytest

from builder.catalogue import CATALOGUE
from builder.check import Report, check, check_layer
from builder.document import (
    BLOCK_LIMIT,
    DEPTH_LIMIT,
    Block,
    Network,
    TensorType,
    Value,
    make_params,
    walk,
)
from builder.infer import infer
from builder.operations import Rejected, apply
from builder.templates import TEMPLATES
from tests.random_networks import random_network

IMAGE = (3, 8, 8)


def layer(
    kind: str, /, *lanes: tuple[Block, ...], name: str | None = None, **values: Value
) -> Block:
    """A block as the palette makes it; its id comes later."""
    return Block("", kind, make_params(CATALOGUE[kind].initial | values), lanes, name)


def network(shape: tuple[int, ...], *blocks: Block, dtype: str = "float32") -> Network:
    """A network with ids from b1, in document order."""
    numbers = count(1)

    def number(block: Block) -> Block:
        block_id = f"b{next(numbers)}"
        return replace(
            block, id=block_id, lanes=tuple(tuple(map(number, lane)) for lane in block.lanes)
        )

    numbered = tuple(map(number, blocks))
    return Network(TensorType(shape, dtype), numbered, next(numbers))


def repaired(faulty: Network, report: Report) -> Network:
    """The network after one click on the first fault's repair."""
    repair = report.issues[0].repair
    assert repair is not None
    for operation in repair.operations:
        faulty = apply(faulty, operation)
    return faulty


def lenet_on(*shape: int) -> Network:
    return replace(TEMPLATES["lenet5"].network(), input=TensorType(shape))


CONV = layer("Conv2d")
FLAT = layer("Flatten")
KERNEL = "take more padding, a smaller kernel, or fewer pooling layers before it."
WINDOW = "take a smaller window, or fewer pooling layers before it."
RANK = "Conv2d expects images (N, C, H, W), but "
LINEAR = "Linear expects features (N, F) or sequences (N, L, F), but "
RESIDUAL = (
    "so both must have one shape: give the body as many channels out as in, stride 1, and padding "
    "that keeps the size."
)

# Each: the wrong network, then block, code, message and repair of its first fault.
FAULTS: dict[str, tuple[Network, str, str, str, str | None]] = {
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
    "Conv2d on a volume": (
        network((1, 4, 8, 8), CONV),
        "b1",
        "rank",
        f"{RANK}N×1×4×8×8 comes in: join its last axes first.",
        "Insert Flatten before it",
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
        "which the next layer of a stack can't take.",
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
        "Linear expects numbers of dtype float32, but int64 comes in.",
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
    "Residual that changes the shape": (
        network((4, 9, 9), layer("Residual", (CONV, layer("ReLU")))),
        "b1",
        "join",
        f"Residual adds its input N×4×9×9 to what its body makes of it, N×16×7×7, {RESIDUAL}",
        "Set padding to 'same' and out_channels to 4 inside it",
    ),
    "Residual that no setting mends": (
        network((4, 9, 9), layer("Residual", (layer("MaxPool2d"),))),
        "b1",
        "join",
        f"Residual adds its input N×4×9×9 to what its body makes of it, N×4×4×4, {RESIDUAL}",
        None,
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


@pytest.mark.parametrize(
    ("faulty", "block", "code", "message", "label"), FAULTS.values(), ids=FAULTS
)
def test_faults(faulty: Network, block: str, code: str, message: str, label: str | None) -> None:
    report = check(faulty)
    assert not report.ok
    issue = report.issues[0]
    found = (issue.block, issue.code, issue.message, issue.repair and issue.repair.label)
    assert found == (block, code, message, label)
    assert report.blocks[block].state == "fault"
    if label is not None:
        after = check(repaired(faulty, report)).blocks[block].issue
        assert after is None or after.code != code


def test_one_click_makes_lenet_work_on_small_digits() -> None:
    faulty = lenet_on(1, 8, 8)
    report = check(repaired(faulty, check(faulty)))
    assert report.ok
    assert report.output == TensorType((10,))


def test_layers_before_a_fault_keep_their_shapes_and_those_after_wait() -> None:
    report = check(network((1, 8, 8), layer("ReLU"), layer("Linear", name="fc"), FLAT, CONV))
    assert [each.state for each in report.blocks.values()] == ["ok", "fault", "waiting", "waiting"]
    assert [each.output for each in report.blocks.values()] == [
        TensorType((1, 8, 8)),
        None,
        None,
        None,
    ]
    fault = report.blocks["b2"].block
    assert [each.waits_for for each in report.blocks.values()] == [None, None, fault, fault]
    assert report.output is None


def test_a_fault_within_a_container_makes_it_and_what_follows_wait() -> None:
    inside = layer("Group", (layer("ReLU"), layer("Linear"), layer("ReLU")))
    report = check(network(IMAGE, inside, FLAT))
    states = {each.block.id: each.state for each in report.blocks.values()}
    assert states == {"b1": "waiting", "b2": "ok", "b3": "fault", "b4": "waiting", "b5": "waiting"}
    assert report.blocks["b1"].waits_for == report.blocks["b5"].waits_for
    assert report.blocks["b5"].waits_for == report.blocks["b3"].block


def test_repairs_go_into_the_lane_of_the_fault() -> None:
    faulty = network(IMAGE, layer("Branches", (layer("ReLU"), layer("Linear")), (FLAT,)))
    mended = repaired(faulty, check(faulty))
    assert [block.kind for block in walk(mended.blocks)] == [
        "Branches", "ReLU", "Flatten", "Linear", "Flatten",
    ]  # fmt: skip
    assert check(mended).output == TensorType((64 + 192,))


def test_bypassed_blocks_let_everything_past() -> None:
    off = replace(layer("Group", (layer("Linear"),)), bypassed=True)
    report = check(network(IMAGE, off, FLAT))
    assert [each.state for each in report.blocks.values()] == ["bypassed", "bypassed", "ok"]
    assert report.blocks["b1"].output == TensorType(IMAGE)
    assert report.blocks["b2"].arguments == {"out_features": 64, "bias": True}
    assert report.output == TensorType((192,))
    assert report.parameters == 0


def test_sizes_that_follow_are_filled_in_also_where_they_are_pinned() -> None:
    blocks = check(network(IMAGE, layer("Conv2d", in_channels=5), CONV)).blocks
    assert (blocks["b1"].arguments["in_channels"], blocks["b1"].filled) == (5, {"in_channels": 3})
    assert blocks["b2"].filled == {}
    assert "in_channels" not in blocks["b2"].arguments


def test_parameters_of_repetitions_are_counted_each() -> None:
    twice = check(network((8,), layer("Repeat", (layer("Linear", out_features=8),), times=5)))
    assert twice.parameters == 5 * (8 * 8 + 8)
    grows = check(network((8,), layer("Repeat", (layer("Linear", out_features=4),), times=3)))
    assert grows.parameters == (8 * 4 + 4) + 2 * (4 * 4 + 4)


def test_no_layers() -> None:
    report = check(network(IMAGE))
    assert (report.ok, report.output, report.parameters) == (True, TensorType(IMAGE), 0)
    empty = check(network(IMAGE, layer("Branches", (), ()), layer("Residual", ())))
    assert (empty.ok, empty.output) == (True, TensorType((6, 8, 8)))


def test_a_layer_of_a_billion_by_a_billion_is_counted() -> None:
    report = check(network((10**9,), layer("Linear", out_features=10**9)))
    assert report.ok
    assert report.parameters == 10**18 + 10**9


def test_repetition_can_not_make_the_check_endless() -> None:
    """Sizes that shrink at each turn have no fixed point, so every turn counts."""
    deep = layer("Conv1d", kernel_size=2)
    for _ in range(6):
        deep = layer("Repeat", (deep,), times=1000)
    report = check(network((1, 10**9), deep))
    assert [issue.code for issue in report.issues] == ["too-many-layers"]
    many = network((1, 64), *(layer("Repeat", (layer("ReLU"),), times=999) for _ in range(30)))
    states = [found.state for found in check(many).blocks.values() if found.block.lanes]
    assert states == ["ok"] * (BLOCK_LIMIT // 1000) + ["fault"] + ["waiting"] * 9


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


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_clicking_repairs_always_comes_to_an_end(start: int) -> None:
    for seed in range(start, start + 50):
        faulty = random_network(seed, containers=seed % 2 == 0)
        for _ in range(60):
            report = check(faulty)
            offers = [issue.repair for issue in report.issues if issue.repair]
            if not offers:
                break
            try:
                for operation in offers[0].operations:
                    faulty = apply(faulty, operation)
            except Rejected:
                pytest.fail(f"seed {seed}: {offers[0]} is rejected")
        else:
            pytest.fail(f"seed {seed} is still being repaired: {report.issues}")


def _in_threads(work: Callable[[int], object], threads: int = 8) -> list[object]:
    barrier = Barrier(threads)

    def run(index: int) -> object:
        barrier.wait()
        return work(index)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def test_eight_threads_on_a_cold_cache() -> None:
    networks = [random_network(seed, containers=True) for seed in range(40)]
    alone = [check(each) for each in networks]
    check_layer.cache_clear()
    infer.cache_clear()

    def work(index: int) -> list[Report]:
        order = list(range(len(networks)))
        Random(index).shuffle(order)
        found = {number: check(networks[number]) for number in order}
        return [found[number] for number in range(len(networks))]

    for reports in _in_threads(work):
        assert reports == alone
