"""A network of 121,562 parameters.

Input: N×3×32×32 (float32), output: N×10.
"""

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


model = nn.Sequential(
    nn.Conv2d(3, 16, kernel_size=3, padding=1, bias=False),  # N×16×32×32
    nn.BatchNorm2d(16),
    nn.ReLU(),
    Residual(
        nn.Sequential(
            nn.Conv2d(16, 16, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.Conv2d(16, 16, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(16),
        )
    ),
    nn.ReLU(),
    nn.Conv2d(16, 32, kernel_size=3, stride=2, padding=1, bias=False),  # N×32×16×16
    nn.BatchNorm2d(32),
    nn.ReLU(),
    Residual(
        nn.Sequential(
            nn.Conv2d(32, 32, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.Conv2d(32, 32, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(32),
        )
    ),
    nn.ReLU(),
    nn.Conv2d(32, 64, kernel_size=3, stride=2, padding=1, bias=False),  # N×64×8×8
    nn.BatchNorm2d(64),
    nn.ReLU(),
    Residual(
        nn.Sequential(
            nn.Conv2d(64, 64, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.Conv2d(64, 64, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(64),
        )
    ),
    nn.ReLU(),
    nn.AdaptiveAvgPool2d(1),  # N×64×1×1
    nn.Flatten(),  # N×64
    nn.Linear(64, 10),  # N×10
)
