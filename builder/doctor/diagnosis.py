"""What the doctor says: an ailment, what was seen, why it is so, the change that mends it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from builder.document import BlockId, make_params
from builder.operations import Operation
from builder.recipe import Recipe, RecipeError


@dataclass(frozen=True)
class Change:
    """What one click does: operations on the network, or another recipe; ``label`` says so."""

    label: str
    operations: tuple[Operation, ...] = ()
    recipe: Recipe | None = None

    def applied_to(self, current: Recipe, former: Recipe) -> Recipe:
        """The current recipe with what this change makes different from the former one."""
        if self.recipe is None:
            return current
        names = [each.name for each in fields(Recipe)]
        changed: dict[str, Any] = {
            name: getattr(self.recipe, name)
            for name in names
            if getattr(self.recipe, name) != getattr(former, name)
        }
        try:
            return replace(current, **changed)
        except RecipeError:  # what was chosen since does not go with the change
            return self.recipe


@dataclass(frozen=True)
class Diagnosis:
    """One ailment of a run.

    ``seen`` is the evidence with numbers of this run, ``why`` what they mean. ``block`` is the
    layer that it shows in and ``step`` the batch (from 1), where there is one.
    """

    ailment: str
    title: str
    seen: str
    why: str
    change: Change | None = None
    block: BlockId | None = None
    step: int | None = None


def set_argument(recipe: Recipe, name: str, value: float) -> Recipe:
    """The recipe with another argument of its optimiser."""
    return replace(recipe, arguments=make_params({**dict(recipe.arguments), name: value}))


def number(value: float) -> str:
    """A number as people write it: three digits, NaN and infinity by name."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "infinite"
    if value and not 1e-3 <= abs(value) < 1e6:
        digits, _, power = f"{value:.1e}".partition("e")
        return f"{digits.removesuffix('.0')}e{int(power)}"
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
