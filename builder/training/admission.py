"""What must hold before a run may start; each refusal is an Issue in plain words."""

from __future__ import annotations

from builder.check import Issue, Report
from builder.datasets import DataError, DataSet, absence, find
from builder.fit import fit
from builder.recipe import Recipe
from builder.training import memory
from builder.training.rehearsal import rehearse


class Refused(Exception):  # noqa: N818
    """A run that was not started; ``issue`` says why and may hold a repair."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.message)
        self.issue = issue


def refusal(report: Report, recipe: Recipe) -> Issue | None:
    """Why this network cannot be trained by this recipe, or None when it can."""
    try:
        data_set = find(recipe.data)
    except DataError as error:
        return Issue(None, "data", str(error))
    if reason := absence(data_set):
        return Issue(None, "data", reason)
    return (
        fit(report, data_set, recipe.loss_spec)
        or _too_large(report, recipe)
        or rehearse(report.network, _batch(data_set, recipe), recipe.loss_spec)
    )


def _batch(data_set: DataSet, recipe: Recipe) -> int:
    """How many samples the first step learns from."""
    samples = data_set.samples
    return max(1, min(recipe.batch_size, samples - recipe.held_out(samples)))


def _too_large(report: Report, recipe: Recipe) -> Issue | None:
    needs, has = memory.needed(report, recipe), memory.available()
    if has is None or needs <= has:
        return None
    message = (
        f"Training needs {memory.words(needs)} of memory or more, but this machine has "
        f"{memory.words(has)}. Make the layers, the input or the batch smaller."
    )
    return Issue(None, "memory", message, None)
