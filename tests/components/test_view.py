"""A report becomes what the canvas draws; the examples that the front end's tests read hold."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.catalogue import CATALOGUE
from builder.check import Report, check
from builder.datasets import own, table
from builder.document import Block, Network, TensorType, Value, make_params
from builder.history import History
from builder.operations import Insert, Place, apply
from builder.templates import TEMPLATES
from components.canvas import message
from components.canvas.view import catalogue, view
from components.canvas.wire import Inspected
from components.workspace import Workspace

FIXTURES = Path(__file__).parents[1] / "fixtures" / "canvas"


def show(network: Network) -> dict[str, Any]:
    return view(History(network), check(network))


def layer(block_id: str, kind: str, name: str | None = None, **values: Value) -> Block:
    return Block(block_id, kind, make_params(CATALOGUE[kind].initial | values), (), name)


def test_card_of_a_layer() -> None:
    block = layer("b1", "Conv2d", "conv1", kernel_size=5, out_channels=6)
    assert show(Network(TensorType((1, 32, 32)), (block,), 2)) == {
        "protocol": 1,
        "input": {"shape": [1, 32, 32], "dtype": "float32", "label": "N×1×32×32", "data": None},
        "cards": [
            {
                "id": "b1",
                "kind": "Conv2d",
                "name": "conv1",
                "bypassed": False,
                "frozen": False,
                "params": {"kernel_size": 5, "out_channels": 6},
                "filled": {"in_channels": 1},
                "summary": "1 → 6 channels, 5×5 kernel",
                "input": "N×1×32×32",
                "output": "N×6×28×28",
                "parameters": 156,
                "trainable": 156,
                "madds": 117600,
                "activations": 18816,
                "state": "ok",
                "issue": None,
                "waitsFor": None,
                "lanes": None,
            }
        ],
        "totals": {
            "parameters": 156,
            "trainable": 156,
            "madds": 117600,
            "weights": 624,
            "activations": 18816,
            "layers": 1,
            "output": "N×6×28×28",
            "faults": 0,
            "target": None,
        },
        "canUndo": False,
        "canRedo": False,
    }


def test_fault_on_its_card_and_waiting_behind() -> None:
    blocks = (
        layer("b1", "Conv2d", "conv1"),
        layer("b2", "Linear", "head", out_features=10),
        layer("b3", "ReLU"),
    )
    shown = show(Network(TensorType((1, 8, 8)), blocks, 4))
    first, second, third = shown["cards"]
    assert (first["state"], first["output"]) == ("ok", "N×16×6×6")
    assert (second["state"], second["output"], second["input"]) == ("fault", None, "N×16×6×6")
    assert second["issue"] == {
        "code": "rank",
        "message": second["issue"]["message"],
        "repair": "Insert Flatten before it",
    }
    assert "N×16×6×6" in second["issue"]["message"]
    assert (third["state"], third["waitsFor"], third["issue"]) == ("waiting", "Linear head", None)
    assert shown["totals"]["faults"] == 1


def test_pinned_size_shows_what_it_would_be() -> None:
    block = layer("b1", "Linear", in_features=9, out_features=10)
    (card,) = show(Network(TensorType((12,)), (block,), 2))["cards"]
    assert (card["params"]["in_features"], card["filled"], card["state"]) == (
        9,
        {"in_features": 12},
        "fault",
    )


def test_lanes_hold_cards() -> None:
    inner = layer("b2", "Conv2d", out_channels=4, padding="same")
    block = Block("b1", "Branches", (), ((inner,), ()))
    (card,) = show(Network(TensorType((1, 8, 8)), (block,), 3))["cards"]
    assert [[each["id"] for each in lane] for lane in card["lanes"]] == [["b2"], []]
    assert card["output"] == "N×5×8×8"


def test_bypassed_layer() -> None:
    block = replace(layer("b1", "Conv2d"), bypassed=True)
    (card,) = show(Network(TensorType((1, 8, 8)), (block,), 2))["cards"]
    assert (card["state"], card["bypassed"]) == ("bypassed", True)


def test_frozen_container() -> None:
    held = layer("b2", "Linear", out_features=4)
    group = Block("b1", "Group", (), ((held,),), frozen=True)
    shown = show(Network(TensorType((3,)), (group, layer("b3", "Linear", out_features=2)), 4))
    outer, last = shown["cards"]
    inner = outer["lanes"][0][0]
    told = [
        (card["frozen"], card["parameters"], card["trainable"]) for card in (outer, inner, last)
    ]
    assert told == [(True, 16, 0), (False, 16, 0), (False, 10, 10)]
    assert (shown["totals"]["parameters"], shown["totals"]["trainable"]) == (26, 10)


def test_target_is_told_with_its_repair() -> None:
    network = Network(TensorType((64,)), (layer("b1", "Linear", out_features=3),), 2, "iris")
    target = show(network)["totals"]["target"]
    assert target is None
    wrong = Network(network.input, network.blocks, 2, "digits")
    target = show(wrong)["totals"]["target"]
    assert (target["code"], target["repair"]) == ("output", "Set out_features of Linear to 10")


def test_undo_and_redo_are_offered() -> None:
    network = Network(TensorType((8,)))
    history = History(network).commit(apply(network, Insert("Linear", Place(), (), "c1")))
    assert (view(history, check(history.present))["canUndo"]) is True
    undone = history.undo()
    shown = view(undone, check(undone.present))
    assert (shown["canUndo"], shown["canRedo"]) == (False, True)


@pytest.mark.parametrize("name", TEMPLATES)
def test_everything_sent_is_json(name: str) -> None:
    shown = show(TEMPLATES[name].network())
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown
    assert shown["totals"]["target"] is None


def test_huge_layers_are_counted_not_made() -> None:
    block = layer("b1", "Linear", out_features=10**9)
    shown = show(Network(TensorType((10**9,)), (block,), 2))
    assert shown["totals"]["parameters"] == 10**18 + 10**9
    assert shown["totals"]["madds"] == 10**18


def test_catalogue_is_sent_once() -> None:
    workspace = Workspace("n1", History(TEMPLATES["mlp"].network()))
    first = message(workspace)
    assert set(first["catalogue"]["kinds"]) == set(CATALOGUE)
    workspace.catalogue_seen = first["catalogueHash"]
    assert "catalogue" not in message(workspace)


def test_catalogue_has_what_the_canvas_reads() -> None:
    fingerprint, entries = catalogue()
    assert fingerprint == catalogue()[0]
    shelved = [kind for group in entries["categories"] for kind in group["kinds"]]
    assert sorted(shelved) == sorted(CATALOGUE)
    for kind, entry in entries["kinds"].items():
        assert entry["kind"] == kind
        assert entry["container"] == (entry["lanes"] is not None)
        assert entry["summary"]
        assert all(parameter["help"] for parameter in entry["parameters"])


@pytest.mark.parametrize("name", ["empty", "faulty", "lenet5", "nested"])
def test_examples_of_the_front_end_have_the_same_form(name: str) -> None:
    """What the front end's tests draw has no key that Python does not send, nor lacks one."""
    example = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    sent = message(Workspace("n1", History(TEMPLATES["small-resnet"].network())))
    optional = {"catalogue", "unsaved"}
    assert set(example) - optional == set(sent) - optional
    assert set(example["input"]) == set(sent["input"])
    assert set(example["totals"]) == set(sent["totals"])
    card = sent["cards"][0]
    for each in _cards(example["cards"]):
        assert set(each) == set(card)
        assert type(each["params"]) is dict
        assert each["state"] in ("ok", "fault", "waiting", "bypassed")


