"""``check`` against a real forward pass on CPU: every shape, and whether and where it fails.

The pass below knows nothing of ``builder``'s own rules: it builds each torch module from the
block's explicit arguments and the sizes of the actual tensor. Where the app is stricter than torch
on purpose, the table ``STRICTER`` says so.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from builder.catalogue import CATALOGUE
from builder.check import check
from builder.document import Block, BlockId, Network, TensorType
from tests.random_networks import LAYERS, random_network

Params = dict[str, Any]

FOLLOWED: dict[str, Callable[[Tensor], Params]] = {
    "Linear": lambda x: {"in_features": x.shape[-1]},
    "Conv1d": lambda x: {"in_channels": x.shape[1]},
    "Conv2d": lambda x: {"in_channels": x.shape[1]},
    "BatchNorm1d": lambda x: {"num_features": x.shape[1]},
    "BatchNorm2d": lambda x: {"num_features": x.shape[1]},
    "GroupNorm": lambda x: {"num_channels": x.shape[1]},
    "LayerNorm": lambda x: {"normalized_shape": x.shape[1:] if x.dim() > 3 else x.shape[-1:]},
}
"""The size that torch asks for and the app reads off the input."""

DIMENSIONS = {
    "Linear": (2, 3),
    "Conv1d": (3,),
    "Conv2d": (4,),
    "MaxPool2d": (4,),
    "AvgPool2d": (4,),
    "AdaptiveAvgPool2d": (4,),
    "BatchNorm1d": (2, 3),
    "BatchNorm2d": (4,),
    "Dropout2d": (4,),
}
"""Dimensions, the batch's included, that the app lets in; all others take from 2 to 9."""

LOWEST = {
    "out_features": 1,
    "in_features": 1,
    "in_channels": 1,
    "out_channels": 1,
    "kernel_size": 1,
    "stride": 1,
    "padding": 0,
    "dilation": 1,
    "groups": 1,
    "num_features": 1,
    "num_groups": 1,
    "num_channels": 1,
    "output_size": 1,
    "divisor_override": 1,
    "eps": 0,
    "momentum": 0,
    "p": 0,
    "times": 1,
}
HIGHEST = {"momentum": 1, "p": 1, "times": 1000}


def _out_of_range(kind: str, params: Params, x: Tensor) -> bool:
    """Torch takes some senseless numbers; the app has limits for all."""
    for name, value in params.items():
        numbers = value if isinstance(value, tuple) else (value,)
        if name == "unflattened_size":
            if numbers.count(-1) > 1 or any(n < 1 and n != -1 for n in numbers):
                return True
        for number in numbers:
            if isinstance(number, (int, float)) and name in LOWEST and number < LOWEST[name]:
                return True
            if isinstance(number, (int, float)) and name in HIGHEST and number > HIGHEST[name]:
                return True
    return False


def _other_dtype(kind: str, params: Params, x: Tensor) -> bool:
    return x.dtype != torch.float32


def _other_dimensions(kind: str, params: Params, x: Tensor) -> bool:
    return x.dim() not in DIMENSIONS.get(kind, range(2, 10))


def _pinned_wrong(kind: str, params: Params, x: Tensor) -> bool:
    """Torch never looks at some pinned sizes: GroupNorm(affine=False, num_channels=…)."""
    followed = FOLLOWED[kind](x) if kind in FOLLOWED else {}
    if kind == "LayerNorm":  # any of the last axes will do
        followed["normalized_shape"] = x.shape[1:][-len(params.get("normalized_shape", ())) :]
    return any(name in params and params[name] != size for name, size in followed.items())


def _touches_batch(kind: str, params: Params, x: Tensor) -> bool:
    axis = {"Softmax": "dim", "Flatten": "start_dim", "Unflatten": "dim"}.get(kind)
    if kind == "Softmax" and params.get("dim") is None:
        return x.dim() == 3
    return axis is not None and axis in params and params[axis] in (0, -x.dim())


def _two_outputs(kind: str, params: Params, x: Tensor) -> bool:
    return bool(params.get("return_indices"))


STRICTER = (
    _out_of_range,
    _other_dtype,
    _other_dimensions,
    _pinned_wrong,
    _touches_batch,
    _two_outputs,
)


class Refused(Exception):  # noqa: N818
    """The real pass fails here."""


