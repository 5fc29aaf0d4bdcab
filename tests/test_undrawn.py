"""Modules made without numbers: the shapes of torch's own, and nothing imported to draw with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from builder.catalogue import CATALOGUE
from builder.document import TensorType, make_params
from builder.layers import check_layer, layer_call
from builder.make import build
from builder.undrawn import Undrawn
from builder.warm import SAMPLE_SHAPES

ROOT = Path(__file__).parents[1]
LAYERS = [kind for kind, spec in CATALOGUE.items() if spec.lanes is None]


@pytest.mark.parametrize("kind", LAYERS)
def test_shapes_are_those_of_drawn_weights(kind: str) -> None:
    spec = CATALOGUE[kind]
    given = TensorType(SAMPLE_SHAPES[min(spec.accepts.ranks)], spec.accepts.dtype or "float32")
    call = layer_call(spec, check_layer(kind, make_params(spec.initial), given).arguments)
    drawn = build(call).state_dict()
    with Undrawn():
        undrawn = build(call, "meta").state_dict()
    assert {name: (each.shape, each.dtype) for name, each in undrawn.items()} == {
        name: (each.shape, each.dtype) for name, each in drawn.items()
    }


def test_nothing_is_written() -> None:
    with Undrawn():
        weight = torch.zeros(3)
        assert nn.init.ones_(weight) is weight
        assert torch.equal(weight.fill_(2.0), torch.zeros(3))
    assert torch.equal(weight.fill_(2.0), torch.full((3,), 2.0))


def test_checking_every_layer_loads_no_compiler() -> None:
    script = (
        "import sys; from builder.warm import check_layers; check_layers(); "
        "print(sorted({'torch', 'torch._dynamo'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "['torch']\n"
