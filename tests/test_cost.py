"""Costs against torch: its flop counter, the tensors of a real forward pass, their bytes."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from random import Random

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from builder import parts
from builder.build import build, build_network
from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Spec
from builder.check import check
from builder.cost import FREE, Cost, total
from builder.document import Network, TensorType, walk
from builder.layers import Outcome, layer_call
from builder.operations import Bypass, Freeze, apply
from builder.places import locate
from builder.templates import TEMPLATES
from tests.edges import sound, told
from tests.stacks import IMAGE, layer, network

BATCH = 3
LAYERS = {kind: spec for kind, spec in CATALOGUE.items() if spec.lanes is None}
JOINING = (parts.Residual, parts.Skip, parts.Branches)
CONV = layer("Conv2d", out_channels=3, padding="same")

NESTED = {
    "repeat": network(IMAGE, layer("Repeat", (CONV, layer("ReLU")), times=3)),
    "repeat that shrinks": network(IMAGE, layer("Repeat", (layer("MaxPool2d"),), times=3)),
    "residual": network(IMAGE, layer("Residual", (CONV,)), layer("Residual", (CONV,), (CONV,))),
    "branches": network(IMAGE, layer("Branches", (CONV,), (), (CONV, layer("Tanh")))),
    "mean of branches": network(IMAGE, layer("Branches", (CONV,), (CONV,), join="mean")),
    "skip": network(IMAGE, layer("Skip", (CONV, CONV))),
    "pool and unpool": network(IMAGE, layer("PoolUnpool2d", (CONV,)), layer("Flatten")),
    "combined pooling": network(IMAGE, layer("AvgMaxPool2d", join="concatenate"), CONV),
    "nested": network(
        IMAGE,
        layer("Repeat", (layer("Residual", (layer("Group", (CONV, CONV)),)),), times=2),
    ),
    "sequence": network((6, 5), layer("LSTM", output="last"), layer("Linear")),
    "words": network((7,), layer("Embedding"), layer("GRU"), dtype="int64"),
}
NETWORKS = {name: each.network() for name, each in TEMPLATES.items()} | NESTED
each_network = pytest.mark.parametrize("stack", NETWORKS.values(), ids=NETWORKS)


def counted(module: nn.Module, given: TensorType) -> int:
    """Multiply-adds for one sample, by torch's flop counter on the meta device."""
    x = torch.empty((BATCH, *given.shape), dtype=getattr(torch, given.dtype), device="meta")
    with FlopCounterMode(display=False) as counter, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module.eval()(x)  # in training BatchNorm may read numbers, which a meta tensor lacks
    return counter.get_total_flops() // 2 // BATCH