class RealPass:
    """Sends a batch of two through a network, noting each block's output shape or failure."""

    def __init__(self, network: Network) -> None:
        self.shapes: dict[BlockId, tuple[int, ...] | None] = {}
        self.faults: set[BlockId] = set()
        dtype = getattr(torch, network.input.dtype)
        x = torch.ones((2, *network.input.shape), dtype=dtype)
        if dtype.is_floating_point:
            x = torch.randn(x.shape)
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.output = self.lane(network.blocks, x)

    def lane(self, blocks: tuple[Block, ...], x: Tensor | None) -> Tensor | None:
        for block in blocks:
            if block.bypassed:
                continue
            if x is None:
                self.wait(block)
            else:
                x = self.block(block, x)
        return x

    def wait(self, block: Block) -> None:
        self.shapes[block.id] = None
        for lane in block.lanes:
            self.lane(lane, None)

    def block(self, block: Block, x: Tensor) -> Tensor | None:
        params = dict(block.params)
        self.shapes[block.id] = None
        try:
            y = self.container(block, params, x) if block.lanes else _layer(block.kind, params, x)
        except Refused:
            self.faults.add(block.id)
            return None
        self.shapes[block.id] = None if y is None else tuple(y.shape[1:])
        return y

    def container(self, block: Block, params: Params, x: Tensor) -> Tensor | None:
        wrong = _out_of_range(block.kind, params, x)
        outputs: list[Tensor | None] = []
        for lane in block.lanes:
            y = self.lane(lane, x)
            for _ in range(
                1, 1 if wrong else params.get("times", 2 if block.kind == "Repeat" else 1)
            ):
                if y is None:
                    break
                y = self.again(lane, y)
            outputs.append(y)
        if wrong:
            raise Refused
        found = [y for y in outputs if y is not None]
        if len(found) < len(outputs):
            return None
        return _join(block.kind, params, x, found)

    def again(self, lane: tuple[Block, ...], x: Tensor) -> Tensor | None:
        """A further turn of a Repeat: cards show the first one, unless a later one fails."""
        shapes, faults = dict(self.shapes), set(self.faults)
        y = self.lane(lane, x)
        if y is not None:
            self.shapes, self.faults = shapes, faults
        return y


def _join(kind: str, params: Params, x: Tensor, outputs: list[Tensor]) -> Tensor:
    join = params.get("join", "concatenate")
    if kind in ("Group", "Repeat"):
        return outputs[0]
    terms = [*outputs, x] if kind == "Residual" else outputs
    if kind == "Residual" or join != "concatenate":
        if len({y.shape for y in terms}) > 1:  # torch would broadcast
            raise Refused
        return terms[0]
    try:
        return torch.cat(outputs, 1)
    except (RuntimeError, IndexError) as error:
        raise Refused from error


def _layer(kind: str, params: Params, x: Tensor) -> Tensor:
    if any(rule(kind, params, x) for rule in STRICTER):
        raise Refused
    followed = FOLLOWED[kind](x) if kind in FOLLOWED else {}
    try:
        y = getattr(nn, kind)(**(followed | params))(x)
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        raise Refused from error
    assert isinstance(y, Tensor)
    assert y.shape[0] == 2
    return y


def _assert_agreement(network: Network) -> None:
    report, real = check(network), RealPass(network)
    shapes = {
        block_id: found.output and found.output.shape
        for block_id, found in report.blocks.items()
        if found.state != "bypassed"
    }
    faults = {issue.block for issue in report.issues}
    assert (faults, shapes) == (real.faults, real.shapes)
    expected = (
        None
        if real.output is None
        else TensorType(tuple(real.output.shape[1:]), str(real.output.dtype).removeprefix("torch."))
    )
    assert report.output == expected
    assert report.ok == (not real.faults)
    assert all(issue.code != "torch" for issue in report.issues), report.issues


SEEDS_PER_TEST = 100


@pytest.mark.parametrize("start", range(0, 1000, SEEDS_PER_TEST))
def test_a_thousand_random_stacks_agree(start: int) -> None:
    for seed in range(start, start + SEEDS_PER_TEST):
        _assert_agreement(random_network(seed))


@pytest.mark.parametrize("start", range(0, 400, SEEDS_PER_TEST))
def test_random_trees_with_containers_agree(start: int) -> None:
    for seed in range(start, start + SEEDS_PER_TEST):
        _assert_agreement(random_network(100_000 + seed, containers=True))


def test_the_random_networks_are_worth_checking() -> None:
    """Neither nearly all valid nor nearly all invalid, and every kind of layer both ways."""
    networks = [random_network(seed) for seed in range(300)]
    reports = [check(network) for network in networks]
    assert 0.25 < sum(report.ok for report in reports) / len(reports) < 0.75
    states = {
        (found.block.kind, found.state) for report in reports for found in report.blocks.values()
    }
    for kind in LAYERS:
        assert (kind, "ok") in states, kind
    assert set(LAYERS) <= set(CATALOGUE)
