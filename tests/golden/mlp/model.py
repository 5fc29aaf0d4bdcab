"""A network of 669,706 parameters.

Input: N×1×28×28 (float32), output: N×10.
"""

from torch import nn

model = nn.Sequential(
    nn.Flatten(),  # N×784
    nn.Linear(784, 512),  # N×512
    nn.ReLU(),
    nn.Linear(512, 512),
    nn.ReLU(),
    nn.Linear(512, 10),  # N×10
)
