"""What is asked of a run's network."""

from __future__ import annotations

from pathlib import Path

from builder.see import Query
from builder.training.runs import RunView


def query_of(view: RunView, weights: Path) -> Query:
    """The network, recipe and weights of a run."""
    return Query(view.network, view.recipe.seed, weights, view.recipe)
