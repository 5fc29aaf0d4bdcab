"""Containers are told by what their entries say: one of another name is treated alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.catalogue import CATALOGUE
from builder.catalogue.kinds import Integer
from builder.catalogue.spec import Lanes, Parameter
from builder.check import check
from builder.document import Block, Network, TensorType
from builder.export.diagram import draw
from builder.operations import SetParam


def lanes_of(kind: str) -> Lanes:
    lanes = CATALOGUE[kind].lanes
    assert lanes is not None
    return lanes


@pytest.fixture(autouse=True)
def others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Residual and a Repeat of other names; the latter's argument has another one too."""
    again = replace(
        CATALOGUE["Repeat"],
        kind="Again",
        parameters=(Parameter("turns", Integer(maximum=1000), 2),),
        lanes=replace(lanes_of("Repeat"), repeats="turns"),
        brief=lambda a: f"{a['turns']} turns",
    )
    monkeypatch.setitem(CATALOGUE, "Again", again)  # type: ignore[misc]
    shortcut = replace(CATALOGUE["Residual"], kind="Shortcut")
    monkeypatch.setitem(CATALOGUE, "Shortcut", shortcut)  # type: ignore[misc]


def test_what_adds_its_input_is_mended_to_fit_it() -> None:
    body = (Block("b2", "Linear", (("out_features", 4),)),)
    (issue,) = check(Network(TensorType((8,)), (Block("b1", "Shortcut", (), (body,)),), 3)).issues
    assert issue.repair is not None
    assert issue.repair.operations == (SetParam("b2", "out_features", 8),)


def test_what_adds_its_input_is_drawn_so() -> None:
    body = (Block("b2", "ReLU"),)
    report = check(Network(TensorType((8,)), (Block("b1", "Shortcut", (), (body,)),), 3))
    assert 'j_b1 [label="+"' in draw(report).source
    assert "in -> j_b1 " in draw(report).source


def test_too_many_turns_are_mended_by_the_argument_that_counts_them() -> None:
    body = tuple(Block(f"c{n}", "ReLU") for n in range(100))
    again = Block("b1", "Again", (("turns", 1000),), (body,))
    (issue,) = check(Network(TensorType((8,)), (again,), 3)).issues
    assert issue.repair is not None
    assert issue.repair.operations == (SetParam("b1", "turns", 199),)
