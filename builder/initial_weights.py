"""The initial weights that a network asks for beyond torch's own: which rule where, and the draws.

Rules are applied to the model that is built already, one after the other, so that torch's own
draws come first: that for the whole network, those for kinds of layers in the order of the
catalogue, those of single blocks in document order. A later rule overwrites an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from torch import nn

from builder.catalogue import CATALOGUE
from builder.check import Report
from builder.document import ALL, Block, Init
from builder.initialisers import INITIALISERS, call_of
from builder.places import locate


@dataclass(frozen=True)
class Step:
    """One rule and where it holds: the modules of a kind, those of a block, or the whole model."""

    init: Init
    kind: str | None = None
    block: Block | None = None
    paths: tuple[str, ...] = ()


def plan(report: Report) -> tuple[Step, ...]:
    """The rules of a network without faults, in the order in which they are applied."""
    paths: dict[str, list[str]] = {}
    asked: dict[str, Block] = {}
    if any(found.block.init for found in report.blocks.values()):
        for spot in locate(report):
            if spot.block.init:
                asked[spot.block.id] = spot.block
                paths.setdefault(spot.block.id, []).append(spot.path)
    in_order = [asked[each] for each in report.blocks if each in asked]
    return (
        *(Step(init, None if kind == ALL else kind) for kind, init in report.network.inits),
        *(
            Step(block.init, None, block, tuple(paths[block.id]))
            for block in in_order
            if block.init
        ),
    )


def initialise(model: nn.Module, steps: tuple[Step, ...]) -> None:
    """Draw the weights that the steps ask for from torch's global generator, in place."""
    for step in steps:
        for module in modules_of(model, step):
            module.apply(partial(draw, init=step.init))


def modules_of(model: nn.Module, step: Step) -> Iterator[nn.Module]:
    """The modules that a rule holds for, each with all that it contains."""
    if step.block is not None:
        yield from map(model.get_submodule, step.paths)
    elif step.kind is not None:
        wanted = class_of(step.kind)
        yield from [each for each in model.modules() if isinstance(each, wanted)]
    else:
        yield model


def class_of(kind: str) -> type[nn.Module]:
    """The torch class that holds the weights of a kind."""
    found: type[nn.Module] = getattr(nn, CATALOGUE[kind].target.removeprefix("nn."))
    return found


def draw(module: nn.Module, init: Init) -> None:
    """Draw a module's own weights, those with enough axes, and set its own biases."""
    call = call_of(init)
    fill: Any = getattr(nn.init, call.target.rpartition(".")[2])
    for name, parameter in module.named_parameters(recurse=False):
        if "weight" in name and parameter.dim() >= INITIALISERS[init.method].axes:
            fill(parameter, **dict(call.arguments))
        elif "bias" in name and init.bias is not None:
            nn.init.constant_(parameter, init.bias)
