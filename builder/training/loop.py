"""The arithmetic of a run, which an exported train.py repeats line by line, bit for bit on CPU.

Order of random draws
---------------------
1. ``torch.manual_seed(seed)``; the model is built right after it, on the CPU, and its initial
   weights are the first draws of torch's global generator; rules of the network's own for initial
   weights draw next (``builder.initial_weights``). Nothing but the layers themselves (dropout)
   draws from that generator later.
2. ``generator = torch.Generator().manual_seed(seed)``, a generator of its own on the CPU. Its
   first draw is ``torch.randperm(samples)``, which splits the samples. Without ``shuffle``
   those that are kept for training then stand in the order of the data.
3. Each epoch with ``shuffle`` draws ``torch.randperm(training samples)`` from it; validation and
   epochs without ``shuffle`` draw nothing.

Order within a run
------------------
A batch: outputs, loss, gradients, clipping, the optimiser's step, the step of a schedule that
goes by batches. An epoch: its batches, validation, the step of a schedule that goes by epochs,
early stopping.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from builder.recipe import Recipe
from builder.training.events import Epoch
from builder.training.making import Schedule, make_loss, make_optimiser, make_schedule, rate_of
from builder.training.measure import Measure, confusion_matrix, mean_score, measure_of
from builder.training.memory import VALIDATION_BATCH
from builder.training.recorder import Recorder
from builder.training.samples import Part
from builder.training.statistics import Statistics
from builder.training.step import Forward, Step, make_forward, make_scaler, make_step


@dataclass(frozen=True)
class Validation:
    """How a model does on samples it has not learnt from.

    ``confusion`` is classes × classes, and empty where numbers are predicted.
    """

    loss: float
    metric: float
    confusion: tuple[tuple[int, ...], ...]


@dataclass
class Patience:
    """Early stopping: after ``epochs`` without a loss lower by ``delta`` than the best, enough."""

    epochs: int | None
    delta: float
    best: float = math.inf
    waited: int = 0

    def is_lost(self, loss: float) -> bool:
        """Whether this loss was one too many; one that is NaN is no progress."""
        if loss < self.best - self.delta:
            self.best, self.waited = loss, 0
        else:
            self.waited += 1
        return self.epochs is not None and self.waited >= self.epochs


def train_epoch(
    step: Step,
    part: Part,
    recipe: Recipe,
    generator: torch.Generator,
    recorder: Recorder,
    should_stop: Callable[[], bool],
    hold: Callable[[], object],
) -> bool:
    """One pass through the training part; False when it was stopped before the end.

    ``hold`` is called before each step, and returns when the step may be made.
    """
    samples, size = len(part), recipe.batch_size
    if recipe.shuffle:
        order = torch.randperm(samples, generator=generator)
    else:
        order = torch.arange(samples)
    order = order.to(part.targets.device)
    for start in recipe.batch_starts(samples):
        hold()
        if should_stop():
            return False
        index = order[start : start + size]
        targets = part.targets.index_select(0, index)  # as by [index], but rows copied whole
        loss, outputs = step(part.inputs.index_select(0, index), targets)
        recorder.add(loss, outputs, targets)
    return True


def validate(
    model: nn.Module, part: Part, recipe: Recipe, should_stop: Callable[[], bool]
) -> Validation | None:
    """Loss, metric and confusion on the validation part; None when it was stopped."""
    forward = make_forward(model, recipe, part.inputs.device)
    measure, names = measure_of(recipe.loss_spec), recipe.data_set.target.names
    return _validate(model, forward, part, make_loss(recipe), measure, len(names), should_stop)


@torch.inference_mode()
def _validate(
    model: nn.Module,
    forward: Forward,
    part: Part,
    loss_function: nn.Module,
    measure: Measure,
    classes: int,
    should_stop: Callable[[], bool],
) -> Validation | None:
    model.eval()
    total, scores, predicted = 0.0, [], []
    for start in range(0, len(part), VALIDATION_BATCH):
        if should_stop():
            return None
        targets = part.targets[start : start + VALIDATION_BATCH]
        inputs = part.inputs[start : start + VALIDATION_BATCH].clone()  # layers may write into it
        outputs = forward(inputs)
        total += loss_function(outputs, targets).item() * len(targets)
        scores.append(measure.scores(outputs, targets).cpu())
        if measure.classes:
            predicted.append(measure.classes(outputs))
    confusion = _count(predicted, part.targets, classes)
    return Validation(total / len(part), mean_score(scores), confusion)


def _count(predicted: list[Tensor], targets: Tensor, classes: int) -> tuple[tuple[int, ...], ...]:
    if not predicted:
        return ()
    counts = confusion_matrix(torch.cat(predicted), targets, classes)
    return tuple(map(tuple, counts.tolist()))


def run_epochs(
    model: nn.Module,
    training: Part,
    validation: Part,
    recipe: Recipe,
    generator: torch.Generator,
    recorder: Recorder,
    should_stop: Callable[[], bool],
    statistics: Statistics | None = None,
    hold: Callable[[], object] = bool,
) -> tuple[str, Validation | None]:
    """All epochs; how it ended, and the last test on the validation part if it still holds.

    It ends "done", "stopped", "early" (the validation loss no longer fell) or "time" (the limit
    was reached). An epoch that was stopped half-way is not reported: its numbers would be those of
    a part.
    """
    device = training.inputs.device
    optimiser = make_optimiser(recipe, model)
    schedule = make_schedule(recipe, optimiser, len(recipe.batch_starts(len(training))))
    forward = make_forward(model, recipe, device)
    scaler = make_scaler(recipe, device)
    step = make_step(model, forward, make_loss(recipe), optimiser, schedule, recipe, scaler)
    if statistics is not None:
        step = statistics.watch(step, optimiser, scaler)
    after_epoch = _make_epoch_step(recipe, schedule)
    patience = Patience(recipe.patience, recipe.min_delta)
    found = None
    recorder.begin(lambda: rate_of(optimiser))
    is_over, must_end = _make_limits(recipe, recorder, should_stop)
    for epoch in range(1, recipe.epochs + 1):
        recorder.resume()
        model.train()
        if not train_epoch(step, training, recipe, generator, recorder, must_end, hold):
            recorder.flush()
            return "time" if is_over() else "stopped", None
        means = recorder.end_epoch()
        found = validate(model, validation, recipe, must_end)
        if found is None:
            return "time" if is_over() else "stopped", None
        tested = found.loss, found.metric
        recorder.send(Epoch(epoch, recorder.steps, *means, *tested, recorder.seconds))
        after_epoch(found.loss)
        if patience.is_lost(found.loss):
            return "early", found
    return "done", found


def _make_limits(
    recipe: Recipe, recorder: Recorder, should_stop: Callable[[], bool]
) -> tuple[Callable[[], bool], Callable[[], bool]]:
    """Whether the time limit is reached, and whether the run must end for whatever reason."""
    limit = recipe.time_limit
    if limit is None:
        return lambda: False, should_stop
    return lambda: recorder.seconds > limit, lambda: recorder.seconds > limit or should_stop()


def _make_epoch_step(recipe: Recipe, schedule: Schedule | None) -> Callable[[float], object]:
    """What a schedule does after an epoch, given the validation loss."""
    spec = recipe.schedule_spec
    if schedule is None or spec is None or spec.per == "batch":
        return lambda loss: None
    step: Callable[..., object] = schedule.step
    return step if spec.watches else lambda loss: step()
