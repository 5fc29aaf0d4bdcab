"""Every data set is what its entry says, and becomes the inputs that it says it fits."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import astuple

import numpy as np
import pytest
import torch

from builder.datasets import DATA_SETS, DataError, arrays, find, fits, known, preview
from builder.datasets.adapt import adapt
from builder.document import TensorType

MADE = {name: each for name, each in DATA_SETS.items() if not each.files}
EVERY = pytest.mark.parametrize("data_set", MADE.values(), ids=list(MADE))
"""The data sets that need no download; the others are in test_fetched.py."""


@EVERY
def test_the_entry_says_what_the_arrays_hold(data_set):
    loaded = arrays(data_set.id)
    assert find(data_set.id) is known(data_set.id) is data_set
    assert loaded.inputs.shape == (data_set.samples, *data_set.input.shape)
    assert loaded.inputs.dtype == np.float32
    if data_set.target.kind == "classes":
        assert loaded.targets.dtype == np.int64
        assert np.unique(loaded.targets).tolist() == list(range(data_set.target.outputs))
    else:
        assert loaded.targets.dtype == np.float32
        assert loaded.targets.shape == (data_set.samples, data_set.target.outputs)
        assert np.isfinite(loaded.targets).all()
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
    shapes = [(1, 8, 8), (3, 32, 32), (1, 28, 28), (2, 8, 8), (64,), (784,), (8, 8)]
    shapes += [(1,), (2,), (4,), (10,), (13,), (30,)]
    found = {
        data_set.id: [shape for shape in shapes if fits(data_set, TensorType(shape))]
        for data_set in DATA_SETS.values()
    }
    assert found == {
        "digits": [(1, 8, 8), (3, 32, 32), (1, 28, 28), (64,)],
        "mnist": [(1, 8, 8), (3, 32, 32), (1, 28, 28), (784,)],
        "fashion_mnist": [(1, 8, 8), (3, 32, 32), (1, 28, 28), (784,)],
        "cifar10": [(1, 8, 8), (3, 32, 32), (1, 28, 28)],
        "line": [(1,)],
        "moons": [(2,)],
        "circles": [(2,)],
        "spirals": [(2,)],
        "xor": [(2,)],
        "iris": [(4,)],
        "wine": [(13,)],
        "breast_cancer": [(30,)],
        "diabetes": [(10,)],
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
    assert preview(DATA_SETS["diabetes"], 2).labels == ("151", "75")


def test_the_line_has_the_slope_and_the_noise_that_it_says():
    loaded = arrays("line")
    x, y = loaded.inputs[:, 0].astype(float), loaded.targets[:, 0].astype(float)
    assert (x[0], x[1], x[-1]) == (0.0, pytest.approx(0.01), 100.0)
    slope, offset = np.polyfit(x, y, 1)
    assert (slope, offset) == (pytest.approx(10, abs=0.03), pytest.approx(5, abs=1))
    assert (y - 10 * x - 5).std() == pytest.approx(20, rel=0.05)


def test_what_a_straight_line_can_and_cannot_part():
    from sklearn.linear_model import LogisticRegression

    right = {
        name: LogisticRegression().fit(*astuple(arrays(name))).score(*astuple(arrays(name)))
        for name in ("moons", "circles", "spirals", "xor")
    }
    assert right["moons"] > 0.8
    assert max(right["circles"], right["spirals"], right["xor"]) < 0.7


@EVERY
def test_the_source_for_a_script_makes_the_same_samples(data_set):
    namespace = {"np": np, "torch": torch}
    exec("\n".join([*data_set.imports, data_set.source]), namespace)
    made = namespace["inputs"].numpy(), namespace["targets"].numpy()
    for one, other in zip(made, astuple(arrays(data_set.id)), strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


def test_an_unknown_data_set_is_named_with_those_there_are():
    said = r"^There is no data set 'gone' here\. Choose another one; there are digits, mnist, "
    with pytest.raises(DataError, match=said):
        find("gone")
    with pytest.raises(DataError, match=said):
        arrays("gone")
    assert known("gone") is known("") is known(None) is None


def test_lists_of_choices_load_neither_torch_nor_scikit_learn():
    modules = "builder.datasets, builder.recipe, builder.store, builder.training.events"
    code = f"import sys, {modules}; print({{'torch', 'sklearn'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
