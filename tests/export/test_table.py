"""The layer table: whole rows, and columns that add up."""

from __future__ import annotations

import pytest

from builder.check import check
from builder.export.table import layer_table, table_csv
from builder.operations import Freeze, apply
from builder.templates import TEMPLATES
from tests.export.networks import EVERYTHING, FAULTY

TITLES = "depth,kind,name,input,output,parameters,trainable,share,madds,activations,state,note"


def test_every_block_has_a_row() -> None:
    table = layer_table(check(EVERYTHING))
    assert table["depth"].tolist() == [0, 0, 1, 1, 1, 0, 1, 2, 2, 0, 0, 1, 1, 0, 0, 0]
    assert table.iloc[0].to_dict() == {
        "depth": 0,
        "kind": "Conv2d",
        "name": "stem",
        "input": "N×1×8×8",
        "output": "N×4×8×8",
        "parameters": 64,
        "trainable": 64,
        "share": 64 / 9382,
        "madds": 3840,
        "activations": 1024,
        "state": "ok",
        "note": "",
    }
    assert table.iloc[9][["kind", "state", "note"]].tolist() == [
        "BatchNorm2d",
        "bypassed",
        "switched off",
    ]


def test_faults_and_what_waits_are_told() -> None:
    lines = table_csv(check(FAULTY)).splitlines()
    assert lines[0] == TITLES
    assert lines[1] == "0,Conv2d,stem,N×1×8×8,N×4×6×6,40,40,1.0,1296,576,ok,"
    assert lines[2] == "0,Residual,,N×4×6×6,,0,0,0.0,0,0,waiting,waits for Linear lost"
    assert lines[3].startswith('1,Linear,lost,N×4×6×6,,0,0,0.0,0,0,fault,"Linear expects features')
    assert lines[4] == "0,ReLU,,,,0,0,0.0,0,0,waiting,waits for Linear lost"
    assert len(lines) == 5


def test_frozen_layers_are_told() -> None:
    table = layer_table(check(apply(EVERYTHING, Freeze("b6", True))))
    assert table.iloc[5:9][["kind", "parameters", "trainable", "note"]].values.tolist() == [
        ["Repeat", 72, 0, "frozen"],
        ["Residual", 24, 0, "frozen"],
        ["GroupNorm", 24, 0, "frozen"],
        ["GELU", 0, 0, ""],
    ]


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_columns_add_up_to_the_totals(template: str) -> None:
    report = check(TEMPLATES[template].network())
    table = layer_table(report)
    top = table[table["depth"] == 0]
    for column in ("parameters", "trainable", "madds", "activations"):
        assert top[column].sum() == getattr(report, column)
    assert top["share"].sum() == pytest.approx(1)


def test_an_empty_network_has_a_table_without_rows() -> None:
    empty = type(EVERYTHING)(EVERYTHING.input)
    assert table_csv(check(empty)) == f"{TITLES}\n"
