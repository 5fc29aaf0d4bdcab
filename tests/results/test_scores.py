"""The scores are those of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import (
    confusion_matrix,
    mean_absolute_error,
    precision_recall_fscore_support,
    r2_score,
    root_mean_squared_error,
)

from builder.results.scores import score_classes, score_numbers


@pytest.mark.parametrize("seed", range(5))
def test_scores_of_classes(seed):
    random = np.random.RandomState(seed)
    true, taken = random.randint(0, 4, 60), random.randint(0, 3, 60)
    matrix = confusion_matrix(true, taken, labels=range(5))
    expected = precision_recall_fscore_support(true, taken, labels=range(5), zero_division=np.nan)
    found = score_classes(matrix.tolist())
    names = ("precision", "recall", "f1", "support")
    for name, column in zip(names, expected, strict=True):
        assert np.allclose([getattr(each, name) for each in found], column, equal_nan=True), name
    assert np.isnan(found[3].precision)
    assert np.isnan(found[4].recall)


def test_scores_of_numbers():
    random = np.random.RandomState(0)
    true = random.normal(size=(40, 2))
    predicted = true + random.normal(0, 0.3, (40, 2))
    for at, found in enumerate(score_numbers(true, predicted)):
        columns = true[:, at], predicted[:, at]
        assert found.absolute == pytest.approx(mean_absolute_error(*columns))
        assert found.squared == pytest.approx(root_mean_squared_error(*columns))
        assert found.r2 == pytest.approx(r2_score(*columns))


def test_nothing_is_explained_where_nothing_varies():
    (found,) = score_numbers(np.ones((3, 1)), np.array([[1.0], [2.0], [3.0]]))
    assert np.isnan(found.r2)
    assert found.absolute == 1
