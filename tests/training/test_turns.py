"""Networks take turns: one that has waited longest comes first, whoever asked most comes last."""

from __future__ import annotations

import pytest

from builder.training.turns import Waiting, order


def ask(text: str) -> list[Waiting]:
    return [Waiting(run, run[0]) for run in text.split()]


@pytest.mark.parametrize(
    ("waiting", "running", "turns", "expected"),
    [
        ("", "", {}, ""),
        ("a1 a2 a3", "", {}, "a1 a2 a3"),
        ("a1 a2 a3 b1", "", {}, "a1 b1 a2 a3"),
        ("a1 a2 b1 c1 b2", "", {}, "a1 b1 c1 a2 b2"),
        ("a2 b1", "a", {"a": 1}, "b1 a2"),
        ("a2 b2", "", {"a": 2, "b": 1}, "b2 a2"),
        ("a2 c1", "", {"a": 2}, "c1 a2"),
    ],
)
def test_order(waiting, running, turns, expected):
    assert order(ask(waiting), list(running), turns) == tuple(expected.split())
