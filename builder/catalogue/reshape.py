"""Layers that only rearrange values."""

from __future__ import annotations

from math import prod

from builder.catalogue.spec import Arguments, Change, Integer, Parameter, Problem, Shape, Spec
from builder.document import TensorType


def _axis(value: int, axes: int) -> int:
    return value + axes if value < 0 else value


def _flatten_spares_the_batch(arguments: Arguments, given: TensorType) -> Problem | None:
    axes = given.rank + 1
    start, end = (int(arguments[n]) for n in ("start_dim", "end_dim"))
    first, last = _axis(start, axes), _axis(end, axes)
    if 1 <= first <= last < axes:
        return None
    if not 1 <= first < axes:
        what = "the batch axis" if first == 0 else f"no axis of {given}"
        message = f"start_dim={start} is {what}; take one from 1 to {given.rank}."
        return Problem("dim", message, "Set start_dim to 1", Change("start_dim", 1))
    message = f"end_dim={end} does not come after start_dim={start} in {given} ({axes} axes)."
    return Problem("dim", message, "Set end_dim to -1", Change("end_dim", -1))


def _unflatten_fits(arguments: Arguments, given: TensorType) -> Problem | None:
    axes = given.rank + 1
    dim = int(arguments["dim"])
    axis = _axis(dim, axes)
    if not 1 <= axis < axes:
        what = "the batch axis" if axis == 0 else f"no axis of {given}"
        message = f"dim={dim} is {what}; take one from 1 to {given.rank}."
        return Problem("dim", message, "Set dim to 1", Change("dim", 1))
    sizes = arguments["unflattened_size"]
    assert isinstance(sizes, tuple)
    known = prod(int(n) for n in sizes if n != -1)
    have = given.shape[axis - 1]
    if known == have or (-1 in sizes and have % known == 0):
        return None
    wanted = "×".join(map(str, sizes))
    repair = (1, have)
    return Problem(
        "unflatten",
        f"Axis {axis} has {have} values, which can't be arranged as {wanted} ({known} values).",
        f"Set unflattened_size to {repair}",
        Change("unflattened_size", repair),
    )


ENTRIES = (
    Spec(
        kind="Flatten",
        category="Reshape",
        target="nn.Flatten",
        summary="Joins axes into one: the step from images to features.",
        keywords=("reshape", "view"),
        parameters=(
            Parameter("start_dim", Integer(minimum=None), 1, "First axis to join; 0 is the batch."),
            Parameter("end_dim", Integer(minimum=None), -1, "Last axis to join; −1 is the last."),
        ),
        rules=(_flatten_spares_the_batch,),
        brief=lambda a: (
            ""
            if (a["start_dim"], a["end_dim"]) == (1, -1)
            else f"axes {a['start_dim']} to {a['end_dim']}"
        ),
    ),
    Spec(
        kind="Unflatten",
        category="Reshape",
        target="nn.Unflatten",
        summary="Splits one axis into several: the step from features to images.",
        keywords=("reshape", "view"),
        parameters=(
            Parameter(
                "dim", Integer(minimum=None), help="Axis to split; 0 is the batch.", initial=1
            ),
            Parameter(
                "unflattened_size",
                Shape(wild=True),
                help="Sizes that the axis becomes; one may be −1 to be worked out.",
                initial=(1, -1),
            ),
        ),
        rules=(_unflatten_fits,),
        brief=lambda a: f"axis {a['dim']} to {'×'.join(map(str, a['unflattened_size']))}",
    ),
)
