"""The kinds of parameters: what they say of values that they refuse."""

from __future__ import annotations

import pytest

from builder.catalogue.kinds import Flag, Integer, Kind, Number, OneOf, Shape, Sizes

KINDS = (Integer(), Number(), Flag(), OneOf(("add", "mean")), Sizes(2), Shape())


def nested(levels: int) -> list[object]:
    """A list within a list, and so on."""
    found: list[object] = []
    for _ in range(levels):
        found = [found]
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)
@pytest.mark.parametrize("levels", [990, 100_000])
def test_a_deeply_nested_list_is_shown_in_short(kind: Kind, levels: int) -> None:
    with pytest.raises(ValueError, match=r", got \[{7}\.{3}\]{7}$"):
        kind.parse(nested(levels))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a" * 100, f"'{'a' * 59}…"),
        (10**5000, "one far too large"),
        ([10**5000], "[one far too large]"),
        (list(range(100)), "[0, 1, 2, 3, 4, 5, ...]"),
        (1.5, "1.5"),
        ({"a": None}, "{'a': None}"),
    ],
    ids=["text", "number", "number in a list", "list", "float", "object"],
)
def test_wrong_values_are_shown_in_short(value: object, shown: str) -> None:
    with pytest.raises(ValueError, match="expected") as refused:
        Flag().parse(value)
    assert str(refused.value) == f"expected true or false, got {shown}"
