"""A network of 9,382 parameters.

Input: N×1×8×8 (float32), output: N×10.
"""

from collections import OrderedDict

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


model = nn.Sequential(
    OrderedDict(
        [
            ("stem", nn.Conv2d(1, 4, kernel_size=(3, 5), padding=(1, 2))),  # N×4×8×8
            (
                "1",
                Branches(
                    nn.Sequential(
                        nn.Conv2d(4, 4, kernel_size=1),
                    ),
                    nn.Sequential(
                        nn.ReLU(),
                        nn.Dropout2d(p=0.1),
                    ),
                    nn.Sequential(),
                    join="concatenate",
                ),
            ),  # N×12×8×8
            (
                "2",
                nn.Sequential(
                    *[
                        nn.Sequential(
                            Residual(
                                nn.Sequential(
                                    nn.GroupNorm(3, 12),
                                    nn.GELU(),
                                )
                            )
                        )
                        for _ in range(3)
                    ]
                ),
            ),
            (
                "neck",
                nn.Sequential(
                    nn.Flatten(),  # N×768
                    nn.LayerNorm((768,)),
                ),
            ),
            ("4", nn.Unflatten(1, (-1, 2))),  # N×384×2
            ("5", nn.Flatten()),  # N×768
            ("6", nn.Linear(768, 10)),  # N×10
        ]
    )
)
