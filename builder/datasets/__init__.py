"""The data sets that need no network; each is one entry in a file of its own.

Importing this package loads neither torch nor scikit-learn; an entry's ``load`` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import numpy as np

from builder.datasets import digits, iris, moons
from builder.datasets.entry import Arrays, DataSet, Preview, Target
from builder.document import TensorType

DATA_SETS: Mapping[str, DataSet] = MappingProxyType(
    {entry.id: entry for entry in (digits.ENTRY, moons.ENTRY, iris.ENTRY)}
)

__all__ = ["DATA_SETS", "Arrays", "DataSet", "Preview", "Target", "arrays", "fits", "preview"]


@cache
def arrays(data_set_id: str) -> Arrays:
    """All samples of a data set, read once in a process and then shared; they cannot be written.

    Raises KeyError for an unknown id.
    """
    loaded = DATA_SETS[data_set_id].load()
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
    shown = loaded.targets[:count]
    names = data_set.target.names
    return Preview(np.array(loaded.inputs[:count]), tuple(names[int(each)] for each in shown))
