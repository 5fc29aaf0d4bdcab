"""A network of 102,865 parameters.

Input: N×1×32×32 (float32), output: N×1×32×32.
"""

import torch
from torch import nn


class Skip(nn.Module):
    """Puts what the body makes of the input after the input's own channels."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x, self.body(x)], dim=1)


model = nn.Sequential(
    nn.Conv2d(1, 16, kernel_size=3, padding="same"),  # N×16×32×32
    nn.ReLU(),
    Skip(
        nn.Sequential(
            nn.MaxPool2d(2),  # N×16×16×16
            nn.Conv2d(16, 32, kernel_size=3, padding="same"),  # N×32×16×16
            nn.ReLU(),
            nn.Conv2d(32, 32, kernel_size=3, padding="same"),
            nn.ReLU(),
            Skip(
                nn.Sequential(
                    nn.MaxPool2d(2),  # N×32×8×8
                    nn.Conv2d(32, 64, kernel_size=3, padding="same"),  # N×64×8×8
                    nn.ReLU(),
                    nn.Conv2d(64, 64, kernel_size=3, padding="same"),
                    nn.ReLU(),
                    nn.ConvTranspose2d(64, 32, kernel_size=2, stride=2),  # N×32×16×16
                )
            ),  # N×64×16×16
            nn.Conv2d(64, 32, kernel_size=3, padding="same"),  # N×32×16×16
            nn.ReLU(),
            nn.ConvTranspose2d(32, 16, kernel_size=2, stride=2),  # N×16×32×32
        )
    ),  # N×32×32×32
    nn.Conv2d(32, 16, kernel_size=3, padding="same"),  # N×16×32×32
    nn.ReLU(),
    nn.Conv2d(16, 1, kernel_size=1),  # N×1×32×32
)
