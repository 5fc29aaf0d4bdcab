"""A network of 19,946 parameters.

Input: N×1×8×8 (float32), output: N×10.
"""

from torch import nn

model = nn.Sequential(
    nn.Flatten(end_dim=2),  # N×8×8
    nn.Linear(8, 32),  # N×8×32
    nn.TransformerEncoderLayer(32, 4, dim_feedforward=64, batch_first=True),
    nn.TransformerEncoderLayer(32, 4, dim_feedforward=64, batch_first=True),
    nn.Flatten(),  # N×256
    nn.Linear(256, 10),  # N×10
)
