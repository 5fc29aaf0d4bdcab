"""Train a network of 2 parameters on Line.

Needs torch (written for 2.13) and numpy. Prints the losses of each epoch as a line of
JSON, then saves the weights. On the CPU with 2 threads, a seed gives the same numbers
every time, bit for bit.
"""

import json
import math
import sys

import numpy as np
import torch
from torch import nn

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

# Data: 10,001 points near the line y = 10x + 5, x from 0 to 100, noise of 20
x = np.arange(10001) / 100
y = 10 * x + 5 + np.random.RandomState(0).normal(0, 20.0, 10001)
inputs = torch.tensor(x[:, None].astype(np.float32))
targets = torch.tensor(y[:, None].astype(np.float32))
generator = torch.Generator().manual_seed(seed)
order = torch.randperm(len(inputs), generator=generator)
held_out = round(len(inputs) * validation)
train_x, train_y = inputs[order[held_out:]], targets[order[held_out:]]
val_x, val_y = inputs[order[:held_out]], targets[order[:held_out]]
mean, deviation = train_x.mean(0), train_x.std(0).clamp_min(1e-6)
train_x, val_x = (train_x - mean) / deviation, (val_x - mean) / deviation
train_x, train_y = train_x.to(device), train_y.to(device)
val_x, val_y = val_x.to(device), val_y.to(device)

# Model: N×1 to N×1, 2 parameters
torch.manual_seed(seed)
model = nn.Sequential(
    nn.Linear(1, 1),
)
model.to(device)

# Optimiser
loss_function = nn.MSELoss()
optimiser = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)

# Loop
for epoch in range(1, epochs + 1):
    model.train()
    train_loss, errors, seen = 0.0, [], 0
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
        errors.append((outputs.detach() - y).abs())
        seen += len(x)

    model.eval()
    val_loss, val_errors = 0.0, []
    with torch.inference_mode():
        for start in range(0, len(val_x), 1024):
            x = val_x[start : start + 1024].clone()  # layers may write into it
            y = val_y[start : start + 1024]
            outputs = model(x)
            val_loss += loss_function(outputs, y).item() * len(x)
            val_errors.append((outputs - y).abs())

    line = {
        "epoch": epoch,
        "train_loss": train_loss / seen,
        "train_mean_absolute_error": torch.cat(errors).cpu().double().mean().item(),
        "val_loss": val_loss / len(val_x),
        "val_mean_absolute_error": torch.cat(val_errors).cpu().double().mean().item(),
    }
    line = {name: x if math.isfinite(x) else None for name, x in line.items()}
    print(json.dumps(line, allow_nan=False), flush=True)

torch.save(model.cpu().state_dict(), "weights.pt")
print("The weights are in weights.pt.", file=sys.stderr)
