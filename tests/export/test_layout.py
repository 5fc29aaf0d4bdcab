"""Brackets on one line where they fit, else one item on each."""

from __future__ import annotations

from builder.export.layout import Node, write


def call(name: str, *items: Node, exploded: bool = False) -> Node:
    return Node(f"{name}(", items, ")", exploded)


def test_what_fits_stays_on_one_line() -> None:
    line = Node("f(", (Node("a"), Node("b=2")), ")", comment="a note")
    assert list(write(line)) == ["f(a, b=2)  # a note"]


def test_a_comment_without_room_is_left_out() -> None:
    assert list(write(Node("x" * 80, comment="too long a note"))) == ["x" * 80]


def test_what_does_not_fit_has_an_item_on_each_line() -> None:
    assert list(write(call("f", Node("a" * 50), Node("b" * 50)))) == [
        "f(",
        f"    {'a' * 50},",
        f"    {'b' * 50},",
        ")",
    ]


def test_no_comma_after_a_lone_bracket() -> None:
    assert list(write(call("f", call("g", Node("a"), exploded=True)))) == [
        "f(",
        "    g(",
        "        a,",
        "    )",
        ")",
    ]


def test_wide_letters_take_two_columns() -> None:
    assert len(list(write(call("f", Node("名" * 43))))) == 3
    assert len(list(write(call("f", Node("é" * 43))))) == 1


def test_deep_nesting_takes_no_time() -> None:
    node = Node("x")
    for _ in range(200):
        node = call("f", node, exploded=True)
    assert len(list(write(node))) == 401
