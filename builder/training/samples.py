"""The samples of a run: split, shaped for the network, standardised, and looked at for faults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from builder.datasets import Arrays, DataError, DataSet, arrays
from builder.datasets.adapt import adapt
from builder.document import TensorType
from builder.recipe import Recipe

NAMED = 5
"""How many columns or classes a message names."""


@dataclass(frozen=True)
class Part:
    """Some samples on the device: inputs float32 of samples × shape, and their targets.

    Targets are int64 of samples for a loss that compares classes, else float32 of samples × the
    network's outputs.
    """

    inputs: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)


@dataclass(frozen=True)
class Scale:
    """How inputs are standardised: mean and deviation of each number of a sample."""

    mean: Tensor
    deviation: Tensor

    def apply(self, inputs: Tensor) -> Tensor:
        """The inputs standardised; samples × shape."""
        return (inputs - self.mean) / self.deviation


def measure_scale(train_inputs: Tensor) -> Scale:
    """The scale that makes the training part have mean 0 and deviation 1."""
    return Scale(train_inputs.mean(0), train_inputs.std(0).clamp_min(1e-6))


def scale_of(recipe: Recipe, given: TensorType) -> Scale | None:
    """How a run of this recipe standardises inputs, or None when it leaves them as they are."""
    if not recipe.standardise:
        return None
    inputs = adapt(torch.tensor(arrays(recipe.data).inputs), given)
    generator = torch.Generator().manual_seed(recipe.seed)
    return measure_scale(inputs[draw_parts(recipe, len(inputs), generator)[0]])


def split(
    recipe: Recipe, given: TensorType, generator: torch.Generator, device: torch.device
) -> tuple[Part, Part]:
    """Training and validation part of the recipe's data, shaped for the network's input.

    Raises ValueError when a part would be empty.
    """
    loaded = arrays(recipe.data)
    inputs = adapt(torch.tensor(loaded.inputs), given)
    targets = torch.tensor(loaded.targets)
    if recipe.loss_spec.given == "logit":
        targets = targets.float().unsqueeze(1)
    held = recipe.held_out(len(inputs))
    taught, tested = draw_parts(recipe, len(inputs), generator)
    if not 0 < held < len(inputs) - 1:
        raise ValueError(
            f"holding out {recipe.validation:.0%} of {len(inputs)} samples leaves too few: "
            "training needs 2 at least and validation 1"
        )
    train_inputs, val_inputs = inputs[taught], inputs[tested]
    if recipe.standardise:
        scale = measure_scale(train_inputs)
        train_inputs, val_inputs = scale.apply(train_inputs), scale.apply(val_inputs)
    training = Part(train_inputs.to(device), targets[taught].to(device))
    return training, Part(val_inputs.to(device), targets[tested].to(device))


def draw_parts(recipe: Recipe, samples: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """The numbers of the training and of the validation samples, in the order of a run.

    Which are held out is drawn; without ``shuffle`` the others stand in the order of the data.
    """
    order, held = torch.randperm(samples, generator=generator), recipe.held_out(samples)
    taught, tested = order[held:], order[:held]
    return taught if recipe.shuffle else taught.sort().values, tested


def refuse_gaps(data_set: DataSet, loaded: Arrays) -> None:
    """Raise DataError when there are values that no network can learn from: NaN and infinity."""
    inputs = loaded.inputs.reshape(len(loaded.inputs), -1)
    bad = ~np.isfinite(inputs)
    where = _name_columns(data_set, bad.sum(0))
    if (lost := ~np.isfinite(loaded.targets)).any():
        bad = np.concatenate([bad, lost.reshape(len(lost), -1)], axis=1)
        where = [*where, f"the target ({int(lost.sum()):,})"]
    if samples := int(bad.any(1).sum()):
        raise DataError(
            f"{data_set.title} has values that are no numbers (NaN or infinity) in "
            f"{_count(samples, 'sample')}: {_list(where)}. One such value makes the whole network "
            "NaN: fill them in or leave these samples out."
        )


def _name_columns(data_set: DataSet, counts: np.ndarray) -> list[str]:
    """Each faulty column with the number of its faults, as far as columns have names."""
    faulty = np.flatnonzero(counts)
    if data_set.is_image and len(faulty):
        return [f"{_count(int(counts.sum()), 'pixel')}"]
    names = data_set.features_named or tuple(f"x{at}" for at in range(len(counts)))
    return [f"{names[at]} ({int(counts[at]):,})" for at in faulty]


def absent_classes(data_set: DataSet, training: Part, validation: Part) -> str | None:
    """Which classes a part has no sample of, and what that means; None when all are there."""
    if data_set.target.kind != "classes":
        return None
    untaught, untested = (_absent(data_set, part) for part in (training, validation))
    said = []
    if untaught:
        said.append(f"There is no training sample of {_list(untaught)}, so that can't be learnt.")
    if untested := [name for name in untested if name not in untaught]:
        said.append(
            f"There is no validation sample of {_list(untested)}, so nothing is known of how "
            "well that is learnt."
        )
    return " ".join([*said, "Another seed or validation share splits otherwise."]) if said else None


def _absent(data_set: DataSet, part: Part) -> list[str]:
    names = data_set.target.names
    counts = torch.bincount(part.targets.long().flatten(), minlength=len(names)).tolist()
    return [name for name, count in zip(names, counts, strict=True) if not count]


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _list(words: Sequence[str]) -> str:
    """``a, b and c``; of many only the first ones."""
    shown = [*words[:NAMED], *([f"{len(words) - NAMED:,} more"] if len(words) > NAMED else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
