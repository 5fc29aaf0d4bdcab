"""The few modules that containers need beyond torch's own; exported scripts carry their source."""

from __future__ import annotations

from functools import reduce
from typing import cast

import torch
from torch import nn


class Residual(nn.Module):
    """Adds the input to what the body makes of it: y = body(x) + x."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return cast(torch.Tensor, self.body(x) + x)


class Branches(nn.Module):
    """Sends the input through every branch and joins the outputs: add, mean or concatenate."""

    def __init__(self, *branches: nn.Module, join: str = "concatenate") -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)
        self.join = join

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        outputs: list[torch.Tensor] = [branch(x) for branch in self.branches]
        if self.join == "concatenate":
            return torch.cat(outputs, dim=1)
        total = reduce(torch.add, outputs)
        return total / len(outputs) if self.join == "mean" else total
