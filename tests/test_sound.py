"""What comes before a fault, as networks that can be built."""

from __future__ import annotations

from builder.check import check
from builder.document import Block, Network, walk
from builder.sound import sound_part
from builder.templates import TEMPLATES
from tests.stacks import layer, network


def part(whole: Network) -> list[str]:
    """The ids of what is kept, in document order."""
    found = sound_part(check(whole))
    assert check(found).ok
    return [block.id for block in walk(found.blocks)]


def test_a_network_without_faults_is_its_own_sound_part() -> None:
    whole = TEMPLATES["inception"].network()
    assert sound_part(check(whole)) is whole


def test_what_comes_before_the_first_fault_is_kept() -> None:
    whole = network((4,), layer("Linear"), layer("ReLU"), layer("Conv2d"), layer("ReLU"))
    assert part(whole) == ["b1", "b2"]


def test_a_fault_at_the_very_beginning_leaves_nothing() -> None:
    assert part(network((4,), layer("Conv2d"))) == []


def test_of_a_container_with_a_fault_the_lanes_begin() -> None:
    def lanes(*wrong: Block) -> Network:
        one, other = (layer("ReLU"), *wrong), (layer("Tanh"), layer("Sigmoid"))
        return network((4,), layer("Linear"), layer("Branches", one, other), layer("ReLU"))

    kept = ["b1", "b2", "b3", "b2-0", "b6", "b7", "b2-1"]
    assert part(lanes(layer("Conv2d"), layer("GELU"))) == kept


def test_lanes_that_do_not_join_are_kept_whole() -> None:
    one, other = layer("Conv2d", kernel_size=3), layer("Conv2d", kernel_size=5)
    joined = layer("Branches", (one,), (other,), join="add")
    assert part(network((1, 8, 8), joined)) == ["b1", "b2", "b1-0", "b3", "b1-1"]


def test_containers_within_one_another_are_followed_to_the_fault() -> None:
    inner = layer("Residual", (layer("ReLU"), layer("Conv2d")))
    outer = layer("Group", (layer("Tanh"), inner, layer("GELU")))
    assert part(network((4,), outer)) == ["b1", "b2", "b3", "b4", "b3-0", "b1-0"]


def test_lanes_that_are_given_something_else_are_left_out() -> None:
    inner = layer("PoolUnpool2d", (layer("Linear", out_features=3), layer("Conv1d")))
    assert part(network((1, 8, 8), layer("ReLU"), inner)) == ["b1"]
