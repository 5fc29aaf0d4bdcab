"""Templates: each checks clean, fits its data, can learn, and is what the textbook has."""

from __future__ import annotations

import pytest
import torch

from builder.build import build_network
from builder.check import check
from builder.datasets import DATA_SETS
from builder.document import walk
from builder.fit import fit
from builder.templates import TEMPLATES, Template

PARAMETERS = {
    "linear-regression": 2,
    "mlp": 784 * 512 + 512 + 512 * 512 + 512 + 512 * 10 + 10,
    "lenet5": 61_706,
    "cifar10-cnn": 145_578,
    "fashion-cnn": (40 + 8) + (148 + 8) + 1970,
    "small-resnet": 121_562,
    "inception": 26_318,
    "unet": 102_865,
    "autoencoder": (160 + 2 * 2320 + 2320) + 145,
    "conv1d": (16 * 5 + 16) + (32 * 16 * 5 + 32) + (128 * 10 + 10),
    "lstm": 4 * 64 * (8 + 64 + 2) + 650,
    "transformer": 8 * 32 + 32 + 2 * 8544 + 2570,
}

each_template = pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)


def test_the_templates() -> None:
    assert list(TEMPLATES) == list(PARAMETERS)


@each_template
def test_checks_clean_and_fits_its_data(template: Template) -> None:
    report = check(template.network())
    assert report.issues == ()
    assert report.parameters == PARAMETERS[template.id]
    if template.data:
        assert fit(report, DATA_SETS[template.data]) is None
    assert template.network().data == template.data


@each_template
def test_ids_are_minted_in_order(template: Template) -> None:
    made = template.network()
    ids = [block.id for block in walk(made.blocks)]
    assert ids == [f"b{number}" for number in range(1, len(ids) + 1)]
    assert made.next_id == len(ids) + 1
    assert template.network() == made


@each_template
def test_has_a_gradient_everywhere(template: Template) -> None:
    torch.manual_seed(0)
    made = template.network()
    module = build_network(made)
    outputs = module(torch.rand(4, *made.input.shape))
    if template.data and DATA_SETS[template.data].target.kind == "classes":
        torch.nn.functional.cross_entropy(outputs, torch.tensor([0, 1, 2, 3])).backward()
    else:
        outputs.square().mean().backward()
    for name, parameter in module.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        assert parameter.grad.abs().sum() > 0, name


@each_template
def test_says_what_it_is(template: Template) -> None:
    assert template.title
    assert template.summary.endswith(".")
    assert len(template.summary) <= 90
