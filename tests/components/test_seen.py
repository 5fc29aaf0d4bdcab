"""What the cards show of a sample: the numbers of the real forward pass, up to the first fault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from builder.build import build_network
from builder.datasets import DATA_SETS, arrays
from builder.document import find
from builder.operations import Bypass, SetParam, apply
from builder.recipe import Recipe
from builder.see import Query, prepare
from builder.templates import TEMPLATES
from components.canvas import seen
from components.canvas.seeing import Seeing, parse_seeing
from components.canvas.seen import INPUT, Subject, see_sample
from components.canvas.strips import draw_strip
from tests.stacks import layer, network

LENET = TEMPLATES["lenet5"].network()
QUERY = Query(LENET, recipe=Recipe(), sample=5)


def outputs(query: Query, seed: int = 0) -> list[np.ndarray]:
    """What each layer of a plain stack gives, by a loop over its modules."""
    torch.manual_seed(seed)
    flowing, found = prepare(query)[None], []
    with torch.no_grad():
        for module in build_network(query.network).eval():
            flowing = module(flowing)
            found.append(flowing[0].numpy())
    return found


def expected(query: Query, side: int = 24) -> dict[str, Any]:
    blocks = query.network.blocks
    return {
        block.id: draw_strip(block.label, values, side)
        for block, values in zip(blocks, outputs(query), strict=True)
    }


def test_the_strips_are_those_of_the_forward_pass() -> None:
    answer = see_sample(Subject(QUERY))
    strips = dict(answer["strips"])
    assert strips.pop(INPUT) == draw_strip("the input", prepare(QUERY).numpy(), 24)
    assert strips == expected(QUERY)


def test_the_label_and_the_guess_are_those_of_the_sample() -> None:
    answer = see_sample(Subject(QUERY))
    label = int(arrays("digits").targets[5])
    best = int(outputs(QUERY)[-1].argmax())
    assert (answer["data"], answer["sample"], answer["count"]) == ("Digits 8×8", 5, 1797)
    assert answer["label"] == str(label)
    assert answer["guess"] == {"text": str(best), "right": best == label}
    assert (answer["trained"], answer["run"], answer["trouble"]) == (False, None, None)


def test_samples_are_counted_round() -> None:
    count = DATA_SETS["digits"].samples
    answer = see_sample(Subject(replace(QUERY, sample=count + 5)))
    assert answer == see_sample(Subject(QUERY))


def test_after_a_fault_there_is_nothing_and_before_it_the_same_as_ever() -> None:
    conv = next(block for block in LENET.blocks if block.name == "conv2")
    faulty = apply(LENET, SetParam(conv.id, "kernel_size", 99))
    answer = see_sample(Subject(replace(QUERY, network=faulty)))
    before = LENET.blocks[: LENET.blocks.index(conv)]
    assert list(answer["strips"]) == [INPUT, *(block.id for block in before)]
    assert answer["strips"]["b1"]["facts"] == expected(QUERY)["b1"]["facts"]
    assert answer["guess"] is None


def test_a_block_that_is_switched_off_has_no_strip() -> None:
    off = apply(LENET, Bypass(LENET.blocks[1].id, True))
    assert LENET.blocks[1].id not in see_sample(Subject(replace(QUERY, network=off)))["strips"]


def test_in_a_container_with_a_fault_what_comes_before_it_is_shown() -> None:
    lanes = ((layer("Linear"), layer("Conv2d")), (layer("ReLU"),))
    whole = network((4,), layer("Linear"), layer("Branches", *lanes), layer("ReLU"))
    assert set(see_sample(Subject(Query(whole)))["strips"]) == {INPUT, "b1", "b3", "b5"}


def test_before_a_fault_the_lanes_have_the_weights_of_the_whole_network() -> None:
    whole = TEMPLATES["inception"].network()
    lanes = next(block for block in whole.blocks if block.lanes).lanes
    wider = SetParam(lanes[-1][1].id, "kernel_size", 3)
    faulty = apply(apply(whole, SetParam(lanes[-1][1].id, "padding", 0)), wider)
    sound, cut = (see_sample(Subject(replace(QUERY, network=each))) for each in (whole, faulty))
    assert (cut["guess"], cut["trouble"]) == (None, None)
    for block in (block for lane in lanes[:-1] for block in lane):
        assert cut["strips"][block.id]["facts"] == sound["strips"][block.id]["facts"]


def test_containers_show_their_output_and_what_they_hold() -> None:
    whole = TEMPLATES["inception"].network()
    answer = see_sample(Subject(replace(QUERY, network=whole)))
    branches = next(block for block in whole.blocks if block.lanes)
    assert answer["strips"][branches.id]["alt"] == "8 of 64 feature maps of Branches, 14×14"
    for lane in branches.lanes:
        for block in lane:
            assert find(whole, block.id) is block
            assert block.id in answer["strips"]


def test_the_weights_of_a_run_are_used(tmp_path: Path) -> None:
    torch.manual_seed(7)
    path = tmp_path / "weights.safetensors"
    save_file(build_network(LENET).state_dict(), path)
    answer = see_sample(Subject(replace(QUERY, weights=path), "Run of today"))
    last = LENET.blocks[-1]
    assert answer["strips"][last.id] == draw_strip(last.label, outputs(QUERY, 7)[-1], 24)
    assert answer["strips"][last.id] != expected(QUERY)[last.id]
    assert (answer["trained"], answer["run"]) == (True, "Run of today")


def test_random_numbers_have_no_label() -> None:
    answer = see_sample(Subject(replace(QUERY, recipe=None, sample=3)))
    assert (answer["data"], answer["count"], answer["label"]) == (None, None, None)
    assert (answer["sample"], answer["guess"]) == (3, None)
    assert len(answer["strips"]) == len(LENET.blocks) + 1


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("MADDS_LIMIT", "multiply-adds; up to 10"),
        ("PARAMETERS_LIMIT", "parameters; up to 10"),
        ("BLOCKS_LIMIT", "12 layers; up to 10"),
    ],
)
def test_a_network_that_takes_too_long_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, limit: str, words: str
) -> None:
    monkeypatch.setattr(seen, limit, 10)
    see_sample.cache_clear()
    answer = see_sample(Subject(QUERY))
    see_sample.cache_clear()
    assert words in answer["trouble"]
    assert "Inspect page" in answer["trouble"]
    assert answer["strips"] == {}


def test_a_network_too_large_to_be_looked_at_says_so() -> None:
    large = network((1, 9000, 9000), layer("ReLU"))
    assert "one sample takes" in see_sample(Subject(Query(large)))["trouble"]


def test_what_the_browser_asks_is_read_with_suspicion() -> None:
    asked = {"revision": 3, "sample": 5, "weights": "initial"}
    assert parse_seeing(asked) == Seeing(3, 5, "initial")
    assert parse_seeing(asked | {"weights": "whatever"}) == Seeing(3, 5, "trained")
    for wrong in (None, "x", {}, asked | {"sample": -1}, asked | {"sample": True}):
        assert parse_seeing(wrong) is None
    assert parse_seeing(asked | {"sample": 2**31}) is None
