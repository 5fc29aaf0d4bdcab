"""Layers that only rearrange values."""

from __future__ import annotations

from math import prod

from builder.catalogue.kinds import Integer, Shape
from builder.catalogue.rules import axis_problem
from builder.catalogue.spec import RANKS, Arguments, Change, Parameter, Problem, Spec
from builder.document import TensorType


def _axis(value: int, axes: int) -> int:
    return value + axes if value < 0 else value


def _flatten_spares_the_batch(arguments: Arguments, given: TensorType) -> Problem | None:
    axes = given.rank + 1
    start, end = (int(arguments[n]) for n in ("start_dim", "end_dim"))
    first, last = _axis(start, axes), _axis(end, axes)
    found = axis_problem("start_dim", start, given, 1) or axis_problem("end_dim", end, given, -1)
    if found or first <= last:
        return found
    message = f"end_dim={end} comes before start_dim={start} in {given}: axes are joined forwards."
    return Problem("dim", message, "Set end_dim to -1", Change("end_dim", -1))


def _unflatten_fits(arguments: Arguments, given: TensorType) -> Problem | None:
    dim = int(arguments["dim"])
    if problem := axis_problem("dim", dim, given, 1):
        return problem
    axis = _axis(dim, given.rank + 1)
    sizes = arguments["unflattened_size"]
    assert isinstance(sizes, tuple)
    if given.rank - 1 + len(sizes) > len(RANKS):
        room = len(RANKS) + 1 - given.rank
        return Problem(
            "unflatten",
            f"Splitting an axis of {given} in {len(sizes)} gives a sample of more than "
            f"{len(RANKS)} axes: take at most {room} sizes.",
        )
    known = prod(int(n) for n in sizes if n != -1)
    have = given.shape[axis - 1]
    if known == have or (-1 in sizes and have % known == 0):
        return None
    wanted = "×".join(map(str, sizes))
    reason = f"do not divide by {known}" if -1 in sizes else f"are not {wanted} = {known}"
    repair = (1, -1)  # fits whatever comes in, also in the next turn of a Repeat
    return Problem(
        "unflatten",
        f"Axis {axis} of {given} has {have} values, which {reason}.",
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
