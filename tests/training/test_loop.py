"""The loop does what the same lines written by hand do, bit for bit."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from builder.datasets import arrays
from builder.document import TensorType
from builder.recipe import Recipe
from builder.training import loop
from builder.training.events import Batches, Epoch
from builder.training.loop import Validation
from builder.training.measure import confusion_matrix, mean_scores, measure_of
from builder.training.recorder import Recorder
from builder.training.samples import Part, split

CPU = torch.device("cpu")
SGD = Recipe(
    "digits", epochs=2, seed=3, optimiser="SGD", arguments=(("lr", 0.1), ("momentum", 0.9))
)
TABLE = Recipe("iris", epochs=3, seed=5, batch_size=119, shuffle=False, optimiser="AdamW")


def make_model(data: str) -> nn.Sequential:
    features, classes = {"digits": (64, 10), "iris": (4, 3)}[data]
    layers = (nn.Linear(features, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.25))
    return nn.Sequential(nn.Flatten(), *layers, nn.Linear(16, classes))


def make_input(data: str) -> TensorType:
    return TensorType({"digits": (1, 8, 8), "iris": (4,)}[data])


def run(recipe: Recipe, at_once: bool = True, should_stop=lambda: False):
    torch.manual_seed(recipe.seed)
    model = make_model(recipe.data)
    generator = torch.Generator().manual_seed(recipe.seed)
    training, validation = split(recipe, make_input(recipe.data), generator, CPU)
    sent: list = []
    recorder = Recorder(sent.append, measure_of(recipe.loss_spec), at_once=at_once)
    outcome = loop.run_epochs(model, training, validation, recipe, generator, recorder, should_stop)
    return model, sent, outcome


def by_hand(recipe: Recipe):
    """The same run as a person would write it, without anything from the loop."""
    torch.manual_seed(recipe.seed)
    model = make_model(recipe.data)
    x = torch.tensor(arrays(recipe.data).inputs)
    y = torch.tensor(arrays(recipe.data).targets)
    generator = torch.Generator().manual_seed(recipe.seed)
    order = torch.randperm(len(x), generator=generator)
    held = round(len(x) * 0.2)
    kept = order[held:] if recipe.shuffle else order[held:].sort().values
    vx, vy, x, y = x[order[:held]], y[order[:held]], x[kept], y[kept]
    if recipe.data == "iris":
        mean, std = x.mean(0), x.std(0).clamp_min(1e-6)
        x, vx = (x - mean) / std, (vx - mean) / std
    criterion = nn.CrossEntropyLoss()
    if recipe.optimiser == "SGD":
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, fused=True)
    else:
        optimizer = torch.optim.AdamW(model.parameters(), fused=True)
    batches, epochs = [], []
    for epoch in range(1, recipe.epochs + 1):
        model.train()
        n, b = len(x), recipe.batch_size
        order = torch.randperm(n, generator=generator) if recipe.shuffle else torch.arange(n)
        total, right, seen = 0.0, 0, 0
        for i in range(0, n, b):
            index = order[i : i + b]
            if len(index) == 1:
                break
            logits = model(x[index])
            loss = criterion(logits, y[index])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            batches.append(loss.item())
            total += loss.item() * len(index)
            right += int((logits.argmax(1) == y[index]).sum())
            seen += len(index)
        model.eval()
        with torch.inference_mode():
            logits = model(vx)
            val = criterion(logits, vy).item() * held / held
            accuracy = int((logits.argmax(1) == vy).sum()) / held
        epochs.append((epoch, len(batches), total / seen, right / seen, val, accuracy))
    return model, batches, epochs


@pytest.mark.parametrize(
    "recipe", [SGD, TABLE], ids=["digits, SGD", "iris, AdamW, a last one alone"]
)
@pytest.mark.parametrize("at_once", [True, False], ids=["read at once", "read together"])
def test_a_run_is_the_hand_written_one_bit_for_bit(recipe, at_once):
    model, sent, outcome = run(recipe, at_once)
    other, batches, epochs = by_hand(recipe)
    assert [
        loss for event in sent if isinstance(event, Batches) for loss in event.losses
    ] == batches
    assert [
        (e.epoch, e.step, e.train_loss, e.train_metric, e.val_loss, e.val_metric)
        for e in sent
        if isinstance(e, Epoch)
    ] == epochs
    assert outcome[0] == "done"
    for mine, theirs in zip(model.state_dict().values(), other.state_dict().values(), strict=True):
        assert torch.equal(mine, theirs)


def test_steps_are_numbered_without_a_hole():
    sent = [event for event in run(SGD)[1] if isinstance(event, Batches)]
    following = 1
    for event in sent:
        assert event.first == following
        assert len(event.losses) == len(event.metrics)
        following += len(event.losses)
    assert following == 2 * 23 + 1


def test_stopped_in_mid_epoch_it_keeps_the_steps_and_reports_no_epoch():
    asked = iter([False] * 5 + [True])
    _, sent, outcome = run(SGD, should_stop=lambda: next(asked))
    assert outcome == ("stopped", None)
    assert sum(len(event.losses) for event in sent) == 5
    assert not [event for event in sent if isinstance(event, Epoch)]


@pytest.mark.parametrize(
    ("samples", "size", "expected"),
    [(10, 4, [0, 4, 8]), (9, 4, [0, 4]), (8, 4, [0, 4]), (3, 1, [0, 1, 2]), (3, 64, [0])],
)
def test_a_last_batch_of_one_sample_is_left_out(samples, size, expected):
    assert list(Recipe(batch_size=size).batch_starts(samples)) == expected


def test_validation_counts_and_averages_over_all_batches(monkeypatch):
    monkeypatch.setattr(loop, "VALIDATION_BATCH", 2)
    logits = torch.tensor([[5.0, 0.0], [0.0, 5.0], [5.0, 0.0], [0.0, 5.0], [5.0, 0.0]])
    targets = torch.tensor([0, 1, 1, 1, 0])
    model = nn.Sequential(nn.Identity(), nn.Dropout(0.9))
    found = loop.validate(model, Part(logits, targets), Recipe("moons"), lambda: False)
    whole = nn.functional.cross_entropy(logits, targets).item()
    assert found == Validation(pytest.approx(whole, rel=1e-6), 0.8, ((2, 0), (1, 2)))


def test_a_first_layer_that_writes_into_its_input_leaves_the_data_as_it_is():
    given = torch.tensor([[5.0, -3.0], [-1.0, 5.0]])
    part = Part(given.clone(), torch.tensor([0, 1]))
    losses = [
        loop.validate(model, part, Recipe("moons"), lambda: False)
        for model in (nn.LeakyReLU(inplace=True), nn.LeakyReLU(inplace=True), nn.LeakyReLU())
    ]
    assert torch.equal(part.inputs, given)
    assert losses == [losses[2]] * 3


def test_confusion_has_true_classes_as_rows():
    found = confusion_matrix(torch.tensor([1, 0]), torch.tensor([2, 0]), 3)
    assert found.tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 0]]


def test_means_of_batches_of_different_sizes():
    right = torch.tensor([True, True, False, False, True, True])
    assert mean_scores(right, [3, 1, 2]) == [2 / 3, 0.0, 1.0]
    errors = torch.tensor([[1.0, 2.0], [3.0, 6.0], [0.5, 0.5]])
    assert mean_scores(errors, [2, 1]) == [3.0, 0.5]


def test_standardised_by_the_training_part_alone():
    generator = torch.Generator().manual_seed(0)
    recipe = Recipe("iris")
    training, validation = split(recipe, TensorType((4,)), generator, CPU)
    assert (len(training), len(validation)) == (120, 30)
    assert torch.allclose(training.inputs.mean(0), torch.zeros(4), atol=1e-6)
    assert torch.allclose(training.inputs.std(0), torch.ones(4))
    assert not torch.allclose(validation.inputs.mean(0), torch.zeros(4), atol=1e-3)


def test_a_constant_pixel_does_not_divide_by_zero():
    generator = torch.Generator().manual_seed(0)
    recipe = Recipe("digits", normalise="standardise")
    training, _ = split(recipe, TensorType((1, 8, 8)), generator, CPU)
    assert torch.isfinite(training.inputs).all()