def made(spec: Spec, outcome: Outcome) -> nn.Module:
    """The layer without memory; some settings make torch warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return build(layer_call(spec, outcome.arguments), "meta")


@pytest.mark.parametrize("spec", LAYERS.values(), ids=LAYERS)
def test_madds_of_every_layer_are_what_torch_counts(spec: Spec) -> None:
    ran = 0
    for _, given, outcome in sound(spec):
        module = made(spec, outcome)
        assert outcome.cost.madds == counted(module, given), (given, told(outcome.arguments))
        ran += 1
    assert ran


@pytest.mark.parametrize("spec", LAYERS.values(), ids=LAYERS)
def test_bytes_of_every_layer_are_its_tensors(spec: Spec) -> None:
    for params, given, outcome in sound(spec):
        module = made(spec, outcome)
        kept = [*module.parameters(), *module.buffers()]
        assert outcome.cost.weights == sum(each.numel() * each.element_size() for each in kept)
        assert outcome.output is not None
        assert outcome.cost.activations == outcome.output.bytes, (params, given)


@each_network
def test_madds_of_networks_are_what_torch_counts(stack: Network) -> None:
    module = build_network(stack).to("meta")
    assert check(stack).madds == counted(module, stack.input)


@each_network
def test_activations_are_the_bytes_of_a_forward_pass(stack: Network) -> None:
    module = build_network(stack)
    caught: list[torch.Tensor] = []
    for each in makers(module):
        each.register_forward_hook(lambda _, __, output: caught.extend(tensors(output)))
    shape = (BATCH, *stack.input.shape)
    module(torch.zeros(shape, dtype=getattr(torch, stack.input.dtype)))
    assert sum(each.nbytes for each in caught) == BATCH * check(stack).activations


def makers(module: nn.Module) -> Iterator[nn.Module]:
    """The modules whose outputs are new: layers as a whole, and containers that join."""
    children = list(module.children())
    branches = isinstance(module, parts.Branches) and children[0].children()
    lanes = [each for each in branches or children if isinstance(each, nn.Sequential)]
    if isinstance(module, (nn.Sequential, parts.PoolUnpool)):
        for child in children:
            yield from makers(child)
    elif isinstance(module, JOINING) and lanes:
        for lane in lanes:
            yield from makers(lane)
        yield module
    else:
        yield module


def tensors(output: torch.Tensor | tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    return output if isinstance(output, tuple) else (output,)


@each_network
def test_the_blocks_of_the_stack_add_up(stack: Network) -> None:
    report = check(stack)
    assert total(report.blocks[block.id].cost for block in stack.blocks) == report.cost


def test_a_bypassed_block_costs_nothing() -> None:
    stack = NESTED["repeat"]
    report = check(apply(stack, Bypass(stack.blocks[0].id, True)))
    assert report.cost == FREE
    assert all(found.cost == FREE for found in report.blocks.values())


@each_network
@pytest.mark.parametrize("seed", range(3))
def test_trainable_is_what_a_real_module_trains(stack: Network, seed: int) -> None:
    """Random blocks are frozen; every block's numbers are those of its own module."""
    ids = [block.id for block in walk(stack.blocks)]
    for each in Random(seed).sample(ids, max(1, len(ids) // 4)):
        stack = apply(stack, Freeze(each, True))
    report, module = check(stack), build_network(stack)
    assert (report.parameters, report.trainable) == sizes([module])
    for each in ids:
        places = [spot.path for spot in locate(report) if spot.block.id == each]
        assert places, each
        for path in places:
            found = report.blocks[each]
            assert (found.parameters, found.trainable) == sizes([module.get_submodule(path)]), path


def sizes(modules: Iterable[nn.Module]) -> tuple[int, int]:
    """How many parameters modules have, and how many of them want gradients."""
    found = [parameter for module in modules for parameter in module.parameters()]
    trained = (each.numel() for each in found if each.requires_grad)
    return sum(each.numel() for each in found), sum(trained)


def test_a_frozen_container_trains_nothing() -> None:
    stack = NESTED["repeat"]
    report = check(apply(stack, Freeze(stack.blocks[0].id, True)))
    assert report.cost == check(stack).cost.freeze()
    assert {found.trainable for found in report.blocks.values()} == {0}


def test_numbers_of_a_known_layer() -> None:
    """Conv2d(3, 32, 5, padding=2) on 3×64×64: 2432 parameters, 75 products for each output."""
    stack = network((3, 64, 64), layer("Conv2d", out_channels=32, kernel_size=5, padding=2))
    outputs = 32 * 64 * 64
    assert check(stack).blocks["b1"].cost == Cost(2432, 0, 75 * outputs, 4 * outputs, 4 * 2432)


def test_buffers_count_as_weights() -> None:
    found = check(network(IMAGE, layer("BatchNorm2d"))).cost
    assert (found.parameters, found.buffers, found.weights) == (6, 7, 4 * 12 + 8)


def test_what_has_a_fault_or_waits_costs_nothing() -> None:
    report = check(network((4,), layer("Linear"), layer("Conv2d"), layer("ReLU")))
    assert report.blocks["b2"].cost == report.blocks["b3"].cost == FREE
    assert report.cost == report.blocks["b1"].cost
    assert report.madds == 4 * 64
