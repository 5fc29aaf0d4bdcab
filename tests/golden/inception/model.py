"""A network of 26,318 parameters.

Input: N×1×28×28 (float32), output: N×10.
"""

import torch
from torch import nn


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


model = nn.Sequential(
    nn.Conv2d(1, 16, kernel_size=3, padding="same"),  # N×16×28×28
    nn.ReLU(),
    nn.MaxPool2d(2),  # N×16×14×14
    Branches(
        nn.Sequential(
            nn.Conv2d(16, 16, kernel_size=1, padding="same"),
            nn.ReLU(),
        ),
        nn.Sequential(
            nn.Conv2d(16, 16, kernel_size=1, padding="same"),
            nn.ReLU(),
            nn.Conv2d(16, 32, kernel_size=3, padding="same"),  # N×32×14×14
            nn.ReLU(),
        ),
        nn.Sequential(
            nn.Conv2d(16, 4, kernel_size=1, padding="same"),  # N×4×14×14
            nn.ReLU(),
            nn.Conv2d(4, 8, kernel_size=5, padding="same"),  # N×8×14×14
            nn.ReLU(),
        ),
        nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1),
            nn.Conv2d(16, 8, kernel_size=1, padding="same"),  # N×8×14×14
            nn.ReLU(),
        ),
        join="concatenate",
    ),  # N×64×14×14
    nn.MaxPool2d(2),  # N×64×7×7
    Branches(
        nn.Sequential(
            nn.Conv2d(64, 32, kernel_size=1, padding="same"),  # N×32×7×7
            nn.ReLU(),
        ),
        nn.Sequential(
            nn.Conv2d(64, 24, kernel_size=1, padding="same"),  # N×24×7×7
            nn.ReLU(),
            nn.Conv2d(24, 48, kernel_size=3, padding="same"),  # N×48×7×7
            nn.ReLU(),
        ),
        nn.Sequential(
            nn.Conv2d(64, 8, kernel_size=1, padding="same"),  # N×8×7×7
            nn.ReLU(),
            nn.Conv2d(8, 16, kernel_size=5, padding="same"),  # N×16×7×7
            nn.ReLU(),
        ),
        nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1),
            nn.Conv2d(64, 16, kernel_size=1, padding="same"),  # N×16×7×7
            nn.ReLU(),
        ),
        join="concatenate",
    ),  # N×112×7×7
    nn.AdaptiveAvgPool2d(1),  # N×112×1×1
    nn.Flatten(),  # N×112
    nn.Dropout(p=0.4),
    nn.Linear(112, 10),  # N×10
)
