"""Optimisers, losses and schedules are torch's own: every argument, torch's defaults."""

from __future__ import annotations

import inspect

import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler

from builder.catalogue.kinds import Flag, OneOf
from builder.catalogue.spec import REQUIRED, Parameter
from builder.choice import Choice, Numbers, start_of
from builder.datasets import DATA_SETS, Target
from builder.losses import LOSSES, suggest, taking
from builder.optimisers import OPTIMISERS, OptimiserSpec
from builder.recipe import SETTINGS, Recipe
from builder.schedules import SCHEDULES
from builder.training.making import make_schedule

EVERY = {**OPTIMISERS, **LOSSES, **SCHEDULES}
MODULES = {"torch.optim": torch.optim, "nn": nn, "torch.optim.lr_scheduler": lr_scheduler}
LEFT_OUT = {
    "torch.optim": {"params", "foreach", "fused", "capturable", "differentiable", "maximize"},
    "nn": {"size_average", "reduce", "reduction", "weight", "pos_weight", "ignore_index"},
    "torch.optim.lr_scheduler": {"optimizer", "last_epoch"},
}
FROM_THE_RUN = {
    "CyclicLR": {"scale_fn", "scale_mode"},
    "OneCycleLR": {"total_steps", "epochs", "steps_per_epoch"},
    "ReduceLROnPlateau": {"mode"},
}
each_entry = pytest.mark.parametrize("entry", EVERY.values(), ids=list(EVERY))
each_optimiser = pytest.mark.parametrize("entry", OPTIMISERS.values(), ids=list(OPTIMISERS))
each_schedule = pytest.mark.parametrize("entry", SCHEDULES.values(), ids=list(SCHEDULES))


@each_entry
def test_arguments_and_defaults_are_torchs(entry: Choice) -> None:
    signature = inspect.signature(getattr(MODULES[entry.module], entry.name))
    left_out = LEFT_OUT[entry.module] | FROM_THE_RUN.get(entry.name, set())
    torchs = {
        each.name: REQUIRED if each.default is inspect.Parameter.empty else each.default
        for each in signature.parameters.values()
        if each.name not in left_out
    }
    assert {each.name: each.default for each in entry.parameters} == torchs
    assert [each.name for each in entry.parameters] == list(torchs)


@each_entry
def test_every_argument_has_its_help_and_a_start_that_is_allowed(entry: Choice) -> None:
    assert entry.summary
    for parameter in (*entry.parameters, *SETTINGS.values()):
        assert parameter.help
        assert parameter.kind.problem(parameter.kind.parse(start_of(parameter))) is None


def other(parameter: Parameter) -> object:
    """A value that is not the one at the start, and is allowed."""
    start = start_of(parameter)
    match parameter.kind:
        case Flag():
            return not start
        case OneOf(options):
            return next(each for each in options if each != start)
        case Numbers():
            return (0.25, 1.75) if parameter.name in ("etas", "step_sizes") else (0.25, 0.5)
    if parameter.name == "milestones":
        return (1, 3)
    if isinstance(start, int) and not isinstance(start, bool):
        return start + 1
    found = parameter.kind.nearest(0.625)
    return found if found != start else parameter.kind.nearest(0.375)


@each_optimiser
def test_every_argument_can_be_set_and_torch_takes_it(entry: Choice) -> None:
    values = {each.name: other(each) for each in entry.parameters}
    if entry.name == "SGD":
        values["dampening"] = 0.0
    recipe = Recipe(optimiser=entry.name, arguments=tuple(values.items()))
    made = getattr(torch.optim, entry.name)(
        [torch.zeros(1)], **dict(recipe.optimiser_call.arguments)
    )
    assert {name: made.defaults[name] for name in values} == values
    assert recipe.optimiser_arguments == values


@each_optimiser
def test_fused_steps_are_those_of_single_operations_but_for_rounding(entry: OptimiserSpec) -> None:
    if not entry.fused:
        assert "fused" not in dict(Recipe(optimiser=entry.name).optimiser_call.arguments)
        return
    weights = []
    for fused in (True, False):
        torch.manual_seed(0)
        model = nn.Linear(5, 3)
        arguments = dict(Recipe(optimiser=entry.name).optimiser_call.arguments)
        assert arguments.pop("fused") is True
        optimiser = getattr(torch.optim, entry.name)(model.parameters(), fused=fused, **arguments)
        for _ in range(20):
            optimiser.zero_grad()
            model(torch.ones(4, 5)).square().sum().backward()
            optimiser.step()
        weights.append(model.weight.detach())
    torch.testing.assert_close(*weights)


