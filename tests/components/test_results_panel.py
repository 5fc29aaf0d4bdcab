"""The results of a run, tab by tab, from weights that were really trained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from builder.datasets import DATA_SETS, arrays
from builder.recipe import Recipe
from builder.results.scores import score_classes
from builder.results.validation import Judged, judge
from builder.training.events import Finished
from builder.training.job import train
from builder.training.runs import RunView
from components.results.classes import caption, tabulate_samples, tabulate_scores
from components.results.own_input import describe_answer
from components.results.query import query_of
from components.results.submission import describe_form
from components.results_panel import show_results
from tests.results.trained import LENET, table

from .runs import make_view

Open = Callable[..., AppTest]
DATA = {
    "iris": (table("iris", 4, 3), Recipe("iris", epochs=3)),
    "line": (table("line", 1, 1), Recipe("line", epochs=1)),
    "digits": (LENET, Recipe("digits", epochs=1)),
}


@dataclass(frozen=True)
class Trained:
    view: RunView
    weights: Path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Trained]:
    """A run on this data, made once."""
    made: dict[str, Trained] = {}

    def make(data: str) -> Trained:
        if data not in made:
            network, recipe = DATA[data]
            folder, told = tmp_path_factory.mktemp(data), []
            train(network, recipe, told.append, threads=1, folder=folder)
            assert isinstance(told[-1], Finished)
            view = make_view("done", network=network, recipe=recipe, finished=told[-1], id=data)
            made[data] = Trained(view, folder / "weights.safetensors")
        return made[data]

    return make


def _page(view: object, weights: object, tab: str) -> None:
    import streamlit as st

    from components.results_panel import show_results

    st.session_state.setdefault(f"results-{view.id}", tab)
    show_results(view, weights)


@pytest.fixture
def open_tab(trained: Callable[[str], Trained]) -> Open:
    """Open a tab of the results of the run on this data."""

    def open_it(data: str, tab: str) -> AppTest:
        found = trained(data)
        kwargs = {"view": found.view, "weights": found.weights, "tab": tab}
        page = AppTest.from_function(_page, default_timeout=30, kwargs=kwargs).run()
        assert not page.exception
        return page

    return open_it


def _texts(page: AppTest) -> list[str]:
    return [each.value for each in page.markdown]


@pytest.mark.parametrize(
    ("data", "tabs"),
    [
        ("iris", ["Classes", "Own input", "Test set"]),
        ("line", ["Numbers", "Own input", "Test set"]),
        ("digits", ["Classes", "Filters", "Own input", "Test set"]),
    ],
)
def test_the_tabs_go_with_the_data(open_tab: Open, data: str, tabs: list[str]) -> None:
    assert [each.label for each in open_tab(data, tabs[0]).tabs] == tabs


def test_classes_of_a_table(open_tab: Open, trained: Callable[[str], Trained]) -> None:
    page = open_tab("iris", "Classes")
    matrix = np.array(trained("iris").view.finished.confusion)
    wrong = int(matrix.sum() - matrix.trace())
    assert 0 < wrong < 30
    scores, samples = (each.value for each in page.dataframe)
    assert scores["Samples"].tolist() == matrix.sum(1).tolist()
    assert scores["Recall"].tolist() == pytest.approx(100 * matrix.diagonal() / matrix.sum(1))
    assert len(samples) == wrong
    assert (samples["Class"] != samples["Taken for"]).all()
    assert (samples["Confidence"].diff().dropna() <= 0).all()
    page.button_group[0].set_value("right").run()
    samples = page.dataframe[1].value
    assert len(samples) == 30 - wrong
    assert (samples["Class"] == samples["Taken for"]).all()


def test_numbers(open_tab: Open) -> None:
    page = open_tab("line", "Numbers")
    assert [each.label for each in page.metric] == [
        "Mean absolute error",
        "Root of mean squared error",
        "R²",
    ]
    assert "**y, predicted against true**" in _texts(page)


def test_filters(open_tab: Open) -> None:
    page = open_tab("digits", "Filters")
    assert page.selectbox[0].label == "Convolution"
    assert page.caption[0].value.startswith("All filters of 5×5")
    page.selectbox[0].select_index(1).run()
    assert not page.exception
    assert _texts(page) == ["**Before training**", "**After training**"]


def test_a_typed_row(open_tab: Open, trained: Callable[[str], Trained]) -> None:
    page = open_tab("iris", "Own input")
    start, *fields = page.number_input
    assert [each.label for each in fields] == [
        "sepal length",
        "sepal width",
        "petal length",
        "petal width",
    ]
    assert [each.value for each in fields] == pytest.approx([5.1, 3.5, 1.4, 0.2])
    before = _texts(page)
    fields[2].set_value(6.5)
    fields[3].set_value(2.4).run()
    assert _texts(page) != before
    start.set_value(149).run()
    assert page.caption[0].value == "What is true of this sample: virginica."
    assert [each.value for each in page.number_input[1:]] == pytest.approx([5.9, 3.0, 5.1, 1.8])


def test_a_pad_or_a_file_for_pictures(open_tab: Open) -> None:
    page = open_tab("digits", "Own input")
    assert any("8×7 of 8×8 pixels" in each.value for each in page.caption)
    assert "What the network makes of it appears here." in [each.value for each in page.caption]
    page.button_group[0].set_value("Upload").run()
    assert not page.exception
    assert [each.label for each in page.toggle] == ["Swap dark and bright"]


def test_without_weights_the_confusion_is_left(trained: Callable[[str], Trained]) -> None:
    kwargs = {"view": trained("iris").view, "weights": None, "tab": "Classes"}
    page = AppTest.from_function(_page, default_timeout=30, kwargs=kwargs).run()
    assert not page.exception
    assert _texts(page) == ["#### Confusion matrix", "#### Scores of each class"]
    kwargs["tab"] = "Own input"
    page = AppTest.from_function(_page, default_timeout=30, kwargs=kwargs).run()
    assert page.info[0].value.startswith("This run has no weights that were kept")


def test_weights_that_cannot_be_read_are_told(
    trained: Callable[[str], Trained], tmp_path: Path
) -> None:
    broken = tmp_path / "weights.safetensors"
    broken.write_bytes(b"nonsense")
    kwargs = {"view": trained("iris").view, "weights": broken, "tab": "Own input"}
    page = AppTest.from_function(_page, default_timeout=30, kwargs=kwargs).run()
    assert not page.exception
    assert page.warning[0].value.startswith("The weights of this run can't be read")


def test_a_run_that_goes_on_has_no_results_yet() -> None:
    show_results(make_view("running"), None)


JUDGED = Judged(
    np.array([7, 9]), np.array([1, 2]), np.array([[0.1, 0.9, 0], [0.6, 0.4, 0]], np.float32), 2
)


def test_what_is_said_of_a_picture() -> None:
    names = ("a*", "b", "c")
    assert [caption(JUDGED, at, names) for at in (0, 1)] == ["b · 90%", "c → a\\* · 60%"]


def test_samples_as_a_table(trained: Callable[[str], Trained]) -> None:
    found = tabulate_samples(JUDGED, np.array([1]), DATA_SETS["iris"])
    row = found.iloc[0].tolist()
    assert row[:3] == [9, "virginica", "setosa"]
    assert row[3:] == pytest.approx([60, *arrays("iris").inputs[9]])


def test_scores_as_a_table() -> None:
    found = tabulate_scores(score_classes([[3, 1], [0, 2]]), ("a", "b"))
    assert found.to_dict("list") == {
        "Class": ["a", "b"],
        "Precision": [100, pytest.approx(200 / 3)],
        "Recall": [75, 100],
        "F1": [pytest.approx(600 / 7), 80],
        "Samples": [4, 2],
    }


def test_answers_in_words() -> None:
    shares = np.array([0.25, 0.75, 0], np.float32)
    assert describe_answer(shares, DATA_SETS["iris"].target) == "Taken for **versicolor**, 75.0%"
    assert describe_answer(np.array([12.5]), DATA_SETS["line"].target) == "Predicted: y = **12.5**"


def test_the_form_of_a_test_set() -> None:
    assert "sepal length, sepal width" in describe_form(DATA_SETS["iris"])
    assert describe_form(DATA_SETS["digits"]).startswith("A zip of pictures (png, jpg")


def test_a_judged_network_is_the_one_of_the_run(trained: Callable[[str], Trained]) -> None:
    found = trained("digits")
    judged = judge(query_of(found.view, found.weights))
    matrix = np.zeros((10, 10), int)
    np.add.at(matrix, (judged.targets, judged.guesses), 1)
    assert np.array_equal(matrix, found.view.finished.confusion)
