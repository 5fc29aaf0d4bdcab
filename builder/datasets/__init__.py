"""The data sets: each that is always offered is one entry in a file of this package.

Importing this package loads neither torch nor scikit-learn; an entry's ``load`` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import numpy as np

from builder.datasets import bundled, circles, digits, line, moons, spirals, xor
from builder.datasets.entry import Arrays, DataError, DataSet, Preview, Target
from builder.document import TensorType

DATA_SETS: Mapping[str, DataSet] = MappingProxyType(
    {
        entry.id: entry
        for entry in (
            digits.ENTRY,
            line.ENTRY,
            moons.ENTRY,
            circles.ENTRY,
            spirals.ENTRY,
            xor.ENTRY,
            bundled.IRIS,
            bundled.WINE,
            bundled.BREAST_CANCER,
            bundled.DIABETES,
        )
    }
)
"""The data sets that everybody is offered."""

__all__ = [
    "DATA_SETS",
    "Arrays",
    "DataError",
    "DataSet",
    "Preview",
    "Target",
    "arrays",
    "describe_target",
    "find",
    "fits",
    "known",
    "preview",
]


def find(data_set_id: str) -> DataSet:
    """The data set of this id; raises DataError with what to do when there is none."""
    if entry := DATA_SETS.get(data_set_id):
        return entry
    raise DataError(
        f"There is no data set {data_set_id[:80]!r} here. Choose another one; there are "
        f"{', '.join(DATA_SETS)}."
    )


def known(data_set_id: str | None) -> DataSet | None:
    """The data set of this id, or None when there is none."""
    try:
        return find(data_set_id) if data_set_id else None
    except DataError:
        return None


@cache
def arrays(data_set_id: str) -> Arrays:
    """All samples of a data set, read once in a process and then shared; they cannot be written.

    Raises DataError for what is not there or cannot be read.
    """
    loaded = find(data_set_id).load()
    for array in (loaded.inputs, loaded.targets):
        array.setflags(write=False)
    return loaded


def fits(data_set: DataSet, given: TensorType) -> bool:
    """Whether ``adapt`` can turn the data set's samples into this input.

    Images become any image with 1 or 3 channels, and a row with as many features as they have
    pixels; a table fits only its own number of features.
    """
    if given.dtype != data_set.input.dtype:
        return False
    if given.shape == data_set.input.shape:
        return True
    if not data_set.is_image:
        return False
    image = len(given.shape) == 3 and given.shape[0] in (1, 3)
    return image or given.shape == (data_set.features,)


def preview(data_set: DataSet, count: int) -> Preview:
    """The first ``count`` samples as they come from the data set, with their labels in words."""
    loaded = arrays(data_set.id)
    labels = tuple(describe_target(data_set.target, each) for each in loaded.targets[:count])
    return Preview(np.array(loaded.inputs[:count]), labels)


def describe_target(target: Target, value: np.ndarray | np.generic) -> str:
    """One sample's target in words: the name of its class, or its numbers."""
    if target.kind == "classes":
        return target.names[int(value)]
    return ", ".join(f"{number:.6g}" for number in np.ravel(value))
