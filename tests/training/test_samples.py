"""Faults in the data, and classes that a split leaves out, are told in words."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from builder.datasets import DATA_SETS, Arrays, DataError, DataSet
from builder.recipe import Recipe
from builder.training.samples import Part, absent_classes, draw_parts, refuse_gaps, split

IRIS, DIGITS, DIABETES = (DATA_SETS[name] for name in ("iris", "digits", "diabetes"))
MENDING = "One such value makes the whole network NaN: fill them in or leave these samples out."


def with_gaps(data: str, *places: tuple[int, ...]) -> Arrays:
    """The samples of a data set, NaN and infinity in turn at these places of the inputs."""
    loaded = DATA_SETS[data].load()
    for number, place in enumerate(places):
        loaded.inputs[place] = np.inf if number % 2 else np.nan
    return loaded


def said(data: str, loaded: Arrays) -> str:
    with pytest.raises(DataError) as caught:
        refuse_gaps(DATA_SETS[data], loaded)
    return str(caught.value)


def test_values_that_are_no_numbers_are_counted_by_column() -> None:
    first, second = IRIS.features_named[0], IRIS.features_named[2]
    found = said("iris", with_gaps("iris", (3, 0), (3, 2), (9, 2)))
    assert found == (
        "Iris has values that are no numbers (NaN or infinity) in 2 samples: "
        f"{first} (1) and {second} (2). {MENDING}"
    )


def test_gaps_in_pictures_and_in_targets() -> None:
    found = said("digits", with_gaps("digits", (0, 0, 1, 1), (0, 0, 2, 2)))
    assert ": 2 pixels. " in found
    loaded = DIABETES.load()
    targets = loaded.targets.copy()
    targets[5] = np.nan
    assert ": the target (1). " in said("diabetes", Arrays(loaded.inputs, targets))


HERE = {name: entry for name, entry in DATA_SETS.items() if not entry.files}
"""The data sets that need no download."""


@pytest.mark.parametrize("entry", HERE.values(), ids=HERE)
def test_data_without_gaps_pass(entry: DataSet) -> None:
    refuse_gaps(entry, entry.load())


def test_without_shuffle_training_samples_stand_in_the_order_of_the_data() -> None:
    mixed, plain = (
        draw_parts(Recipe("iris", shuffle=shuffle), 150, torch.Generator().manual_seed(0))
        for shuffle in (True, False)
    )
    assert torch.equal(mixed[1], plain[1]), "the same samples are held out"
    assert not torch.equal(mixed[0], plain[0])
    assert torch.equal(mixed[0].sort().values, plain[0])
    assert sorted([*plain[0].tolist(), *plain[1].tolist()]) == [*range(150)]


def part(*classes: int) -> Part:
    return Part(torch.zeros(len(classes), 4), torch.tensor(classes))


def test_classes_that_a_part_lacks_are_named() -> None:
    names = IRIS.target.names
    again = "Another seed or validation share splits otherwise."
    assert absent_classes(IRIS, part(0, 1, 2), part(2, 1, 0)) is None
    assert absent_classes(IRIS, part(0, 1), part(2, 0, 1)) == (
        f"There is no training sample of {names[2]}, so that can't be learnt. {again}"
    )
    assert absent_classes(IRIS, part(0, 1, 2), part(1)) == (
        f"There is no validation sample of {names[0]} and {names[2]}, so nothing is known of how "
        f"well that is learnt. {again}"
    )
    assert absent_classes(DIABETES, part(0), part(0)) is None


def test_two_classes_for_one_logit_are_numbers_in_a_column() -> None:
    recipe = Recipe("moons", loss="BCEWithLogitsLoss")
    generator = torch.Generator().manual_seed(0)
    training, validation = split(recipe, DATA_SETS["moons"].input, generator, torch.device("cpu"))
    assert (training.targets.shape, training.targets.dtype) == ((800, 1), torch.float32)
    assert absent_classes(DATA_SETS["moons"], training, validation) is None
