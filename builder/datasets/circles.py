"""A circle inside another: points in the plane, two classes that no straight line parts."""

from __future__ import annotations

import numpy as np

from builder.datasets.entry import Arrays, DataSet, Target
from builder.document import TensorType

SAMPLES = 1000
NOISE = 0.1
FACTOR = 0.5
SEED = 0


def load() -> Arrays:
    """Draw the points; the seed is fixed, so that they are the same ones everywhere."""
    from sklearn.datasets import make_circles

    points, classes = make_circles(SAMPLES, noise=NOISE, factor=FACTOR, random_state=SEED)
    return Arrays(points.astype(np.float32), classes.astype(np.int64))


SOURCE = f"""\
points, classes = make_circles({SAMPLES}, noise={NOISE}, factor={FACTOR}, random_state={SEED})
inputs = torch.tensor(points.astype(np.float32))
targets = torch.tensor(classes.astype(np.int64))
"""

ENTRY = DataSet(
    id="circles",
    title="Circles",
    summary="1,000 points on two noisy circles, one inside the other, two classes",
    input=TensorType((2,)),
    target=Target("classes", ("outer", "inner")),
    samples=SAMPLES,
    load=load,
    imports=("from sklearn.datasets import make_circles",),
    source=SOURCE,
    features_named=("x", "y"),
)
