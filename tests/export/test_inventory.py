"""The tables of modules and parameters say what torch says."""

from __future__ import annotations

import torch

from builder.build import build_network
from builder.export.inventory import module_table, parameter_table
from builder.operations import Freeze, apply
from tests.export.networks import EVERYTHING


def test_modules() -> None:
    model = build_network(EVERYTHING)
    table = module_table(model).set_index("path")
    assert list(table.index) == ["(the model)", *(p for p, _ in model.named_modules() if p)]
    total = sum(each.numel() for each in model.parameters())
    assert table.loc["(the model)", "parameters"] == table["own"].sum() == total
    assert table.loc["stem"].to_list() == ["Conv2d", 64, 64]


def test_parameters() -> None:
    model = build_network(EVERYTHING)
    with torch.no_grad():
        model.stem.weight.fill_(2)
    table = parameter_table(model).set_index("name")
    assert list(table.index) == [name for name, _ in model.named_parameters()]
    assert table.loc["stem.weight"].to_list() == ["4×1×3×5", 60, True, "float32", 2, 0, 2, 2]


def test_frozen_parameters() -> None:
    table = parameter_table(build_network(apply(EVERYTHING, Freeze("b11", True))))
    frozen = table.loc[~table["trained"], "name"].to_list()
    assert frozen == ["neck.1.weight", "neck.1.bias"]
