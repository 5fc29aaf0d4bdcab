"""What is measured in a step equals what is computed by hand, and changes nothing in the run."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from builder.check import check
from builder.datasets import arrays
from builder.recipe import Recipe
from builder.templates import TEMPLATES
from builder.training import statistics
from builder.training.events import Batches, Layers, Stepped
from builder.training.job import train
from builder.training.making import make_loss, make_optimiser
from builder.training.statistics import Statistics, watched_layers
from builder.training.step import make_step

RECIPE = Recipe("iris", optimiser="SGD", arguments=(("lr", 0.1),), clipping="norm", clip_at=0.01)
NAMES = ("0", "1", "2")


def make_model() -> nn.Sequential:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(4, 5), nn.ReLU(inplace=True), nn.Linear(5, 3))


def batch() -> tuple[torch.Tensor, torch.Tensor]:
    found = arrays("iris")
    return torch.tensor(found.inputs[::8]), torch.tensor(found.targets[::8])


class Watched:
    """A model whose steps are measured, and what is told of them."""

    def __init__(self, model: nn.Sequential, recipe: Recipe = RECIPE) -> None:
        self.told: list = []
        optimiser = make_optimiser(recipe, model)
        step = make_step(model, model, make_loss(recipe), optimiser, None, recipe)
        self.statistics = Statistics(self.told.append, model, NAMES)
        self.step = self.statistics.watch(step, optimiser)

    def read(self) -> list:
        self.statistics.pass_on(Batches(1, (), (), 0.0, 0.0))
        found, self.told[:] = self.told[1:], []
        return found


def by_hand(model: nn.Sequential, inputs: torch.Tensor, targets: torch.Tensor):
    """One step without hooks: outputs, gradients before clipping, weights before and after."""
    first = model[0](inputs)
    outputs = [first.clone(), first.relu(), model[2](first.relu())]
    loss = nn.functional.cross_entropy(outputs[2], targets)
    gradients = torch.autograd.grad(loss, [*model.parameters()])
    total = torch.cat([each.flatten() for each in gradients]).norm()
    factor = min(1.0, 0.01 / (total.item() + 1e-6))
    return loss, outputs, gradients, [0.1 * factor * each for each in gradients]


def norm(*parts: torch.Tensor) -> float:
    return torch.cat([each.flatten() for each in parts]).norm().item()


def same(found: tuple[float, ...], expected: list[float]) -> None:
    assert found == pytest.approx(tuple(expected), rel=1e-4, abs=1e-7, nan_ok=True)


def test_a_measured_step_equals_one_by_hand():
    model, (inputs, targets) = make_model(), batch()
    watched = Watched(model)
    weights = [each.detach().clone() for each in model.parameters()]
    _, outputs, gradients, changes = by_hand(make_model(), inputs, targets)
    watched.step(inputs, targets)
    (layers,) = watched.read()
    assert layers.step == 1
    nan = math.nan
    same(layers.gradient_norms, [norm(*gradients[:2]), nan, norm(*gradients[2:])])
    same(layers.weight_norms, [norm(*weights[:2]), nan, norm(*weights[2:])])
    ratios = [norm(*changes[at : at + 2]) / norm(*weights[at : at + 2]) for at in (0, 2)]
    same(layers.update_ratios, [ratios[0], nan, ratios[1]])
    same(layers.means, [each.mean().item() for each in outputs])
    same(layers.deviations, [each.std(correction=0).item() for each in outputs])
    same(layers.zeros, [(each == 0).float().mean().item() for each in outputs])
    assert layers.zeros[1] > 0


def test_a_single_step_tells_what_it_did():
    model, (inputs, targets) = make_model(), batch()
    watched = Watched(model)
    watched.statistics.single = True
    loss, _, gradients, changes = by_hand(make_model(), inputs, targets)
    watched.step(inputs, targets)
    layers, stepped = watched.read()
    assert isinstance(stepped, Stepped)
    assert (stepped.step, stepped.samples, stepped.lr) == (1, len(targets), 0.1)
    assert stepped.loss == pytest.approx(loss.item())
    assert math.isnan(stepped.former_gradient)
    assert stepped.gradient == pytest.approx(norm(*gradients), rel=1e-4)
    at = max((0, 2), key=lambda each: layers.update_ratios[each])
    assert stepped.layer == NAMES[at]
    assert stepped.update == pytest.approx(norm(*changes[at : at + 2]), rel=1e-3)
    assert stepped.ratio == pytest.approx(layers.update_ratios[at], rel=1e-3)
    left = norm(*(each.grad for each in model.parameters()))
    watched.statistics.single = True
    watched.step(inputs, targets)
    assert watched.read()[1].former_gradient == pytest.approx(left, rel=1e-4)


def test_a_step_is_measured_when_it_is_due_and_no_hook_is_left(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(statistics, "perf_counter", lambda: now[0])
    model, given = make_model(), batch()
    watched = Watched(model)
    measured = []
    for _ in range(6):
        watched.step(*given)
        measured += [each.step for each in watched.read()]
        assert not any(each._forward_hooks for each in model.modules())
        assert not any(each._post_accumulate_grad_hooks for each in model.parameters())
        now[0] += 0.1
    assert measured == [1, 4]
    now[0] += 4000.0
    watched.step(*given)
    now[0] += 10.0  # the run goes on for 4,000 s by now: a step in 10 s is enough
    watched.step(*given)
    now[0] += 1.0
    watched.step(*given)
    assert [each.step for each in watched.read()] == [7, 9]


def test_what_measuring_costs_sets_how_often(monkeypatch):
    now = [0.0]

    def tick() -> float:
        now[0] += 0.01
        return now[0]

    model, given = make_model(), batch()
    watched = Watched(model)
    monkeypatch.setattr(statistics, "perf_counter", tick)
    watched.step(*given)
    spent = 9 * 0.01  # before, after, three outputs and four gradients
    assert watched.statistics._due == pytest.approx(now[0] + spent / statistics.SHARE)


@pytest.mark.parametrize("template", ["mlp", "lstm", "transformer"])
def test_measuring_every_step_changes_no_bit(monkeypatch, template):
    network = TEMPLATES[template].network()
    recipe = Recipe(epochs=1, seed=3, batch_size=256, device="cpu")
    monkeypatch.setattr(statistics, "INTERVAL", 0.0)
    monkeypatch.setattr(statistics, "SHARE", math.inf)
    monkeypatch.setattr(statistics, "SPREAD", math.inf)
    outcomes = []
    for live in (False, True):
        told: list = []
        model = train(network, recipe, told.append, threads=1, live=live)
        assert model is not None, told[-1]
        losses = [loss for each in told if isinstance(each, Batches) for loss in each.losses]
        outcomes.append((losses, model.state_dict()))
        measured = [each for each in told if isinstance(each, Layers)]
        assert len(measured) == (len(losses) if live else 0)
    (plain, weights), (watched, others) = outcomes
    assert plain == watched
    assert all(value.equal(others[name]) for name, value in weights.items())
    paths = told[0].layers
    assert (paths, told[0].kinds) == tuple(zip(*watched_layers(check(network)), strict=True))
    assert all(len(each.means) == len(paths) for each in measured)
    assert not any(map(math.isnan, measured[0].means))
