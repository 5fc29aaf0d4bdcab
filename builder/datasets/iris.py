"""Fisher's irises: four lengths of a flower, three species; comes with scikit-learn."""

from __future__ import annotations

import numpy as np

from builder.datasets.entry import Arrays, DataSet, Target
from builder.document import TensorType


def load() -> Arrays:
    """Read the 150 flowers; lengths and widths in centimetres."""
    from sklearn.datasets import load_iris

    found = load_iris()
    return Arrays(found.data.astype(np.float32), found.target.astype(np.int64))


SOURCE = """\
iris = load_iris()
inputs = torch.tensor(iris.data.astype(np.float32))
targets = torch.tensor(iris.target.astype(np.int64))
"""

ENTRY = DataSet(
    id="iris",
    title="Iris",
    summary="150 flowers by length and width of sepal and petal, three species",
    input=TensorType((4,)),
    target=Target("classes", ("setosa", "versicolor", "virginica")),
    samples=150,
    load=load,
    imports=("from sklearn.datasets import load_iris",),
    source=SOURCE,
    features_named=("sepal length", "sepal width", "petal length", "petal width"),
)
