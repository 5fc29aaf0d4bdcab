"""Undo and redo: exact, bounded, and a new edit ends what could be redone."""

from __future__ import annotations

from builder.document import Network, TensorType
from builder.history import STEPS, History
from builder.operations import Insert, apply

EMPTY = Network(TensorType((4,)))
ONE = apply(EMPTY, Insert("ReLU"))
TWO = apply(ONE, Insert("Tanh"))


def test_commit_undo_redo() -> None:
    history = History(EMPTY).commit(ONE).commit(TWO)
    assert history == History(TWO, (EMPTY, ONE))
    assert history.undo() == History(ONE, (EMPTY,), (TWO,))
    assert history.undo().undo() == History(EMPTY, (), (TWO, ONE))
    assert history.undo().undo().redo().redo() == history


def test_nothing_to_undo_or_redo_or_commit() -> None:
    history = History(EMPTY)
    assert history.undo() is history
    assert history.redo() is history
    assert history.commit(EMPTY) is history
    undone = history.commit(ONE).undo()
    assert undone.commit(Network(TensorType((4,)))) is undone


def test_a_new_edit_ends_what_could_be_redone() -> None:
    undone = History(EMPTY).commit(ONE).undo()
    assert undone.commit(TWO) == History(TWO, (EMPTY,), ())


def test_the_past_is_bounded_and_the_latest_is_kept() -> None:
    history = History(EMPTY)
    networks = [Network(TensorType((n,))) for n in range(1, STEPS + 11)]
    for network in networks:
        history = history.commit(network)
    assert len(history.past) == STEPS
    assert history.past[-1] is networks[-2]
    assert history.past[0] is networks[-1 - STEPS]