SETS = {
    "Adam": [{}, {"amsgrad": True}],
    "AdamW": [{}, {"amsgrad": True}],
    "SGD": [{}, {"momentum": 0.9}],
    "RMSprop": [{}, {"momentum": 0.9}, {"centered": True}, {"momentum": 0.5, "centered": True}],
}


@each_optimiser
def test_copies_are_what_torch_keeps(entry: Choice) -> None:
    for given in SETS.get(entry.name, [{}]):
        recipe = Recipe(optimiser=entry.name, arguments=tuple(given.items()))
        weight = nn.Parameter(torch.ones(64, 64))
        made = getattr(torch.optim, entry.name)([weight], **given)
        weight.grad = torch.ones_like(weight)
        made.step()
        held = sum(each.numel() for each in made.state[weight].values() if torch.is_tensor(each))
        assert recipe.spec.copies(recipe.optimiser_arguments) == held // weight.numel()


@each_schedule
def test_every_schedule_is_made_with_every_argument_set(entry: Choice) -> None:
    values = {each.name: other(each) for each in entry.parameters}
    recipe = Recipe(schedule=entry.name, schedule_arguments=tuple(values.items()))
    optimiser = torch.optim.Adam([nn.Parameter(torch.ones(1))], lr=0.01)
    made = make_schedule(recipe, optimiser, 5)
    assert type(made) is getattr(lr_scheduler, entry.name)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_goes_down_for_outputs_of_the_size_it_asks_for(name: str) -> None:
    loss = LOSSES[name]
    target = next(
        each.target for each in DATA_SETS.values() if loss.outputs(each.target) is not None
    )
    size = loss.outputs(target)
    assert size is not None
    outputs = torch.zeros(4, size, requires_grad=True)
    numbers = torch.ones(4, size)
    wanted = torch.tensor([0, 1, 1, 0])
    given = outputs.log_softmax(1) if loss.given == "log-probabilities" else outputs
    value = getattr(nn, name)()(
        given, wanted if loss.given in ("logits", "log-probabilities") else numbers
    )
    value.backward()
    assert value.item() > 0
    assert outputs.grad is not None
    assert outputs.grad.abs().sum() > 0


def test_which_losses_take_which_target() -> None:
    numbers, two = Target("numbers", ("x", "y")), Target("classes", ("no", "yes"))
    three = Target("classes", ("a", "b", "c"))
    found = {
        target: {each.name: each.outputs(target) for each in taking(target)}
        for target in (numbers, two, three)
    }
    assert found == {
        numbers: {"MSELoss": 2, "L1Loss": 2, "SmoothL1Loss": 2, "HuberLoss": 2},
        two: {"CrossEntropyLoss": 2, "NLLLoss": 2, "BCEWithLogitsLoss": 1},
        three: {"CrossEntropyLoss": 3, "NLLLoss": 3},
    }
    assert [suggest(each).name for each in found] == ["MSELoss"] + 2 * ["CrossEntropyLoss"]


def test_tuples_of_numbers_keep_their_limits() -> None:
    kind = Numbers(minimum=0, below=1)
    assert kind.parse([0, 0.5]) == (0.0, 0.5)
    assert kind.problem((0.0, 1.0)) == "must each be at least 0 and below 1, but are (0.0, 1.0)"
    assert kind.nearest((-1.0, 2.0)) == (0.0, 0.9999999999999999)
    assert Numbers(above=0).problem((0.0, 1.0)) == "must each be above 0, but are (0.0, 1.0)"
    assert Numbers(holes=True).parse([None, 1]) == (None, 1.0)
    for wrong in ([1], [1, None], [1, True], [1, float("nan")], 1, "ab"):
        with pytest.raises(ValueError, match="expected 2 numbers, got"):
            kind.parse(wrong)
