"""Every data set is what its entry says, and becomes the inputs that it says it fits."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from builder.datasets import DATA_SETS, arrays, fits, preview
from builder.datasets.adapt import adapt
from builder.document import TensorType

EVERY = pytest.mark.parametrize("data_set", DATA_SETS.values(), ids=list(DATA_SETS))


@EVERY
def test_the_entry_says_what_the_arrays_hold(data_set):
    loaded = arrays(data_set.id)
    assert DATA_SETS[data_set.id] is data_set
    assert loaded.inputs.shape == (data_set.samples, *data_set.input.shape)
    assert (loaded.inputs.dtype, loaded.targets.dtype) == (np.float32, np.int64)
    assert np.unique(loaded.targets).tolist() == list(range(data_set.target.outputs))
    assert np.isfinite(loaded.inputs).all()
    assert len(data_set.features_named) in (0, data_set.features)


@EVERY
def test_loading_again_gives_the_same_samples(data_set):
    again = data_set.load()
    assert np.array_equal(again.inputs, arrays(data_set.id).inputs)
    assert np.array_equal(again.targets, arrays(data_set.id).targets)


@EVERY
def test_shared_arrays_cannot_be_written(data_set):
    with pytest.raises(ValueError, match="read-only"):
        arrays(data_set.id).inputs[0] = 0


def test_digits_are_grey_levels_from_0_to_1():
    images = arrays("digits").inputs
    assert (images.min(), images.max()) == (0.0, 1.0)


def test_which_inputs_a_data_set_fits():
    shapes = [(1, 8, 8), (3, 32, 32), (1, 28, 28), (2, 8, 8), (64,), (784,), (8, 8), (2,), (4,)]
    found = {
        data_set.id: [shape for shape in shapes if fits(data_set, TensorType(shape))]
        for data_set in DATA_SETS.values()
    }
    assert found == {
        "digits": [(1, 8, 8), (3, 32, 32), (1, 28, 28), (64,)],
        "moons": [(2,)],
        "iris": [(4,)],
    }


def test_a_data_set_of_numbers_fits_no_input_of_indices():
    assert not fits(DATA_SETS["moons"], TensorType((2,), "int64"))


@pytest.mark.parametrize("shape", [(1, 8, 8), (64,), (1, 28, 28), (3, 32, 20), (3, 8, 8)])
def test_samples_become_every_input_that_fits(shape):
    images = torch.tensor(arrays("digits").inputs[:5])
    assert adapt(images, TensorType(shape)).shape == (5, *shape)


def test_what_becomes_of_the_pixels():
    image = torch.tensor([[[[1.0, 3.0], [5.0, 7.0]]]])
    assert adapt(image, TensorType((4,))).tolist() == [[1.0, 3.0, 5.0, 7.0]]
    assert adapt(image, TensorType((1, 1, 1))).tolist() == [[[[4.0]]]]
    grey = image[0, 0].tolist()
    assert adapt(image, TensorType((3, 2, 2))).tolist() == [[grey, grey, grey]]
    coloured = torch.cat([image, image, image + 3], 1)
    assert adapt(coloured, TensorType((1, 2, 2))).tolist() == [[[[2.0, 4.0], [6.0, 8.0]]]]


@pytest.mark.parametrize("shape", [(5,), (2, 8, 8), (8, 8)])
def test_samples_that_cannot_become_an_input_are_refused(shape):
    with pytest.raises(ValueError, match="cannot"):
        adapt(torch.zeros(2, 1, 8, 8), TensorType(shape))


def test_a_preview_shows_the_first_samples_with_their_labels():
    shown = preview(DATA_SETS["digits"], 3)
    assert shown.labels == ("0", "1", "2")
    assert np.array_equal(shown.inputs, arrays("digits").inputs[:3])
    assert preview(DATA_SETS["iris"], 1).labels == ("setosa",)


def test_lists_of_choices_load_neither_torch_nor_scikit_learn():
    modules = "builder.datasets, builder.recipe, builder.store, builder.training.events"
    code = f"import sys, {modules}; print({{'torch', 'sklearn'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