def test_examples_name_layers_of_the_catalogue() -> None:
    text = (FIXTURES / "catalogue.json").read_text(encoding="utf-8")
    example = json.loads(text)["catalogue"]
    _, entries = catalogue()
    assert set(example) == set(entries)
    assert set(example["kinds"]) <= set(entries["kinds"])
    for kind, entry in example["kinds"].items():
        sent = entries["kinds"][kind]
        assert set(entry) == set(sent), kind
        names = {parameter["name"] for parameter in sent["parameters"]}
        assert {parameter["name"] for parameter in entry["parameters"]} <= names, kind


def _cards(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        found
        for card in cards
        for found in (card, *_cards([inner for lane in card["lanes"] or [] for inner in lane]))
    ]


def test_a_container_says_what_its_lanes_are_given_where_that_is_not_its_input() -> None:
    network = Network(
        TensorType((3, 8, 8)),
        (
            Block("b1", "PoolUnpool2d", (("kernel_size", 2),), ((),)),
            Block("b2", "Residual", (), ((),)),
            Block("b3", "PoolUnpool1d", (("kernel_size", 2),), ((),)),
        ),
    )
    pool, residual, wrong = view(History(network), check(network))["cards"]
    assert pool["inside"] == "N×3×4×4"
    assert "inside" not in residual
    assert "inside" not in wrong


def test_the_inspected_layer_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def note(report: Report, block: str, wanted: tuple[int, ...] | None) -> dict[str, str]:
        asked.append((report.network, block, wanted))
        return {"block": block}

    monkeypatch.setattr("components.canvas.worked", note)
    workspace = Workspace("n1", History(TEMPLATES["lenet5"].network()))
    first = workspace.history.present.blocks[0].id
    sent = message(workspace, Inspected(first, (8, 8)))
    assert sent["worked"] == {"block": first}
    assert message(workspace, Inspected("gone"))["worked"] is None
    assert message(workspace)["worked"] is None
    assert asked == [(workspace.history.present, first, (8, 8))]


def test_own_data_comes_with_the_input_for_the_catalogue_does_not_list_it() -> None:
    data = b"a,b\n1,x\n2,y\n3,x\n"
    data_set_id = own.keep(table.suggest_plan(table.look(data), "mine.csv"), data)
    assert show(Network(TensorType((1,)), data=data_set_id))["input"]["own"] == {
        "id": data_set_id,
        "title": "mine.csv",
        "label": "N×1",
        "shape": [1],
        "dtype": "float32",
    }
    assert "own" not in show(Network(TensorType((1,)), data="own-" + 32 * "0"))["input"]
