"""The doctor: finds in a run's own numbers what ails it, and the change that mends it.

An ailment is one entry in one file of this package, named once below. Each is a pure function of
a ``Case``, cheap enough for a look at a run of 100,000 batches while it goes on.
"""

from __future__ import annotations

from builder.doctor.case import Ailment, Case
from builder.doctor.diagnosis import Change, Diagnosis
from builder.doctor.ending import ENDING, from_issue
from builder.doctor.layers import ACTIVATION_DEAD, GRADIENT_VANISHES
from builder.doctor.loss import LOSS_JUMPS, LOSS_LOST
from builder.doctor.order import SAMPLES_SORTED
from builder.doctor.overfitting import OVERFITTING
from builder.doctor.progress import LOSS_FLAT, UPDATES_TINY, WEIGHTS_ALIKE

AILMENTS = (
    LOSS_LOST,
    ENDING,
    LOSS_JUMPS,
    WEIGHTS_ALIKE,
    ACTIVATION_DEAD,
    GRADIENT_VANISHES,
    UPDATES_TINY,
    LOSS_FLAT,
    OVERFITTING,
    SAMPLES_SORTED,
)
"""Every ailment, causes before what may follow from them."""

__all__ = ["AILMENTS", "Ailment", "Case", "Change", "Diagnosis", "diagnose", "from_issue"]


def diagnose(case: Case) -> tuple[Diagnosis, ...]:
    """What ails a run so far, the gravest first; what follows from another ailment is not told."""
    found: list[Diagnosis] = []
    hidden: set[str] = set()
    for ailment in AILMENTS:
        if ailment.id not in hidden and (diagnosis := ailment.find(case)):
            found.append(diagnosis)
            hidden.update(ailment.hides)
    return tuple(found)
