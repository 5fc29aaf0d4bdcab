"""Train a network of 9,382 parameters on Digits 8×8.

Needs torch (written for 2.13), numpy and scikit-learn. Prints the losses of each epoch
as a line of JSON, then saves the weights. On the CPU, a seed gives the same numbers
every time, bit for bit.
"""

import json
import math
import sys
from collections import OrderedDict

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

# Settings
validation = 0.2  # share of the samples that is held out
batch_size = 1
epochs = 10
learning_rate = 0.001
seed = 0

# Data: 1,797 handwritten digits of 8×8 grey pixels, ten classes
digits = load_digits()
images = (digits.images / 16.0).astype(np.float32)
inputs = torch.tensor(images[:, None, :, :])
targets = torch.tensor(digits.target.astype(np.int64))
generator = torch.Generator().manual_seed(seed)
order = torch.randperm(len(inputs), generator=generator)
held_out = round(len(inputs) * validation)
kept = order[held_out:].sort().values  # not shuffled: in the data's own order
train_x, train_y = inputs[kept], targets[kept]
val_x, val_y = inputs[order[:held_out]], targets[order[:held_out]]
mean, deviation = train_x.mean(0), train_x.std(0).clamp_min(1e-6)
train_x, val_x = (train_x - mean) / deviation, (val_x - mean) / deviation


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


# Model: N×1×8×8 to N×10, 9,382 parameters
torch.manual_seed(seed)
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

# Optimiser
loss_function = nn.CrossEntropyLoss()
optimiser = torch.optim.AdamW(
    model.parameters(),
    lr=learning_rate,
    betas=(0.8, 0.99),
    weight_decay=0.1,
    fused=True,
)

# Loop
order = torch.arange(len(train_x))
for epoch in range(1, epochs + 1):
    model.train()
    train_loss, correct, seen = 0.0, 0, 0
    for start in range(0, len(train_x), batch_size):
        batch = order[start : start + batch_size]
        x, y = train_x[batch], train_y[batch]
        outputs = model(x)
        loss = loss_function(outputs, y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        train_loss += loss.item() * len(x)
        correct += (outputs.argmax(1) == y).sum().item()
        seen += len(x)

    model.eval()
    val_loss, val_correct = 0.0, 0
    with torch.inference_mode():
        for start in range(0, len(val_x), 1024):
            x = val_x[start : start + 1024].clone()  # layers may write into it
            y = val_y[start : start + 1024]
            outputs = model(x)
            val_loss += loss_function(outputs, y).item() * len(x)
            val_correct += (outputs.argmax(1) == y).sum().item()

    line = {
        "epoch": epoch,
        "train_loss": train_loss / seen,
        "train_accuracy": correct / seen,
        "val_loss": val_loss / len(val_x),
        "val_accuracy": val_correct / len(val_x),
    }
    line = {name: x if math.isfinite(x) else None for name, x in line.items()}
    print(json.dumps(line, allow_nan=False), flush=True)

torch.save(model.state_dict(), "weights.pt")
print("The weights are in weights.pt.", file=sys.stderr)
