"""Text in columns for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def align(rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> Iterator[str]:
    """Each row as a line, its cells as wide as the widest; columns in ``right`` end together."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    to_right = set(right)
    for row in table:
        cells = (
            cell.rjust(width) if place in to_right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
