"""The table of runs: its columns, its order, and what a filter lets pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from builder.recipe import Recipe
from components.run_table import Filter, arrange, tabulate, title_of

from .runs import make_summary

ADAM = make_summary(1, Recipe(epochs=4), losses=(0.9, 0.5, 0.6), metrics=(0.5, 0.9, 0.8))
SGD = make_summary(2, Recipe(epochs=4, optimiser="SGD", schedule="StepLR"), name="slow one")
WAITING = make_summary(3, Recipe(epochs=4, data="iris"), status="queued", started=False)


def test_a_row_says_all_of_a_run() -> None:
    row = tabulate([ADAM]).iloc[0].to_dict()
    assert row == {
        "Run": "1",
        "Status": "Done",
        "Data": "Digits 8×8",
        "Optimiser": "Adam",
        "Learning rate": 0.001,
        "Batch size": 64,
        "Epochs": 4,
        "Best accuracy": 90.0,
        "Last accuracy": 80.0,
        "Best validation loss": 0.5,
        "Last validation loss": 0.6,
        "Seconds": 3.0,
        "Samples per second": 640.0,
        "Parameters": 1000,
        "Created": datetime.fromtimestamp(1.0),
    }


def test_settings_that_differ_have_columns_and_others_have_none() -> None:
    table = tabulate([ADAM, SGD])
    assert "Seed" not in table
    assert "Schedule: Gamma" in table
    assert list(table["Schedule"]) == ["none", "StepLR"]
    assert list(table["Run"]) == ["1", "2 slow one"]


def test_a_run_that_waits_has_empty_cells() -> None:
    table = tabulate([ADAM, WAITING])
    assert table["Best validation loss"].isna().tolist() == [False, True]
    assert list(table["Status"]) == ["Done", "Queued"]


def test_metrics_of_two_kinds_have_columns_of_their_own() -> None:
    other = make_summary(4, Recipe(), metric="mean_absolute_error", metrics=(3.0, 1.5))
    table = tabulate([ADAM, other])
    assert table["Best mean absolute error"].tolist()[1] == 1.5
    assert table["Best accuracy"].isna().tolist() == [False, True]


def test_a_recipe_that_cannot_be_read_leaves_the_rest() -> None:
    row = tabulate([replace(ADAM, recipe=None), SGD]).iloc[0]
    assert (row["Run"], row["Best accuracy"], row["Data"]) == ("1", 90.0, "")


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        (Filter(), [1, 2, 3]),
        (Filter(statuses=("done",)), [1, 2]),
        (Filter(data=("Iris",)), [3]),
        (Filter(text="SLOW"), [2]),
        (Filter(text="sgd steplr"), [2]),
        (Filter(text="adam done"), [1]),
        (Filter(text="nothing"), []),
        (Filter(sweeps=("Seed (from run 1)",)), []),
    ],
)
def test_what_a_filter_lets_pass(asked: Filter, numbers: list[int]) -> None:
    runs = [ADAM, SGD, WAITING]
    assert [run.record.number for run in runs if asked.passes(run)] == numbers


def test_the_runs_of_one_sweep_are_shown_the_best_first() -> None:
    def swept(number: int, best: float, metric: str = "accuracy"):
        return make_summary(number, Recipe(), metrics=(best,), sweep="Seed", metric=metric)

    waiting = make_summary(9, Recipe(), sweep="Seed", status="queued", started=False)
    runs = [waiting, swept(3, 0.5), swept(2, 0.9), swept(1, 0.7)]
    assert [run.record.number for run in arrange(runs)] == [2, 1, 3, 9]
    errors = [swept(number, error, "mean_absolute_error") for number, error in ((2, 0.9), (1, 0.5))]
    assert [run.record.number for run in arrange(errors)] == [1, 2]
    mixed = [ADAM, swept(2, 0.99)]
    assert arrange(mixed) == mixed
    assert arrange([]) == []


def test_settings_are_named_for_people() -> None:
    assert title_of("optimiser.lr", [ADAM]) == "Learning rate"
    assert title_of("batch_size", [ADAM]) == "Batch size"
    assert title_of("schedule.gamma", [ADAM, SGD]) == "Schedule: Gamma"
    assert title_of("unheard.of", [ADAM]) == "unheard.of"
