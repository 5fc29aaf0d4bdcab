"""Predictions equal those of the trained model itself, prepared as in training."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from builder.build import build_network
from builder.datasets import arrays
from builder.document import Block
from builder.recipe import Recipe
from builder.results import validation
from builder.results.predict import predict
from builder.results.validation import held_out, judge
from builder.see import Query, Unseen
from builder.training.samples import split
from tests.results.trained import LENET, table, trained

IRIS = table("iris", 4, 3)
CASES = {
    "CrossEntropyLoss": (IRIS, Recipe("iris", epochs=2), lambda x: x.softmax(1)),
    "NLLLoss": (
        table("iris", 4, 3, Block("b4", "LogSoftmax", (("dim", 1),))),
        Recipe("iris", epochs=2, loss="NLLLoss"),
        torch.exp,
    ),
    "BCEWithLogitsLoss": (
        table("moons", 2, 1),
        Recipe("moons", epochs=2, loss="BCEWithLogitsLoss"),
        lambda x: torch.cat([1 - x.sigmoid(), x.sigmoid()], 1),
    ),
    "MSELoss": (table("diabetes", 10, 1), Recipe("diabetes", epochs=2), lambda x: x),
    "images": (LENET, Recipe("digits", epochs=1), lambda x: x.softmax(1)),
}


def expected(query: Query, read) -> tuple[np.ndarray, np.ndarray]:
    """Targets and predictions of the validation part, by the model and the split of the run."""
    model = build_network(query.network)
    model.load_state_dict(torch.load(query.weights.with_suffix(".pt"), weights_only=True))
    generator = torch.Generator().manual_seed(query.recipe.seed)
    _, part = split(query.recipe, query.network.input, generator, torch.device("cpu"))
    with torch.inference_mode():
        return part.targets.numpy(), read(model.eval()(part.inputs)).numpy()


@pytest.mark.parametrize("case", CASES)
def test_validation_samples_are_judged_as_the_run_would(case, tmp_path):
    network, recipe, read = CASES[case]
    query = trained(network, recipe, tmp_path)
    targets, outputs = expected(query, read)
    found = judge(query)
    assert found.total == len(found.samples) == len(targets)
    assert np.array_equal(found.targets.reshape(targets.shape), targets)
    assert np.allclose(found.outputs, outputs, rtol=1e-4, atol=1e-6)
    one = predict(query, arrays(recipe.data).inputs[found.samples[:1]])
    assert np.allclose(one, outputs[:1], rtol=1e-4, atol=1e-6)
    if case != "MSELoss":
        assert np.allclose(found.outputs.sum(1), 1, atol=1e-5)


def test_the_most_confident_come_first(tmp_path):
    judged = judge(trained(IRIS, Recipe("iris", epochs=1), tmp_path))
    right, wrong = judged.order(right=True), judged.order(right=False)
    assert sorted([*right, *wrong]) == [*range(30)]
    assert (judged.guesses[right] == judged.targets[right]).all()
    assert (judged.guesses[wrong] != judged.targets[wrong]).all()
    assert len(wrong) > 1
    for places in (right, wrong):
        assert (np.diff(judged.confidence[places]) <= 0).all()


def test_of_a_slow_network_only_the_first_samples_are_judged(tmp_path, monkeypatch):
    monkeypatch.setattr(validation, "SECONDS", 0.0)
    query = trained(LENET, Recipe("digits", epochs=1, seed=5), tmp_path)
    judged = judge(query)
    assert (len(judged.samples), judged.total) == (256, 359)
    assert judged.samples.tolist() == held_out(query.recipe, 1797)[:256].tolist()


def test_weights_that_are_gone_are_told(tmp_path):
    with pytest.raises(Unseen, match="The weights of this run can't be read"):
        predict(
            Query(IRIS, 0, tmp_path / "none.safetensors", Recipe("iris")),
            np.zeros((1, 4), np.float32),
        )
