"""Exclusive or: points in the four quarters of a square, opposite quarters of one class."""

from __future__ import annotations

import numpy as np

from builder.datasets.entry import Arrays, DataSet, Target
from builder.document import TensorType

SAMPLES = 1000
NOISE = 0.05
SEED = 0


def load() -> Arrays:
    """Draw the points, class them, then move each a little; the same ones everywhere."""
    random = np.random.RandomState(SEED)
    points = random.uniform(-1, 1, (SAMPLES, 2))
    classes = (points[:, 0] > 0) ^ (points[:, 1] > 0)
    points = points + random.normal(0, NOISE, (SAMPLES, 2))
    return Arrays(points.astype(np.float32), classes.astype(np.int64))


SOURCE = f"""\
random = np.random.RandomState({SEED})
points = random.uniform(-1, 1, ({SAMPLES}, 2))
classes = (points[:, 0] > 0) ^ (points[:, 1] > 0)
points = points + random.normal(0, {NOISE}, ({SAMPLES}, 2))
inputs = torch.tensor(points.astype(np.float32))
targets = torch.tensor(classes.astype(np.int64))
"""

ENTRY = DataSet(
    id="xor",
    title="XOR",
    summary="1,000 points in a square, in one class where the signs of x and y are alike, "
    "in the other where they differ",
    input=TensorType((2,)),
    target=Target("classes", ("alike", "different")),
    samples=SAMPLES,
    load=load,
    imports=(),
    source=SOURCE,
    features_named=("x", "y"),
)
