"""The filters of a run's convolutions, before and after training; needs torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from builder.check import check
from builder.places import Spot, locate
from builder.see import Query, model_of

LIMIT = 256
"""Pictures that are shown of a convolution, at most."""


@dataclass(frozen=True, eq=False)
class Filters:
    """Weights of one convolution as pictures of count × height × width, in the same order.

    ``total`` is how many there are, for each output channel one for each of its input channels.
    """

    before: NDArray[np.float32]
    after: NDArray[np.float32]
    total: int

    @property
    def change(self) -> float:
        """How far the weights shown have moved, as a share of what they were."""
        moved = float(np.linalg.norm(self.after - self.before))
        return moved / max(float(np.linalg.norm(self.before)), 1e-12)


def convolutions(query: Query) -> tuple[Spot, ...]:
    """Where the network has weights that are pictures; raises as ``builder.see.look`` does."""
    modules = dict(model_of(query).named_modules())
    return tuple(
        spot
        for spot in locate(check(query.network))
        if isinstance(weight := getattr(modules[spot.path], "weight", None), Tensor)
        and weight.dim() == 4
    )


@lru_cache(8)
def read_filters(query: Query, path: str) -> Filters:
    """The filters of the convolution at this path; raises as ``builder.see.look`` does."""
    before = _weights(replace(query, weights=None), path)
    after = _weights(query, path)
    return Filters(before[:LIMIT], after[:LIMIT], len(before))


def _weights(query: Query, path: str) -> NDArray[np.float32]:
    weight = model_of(query).get_parameter(f"{path}.weight").detach().numpy()
    found: NDArray[np.float32] = weight.reshape(-1, *weight.shape[-2:]).copy()
    return found
