"""The losses that a recipe may name; one is one entry, with the targets that it takes.

Left out everywhere: ``reduction`` (the loop needs one number, the mean over the batch), its old
spellings ``size_average`` and ``reduce``, ``ignore_index`` (no data set has such targets), and the
tensors ``weight`` and ``pos_weight``, for which a form has no field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from builder.catalogue.kinds import Number
from builder.catalogue.spec import Parameter
from builder.choice import Choice
from builder.datasets.entry import Target


def _numbers(target: Target) -> int | None:
    return target.outputs if target.kind == "numbers" else None


def _classes(target: Target) -> int | None:
    return target.outputs if target.kind == "classes" else None


def _one_of_two(target: Target) -> int | None:
    return 1 if _classes(target) == 2 else None


@dataclass(frozen=True)
class LossSpec(Choice):
    """One entry: the torch class, its arguments, and what the network must give it.

    ``outputs`` is how many numbers a network must end in for a target, or None where the loss
    doesn't take that target. ``given`` says what these numbers are: the quantities themselves,
    logits that a softmax or a sigmoid inside the loss turns into probabilities, or logarithms of
    probabilities.
    """

    module: str = "nn"
    outputs: Callable[[Target], int | None] = _numbers
    given: Literal["quantities", "logits", "logit", "log-probabilities"] = "quantities"


_ALL = (
    LossSpec(
        "MSELoss",
        "mean of the squared errors; a large error counts much",
        (),
    ),
    LossSpec(
        "L1Loss",
        "mean of the absolute errors; outliers count little",
        (),
    ),
    LossSpec(
        "SmoothL1Loss",
        "squared errors near 0 (divided by beta), absolute ones beyond",
        (
            Parameter(
                "beta", Number(minimum=0), 1.0, "error at which it turns from squared to absolute"
            ),
        ),
    ),
    LossSpec(
        "HuberLoss",
        "squared errors near 0, absolute ones (times delta) beyond",
        (
            Parameter(
                "delta", Number(above=0), 1.0, "error at which it turns from squared to absolute"
            ),
        ),
    ),
    LossSpec(
        "CrossEntropyLoss",
        "how little probability the right class is given; takes logits, one for each class",
        (
            Parameter(
                "label_smoothing",
                Number(minimum=0, maximum=1),
                0.0,
                "share of the target that is spread over all classes",
            ),
        ),
        outputs=_classes,
        given="logits",
    ),
    LossSpec(
        "NLLLoss",
        "as cross-entropy, for a network that ends in LogSoftmax",
        (),
        outputs=_classes,
        given="log-probabilities",
    ),
    LossSpec(
        "BCEWithLogitsLoss",
        "for two classes and a network with one output: above 0 means the second class",
        (),
        outputs=_one_of_two,
        given="logit",
    ),
)

LOSSES: Mapping[str, LossSpec] = MappingProxyType({each.name: each for each in _ALL})
"""Every entry by its name."""

_SUGGESTED = {"classes": "CrossEntropyLoss", "numbers": "MSELoss"}


def suggest(target: Target) -> LossSpec:
    """The loss to take for this target unless another is chosen."""
    return LOSSES[_SUGGESTED[target.kind]]


def taking(target: Target) -> tuple[LossSpec, ...]:
    """The losses that take this target."""
    return tuple(each for each in _ALL if each.outputs(target) is not None)
