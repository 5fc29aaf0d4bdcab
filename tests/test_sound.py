"""What comes before a fault, as networks that can be built."""

from __future__ import annotations

from builder.check import check
from builder.document import Block, Network, walk
from builder.sound import sound_parts
from builder.templates import TEMPLATES
from tests.stacks import layer, network


def ids(part: Network) -> list[str]:
    return [block.id for block in walk(part.blocks)]


def parts(whole: Network) -> list[list[str]]:
    found = sound_parts(check(whole))
    assert all(check(part).ok for part in found)
    return [ids(part) for part in found]


def test_a_network_without_faults_is_its_own_only_part() -> None:
    whole = TEMPLATES["inception"].network()
    assert sound_parts(check(whole)) == (whole,)


def test_what_comes_before_the_first_fault_is_kept() -> None:
    whole = network((4,), layer("Linear"), layer("ReLU"), layer("Conv2d"), layer("ReLU"))
    assert parts(whole) == [["b1", "b2"]]


def test_a_fault_at_the_very_beginning_leaves_nothing() -> None:
    assert parts(network((4,), layer("Conv2d"))) == [[]]


def test_each_lane_of_a_container_with_a_fault_is_a_part() -> None:
    def lanes(*wrong: Block) -> Network:
        one, other = (layer("ReLU"), *wrong), (layer("Tanh"), layer("Sigmoid"))
        return network((4,), layer("Linear"), layer("Branches", one, other), layer("ReLU"))

    assert parts(lanes(layer("Conv2d"), layer("GELU"))) == [
        ["b1", "b2", "b3"],
        ["b1", "b2", "b6", "b7"],
    ]


def test_lanes_that_do_not_join_are_kept_whole() -> None:
    one, other = layer("Linear", out_features=3), layer("Linear", out_features=5)
    joined = layer("Branches", (one,), (other,), join="add")
    assert parts(network((4,), joined)) == [["b1", "b2"], ["b1", "b3"]]


def test_lanes_that_are_given_something_else_are_left_out() -> None:
    inner = layer("PoolUnpool2d", (layer("Linear", out_features=3), layer("Conv1d")))
    assert parts(network((1, 8, 8), layer("ReLU"), inner)) == [["b1"]]
