"""A network of 7,265 parameters.

Input: N×1×28×28 (float32), output: N×1×28×28.
"""

import torch
from torch import nn


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


model = nn.Sequential(
    nn.Conv2d(1, 16, kernel_size=3, padding="same"),  # N×16×28×28
    nn.ReLU(),
    PoolUnpool(
        nn.MaxPool2d(2, return_indices=True),
        nn.Sequential(
            nn.Conv2d(16, 16, kernel_size=3, padding="same"),
            nn.ReLU(),
            PoolUnpool(
                nn.MaxPool2d(2, return_indices=True),
                nn.Sequential(
                    nn.Conv2d(16, 16, kernel_size=3, padding="same"),
                    nn.ReLU(),
                ),
                nn.MaxUnpool2d(kernel_size=2),
            ),
        ),
        nn.MaxUnpool2d(kernel_size=2),
    ),
    nn.Conv2d(16, 16, kernel_size=3, padding="same"),
    nn.ReLU(),
    nn.Conv2d(16, 1, kernel_size=3, padding="same"),  # N×1×28×28
)
