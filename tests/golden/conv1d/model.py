"""A network of 3,978 parameters.

Input: N×64 (float32), output: N×10.
"""

from torch import nn

model = nn.Sequential(
    nn.Unflatten(1, (1, -1)),  # N×1×64
    nn.Conv1d(1, 16, kernel_size=5, padding=2),  # N×16×64
    nn.ReLU(),
    nn.MaxPool1d(2),  # N×16×32
    nn.Conv1d(16, 32, kernel_size=5, padding=2),  # N×32×32
    nn.ReLU(),
    nn.AdaptiveMaxPool1d(4),  # N×32×4
    nn.Flatten(),  # N×128
    nn.Linear(128, 10),  # N×10
)
