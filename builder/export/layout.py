"""Lays out nested brackets as ``ruff format`` does: on one line if they fit, else one item each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

WIDTH = 88


@dataclass(frozen=True)
class Node:
    """A piece of source: ``head`` alone, or items between ``head`` and ``tail``.

    ``exploded`` puts every item on a line of its own even where all would fit on one;
    ``comment`` stands at the end of the last line if there is room for it.
    """

    head: str
    items: tuple[Node, ...] = ()
    tail: str = ""
    exploded: bool = False
    separator: str = ","
    comment: str | None = None


def write(node: Node, indent: int = 0, suffix: str = "") -> Iterator[str]:
    """The lines of a piece of source; ``suffix`` follows its last character."""
    margin = " " * indent
    line = _on_one_line(node)
    if line is not None and _fits(margin + line + suffix, bool(node.items)):
        yield _commented(margin + line + suffix, node.comment)
        return
    yield margin + node.head
    yield from _write_items(node, indent + 4)
    yield _commented(margin + node.tail + suffix, node.comment)


def _write_items(node: Node, indent: int) -> Iterator[str]:
    """One item after the other; after a lone one that takes several lines stands no comma."""
    if len(node.items) == 1:
        lines = list(write(node.items[0], indent))
        if len(lines) > 1:
            yield from lines
            return
    for item in node.items:
        yield from write(item, indent, node.separator)


def _on_one_line(node: Node) -> str | None:
    """The piece without line breaks; None when something in it is exploded."""
    if node.exploded:
        return None
    written = []
    for item in node.items:
        if (line := _on_one_line(item)) is None:
            return None
        written.append(line)
    return node.head + f"{node.separator} ".join(written) + node.tail


def _fits(line: str, can_break: bool) -> bool:
    return not can_break or _width(line) <= WIDTH


def _commented(line: str, comment: str | None) -> str:
    whole = f"{line}  # {comment}"
    return whole if comment and _width(whole) <= WIDTH else line


def _width(text: str) -> int:
    """Columns that a text takes: wide characters two, combining ones none."""
    return sum(
        0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text
    )
