"""Which weights and which data the cards show a sample with, and when they are asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from builder.check import check
from builder.document import TensorType
from builder.history import History
from builder.operations import SetParam, apply
from builder.recipe import Recipe
from builder.see import Query
from components import sample, session
from components.canvas.seeing import Seeing
from components.canvas.seen import Subject
from components.pages import build
from components.pages.export import describe_run
from components.sample import choose_subject
from components.workspace import Workspace

from .runs import NETWORK, RECIPE, make_finished

WEIGHTS = Path("weights.safetensors")
RUN = make_finished()
ASKED = Seeing(0, 3)


@pytest.fixture(autouse=True)
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page without runs and with the recipe that is there before any is chosen."""
    monkeypatch.setattr(sample, "trained_runs", dict)
    monkeypatch.setattr(session, "recipe", lambda: Recipe(seed=4))


@pytest.fixture
def with_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with a run of the MLP."""
    monkeypatch.setattr(sample, "trained_runs", lambda: {RUN.id: (RUN, WEIGHTS)})


def test_without_a_run_the_weights_are_those_that_one_would_begin_with() -> None:
    expected = Query(NETWORK, 4, None, Recipe(seed=4), 3)
    assert choose_subject(ASKED, check(NETWORK)) == Subject(expected)


@pytest.mark.usefixtures("with_run")
def test_the_weights_of_a_run_of_just_these_layers_come_first() -> None:
    expected = Query(NETWORK, RECIPE.seed, WEIGHTS, RECIPE, 3)
    assert choose_subject(ASKED, check(NETWORK)) == Subject(expected, describe_run(RUN))
    initial = choose_subject(replace(ASKED, weights="initial"), check(NETWORK))
    assert initial == Subject(Query(NETWORK, 4, None, Recipe(seed=4), 3), describe_run(RUN))


@pytest.mark.usefixtures("with_run")
def test_a_run_of_other_layers_does_not_count() -> None:
    for change in (SetParam("b2", "out_features", 64), SetParam("b2", "in_features", 5)):
        changed = apply(NETWORK, change)
        chosen = choose_subject(ASKED, check(changed))
        assert (chosen.run, chosen.query.weights) == (None, None)


def test_the_networks_own_data_come_before_those_chosen_for_training() -> None:
    table = replace(NETWORK, input=TensorType((4,)), blocks=(), data="iris")
    chosen = choose_subject(ASKED, check(table)).query.recipe
    assert chosen == Recipe(data="iris", seed=4)


def test_without_data_that_fit_there_are_random_numbers() -> None:
    odd = replace(NETWORK, input=TensorType((5, 5)), blocks=(), data=None)
    assert choose_subject(ASKED, check(odd)).query.recipe is None


def test_data_chosen_for_training_serve_where_the_network_names_none() -> None:
    unnamed = replace(NETWORK, data=None)
    assert choose_subject(ASKED, check(unnamed)).query.recipe == Recipe(seed=4)


def test_the_answer_to_an_edit_has_no_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace("network-1", History(NETWORK), revision=7)
    for asked in (None, Seeing(6), Seeing(8)):
        monkeypatch.setattr(session, "seeing", lambda asked=asked: asked)
        assert build.see(workspace) is None
    monkeypatch.setattr(session, "seeing", lambda: Seeing(7, 2))
    answer = build.see(workspace)
    assert answer is not None
    assert answer["asked"] == {"revision": 7, "sample": 2, "weights": "trained"}
    assert set(answer["strips"]) == {"", *(block.id for block in NETWORK.blocks)}
