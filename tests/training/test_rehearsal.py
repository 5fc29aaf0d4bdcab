"""What torch would refuse at the first step is refused before anything starts."""

from __future__ import annotations

from functools import reduce

import pytest

from builder.check import Issue, Repair, check
from builder.document import Block, Network, TensorType
from builder.operations import SetParam, apply
from builder.recipe import Recipe
from builder.templates import TEMPLATES
from builder.training.admission import refusal

END = Block("b9", "Linear", (("out_features", 3),))


def table(*blocks: Block) -> Network:
    return Network(TensorType((4,)), (*blocks, END), 10, "iris")


def image(*blocks: Block) -> Network:
    end = (Block("b8", "Flatten"), Block("b9", "Linear", (("out_features", 10),)))
    return Network(TensorType((1, 8, 8)), (*blocks, *end), 10, "digits")


LINEAR = Block("b1", "Linear", (("out_features", 8),))
SIGMOID = Block("b2", "Sigmoid")
RELU = Block("b3", "ReLU", (("inplace", True),))
LATE = Block("b4", "LeakyReLU", (("inplace", True),), name="late")
NORM = Block("b5", "BatchNorm1d")
LEAD = "A normalisation layer needs two values per channel or more to learn from"
BATCH = f"{LEAD}, and a batch of one gives it one. Set the batch size to 2 or more."


def asked(network: Network, batch_size: int = 64) -> Issue | None:
    return refusal(check(network), Recipe(network.data or "", batch_size=batch_size))


def test_batch_normalisation_with_batches_of_one():
    assert asked(table(LINEAR, NORM), 1) == Issue(None, "batch-of-one", BATCH)
    assert asked(table(LINEAR, NORM), 2) is None


def test_batch_normalisation_of_an_image_learns_from_one_sample():
    assert asked(image(Block("b1", "BatchNorm2d")), 1) is None


def test_normalising_what_was_pooled_to_one_value_with_batches_of_one():
    pool = Block("b1", "AdaptiveAvgPool2d", (("output_size", 1),))
    network = image(pool, Block("b2", "GroupNorm", (("num_groups", 1),)))
    assert asked(network, 1) == Issue(None, "batch-of-one", BATCH)
    assert asked(network, 2) is None


@pytest.mark.parametrize("others", [(), (LATE,)], ids=["alone", "with a harmless one"])
def test_an_in_place_layer_that_overwrites_what_the_gradient_needs(others):
    network = table(LINEAR, SIGMOID, RELU, Block("b6", "Linear", (("out_features", 4),)), *others)
    issue = asked(network)
    assert issue == Issue(
        "b3",
        "in-place",
        "What other layers need to learn is overwritten in place by ReLU. Set inplace to False.",
        Repair("Set inplace to False", (SetParam("b3", "inplace", False),)),
    )
    assert asked(reduce(apply, issue.repair.operations, network)) is None


def test_two_at_fault_are_mended_together():
    again = Block("b6", "Sigmoid")
    network = table(LINEAR, SIGMOID, RELU, again, LATE)
    issue = asked(network)
    assert issue is not None
    assert issue.message == (
        "What other layers need to learn is overwritten in place by ReLU and LeakyReLU late. "
        "Set inplace to False."
    )
    assert [each.block for each in issue.repair.operations] == ["b3", "b4"]
    assert asked(reduce(apply, issue.repair.operations, network)) is None


@pytest.mark.parametrize(
    "template", [pytest.param(each, id=each.id) for each in TEMPLATES.values() if each.data]
)
def test_templates_are_not_refused(template):
    assert asked(template.network()) is None
