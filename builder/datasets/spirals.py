"""Two spirals around each other: points in the plane, two classes that are hard to part."""

from __future__ import annotations

import numpy as np

from builder.datasets.entry import Arrays, DataSet, Target
from builder.document import TensorType

SAMPLES = 1000
TURNS = 1.5
NOISE = 0.03
SEED = 0


def load() -> Arrays:
    """Draw the points, the two arms in turn; the same ones everywhere."""
    random = np.random.RandomState(SEED)
    arms = np.arange(SAMPLES) % 2
    radius = np.sqrt(random.uniform(0.01, 1, SAMPLES))
    angle = 2 * np.pi * TURNS * radius + np.pi * arms
    points = radius * np.stack([np.cos(angle), np.sin(angle)])
    points = points.T + random.normal(0, NOISE, (SAMPLES, 2))
    return Arrays(points.astype(np.float32), arms.astype(np.int64))


SOURCE = f"""\
random = np.random.RandomState({SEED})
arms = np.arange({SAMPLES}) % 2
radius = np.sqrt(random.uniform(0.01, 1, {SAMPLES}))
angle = 2 * np.pi * {TURNS} * radius + np.pi * arms
points = radius * np.stack([np.cos(angle), np.sin(angle)])
points = points.T + random.normal(0, {NOISE}, ({SAMPLES}, 2))
inputs = torch.tensor(points.astype(np.float32))
targets = torch.tensor(arms.astype(np.int64))
"""

ENTRY = DataSet(
    id="spirals",
    title="Spirals",
    summary="1,000 points in the plane on two noisy spirals around each other, two classes",
    input=TensorType((2,)),
    target=Target("classes", ("first", "second")),
    samples=SAMPLES,
    load=load,
    imports=(),
    source=SOURCE,
    features_named=("x", "y"),
)
