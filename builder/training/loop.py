"""The arithmetic of a run, which an exported train.py repeats line by line, bit for bit on CPU.

Order of random draws
---------------------
1. ``torch.manual_seed(seed)``; the model is built right after it, on the CPU, and its initial
   weights are the first draws of torch's global generator; rules of the network's own for initial
   weights draw next (``builder.initial_weights``). Nothing but the layers themselves (dropout)
   draws from that generator later.
2. ``generator = torch.Generator().manual_seed(seed)``, a generator of its own on the CPU. Its
   first draw is ``torch.randperm(samples)``, which splits the samples.
3. Each epoch with ``shuffle`` draws ``torch.randperm(training samples)`` from it; validation and
   epochs without ``shuffle`` draw nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from builder.datasets import arrays
from builder.datasets.adapt import adapt
from builder.document import TensorType
from builder.recipe import Recipe
from builder.training.events import Epoch
from builder.training.memory import VALIDATION_BATCH
from builder.training.recorder import Recorder


@dataclass(frozen=True)
class Part:
    """Some samples on the device: inputs float32 of samples × shape, targets int64 of samples."""

    inputs: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)


@dataclass(frozen=True)
class Validation:
    """How a model does on samples it has not learnt from; confusion is classes × classes."""

    loss: float
    accuracy: float
    confusion: tuple[tuple[int, ...], ...]


def split(
    recipe: Recipe, given: TensorType, generator: torch.Generator, device: torch.device
) -> tuple[Part, Part]:
    """Training and validation part of the recipe's data, shaped for the network's input.

    Raises ValueError when a part would be empty.
    """
    loaded = arrays(recipe.data)
    inputs = adapt(torch.tensor(loaded.inputs), given)
    targets = torch.tensor(loaded.targets)
    order = torch.randperm(len(inputs), generator=generator)
    held = round(len(inputs) * recipe.validation)
    if not 0 < held < len(inputs) - 1:
        raise ValueError(
            f"holding out {recipe.validation:.0%} of {len(inputs)} samples leaves too few: "
            "training needs 2 at least and validation 1"
        )
    train_inputs, val_inputs = inputs[order[held:]], inputs[order[:held]]
    if recipe.standardise:
        mean = train_inputs.mean(0)
        deviation = train_inputs.std(0).clamp_min(1e-6)
        train_inputs = (train_inputs - mean) / deviation
        val_inputs = (val_inputs - mean) / deviation
    training = Part(train_inputs.to(device), targets[order[held:]].to(device))
    return training, Part(val_inputs.to(device), targets[order[:held]].to(device))


def make_loss(recipe: Recipe) -> nn.Module:
    """The recipe's loss function."""
    made: nn.Module = getattr(nn, recipe.loss)()
    return made


def make_optimiser(recipe: Recipe, model: nn.Module) -> torch.optim.Optimizer:
    """The recipe's optimiser over the model's parameters that are not frozen."""
    made: torch.optim.Optimizer = getattr(torch.optim, recipe.optimiser)(
        [each for each in model.parameters() if each.requires_grad],
        **dict(recipe.optimiser_call.arguments),
    )
    return made


def batch_starts(samples: int, size: int) -> range:
    """Where each batch begins; a last batch of one sample is left out (BatchNorm needs two)."""
    if size > 1 and samples % size == 1:
        samples -= 1
    return range(0, samples, size)


def train_epoch(
    model: nn.Module,
    part: Part,
    recipe: Recipe,
    loss_function: nn.Module,
    optimiser: torch.optim.Optimizer,
    generator: torch.Generator,
    recorder: Recorder,
    should_stop: Callable[[], bool],
) -> bool:
    """One pass through the training part; False when it was stopped before the end."""
    model.train()
    samples, size = len(part), recipe.batch_size
    if recipe.shuffle:
        order = torch.randperm(samples, generator=generator)
    else:
        order = torch.arange(samples)
    order = order.to(part.targets.device)
    for start in batch_starts(samples, size):
        if should_stop():
            return False
        index = order[start : start + size]
        targets = part.targets[index]
        outputs = model(part.inputs[index])
        loss = loss_function(outputs, targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        recorder.add(loss, outputs, targets)
    return True


@torch.inference_mode()
def validate(
    model: nn.Module, part: Part, loss_function: nn.Module, should_stop: Callable[[], bool]
) -> Validation | None:
    """Loss, accuracy and confusion on the validation part; None when it was stopped."""
    model.eval()
    total, confusion = 0.0, None
    for start in range(0, len(part), VALIDATION_BATCH):
        if should_stop():
            return None
        targets = part.targets[start : start + VALIDATION_BATCH]
        inputs = part.inputs[start : start + VALIDATION_BATCH].clone()  # layers may write into it
        outputs = model(inputs)
        total += loss_function(outputs, targets).item() * len(targets)
        counted = confusion_matrix(outputs, targets)
        confusion = counted if confusion is None else confusion + counted
    assert confusion is not None
    accuracy = int(confusion.trace().item()) / len(part)
    return Validation(total / len(part), accuracy, tuple(map(tuple, confusion.tolist())))


def confusion_matrix(outputs: Tensor, targets: Tensor) -> Tensor:
    """Count of samples by true class (row) and class with the largest output (column).

    Shape: outputs N×C and targets N to C×C, int64.
    """
    classes = outputs.shape[1]
    cells = targets * classes + outputs.argmax(1)
    return torch.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def run_epochs(
    model: nn.Module,
    training: Part,
    validation: Part,
    recipe: Recipe,
    generator: torch.Generator,
    recorder: Recorder,
    should_stop: Callable[[], bool],
) -> tuple[str, Validation | None]:
    """All epochs; "done" or "stopped", and the last test on the validation part if it still holds.

    An epoch that was stopped half-way is not reported: its numbers would be those of a part.
    """
    loss_function = make_loss(recipe)
    optimiser = make_optimiser(recipe, model)
    found = None
    recorder.begin()
    for epoch in range(1, recipe.epochs + 1):
        recorder.resume()
        if not train_epoch(
            model, training, recipe, loss_function, optimiser, generator, recorder, should_stop
        ):
            recorder.flush()
            return "stopped", None
        train_loss, train_accuracy = recorder.end_epoch()
        found = validate(model, validation, loss_function, should_stop)
        if found is None:
            return "stopped", None
        val_loss, val_accuracy = found.loss, found.accuracy
        steps, seconds = recorder.steps, recorder.seconds
        recorder.send(
            Epoch(epoch, steps, train_loss, train_accuracy, val_loss, val_accuracy, seconds)
        )
    return "done", found
