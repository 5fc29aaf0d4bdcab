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
    message = f"{spec.kind} expects {spec.accepts.words} but gets {given}"
    fix, label = _repair(spec, given)
    hint = {Before: "put a layer before it that changes the axes", Swap: "use the form made for it"}
    advice = hint.get(type(fix), "change what comes before it")
    return Problem("rank", f"{message}: {advice}.", label, fix)


def _repair(spec: Spec, given: TensorType) -> tuple[Fix | None, str | None]:
    if twin := _variant(spec, given.rank):
        return Swap(twin), f"Use {twin} instead"
    least, most = min(spec.accepts.ranks), max(spec.accepts.ranks)
    if given.rank > most:
        start = most
        params = (("start_dim", start),) if start > 1 else ()
        return Before("Flatten", params), "Insert Flatten before it"
    if given.rank < least and given.rank == 1:
        size = _image(given.shape[0]) if least == 3 else (1,) * (least - 1) + given.shape
        return _unflatten(size)
    if given.rank < least and given.rank > 1:
        return _unflatten((1,) * (least - given.rank) + given.shape[:1])
    return None, None


def _unflatten(size: tuple[int, ...]) -> tuple[Fix, str]:
    params = (("dim", 1), ("unflattened_size", size))
    return Before("Unflatten", params), f"Insert Unflatten to {'×'.join(map(str, size))} before it"


def _variant(spec: Spec, rank: int) -> str | None:
    """The same layer for another number of axes: BatchNorm2d → BatchNorm1d."""
    stem = spec.kind[:-2]
    if spec.kind[-2:] not in ("1d", "2d", "3d"):
        return None
    twins = (CATALOGUE.get(f"{stem}{axes}d") for axes in (1, 2, 3))
    return next((twin.kind for twin in twins if twin and rank in twin.accepts.ranks), None)


def _image(features: int) -> tuple[int, int, int]:
    """The likeliest picture that a flat row of numbers was: grey, then colour, then one column."""
    for channels in (1, 3):
        side = isqrt(features // channels)
        if channels * side * side == features:
            return channels, side, side
    return features, 1, 1
