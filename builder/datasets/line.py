"""A noisy line, y = 10x + 5: the smallest data set of numbers."""

from __future__ import annotations

import numpy as np

from builder.datasets.entry import Arrays, DataSet, Target
from builder.document import TensorType

SAMPLES = 10_001
NOISE = 20.0
SEED = 0


def load() -> Arrays:
    """Draw the noise for x from 0 to 100 in steps of 0.01, the same numbers everywhere."""
    x = np.arange(SAMPLES) / 100
    y = 10 * x + 5 + np.random.RandomState(SEED).normal(0, NOISE, SAMPLES)
    return Arrays(x[:, None].astype(np.float32), y[:, None].astype(np.float32))


SOURCE = f"""\
x = np.arange({SAMPLES}) / 100
y = 10 * x + 5 + np.random.RandomState({SEED}).normal(0, {NOISE}, {SAMPLES})
inputs = torch.tensor(x[:, None].astype(np.float32))
targets = torch.tensor(y[:, None].astype(np.float32))
"""

ENTRY = DataSet(
    id="line",
    title="Line",
    summary=f"{SAMPLES:,} points near the line y = 10x + 5, x from 0 to 100, noise of {NOISE:g}",
    input=TensorType((1,)),
    target=Target("numbers", ("y",)),
    samples=SAMPLES,
    load=load,
    imports=(),
    source=SOURCE,
    features_named=("x",),
    start=(("optimiser", "SGD"), ("arguments", (("lr", 0.1),))),
)
