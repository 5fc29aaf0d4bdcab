"""Frozen layers in the exported code: how it reads, and that it trains what the app trains."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from builder.build import build_network
from builder.check import check
from builder.document import Network, walk
from builder.export.frozen import frozen_source
from builder.export.script import model_source, train_source
from builder.operations import Freeze, apply
from builder.recipe import Recipe
from builder.templates import TEMPLATES
from tests.export.networks import EVERYTHING
from tests.export.test_initial import SEQUENCES
from tests.export.test_parity import assert_parity
from tests.export.test_script import run_model


def freeze(network: Network, *ids: str) -> Network:
    for each in ids:
        network = apply(network, Freeze(each, True))
    return network


def test_how_it_reads() -> None:
    network = freeze(EVERYTHING, "b1", "b3", "b4", "b8", "b11", "b13", "b16")
    assert frozen_source(check(network)) == (
        """\
model.stem.requires_grad_(False)
model[1].branches[0][0].requires_grad_(False)
for path in ("2.0.0.body.0", "2.1.0.body.0", "2.2.0.body.0"):
    model.get_submodule(path).requires_grad_(False)
model.neck.requires_grad_(False)
model[6].requires_grad_(False)"""
    )


def test_a_frozen_layer_in_whole_files() -> None:
    report = check(freeze(TEMPLATES["lenet5"].network(), "b1"))
    frozen = """
# Frozen layers, which training leaves as they are
model.conv1.requires_grad_(False)
"""
    assert model_source(report).endswith(f")\n{frozen}")
    text = train_source(report, Recipe(device="cpu"))
    assert (
        f"""{frozen}
# Optimiser
loss_function = nn.CrossEntropyLoss()
trainable = [each for each in model.parameters() if each.requires_grad]
optimiser = torch.optim.Adam(trainable, lr=learning_rate, fused=True)
"""
        in text
    )


def test_without_frozen_layers_there_is_nothing() -> None:
    assert frozen_source(check(EVERYTHING)) == ""
    nothing_to_freeze = freeze(EVERYTHING, "b4", "b9", "b10")
    assert model_source(check(nothing_to_freeze)) == model_source(check(EVERYTHING))
    text = train_source(check(nothing_to_freeze), Recipe())
    assert text == train_source(check(EVERYTHING), Recipe())


@pytest.mark.parametrize("network", [EVERYTHING, SEQUENCES], ids=["everything", "sequences"])
def test_each_block_alone_is_frozen_in_both(network: Network) -> None:
    for block in walk(network.blocks):
        frozen = freeze(network, block.id)
        torch.manual_seed(0)
        ours = build_network(frozen).named_parameters()
        theirs = dict(run_model(model_source(check(frozen))).named_parameters())
        for name, value in ours:
            assert value.requires_grad == theirs[name].requires_grad, (block.id, name)
            assert torch.equal(value, theirs[name]), (block.id, name)


RUNS = {
    "a repeated layer": (EVERYTHING, ("b1", "b8")),
    "containers": (EVERYTHING, ("b2", "b6", "b11")),
    "attention": (SEQUENCES, ("b2", "b5")),
    "recurrent": (SEQUENCES, ("b3", "b4")),
}


@pytest.mark.parametrize("run", RUNS)
def test_the_exported_run_is_the_same(run: str, tmp_path: Path) -> None:
    network, ids = RUNS[run]
    weighty = Recipe(
        optimiser="AdamW",
        arguments=(("weight_decay", 0.1),),
        epochs=1,
        batch_size=200,
        device="cpu",
    )
    assert_parity(freeze(network, *ids), weighty, tmp_path)
