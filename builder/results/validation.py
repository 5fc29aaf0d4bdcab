"""The validation samples of a run, each with what the trained network says of it; needs torch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from builder.datasets import arrays
from builder.recipe import Recipe
from builder.results.predict import predict_within
from builder.see import Query

SECONDS = 1.0
"""How long a page may be kept waiting."""


@dataclass(frozen=True, eq=False)
class Judged:
    """The first validation samples, all of them unless ``total`` is larger.

    ``samples`` are their numbers within the data set, ``targets`` what is true of them,
    ``outputs`` what ``predict`` gives: probabilities N × classes, or numbers.
    """

    samples: NDArray[np.int64]
    targets: NDArray[Any]
    outputs: NDArray[np.float32]
    total: int

    @property
    def guesses(self) -> NDArray[np.int64]:
        """The class that each sample is taken for."""
        found: NDArray[np.int64] = self.outputs.argmax(1)
        return found

    @property
    def confidence(self) -> NDArray[np.float32]:
        """The probability of that class."""
        found: NDArray[np.float32] = self.outputs.max(1)
        return found

    def order(self, right: bool) -> NDArray[np.int64]:
        """Places of the right or of the wrong samples, the most confident first."""
        places = np.flatnonzero((self.guesses == self.targets) == right)
        return places[np.argsort(-self.confidence[places], kind="stable")]


@lru_cache(4)
def judge(query: Query) -> Judged:
    """What the run's network says of its validation samples; raises as ``look`` does.

    Stops after ``SECONDS``: of a slow network or a large part only the first samples are judged.
    """
    assert query.recipe is not None
    loaded = arrays(query.recipe.data)
    samples = held_out(query.recipe, len(loaded.targets))
    outputs = predict_within(query, loaded.inputs, samples, SECONDS)
    judged = samples[: len(outputs)]
    return Judged(judged, loaded.targets[judged], outputs, len(samples))


def held_out(recipe: Recipe, count: int) -> NDArray[np.int64]:
    """The numbers of the validation samples of a run, in the order in which it tests them."""
    generator = torch.Generator().manual_seed(recipe.seed)
    order = torch.randperm(count, generator=generator)
    found: NDArray[np.int64] = order[: recipe.held_out(count)].numpy()
    return found
