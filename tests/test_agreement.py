"""``check`` against a real forward pass on CPU: every shape, and whether and where it fails."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from builder.build import build_network
from builder.catalogue import CATALOGUE
from builder.check import check
from builder.document import Network, TensorType
from builder.export.script import model_source
from tests.random_networks import LAYERS, random_network
from tests.real_pass import RealPass


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


def _assert_exports(network: Network) -> None:
    """The built module and the exported code have one state_dict and one output for a seed.

    The same parameters are frozen, as many as the check says.
    """
    report = check(network)
    if not report.ok:
        return
    script: dict[str, Any] = {}
    torch.manual_seed(0)
    exec(compile(model_source(report), "model.py", "exec"), script)
    torch.manual_seed(0)
    built = build_network(network)
    ours, theirs = built.state_dict(), script["model"].state_dict()
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        assert torch.equal(value, theirs[name]), name
    trained = {name: each.numel() for name, each in built.named_parameters() if each.requires_grad}
    assert sum(trained.values()) == report.trainable
    scripted = script["model"].named_parameters()
    assert trained.keys() == {name for name, each in scripted if each.requires_grad}
    dtype = getattr(torch, network.input.dtype)
    x = torch.rand(2, *network.input.shape).to(dtype)
    with torch.no_grad():
        torch.manual_seed(1)
        given = built(x.clone())
        torch.manual_seed(1)
        assert torch.equal(given.nan_to_num(), script["model"](x.clone()).nan_to_num())


SEEDS_PER_TEST = 250


@pytest.mark.filterwarnings("ignore")  # torch's, of arguments that it keeps for old code
@pytest.mark.parametrize("start", range(0, 10_000, SEEDS_PER_TEST))
def test_ten_thousand_random_trees_agree(start: int) -> None:
    """Stacks and trees up to five deep: check, torch alone, and the exported code agree."""
    for seed in range(start, start + SEEDS_PER_TEST):
        network = random_network(seed, depth=seed % 6)
        _assert_agreement(network)
        _assert_exports(network)


def test_the_random_networks_are_worth_checking() -> None:
    """Neither nearly all valid nor nearly all invalid, and every kind of layer both ways."""
    networks = [random_network(seed) for seed in range(1200)]
    reports = [check(network) for network in networks]
    assert 0.25 < sum(report.ok for report in reports) / len(reports) < 0.75
    states = {
        (found.block.kind, found.state) for report in reports for found in report.blocks.values()
    }
    for kind in LAYERS:
        assert (kind, "ok") in states, kind
    assert sum(bool(report.cost.frozen) for report in reports) > 60
    assert set(LAYERS) <= set(CATALOGUE)
