"""What the browser asks to see on the cards, read with suspicion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Weights = Literal["initial", "trained"]


@dataclass(frozen=True, slots=True)
class Seeing:
    """One sample in the network of this revision, with initial weights or a run's if any fits.

    ``sample`` is a number from 0 on, counted round where the data set has fewer.
    """

    revision: int
    sample: int = 0
    weights: Weights = "trained"


def parse_seeing(value: Any) -> Seeing | None:
    """What the browser says it wants to see, or None when it wants nothing."""
    match value:
        case {"revision": int(revision), "sample": int(sample), "weights": str(weights)}:
            if isinstance(sample, bool) or not 0 <= sample < 2**31:
                return None
            return Seeing(revision, sample, "initial" if weights == "initial" else "trained")
    return None
