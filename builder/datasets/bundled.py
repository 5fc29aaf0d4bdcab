"""Tables that come with scikit-learn: irises, wines, breast cancer, diabetes."""

from __future__ import annotations

from typing import Any

import numpy as np

from builder.datasets.entry import Arrays, DataSet, Target
from builder.document import TensorType


def _describe(
    data_set_id: str,
    title: str,
    summary: str,
    samples: int,
    target: Target,
    features: tuple[str, ...],
    unscaled: bool = False,
    start: tuple[tuple[str, Any], ...] = (),
) -> DataSet:
    """The entry of the table that ``load_<id>`` reads, ``unscaled`` in units of their own."""
    loader = f"load_{data_set_id}"

    def load() -> Arrays:
        """Read the table; classes stay their numbers, numbers become one column."""
        from sklearn import datasets

        found = getattr(datasets, loader)(**({"scaled": False} if unscaled else {}))
        inputs = found.data.astype(np.float32)
        if target.kind == "classes":
            return Arrays(inputs, found.target.astype(np.int64))
        return Arrays(inputs, found.target[:, None].astype(np.float32))

    column = "" if target.kind == "classes" else "[:, None]"
    kind = "int64" if target.kind == "classes" else "float32"
    source = (
        f"table = {loader}({'scaled=False' if unscaled else ''})\n"
        "inputs = torch.tensor(table.data.astype(np.float32))\n"
        f"targets = torch.tensor(table.target{column}.astype(np.{kind}))\n"
    )
    return DataSet(
        id=data_set_id,
        title=title,
        summary=summary,
        input=TensorType((len(features),)),
        target=target,
        samples=samples,
        load=load,
        imports=(f"from sklearn.datasets import {loader}",),
        source=source,
        features_named=features,
        start=start,
    )


IRIS = _describe(
    "iris",
    "Iris",
    "150 flowers by length and width of sepal and petal, three species",
    150,
    Target("classes", ("setosa", "versicolor", "virginica")),
    ("sepal length", "sepal width", "petal length", "petal width"),
)

WINE = _describe(
    "wine",
    "Wine",
    "178 wines of one region by 13 results of their chemical analysis, three growers",
    178,
    Target("classes", ("first grower", "second grower", "third grower")),
    (
        "alcohol",
        "malic acid",
        "ash",
        "alcalinity of ash",
        "magnesium",
        "total phenols",
        "flavanoids",
        "nonflavanoid phenols",
        "proanthocyanins",
        "colour intensity",
        "hue",
        "OD280/OD315",
        "proline",
    ),
)

_MEASURED = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)

BREAST_CANCER = _describe(
    "breast_cancer",
    "Breast cancer",
    "569 tumours by 30 measures of their cells, malignant or benign",
    569,
    Target("classes", ("malignant", "benign")),
    tuple(f"{how} {what}" for how in ("mean", "error of", "worst") for what in _MEASURED),
)

DIABETES = _describe(
    "diabetes",
    "Diabetes",
    "442 patients by age, sex, body and blood; how far the disease went a year later",
    442,
    Target("numbers", ("progression",)),
    (
        "age",
        "sex",
        "body mass index",
        "blood pressure",
        "total cholesterol",
        "LDL",
        "HDL",
        "cholesterol / HDL",
        "triglycerides (log)",
        "blood sugar",
    ),
    unscaled=True,
    start=(("epochs", 30), ("arguments", (("lr", 0.1),))),
)
