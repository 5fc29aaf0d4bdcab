"""Handwritten digits, 8×8 pixels, which come with scikit-learn."""

from __future__ import annotations

import numpy as np

from builder.datasets.entry import Arrays, DataSet, Target
from builder.document import TensorType


def load() -> Arrays:
    """Read the 1,797 images; the grey levels 0 to 16 become 0 to 1."""
    from sklearn.datasets import load_digits

    found = load_digits()
    images = (found.images / 16.0).astype(np.float32)
    return Arrays(images[:, None, :, :], found.target.astype(np.int64))


SOURCE = """\
digits = load_digits()
images = (digits.images / 16.0).astype(np.float32)
inputs = torch.tensor(images[:, None, :, :])
targets = torch.tensor(digits.target.astype(np.int64))
"""

ENTRY = DataSet(
    id="digits",
    title="Digits 8×8",
    summary="1,797 handwritten digits of 8×8 grey pixels, ten classes",
    input=TensorType((1, 8, 8)),
    target=Target("classes", tuple("0123456789")),
    samples=1797,
    load=load,
    imports=("from sklearn.datasets import load_digits",),
    source=SOURCE,
)
