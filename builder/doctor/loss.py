"""A loss that is lost, or that jumps: steps that are too long."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from builder.doctor.case import Ailment, Case
from builder.doctor.diagnosis import Change, Diagnosis, number, set_argument

FAR = 1000
"""A rate this many times the optimiser's usual one is a slip, and dividing it by 10 no help."""
LOST = 4.0
"""A run that ends this many times above its start has exploded: without learning it would stay."""
JUMP = 5.0
"""A mean over 64 samples or more never rises so far above the start by chance: the largest of 25
sound runs (small batches, unscaled numbers) is 1.7 times."""
SURE = 10
"""Batches before a rise counts: the first steps of Adam may overshoot."""


def smaller_rate(case: Case) -> Change:
    """A rate ten times smaller; of one that is far off, ten times the usual one."""
    usual = case.usual_rate
    rate = usual * 10 if case.rate > FAR * usual else case.rate / 10
    rate = float(f"{rate:.3g}")
    return Change(
        f"Set the learning rate to {rate:g}", recipe=set_argument(case.recipe, "lr", rate)
    )


def shorter_steps(case: Case) -> Change:
    """Standardised inputs where those of a table are raw, else a smaller rate."""
    raw = not case.recipe.standardise and not case.recipe.data_set.is_image
    if raw and case.rate <= case.usual_rate * 10:
        return Change(
            "Standardise the inputs", recipe=replace(case.recipe, normalise="standardise")
        )
    return smaller_rate(case)


def find_lost(case: Case) -> Diagnosis | None:
    """The first batch whose loss is no finite number, or a loss that ends far above its start."""
    bad = np.flatnonzero(~np.isfinite(case.losses))
    if len(bad):
        return _lost(case, int(bad[0]))
    if len(case.losses) < SURE or not case.late > LOST * case.start > 0:
        return None
    top = int(np.argmax(case.losses))
    return Diagnosis(
        "lost",
        "The loss explodes",
        f"It was {number(case.start)} at the start, {number(case.losses[top])} at batch "
        f"{top + 1:,}, and is {number(case.late)} of late, with a learning rate of "
        f"{number(case.rate)}.",
        "Each step goes so far past the lowest point that it ends higher than it began. "
        "Shorter steps stay in the valley.",
        shorter_steps(case),
        step=top + 1,
    )


def _lost(case: Case, at: int) -> Diagnosis:
    name = number(case.losses[at])
    before = f"{number(case.losses[at - 1])} at batch {at:,} and " if at else ""
    return Diagnosis(
        "lost",
        f"The loss became {name}",
        f"It was {before}{name} at batch {at + 1:,}, with a learning rate of {number(case.rate)}.",
        "The steps are so long that the weights grew beyond what a number can hold; once a weight "
        "is NaN, all that is computed from it is NaN too, and nothing is learnt any more.",
        shorter_steps(case),
        step=at + 1,
    )


def find_jump(case: Case) -> Diagnosis | None:
    """A loss that leapt far above its start, though it came back."""
    if len(case.losses) < SURE or not case.start > 0:
        return None
    top = int(np.argmax(case.smooth))
    high = float(case.smooth[top])
    if not (math.isfinite(high) and high > JUMP * case.start):
        return None
    step = top * (len(case.losses) // len(case.smooth)) + 1
    return Diagnosis(
        "jump",
        "The learning rate is too large",
        f"The loss leapt from {number(case.start)} to {number(high)} at batch {step:,} and is "
        f"{number(case.late)} of late, with a learning rate of {number(case.rate)}.",
        "Steps that are too long jump over the low places and throw the weights where little can "
        "be learnt any more.",
        shorter_steps(case),
        step=step,
    )


LOSS_LOST = Ailment(
    "lost",
    "a loss that is NaN or explodes",
    find_lost,
    hides=("jump", "dead", "vanishing", "slow", "flat", "overfitting", "order", "alike"),
)
LOSS_JUMPS = Ailment(
    "jump",
    "a learning rate that is too large",
    find_jump,
    hides=("dead", "vanishing", "slow", "flat"),
)
