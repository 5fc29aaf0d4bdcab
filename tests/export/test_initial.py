"""The exported code draws the same initial weights, bit for bit, and reads like PyTorch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from builder.build import build_network
from builder.check import check
from builder.document import Init, Network, TensorType
from builder.export.initial import initial_source
from builder.export.script import model_source, train_source
from builder.operations import SetInit, apply
from builder.recipe import Recipe
from builder.templates import TEMPLATES
from tests.export.networks import EVERYTHING, block
from tests.export.test_parity import assert_parity
from tests.export.test_script import run_model
from tests.random_networks import random_network
from tests.rules import with_rules

SEQUENCES = Network(
    TensorType((1, 8, 8)),
    (
        block("b1", "Flatten", end_dim=2),
        block(
            "b2",
            "MultiheadAttention",
            num_heads=2,
            batch_first=True,
            add_bias_kv=True,
            name="attend",
        ),
        block("b3", "TransformerEncoderLayer", nhead=2, batch_first=True, dim_feedforward=16),
        block("b4", "LSTM", batch_first=True, hidden_size=12, output="last"),
        block("b5", "PReLU"),
        block("b6", "Linear", out_features=10, name="head"),
    ),
    data="digits",
)
RELU = Init("kaiming_normal", (("mode", "fan_out"), ("nonlinearity", "relu")), 0.0)


def assert_same_weights(network: Network) -> None:
    torch.manual_seed(0)
    expected = build_network(network).state_dict()
    after = torch.get_rng_state()
    found = run_model(model_source(check(network))).state_dict()
    assert torch.equal(torch.get_rng_state(), after)
    assert list(found) == list(expected)
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_how_it_reads() -> None:
    network = apply(TEMPLATES["lenet5"].network(), SetInit(RELU, kind="Conv2d"))
    network = apply(network, SetInit(Init("orthogonal"), network.blocks[-1].id))
    assert (
        initial_source(check(network))
        == """\
def initialise_conv2d(module):
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        if module.bias is not None:
            nn.init.constant_(module.bias, 0.0)


model.apply(initialise_conv2d)


def initialise_fc3(module):
    nn.init.orthogonal_(module.weight)


model.fc3.apply(initialise_fc3)"""
    )


def test_without_rules_there_is_nothing() -> None:
    assert initial_source(check(EVERYTHING)) == ""


@pytest.mark.parametrize("seed", range(12))
def test_rules_on_known_networks_give_the_same_weights(seed: int) -> None:
    for network in (EVERYTHING, SEQUENCES):
        assert_same_weights(with_rules(network, seed))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(0, 120, 2))
def test_rules_on_random_networks_give_the_same_weights(seed: int) -> None:
    network = with_rules(random_network(seed, depth=2), seed)
    if check(network).ok:
        assert_same_weights(network)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_exported_run_is_the_same(seed: int, tmp_path: Path) -> None:
    recipe = Recipe(epochs=1, device="cpu", batch_size=200, seed=seed)
    assert_parity(with_rules(SEQUENCES, seed), recipe, tmp_path / "sequences")
    assert_parity(with_rules(EVERYTHING, seed), recipe, tmp_path / "everything")


def test_sources_need_no_formatting_and_have_no_faults(tmp_path: Path) -> None:
    long = Network(TensorType((3,)), (block("b-1", "Linear", name="名" * 30, out_features=10),))
    networks = [EVERYTHING, SEQUENCES, long]
    networks += [random_network(seed, depth=2) for seed in range(60)]
    for number, plain in enumerate(networks):
        for seed in (1, 2):
            report = check(with_rules(plain, seed))
            if report.ok:
                text = model_source(report)
                (tmp_path / f"model_{number}_{seed}.py").write_text(text, encoding="utf-8")
    text = train_source(check(with_rules(EVERYTHING, 2)), Recipe(), 2)
    (tmp_path / "train.py").write_text(text, encoding="utf-8")
    for command in ("format --check", "check", "check --select E,W,F,I,B,UP,SIM,C4"):
        line = [sys.executable, "-m", "ruff", *command.split(), "--isolated"]
        done = subprocess.run(
            [*line, "--line-length", "88", tmp_path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
