"""A network of 145,578 parameters.

Input: N×3×32×32 (float32), output: N×10.
"""

from torch import nn

model = nn.Sequential(
    nn.Conv2d(3, 32, kernel_size=5, padding=2),  # N×32×32×32
    nn.MaxPool2d(2),  # N×32×16×16
    nn.Conv2d(32, 32, kernel_size=5, padding=2),
    nn.MaxPool2d(2),  # N×32×8×8
    nn.Conv2d(32, 64, kernel_size=5, padding=2),  # N×64×8×8
    nn.MaxPool2d(2),  # N×64×4×4
    nn.Flatten(),  # N×1024
    nn.Linear(1024, 64),  # N×64
    nn.Linear(64, 10),  # N×10
)
