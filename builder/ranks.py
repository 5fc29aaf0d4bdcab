"""What to say, and what to offer, when a layer gets a number of axes that it does not take."""

from __future__ import annotations

from math import isqrt

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Before, Fix, Problem, Spec, Swap
from builder.document import TensorType


def rank_problem(spec: Spec, given: TensorType) -> Problem | None:
    """The problem of a layer that gets the wrong number of axes, or None when it is right.

    Torch would take some of these silently (an image as an unbatched batch, Linear on the last
    axis of an image), and mean something else than the person does.
    """
    if given.rank in spec.accepts.ranks:
        return None
    fix, label, advice = _repair(spec, given)
    message = f"{spec.kind} expects {spec.accepts.words}, but {given} comes in: {advice}."
    return Problem("rank", message, label, fix)


def _repair(spec: Spec, given: TensorType) -> tuple[Fix, str, str]:
    """What mends it, the words on its button, and the advice in the message."""
    if twin := _variant(spec, given.rank):
        return Swap(twin), f"Use {twin} instead", f"{twin} is made for that"
    least, most = min(spec.accepts.ranks), max(spec.accepts.ranks)
    if given.rank > most:
        start = 1 if least == 1 else most
        params = (("start_dim", start),) if start > 1 else ()
        what = "flatten it first" if start == 1 else "join its last axes first"
        return Before("Flatten", params), "Insert Flatten before it", what
    if given.rank == 1:
        size = _image(given.shape[0]) if least == 3 else (1,) * (least - 1) + given.shape
    else:
        size = (1,) * (least - given.rank) + given.shape[:1]
    return _unflatten(size)


def _unflatten(size: tuple[int, ...]) -> tuple[Fix, str, str]:
    params = (("dim", 1), ("unflattened_size", size))
    label = f"Insert Unflatten to {'×'.join(map(str, size))} before it"
    return Before("Unflatten", params), label, "arrange its values with Unflatten first"


def _variant(spec: Spec, rank: int) -> str | None:
    """The same layer for another number of axes: BatchNorm2d → BatchNorm1d, Dropout2d → Dropout."""
    if spec.kind[-2:] not in ("1d", "2d", "3d"):
        return None
    twins = (CATALOGUE.get(spec.kind[:-2] + ending) for ending in ("1d", "2d", "3d", ""))
    fitting = (twin for twin in twins if twin and rank in twin.accepts.ranks)
    return None if spec.lanes else next((twin.kind for twin in fitting), None)


def _image(features: int) -> tuple[int, int, int]:
    """The likeliest picture that a flat row of numbers was: grey, then colour, then one column."""
    for channels in (1, 3):
        side = isqrt(features // channels)
        if channels * side * side == features:
            return channels, side, side
    return features, 1, 1
