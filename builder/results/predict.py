"""Predictions of a run's network for samples of the data set's own form; needs torch."""

from __future__ import annotations

from functools import lru_cache
from time import perf_counter
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from builder.datasets.adapt import adapt
from builder.document import TensorType
from builder.recipe import Recipe
from builder.see import Query, run
from builder.training.measure import measure_of
from builder.training.samples import Scale, scale_of

PIECE = 256
"""Samples that are run between two looks at the clock."""


def predict(query: Query, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the run's network says of samples, computed in 32 bits on the CPU.

    Shape: samples × the data set's shape to samples × classes, the probabilities by the recipe's
    loss, or to samples × numbers. Raises as ``builder.see.look`` does.
    """
    recipe = _recipe(query)
    prepared = adapt(torch.tensor(inputs), query.network.input)
    if (scale := _scale(recipe, query.network.input)) is not None:
        prepared = scale.apply(prepared)
    outputs = run(query, prepared)
    probabilities = measure_of(recipe.loss_spec).probabilities
    found: NDArray[Any] = (probabilities(outputs) if probabilities else outputs).numpy()
    return found


def predict_within(
    query: Query, inputs: NDArray[np.float32], samples: NDArray[np.int64], seconds: float
) -> NDArray[np.float32]:
    """Predictions for the first of the samples with these numbers, as many as the time allows."""
    found, limit = [], perf_counter() + seconds
    for start in range(0, len(samples), PIECE):
        found.append(predict(query, inputs[samples[start : start + PIECE]]))
        if perf_counter() > limit:
            break
    return np.concatenate(found)


def _recipe(query: Query) -> Recipe:
    if query.recipe is None:
        raise ValueError("predictions need the recipe of a run")
    return query.recipe


@lru_cache(4)
def _scale(recipe: Recipe, given: TensorType) -> Scale | None:
    return scale_of(recipe, given)
