"""What a data set says about itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from builder.document import TensorType


class DataError(RuntimeError):
    """A data set that is not there or cannot be read; the message is for the person."""


@dataclass(frozen=True)
class Arrays:
    """All samples: inputs float32 of samples × shape, and what is to be predicted of each.

    Targets are class numbers (int64, of samples) or numbers (float32, samples × numbers).
    """

    inputs: NDArray[np.float32]
    targets: NDArray[np.int64] | NDArray[np.float32]


@dataclass(frozen=True)
class Target:
    """What is to be predicted: one of the classes, in the order of their numbers, or numbers.

    ``names`` are those of the classes, or of the numbers in the order of the targets' columns.
    """

    kind: Literal["classes", "numbers"]
    names: tuple[str, ...]

    @property
    def outputs(self) -> int:
        """How many numbers the network must end in: one for each class, or for each number."""
        return len(self.names)


@dataclass(frozen=True)
class Preview:
    """A few samples to look at: inputs of count × shape, and one label in words for each."""

    inputs: NDArray[np.float32]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class RemoteFile:
    """A file that is fetched once: its address, its size in bytes and its MD5 checksum."""

    url: str
    size: int
    md5: str

    @property
    def name(self) -> str:
        """What it is called in its folder."""
        return self.url.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class DataSet:
    """One entry: what a sample looks like, what is predicted, and how to read all of it.

    ``source`` is how an exported script reads the same samples: Python lines, after ``imports``,
    that make the tensors ``inputs`` and ``targets`` with ``torch`` and ``np`` at hand, and the
    functions of ``builder.datasets.readers`` that ``readers`` names. Samples that lie in
    ``folder`` are there once ``files`` were fetched and ``prepare`` has read them. ``start`` are
    settings of a recipe with which a first run learns, where the usual ones would take too long.
    """

    id: str
    title: str
    summary: str
    input: TensorType
    target: Target
    samples: int
    load: Callable[[], Arrays]
    imports: tuple[str, ...]
    source: str
    features_named: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    folder: str | None = None
    files: tuple[RemoteFile, ...] = ()
    prepare: Callable[[], None] | None = None
    start: tuple[tuple[str, Any], ...] = ()

    @property
    def is_image(self) -> bool:
        """Whether a sample is channels × height × width."""
        return len(self.input.shape) == 3

    @property
    def features(self) -> int:
        """How many numbers one sample holds."""
        return math.prod(self.input.shape)

    @property
    def normalise(self) -> bool:
        """Whether training standardises the inputs unless told otherwise: tables yes, images no."""
        return not self.is_image
