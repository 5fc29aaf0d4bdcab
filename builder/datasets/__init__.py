"""The data sets: each that is always offered is one entry in a file of this package.

Importing this package loads neither torch nor scikit-learn; an entry's ``load`` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import numpy as np

from builder.datasets import bundled, circles, digits, fetched, kept, line, moons, own, spirals, xor
from builder.datasets.entry import Arrays, DataError, DataSet, Preview, Target
from builder.datasets.own import OWN
from builder.document import TensorType
from builder.home import data_folder

DATA_SETS: Mapping[str, DataSet] = MappingProxyType(
    {
        entry.id: entry
        for entry in (
            digits.ENTRY,
            fetched.MNIST,
            fetched.FASHION_MNIST,
            fetched.CIFAR10,
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
    "OWN",
    "Arrays",
    "DataError",
    "DataSet",
    "Preview",
    "Target",
    "absence",
    "arrays",
    "describe_target",
    "find",
    "fits",
    "known",
    "present",
    "preview",
]


def find(data_set_id: str) -> DataSet:
    """The data set of this id; raises DataError with what to do when there is none."""
    if entry := DATA_SETS.get(data_set_id):
        return entry
    if re.fullmatch(OWN, data_set_id):
        return own.find(data_set_id)
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


def absence(data_set: DataSet) -> str | None:
    """Why the data set's samples are not here yet, with what to do, or None when they are."""
    if data_set.folder is None or kept.is_kept(data_folder(data_set.folder)):
        return None
    if data_set.files:
        return f"{data_set.title} is not on this machine yet: download it first."
    return f"The files of {data_set.title} are gone: upload it again, or choose other data."


def present(data_set_id: str | None) -> DataSet | None:
    """The data set of this id if there is one and its samples are here and sound."""
    data_set = known(data_set_id)
    if data_set is None or absence(data_set):
        return None
    try:
        return data_set if data_set.folder is None or arrays(data_set.id) else None
    except DataError:
        return None


def arrays(data_set_id: str) -> Arrays:
    """All samples of a data set, which cannot be written; raises DataError.

    They are read once in a process and then shared, or mapped from their files each time.
    """
    data_set = find(data_set_id)
    if reason := absence(data_set):
        raise DataError(reason)
    return data_set.load() if data_set.folder else _make(data_set_id)


@cache
def _make(data_set_id: str) -> Arrays:
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
    """The first ``count`` samples with their labels in words; some from all over the data set
    where the first are all of one class.
    """
    loaded = arrays(data_set.id)
    rows = np.arange(min(count, len(loaded.targets)))
    if len(np.unique(loaded.targets[rows])) == 1:
        rows = np.linspace(0, len(loaded.targets) - 1, len(rows)).astype(int)
    labels = tuple(describe_target(data_set.target, each) for each in loaded.targets[rows])
    return Preview(np.array(loaded.inputs[rows]), labels)


def describe_target(target: Target, value: np.ndarray | np.generic) -> str:
    """One sample's target in words: the name of its class, or its numbers."""
    if target.kind == "classes":
        return target.names[int(value)]
    return ", ".join(f"{number:.6g}" for number in np.ravel(value))
