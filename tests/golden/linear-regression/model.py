"""A network of 2 parameters.

Input: N×1 (float32), output: N×1.
"""

from torch import nn

model = nn.Sequential(
    nn.Linear(1, 1),
)
