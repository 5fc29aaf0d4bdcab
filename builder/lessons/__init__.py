"""Lessons for the Learn page: layers at work on small real inputs, by code that is shown too."""

from __future__ import annotations

from builder.catalogue.spec import Spec
from builder.lessons import (
    activations,
    convolution,
    dropout,
    influence,
    linear,
    normalisation,
    padding,
    pooling,
)
from builder.lessons.lesson import Lesson

LESSONS = (
    convolution.LESSON,
    pooling.LESSON,
    padding.LESSON,
    activations.LESSON,
    normalisation.LESSON,
    linear.LESSON,
    dropout.LESSON,
    influence.LESSON,
)
"""The first that shows an entry is its lesson; the last shows what the others leave."""


def lesson_of(spec: Spec) -> Lesson | None:
    """The lesson of an entry; containers have none."""
    return next((each for each in LESSONS if each.shows(spec)), None)
