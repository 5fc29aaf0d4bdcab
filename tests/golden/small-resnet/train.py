"""Train a network of 121,562 parameters on Digits 8×8.

Needs torch (written for 2.13), numpy and scikit-learn. Prints the losses of each epoch
as a line of JSON, then saves the weights. On the CPU with 2 threads, a seed gives the
same numbers every time, bit for bit.
"""

import json
import math
import sys

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

# Settings
validation = 0.2  # share of the samples that is held out
batch_size = 64
epochs = 10
learning_rate = 0.001
seed = 0
device = "cpu"
if torch.cuda.is_available():
    device = "cuda"
elif torch.backends.mps.is_available():
    device = "mps"
torch.set_num_threads(2)  # another number changes the last digits

# Data: 1,797 handwritten digits of 8×8 grey pixels, ten classes
digits = load_digits()
images = (digits.images / 16.0).astype(np.float32)
inputs = torch.tensor(images[:, None, :, :])
targets = torch.tensor(digits.target.astype(np.int64))
inputs = F.interpolate(inputs, size=(32, 32), mode="bilinear", align_corners=False)
inputs = inputs.repeat(1, 3, 1, 1)  # grey in every channel
generator = torch.Generator().manual_seed(seed)
order = torch.randperm(len(inputs), generator=generator)
held_out = round(len(inputs) * validation)
train_x, train_y = inputs[order[held_out:]], targets[order[held_out:]]
val_x, val_y = inputs[order[:held_out]], targets[order[:held_out]]
train_x, train_y = train_x.to(device), train_y.to(device)
val_x, val_y = val_x.to(device), val_y.to(device)


class Residual(nn.Module):
    """Adds its input, or what a shortcut makes of it, to what the body makes of it."""

    def __init__(self, body: nn.Module, shortcut: nn.Module | None = None) -> None:
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        change: torch.Tensor = self.body(x)
        return (x if self.shortcut is None else self.shortcut(x)) + change


# Model: N×3×32×32 to N×10, 121,562 parameters
torch.manual_seed(seed)
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
model.to(device)

# Optimiser
loss_function = nn.CrossEntropyLoss()
optimiser = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)

# Loop
for epoch in range(1, epochs + 1):
    model.train()
    train_loss, correct, seen = 0.0, 0, 0
    order = torch.randperm(len(train_x), generator=generator).to(device)
    for start in range(0, len(train_x), batch_size):
        batch = order[start : start + batch_size]
        if len(batch) == 1:  # batch normalisation needs two samples or more
            continue
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

torch.save(model.cpu().state_dict(), "weights.pt")
print("The weights are in weights.pt.", file=sys.stderr)
