"""How well a network does, in a number for people: one entry for each kind of target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from builder.datasets.entry import Target


@dataclass(frozen=True)
class Metric:
    """One entry: what a sample adds to its mean is computed by ``builder.training.measure``.

    ``share`` says that it lies between 0 and 1 and is shown in per cent; ``rises`` that more of
    it is better.
    """

    name: str
    title: str
    share: bool
    rises: bool

    def words(self, value: float) -> str:
        """A value as a person reads it."""
        return f"{value:.1%}" if self.share else f"{value:.4g}"


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        each.name: each
        for each in (
            Metric("accuracy", "accuracy", share=True, rises=True),
            Metric("mean_absolute_error", "mean absolute error", share=False, rises=False),
        )
    }
)
"""Every entry by its name."""


def metric_of(target: Target) -> Metric:
    """The metric that goes with this target."""
    return METRICS["accuracy" if target.kind == "classes" else "mean_absolute_error"]
