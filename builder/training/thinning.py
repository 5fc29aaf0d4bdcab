"""Long curves made short for a drawing, with nothing lost that an eye would have seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def thin(values: Sequence[float], most: int = 1000) -> list[int]:
    """Which of the values to draw, in their order: at most about ``most`` of them.

    Of each stretch its lowest and its highest are kept and the first that is no finite number,
    and the two ends of the whole; so peaks, dips and gaps stay where they are.
    """
    count = len(values)
    if count <= most:
        return [*range(count)]
    kept = {0, count - 1}
    numbers = np.asarray(values, dtype=np.float64)
    for stretch in np.array_split(np.arange(count), max(1, most // 2)):
        finite = np.isfinite(numbers[stretch])
        if not finite.all():
            kept.add(int(stretch[~finite][0]))
        if finite.any():
            inner = stretch[finite]
            kept |= {int(inner[numbers[inner].argmin()]), int(inner[numbers[inner].argmax()])}
    return sorted(kept)
