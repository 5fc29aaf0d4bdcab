"""The few modules that containers need beyond torch's own; exported scripts carry their source."""

from __future__ import annotations

import torch
from torch import nn


class Residual(nn.Module):
    """Adds its input, or what a shortcut makes of it, to what the body makes of it."""

    def __init__(self, body: nn.Module, shortcut: nn.Module | None = None) -> None:
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        change: torch.Tensor = self.body(x)
        return (x if self.shortcut is None else self.shortcut(x)) + change


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


class Skip(nn.Module):
    """Puts what the body makes of the input after the input's own channels."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x, self.body(x)], dim=1)


class PoolUnpool(nn.Module):
    """Pools, lets the body work on the maxima, and puts them back where they were."""

    def __init__(self, pool: nn.Module, body: nn.Module, unpool: nn.Module) -> None:
        super().__init__()
        self.pool = pool  # with return_indices=True
        self.body = body
        self.unpool = unpool

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        maxima, indices = self.pool(x)
        restored: torch.Tensor = self.unpool(self.body(maxima), indices, x.shape[2:])
        return restored


class Recurrent(nn.Module):
    """Hands on all steps of a recurrent layer, or its state after the last one."""

    def __init__(self, layer: nn.RNNBase, output: str = "sequence") -> None:
        super().__init__()
        self.layer = layer
        self.output = output  # "sequence" or "last"

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        steps: torch.Tensor
        steps, state = self.layer(x)
        if self.output == "sequence":
            return steps
        hidden: torch.Tensor = state[0] if isinstance(state, tuple) else state
        if not self.layer.bidirectional:
            return hidden[-1]
        return torch.cat([hidden[-2], hidden[-1]], dim=1)  # forwards and backwards


class SelfAttention(nn.Module):
    """Attention in which queries, keys and values are all the input."""

    def __init__(self, attention: nn.MultiheadAttention) -> None:
        super().__init__()
        self.attention = attention

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        attended: torch.Tensor = self.attention(x, x, x, need_weights=False)[0]
        return attended
