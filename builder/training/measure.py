"""What a metric counts: a score for each sample, and the classes that outputs stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from builder.losses import LossSpec

Scores = Callable[[Tensor, Tensor], Tensor]
"""From outputs and targets to what each sample adds to the metric's mean: N, or N × numbers."""


def _right(outputs: Tensor, targets: Tensor) -> Tensor:
    return outputs.argmax(1) == targets


def _right_side(outputs: Tensor, targets: Tensor) -> Tensor:
    return ((outputs > 0) == (targets > 0.5)).squeeze(1)


def _error(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs - targets).abs()


def _both_sides(outputs: Tensor) -> Tensor:
    second = outputs.sigmoid()
    return torch.cat([1 - second, second], 1)


@dataclass(frozen=True)
class Measure:
    """How outputs are judged.

    Where they stand for classes, ``classes`` turns them into these, and ``probabilities`` into
    one number for each class, which add up to 1.
    """

    scores: Scores
    classes: Callable[[Tensor], Tensor] | None = None
    probabilities: Callable[[Tensor], Tensor] | None = None


MEASURES: Mapping[str, Measure] = {
    "quantities": Measure(_error),
    "logits": Measure(
        _right, lambda outputs: outputs.argmax(1), lambda outputs: outputs.softmax(1)
    ),
    "log-probabilities": Measure(_right, lambda outputs: outputs.argmax(1), torch.exp),
    "logit": Measure(_right_side, lambda outputs: (outputs > 0).long().squeeze(1), _both_sides),
}


def measure_of(loss: LossSpec) -> Measure:
    """How outputs are judged that are made for this loss."""
    return MEASURES[loss.given]


def mean_score(scores: list[Tensor]) -> float:
    """The mean over all samples, and all numbers of each, of scores in the CPU's memory."""
    return torch.cat(scores).double().mean().item()


def mean_scores(scores: Tensor, sizes: list[int]) -> list[float]:
    """The mean over each of the batches, of these sizes, that the scores of N samples are of."""
    rows = scores.double().flatten(1).mean(1) if scores.dim() > 1 else scores.double()
    lengths = torch.tensor(sizes)
    index = torch.repeat_interleave(lengths, output_size=len(rows))
    sums = torch.zeros(len(sizes), dtype=rows.dtype).index_add_(0, index, rows)
    return (sums / lengths).tolist()


def confusion_matrix(predicted: Tensor, targets: Tensor, classes: int) -> Tensor:
    """Count of samples by true class (row) and predicted class (column).

    Shape: both of N samples, to classes × classes, int64.
    """
    cells = targets.long().flatten() * classes + predicted
    return torch.bincount(cells, minlength=classes * classes).reshape(classes, classes)
