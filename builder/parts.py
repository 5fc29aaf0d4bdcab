"""The few modules that containers need beyond torch's own; exported scripts carry their source."""

from __future__ import annotations

import torch
from torch import nn


class Residual(nn.Module):
    """Adds its input to what the body makes of it: y = x + body(x)."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        change: torch.Tensor = self.body(x)
        return x + change


class Branches(nn.Module):
    """Sends its input through every branch and joins what comes out."""

    def __init__(self, *branches: nn.Module, join: str = "concatenate") -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)
        self.join = join  # "add", "mean" or "concatenate"

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        outputs = [branch(x) for branch in self.branches]
        if self.join == "concatenate":
            return torch.cat(outputs, dim=1)
        total: torch.Tensor = sum(outputs[1:], outputs[0])
        return total / len(outputs) if self.join == "mean" else total
