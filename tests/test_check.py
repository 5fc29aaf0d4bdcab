"""The check: what flows where, whose fault it is in which words, and what one click repairs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random
from threading import Barrier

import pytest

from builder.check import Report, check, check_layer
from builder.document import (
    BLOCK_LIMIT,
    TensorType,
    walk,
)
from builder.infer import infer
from builder.operations import Rejected, apply
from tests.random_networks import random_network
from tests.stacks import IMAGE, layer, network, repaired

CONV = layer("Conv2d")
FLAT = layer("Flatten")


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


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_clicking_repairs_always_comes_to_an_end(start: int) -> None:
    for seed in range(start, start + 50):
        faulty = random_network(seed, depth=2 * (seed % 2 == 0))
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
    networks = [random_network(seed, depth=2) for seed in range(40)]
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
