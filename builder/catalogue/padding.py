"""Padding: positions are added around the input, or cut off where the number is negative."""

from __future__ import annotations

from builder.catalogue import formulas
from builder.catalogue.kinds import BIGGEST, Number, Sizes
from builder.catalogue.rules import CHANNELS_FIRST, OVER, spread
from builder.catalogue.spec import Arguments, Change, Parameter, Problem, Rule, Spec
from builder.document import TensorType

SPARE = {"Reflection": 1, "Circular": 0}
"""How much smaller than the input a padding must be that repeats the input."""
HOLDS = {
    "Zero": "zeros",
    "Constant": "one number",
    "Reflection": "the input mirrored at its edge",
    "Replication": "the value at the edge",
    "Circular": "the values of the opposite edge",
}


def _sides(arguments: Arguments, axes: int) -> list[tuple[int, int]]:
    """Positions before and after, for every axis in the input's order; torch has the last first."""
    numbers = spread(arguments["padding"], 2 * axes)
    return [(numbers[at], numbers[at + 1]) for at in range(2 * axes - 2, -1, -2)]


def _gives(axes: int, arguments: Arguments, given: TensorType) -> tuple[int, ...]:
    sides = _sides(arguments, axes)
    sizes = (size + sum(both) for size, both in zip(given.shape[1:], sides, strict=True))
    return (given.shape[0], *sizes)


def _fits(what: str, axes: int) -> Rule:
    def rule(arguments: Arguments, given: TensorType) -> Problem | None:
        sizes = _gives(axes, arguments, given)[1:]
        if min(sizes) < 1:
            shown = "×".join(map(str, sizes))
            message = f"Cutting off padding={arguments['padding']} leaves {shown} of {given}."
            return Problem("padding-too-large", message, "Set padding to 0", Change("padding", 0))
        if (spare := SPARE.get(what)) is None:
            return None
        pairs = zip(given.shape[1:], _sides(arguments, axes), strict=True)
        if all(max(both) <= size - spare for size, both in pairs):
            return None
        limits = [size - spare for size in given.shape[1:]]
        best, most = min(limits), "×".join(map(str, limits))
        message = (
            f"{what}Pad{axes}d can add at most {most} positions to a side of {given}, but "
            f"padding is {arguments['padding']}: the input has no more to repeat."
        )
        fix = Change("padding", best)
        return Problem("padding-too-large", message, f"Set padding to {best}", fix)

    return rule


def _pad(what: str, axes: int) -> Spec:
    numbers = ", ".join(("left, right", "top, bottom", "front, back")[:axes])
    value = Parameter("value", Number(), help="The number that the padding holds.", initial=0.0)
    return Spec(
        kind=f"{what}Pad{axes}d",
        category="Padding",
        target=f"nn.{what}Pad{axes}d",
        summary=f"Adds positions around {OVER[axes]} that hold {HOLDS[what]}.",
        keywords=("padding", "border", "crop"),
        accepts=CHANNELS_FIRST[axes],
        parameters=(
            Parameter(
                "padding",
                Sizes(2 * axes, minimum=-BIGGEST),
                help=f"Positions added on every side, or ({numbers}); negative ones cut off.",
                initial=1 if what not in SPARE else 0,
            ),
            *((value,) if what == "Constant" else ()),
        ),
        rules=(_fits(what, axes),),
        gives=lambda a, given: _gives(axes, a, given),
        brief=lambda a: f"padding {a['padding']}",
        arithmetic=(formulas.padded(_sides),),
    )


ENTRIES = tuple(_pad(what, axes) for what in HOLDS for axes in (1, 2, 3))
