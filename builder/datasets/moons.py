"""Two half circles that reach into each other: points in the plane, two classes."""

from __future__ import annotations

import numpy as np

from builder.datasets.entry import Arrays, DataSet, Target
from builder.document import TensorType

SAMPLES = 1000
NOISE = 0.2
SEED = 0


def load() -> Arrays:
    """Draw the points; the seed is fixed, so that they are the same ones everywhere."""
    from sklearn.datasets import make_moons

    points, classes = make_moons(SAMPLES, noise=NOISE, random_state=SEED)
    return Arrays(points.astype(np.float32), classes.astype(np.int64))


SOURCE = f"""\
points, classes = make_moons({SAMPLES}, noise={NOISE}, random_state={SEED})
inputs = torch.tensor(points.astype(np.float32))
targets = torch.tensor(classes.astype(np.int64))
"""

ENTRY = DataSet(
    id="moons",
    title="Moons",
    summary="1,000 points in the plane on two noisy half circles, two classes",
    input=TensorType((2,)),
    target=Target("classes", ("upper", "lower")),
    samples=SAMPLES,
    load=load,
    imports=("from sklearn.datasets import make_moons",),
    source=SOURCE,
    features_named=("x", "y"),
)
