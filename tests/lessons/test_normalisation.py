"""What is normalised together has mean 0 and deviation 1 afterwards; which layers are the same."""

from __future__ import annotations

import numpy as np
import pytest

from builder.document import Value
from builder.lessons import normalisation
from builder.lessons.running import Refused
from builder.lessons.samples import BATCHES, FLOWERS, Sample

from .settings import must

IMAGES, SEQUENCES, _, VOLUMES = BATCHES

EXPECTED: list[tuple[str, Sample, dict[str, Value], str, tuple[int, int]]] = [
    ("BatchNorm2d", IMAGES, {}, "batch, height and width", (1, 4)),
    ("BatchNorm1d", SEQUENCES, {}, "batch and length", (1, 8)),
    ("BatchNorm1d", FLOWERS, {}, "batch", (1, 4)),
    ("BatchNorm3d", VOLUMES, {}, "batch, depth, height and width", (1, 2)),
    ("LayerNorm", IMAGES, {}, "channels, height and width", (3, 1)),
    ("LayerNorm", IMAGES, {"normalized_shape": (8,)}, "width", (3, 32)),
    ("LayerNorm", FLOWERS, {}, "features", (5, 1)),
    ("GroupNorm", IMAGES, {"num_groups": 1}, "channels, height and width", (3, 1)),
    ("GroupNorm", IMAGES, {"num_groups": 2}, "2 of 4 channels, height and width", (3, 2)),
    ("GroupNorm", IMAGES, {"num_groups": 4}, "height and width", (3, 4)),
    ("InstanceNorm2d", IMAGES, {}, "height and width", (3, 4)),
    ("InstanceNorm1d", SEQUENCES, {}, "length", (4, 8)),
]


@pytest.mark.parametrize(("kind", "sample", "values", "axes", "sets"), EXPECTED)
def test_mean_and_deviation_over_the_right_axes(
    kind: str, sample: Sample, values: dict[str, Value], axes: str, sets: tuple[int, int]
) -> None:
    found = must(kind, sample, **values, eps=1e-12)
    lesson = normalisation.teach(found.spec, found.arguments, sample)
    assert lesson.axes == axes
    assert lesson.before["mean"].shape == sets
    assert np.allclose(lesson.after["mean"], 0, atol=1e-5)
    varied = lesson.before["deviation"] > 1e-6
    assert np.allclose(lesson.after["deviation"][varied], 1, atol=1e-4)
    assert varied.any()


def test_rms_norm_makes_the_root_mean_square_one() -> None:
    found = must("RMSNorm", IMAGES)
    lesson = normalisation.teach(found.spec, found.arguments, IMAGES)
    assert np.allclose(lesson.after["root mean square"], 1, atol=1e-4)
    assert not np.allclose(lesson.after["mean"], 0, atol=0.1)


def test_what_would_be_normalised_by_itself_is_refused() -> None:
    found = must("GroupNorm", FLOWERS, num_groups=4)
    with pytest.raises(Refused):
        normalisation.teach(found.spec, found.arguments, FLOWERS)


def test_group_norm_is_layer_norm_with_one_group_and_instance_norm_with_all() -> None:
    lesson = normalisation.compare()
    names = list(lesson.together)
    pairs = {
        frozenset((a, b))
        for i, a in enumerate(names)
        for j, b in enumerate(names)
        if i != j and lesson.differences[i, j] < 1e-5
    }
    assert pairs == {
        frozenset(("LayerNorm", "GroupNorm, 1 group")),
        frozenset(("InstanceNorm", "GroupNorm, 4 groups")),
    }
    for pair in pairs:
        one, other = pair
        assert np.array_equal(lesson.together[one], lesson.together[other])
