"""A network of 61,706 parameters.

Input: N×1×32×32 (float32), output: N×10.
"""

from collections import OrderedDict

from torch import nn

model = nn.Sequential(
    OrderedDict(
        [
            ("conv1", nn.Conv2d(1, 6, kernel_size=5)),  # N×6×28×28
            ("1", nn.Tanh()),
            ("2", nn.AvgPool2d(2)),  # N×6×14×14
            ("conv2", nn.Conv2d(6, 16, kernel_size=5)),  # N×16×10×10
            ("4", nn.Tanh()),
            ("5", nn.AvgPool2d(2)),  # N×16×5×5
            ("6", nn.Flatten()),  # N×400
            ("fc1", nn.Linear(400, 120)),  # N×120
            ("8", nn.Tanh()),
            ("fc2", nn.Linear(120, 84)),  # N×84
            ("10", nn.Tanh()),
            ("fc3", nn.Linear(84, 10)),  # N×10
        ]
    )
)
