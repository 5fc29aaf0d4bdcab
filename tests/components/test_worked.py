"""The arithmetic of a block as plain data for the canvas."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from builder.check import check
from builder.document import walk
from builder.templates import TEMPLATES
from components.canvas.worked import worked
from tests.stacks import layer, network

POOL = network((3, 8, 8), layer("AvgPool2d"), layer("ReLU"))


def test_formulas_size_and_options() -> None:
    found = worked(check(POOL), "b1", (8, 7))
    height = {
        "title": "Height",
        "formula": "O = ⌊(I + 2p − k) / s⌋ + 1",
        "worked": "⌊(8 + 2·0 − 2) / 2⌋ + 1 = 4",
        "terms": [
            {"symbol": "I", "value": 8, "meaning": "positions that come in"},
            {"symbol": "p", "value": 0, "meaning": "padding on each side"},
            {"symbol": "k", "value": 2, "meaning": "kernel_size: positions of the window"},
            {
                "symbol": "s",
                "value": 2,
                "meaning": "stride: positions from one window to the next",
            },
        ],
    }
    assert found is not None
    assert found["options"][0] == {
        "label": "stride 1, kernel_size 1×2",
        "params": {"stride": 1, "kernel_size": [1, 2]},
    }
    del found["options"]
    assert found == {
        "block": "b1",
        "formulas": [height, height | {"title": "Width"}],
        "size": [4, 4],
        "wanted": [8, 7],
    }


def test_without_a_wanted_size_there_are_no_options() -> None:
    found = worked(check(POOL), "b1")
    assert found is not None
    assert (found["wanted"], found["options"]) == (None, [])


def test_a_layer_with_parameters_only_has_no_size() -> None:
    found = worked(check(network((8,), layer("Linear"))), "b1", (4,))
    assert found is not None
    assert ([each["title"] for each in found["formulas"]], found["size"]) == (["Parameters"], None)
    assert found["options"] == []


def test_what_has_no_arithmetic_gives_nothing() -> None:
    assert worked(check(POOL), "b2") is None
    assert worked(check(POOL), "gone") is None


def test_a_layer_with_a_fault_can_still_be_solved_for() -> None:
    faulty = network((3, 4, 4), layer("Conv2d", kernel_size=7))
    found = worked(check(faulty), "b1", (2, 2))
    assert found is not None
    assert (found["formulas"], found["size"]) == ([], None)
    labels = [option["label"] for option in found["options"]]
    assert labels[:2] == ["padding 2", "kernel_size 3"]


def test_a_bypassed_or_waiting_layer_has_no_formulas() -> None:
    bypassed = replace(POOL, blocks=(replace(POOL.blocks[0], bypassed=True), POOL.blocks[1]))
    waiting = network((8,), layer("Conv2d"), layer("AvgPool2d"))
    for report, block in ((check(bypassed), "b1"), (check(waiting), "b2")):
        found = worked(report, block, (2, 2))
        assert found == {
            "block": block,
            "formulas": [],
            "size": None,
            "wanted": [2, 2],
            "options": [],
        }


@pytest.mark.parametrize("name", TEMPLATES)
def test_everything_sent_is_json(name: str) -> None:
    report = check(TEMPLATES[name].network())
    for block in walk(report.network.blocks):
        found = worked(report, block.id, (2, 2))
        assert json.loads(json.dumps(found, allow_nan=False)) == found
