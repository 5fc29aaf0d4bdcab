"""What a value depends on, for layers without a lesson of their own."""

from __future__ import annotations

import numpy as np

from builder.lessons import influence
from builder.lessons.samples import DIGIT, ROWS, TOKENS

from .settings import must


def test_a_mean_depends_equally_on_its_window() -> None:
    found = must("AvgPool2d", DIGIT, kernel_size=2)
    lesson = influence.teach(found.spec, found.arguments, DIGIT, (0, 1, 2))
    assert lesson.slopes is not None
    expected = np.zeros((1, 8, 8))
    expected[0, 2:4, 4:6] = 0.25
    assert np.array_equal(lesson.slopes, expected)
    assert lesson.value == lesson.input[0, 2:4, 4:6].mean()


def test_a_recurrent_step_depends_on_no_later_one() -> None:
    found = must("LSTM", ROWS, hidden_size=4)
    lesson = influence.teach(found.spec, found.arguments, ROWS, (3, 0))
    assert lesson.slopes is not None
    assert lesson.slopes[:4].all()
    assert not lesson.slopes[4:].any()


def test_whole_numbers_have_no_derivative() -> None:
    found = must("Embedding", TOKENS, num_embeddings=4, embedding_dim=3)
    lesson = influence.teach(found.spec, found.arguments, TOKENS, (2, 1))
    assert lesson.slopes is None
    assert lesson.output.shape == (4, 3)
