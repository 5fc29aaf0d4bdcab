"""What the network ends in and what the loss expects: a softmax too many, a wrong output size."""

from __future__ import annotations

import math

from builder.check import Issue
from builder.doctor.case import Ailment, Case
from builder.doctor.diagnosis import Change, Diagnosis, number
from builder.fit import advice
from builder.losses import LossSpec

TITLES = {
    "probabilities": "Probabilities are made twice",
    "log-probabilities": "The loss expects logarithms",
    "output": "The output has another size than the target",
    "input": "The input is not what the data give",
}


def from_issue(issue: Issue, seen: str = "") -> Diagnosis | None:
    """An issue of network and data as the doctor tells it; None for one that is no ailment."""
    if issue.code not in TITLES:
        return None
    repair = issue.repair
    change = Change(repair.label, repair.operations) if repair else None
    return Diagnosis(issue.code, TITLES[issue.code], seen, issue.message, change, issue.block)


def find_ending(case: Case) -> Diagnosis | None:
    """What ``advice`` warns of, with what the run shows of it."""
    spec = case.recipe.loss_spec
    issue = advice(case.report, spec)
    if issue is None or not case.epochs:
        return None
    seen = f"The loss went from {number(case.start)} to {number(case.late)}."
    if issue.code == "probabilities":
        floor = least_loss(spec, case.recipe.data_set.target.outputs)
        seen = f"{seen} With such an end it can't fall below {number(floor)}."
    return from_issue(issue, seen)


def least_loss(spec: LossSpec, classes: int) -> float:
    """What is left when a softmax gives the right class all: ln(1 + (C − 1) / e) for C classes.

    The loss takes these probabilities, 1 and 0, for logits. With a sigmoid and one output the
    first of two classes has ln 2 left and the second ln(1 + 1 / e): the mean of both.
    """
    if spec.given == "logit":
        return (math.log(2) + math.log1p(math.exp(-1))) / 2
    return math.log1p((classes - 1) / math.e)


ENDING = Ailment(
    "ending",
    "an end that does not go with the loss",
    find_ending,
    hides=("flat", "slow", "vanishing", "overfitting"),
)
