"""A network that knows its training samples by heart."""

from __future__ import annotations

import math
from dataclasses import replace

from builder.catalogue import CATALOGUE
from builder.doctor.case import Ailment, Case, before
from builder.doctor.diagnosis import Change, Diagnosis, number
from builder.document import Params, make_params
from builder.operations import Insert

MANY = 5
"""Epochs before anything is said: the first ones go up and down."""
APART = 2.0
"""Validation loss over training loss: sound runs end between 0.9 and 1.5."""
GAP = 0.05
RISEN_GAP = 0.03
"""Between the accuracies, with a validation loss that stays or that has risen; chance allowed."""
RISEN = 1.25
"""Of its best: a validation loss goes up and down by a tenth or so by chance."""
STAYED = 0.95
"""A validation loss that is not even this share of its former best makes no progress."""
LITTLE = 0.5
"""A validation share from which on more training samples are the best cure."""


def find_overfitting(case: Case) -> Diagnosis | None:
    """A validation loss far above the training loss that stays or rises, not by chance."""
    if len(case.epochs) < MANY:
        return None
    last = case.epochs[-1]
    losses = [each.val_loss for each in case.epochs]
    best = min(range(len(losses)), key=losses.__getitem__)
    recent = max(3, len(losses) // 5)
    stays = min(losses[-recent:]) > STAYED * min(losses[:-recent])
    rises = stays and last.val_loss > RISEN * losses[best] > 0
    if not stays or last.val_loss <= APART * last.train_loss:
        return None
    if not _apart(case, RISEN_GAP if rises else GAP):
        return None
    return Diagnosis(
        "overfitting",
        "The network learns its samples by heart",
        f"In epoch {last.epoch:,} the loss is {number(last.train_loss)} on the training samples "
        f"and {number(last.val_loss)} on the validation samples, where it was best in epoch "
        f"{best + 1:,} with {number(losses[best])}.{_scores(case)}",
        "What it still learns holds for these very samples alone and does not help with new ones. "
        f"{_advice(case)}",
        _cure(case),
    )


def _apart(case: Case, gap: float) -> bool:
    """Whether the accuracies differ by this and by more than the luck of the validation samples."""
    if not case.recipe.metric.share:
        return True
    last = case.epochs[-1]
    share = last.val_metric
    luck = 2 * math.sqrt(share * (1 - share) / max(1, case.validation_samples))
    return last.train_metric - share > max(gap, luck)


def _scores(case: Case) -> str:
    last, metric = case.epochs[-1], case.recipe.metric
    found = metric.words(last.train_metric), metric.words(last.val_metric)
    return f" The {metric.title} is {found[0]} and {found[1]}."


def _advice(case: Case) -> str:
    if case.recipe.validation > LITTLE:
        return "More samples to learn from are the best cure."
    return "Dropout, weight decay or an early end keep it from that."


def _cure(case: Case) -> Change:
    """More training samples, else dropout before the last layer, else weight decay."""
    recipe = case.recipe
    if recipe.validation > LITTLE:
        label = "Keep only 20 % of the samples for validation"
        return Change(label, recipe=replace(recipe, validation=0.2))
    kinds = {spot.block.kind for spot in case.places.values()}
    if len(case.weighted) > 1 and not any(CATALOGUE[each].category == "Dropout" for each in kinds):
        return Change("Add Dropout before the last layer", (_dropout(case),))
    if not recipe.optimiser_arguments.get("weight_decay"):
        decaying = replace(recipe, optimiser="AdamW", arguments=_with_decay(case))
        return Change("Take AdamW with weight decay 0.1", recipe=decaying)
    return Change("Stop when it no longer gets better", recipe=replace(recipe, patience=3))


def _dropout(case: Case) -> Insert:
    return Insert("Dropout", before(case.weighted[-1]))


def _with_decay(case: Case) -> Params:
    """AdamW's arguments: this run's rate where it is Adam's, else AdamW's own."""
    rate = {"lr": case.rate} if case.recipe.optimiser == "Adam" else {}
    return make_params({**rate, "weight_decay": 0.1})


OVERFITTING = Ailment("overfitting", "overfitting", find_overfitting)
