"""A network of 19,594 parameters.

Input: N×1×8×8 (float32), output: N×10.
"""

import torch
from torch import nn


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
        return torch.cat([hidden[-2], hidden[-1]], dim=1)


model = nn.Sequential(
    nn.Flatten(end_dim=2),  # N×8×8
    Recurrent(nn.LSTM(8, 64, batch_first=True), output="last"),  # N×64
    nn.Linear(64, 10),  # N×10
)
