"""What every layer makes of a sample: the right module, the right numbers, and polite refusals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from builder.build import build_network
from builder.check import check
from builder.document import Network, TensorType
from builder.lower import Faulty
from builder.places import Inside, locate
from builder.recipe import Recipe
from builder.see import (
    Query,
    Unseen,
    find_sample,
    fitting,
    initial_weights,
    look,
    measure,
    model_of,
    prepare,
    see,
    too_large,
)
from builder.templates import TEMPLATES
from builder.training.samples import split
from tests.export.networks import EVERYTHING, FAULTY, block, table_network
from tests.random_networks import random_network

LENET = TEMPLATES["lenet5"].network()


def test_every_block_is_found_by_its_path() -> None:
    found = {spot.block.id: spot.path for spot in locate(check(EVERYTHING), {"b6": 2})}
    assert found == {
        "b1": "stem",
        "b2": "1",
        "b3": "1.branches.0.0",
        "b4": "1.branches.1.0",
        "b5": "1.branches.1.1",
        "b6": "2",
        "b7": "2.2.0",
        "b8": "2.2.0.body.0",
        "b9": "2.2.0.body.1",
        "b11": "neck",
        "b12": "neck.0",
        "b13": "neck.1",
        "b14": "4",
        "b15": "5",
        "b16": "6",
    }


def test_without_turns_a_repeated_block_is_found_in_each() -> None:
    spots = [spot for spot in locate(check(EVERYTHING)) if spot.block.id == "b9"]
    assert [spot.path for spot in spots] == [f"2.{turn}.0.body.1" for turn in range(3)]
    assert spots[1].inside == (Inside("b6", 0, 1), Inside("b7", 0, 0))


def test_a_turn_beyond_the_last_is_the_last() -> None:
    spots = locate(check(EVERYTHING), {"b6": 9})
    assert next(spot.path for spot in spots if spot.block.id == "b7") == "2.2.0"


@pytest.mark.filterwarnings("ignore:keyword argument", "ignore:dropout option adds dropout")
@pytest.mark.parametrize("seed", range(60))
def test_outputs_have_the_shapes_that_the_check_says(seed: int) -> None:
    network = random_network(seed, depth=2)
    report = check(network)
    if not report.ok:
        return
    spots = tuple(locate(report, {}))
    model = build_network(network)
    try:
        sight = see(model, prepare(Query(network)), spots)
    except Unseen as refusal:  # a normalisation without running means wants two samples
        if "more than 1 value per channel" not in str(refusal):
            raise
        return
    seen = {layer.spot.block.id: layer.values.shape for layer in sight.layers}
    told = {
        block_id: each.output.shape
        for block_id, each in report.blocks.items()
        if each.state == "ok" and each.output
    }
    assert seen == told
    assert report.output is not None
    assert sight.output.shape == report.output.shape


def test_each_layer_continues_where_the_one_before_it_ended() -> None:
    query = Query(LENET, seed=4, recipe=Recipe(), sample=7)
    sight, model = look(query), model_of(query)
    flowing = torch.tensor(sight.given)[None]
    for layer, module in zip(sight.layers, model, strict=True):
        flowing = module(flowing)
        np.testing.assert_array_equal(layer.values, flowing[0].detach().numpy())
    np.testing.assert_array_equal(sight.output, flowing[0].detach().numpy())


def test_a_later_layer_that_writes_in_place_changes_nothing_seen() -> None:
    network = Network(
        TensorType((4,)), (block("b1", "Identity"), block("b2", "ReLU", inplace=True))
    )
    sight = look(Query(network))
    assert (sight.given < 0).any()
    np.testing.assert_array_equal(sight.layers[0].values, sight.given)
    np.testing.assert_array_equal(sight.layers[1].values, sight.given.clip(0))


def test_the_model_is_left_as_it_was() -> None:
    model = build_network(EVERYTHING).train()
    see(model, prepare(Query(EVERYTHING)), tuple(locate(check(EVERYTHING), {})))
    assert model.training
    assert not any(module._forward_hooks for module in model.modules())


def test_a_seed_gives_the_weights_that_a_run_begins_with() -> None:
    torch.manual_seed(11)
    expected = build_network(LENET).state_dict()
    state = torch.get_rng_state()
    found = model_of(Query(LENET, seed=11)).state_dict()
    assert torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_weights_come_from_the_file(tmp_path: Path) -> None:
    torch.manual_seed(5)
    expected = build_network(LENET).state_dict()
    save_file(expected, tmp_path / "weights.safetensors")
    found = model_of(Query(LENET, weights=tmp_path / "weights.safetensors")).state_dict()
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_weights_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    with pytest.raises(Unseen, match="The weights of this run can't be read"):
        look(Query(LENET, weights=path))
    save_file(build_network(table_network(2, 2)).state_dict(), path)
    with pytest.raises(Unseen, match="The weights of this run can't be read"):
        look(Query(LENET, weights=path))


@pytest.mark.parametrize("shuffle", [True, False])
def test_a_table_is_standardised_as_in_a_run(shuffle: bool) -> None:
    network, recipe = table_network(4, 3), Recipe("iris", seed=3, shuffle=shuffle)
    generator = torch.Generator().manual_seed(3)
    training, validation = split(recipe, network.input, generator, torch.device("cpu"))
    places = {find_sample(recipe, sample) for sample in range(150)}
    assert sorted(place for place, held in places if held) == list(range(len(validation)))
    place, held = find_sample(recipe, 42)
    part = validation if held else training
    found = prepare(Query(network, recipe=recipe, sample=42))
    assert torch.equal(found, part.inputs[place])
    assert part.targets[place] == 0


def test_a_picture_is_resized() -> None:
    assert fitting(Recipe(), LENET)
    assert prepare(Query(LENET, recipe=Recipe(), sample=3)).shape == (1, 32, 32)


def test_random_numbers_are_ones_that_an_embedding_knows() -> None:
    network = Network(
        TensorType((200,), "int64"),
        (block("b1", "Embedding", num_embeddings=3, embedding_dim=2),),
    )
    assert not fitting(Recipe(), network)
    sight = look(Query(network))
    assert set(sight.given.tolist()) == {0, 1, 2}
    assert sight.output.shape == (200, 2)


def test_facts() -> None:
    found = measure(np.array([[0.0, 0.0], [3.0, 5.0]], dtype=np.float32))
    assert (found.mean, found.least, found.largest, found.zeros) == (2.0, 0.0, 5.0, 0.5)
    assert found.deviation == pytest.approx(np.std([0, 0, 3, 5]))


def test_a_faulty_network_is_refused() -> None:
    with pytest.raises(Faulty):
        look(Query(FAULTY))


def test_what_would_not_fit_into_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = replace(LENET, input=TensorType((1, 3000, 3000)), blocks=LENET.blocks[:2])
    report = check(wide)
    message = too_large(report, tuple(locate(report, {})))
    assert message is not None
    assert message.startswith("What the layers make of one sample takes 430.8 MB")
    monkeypatch.setattr("builder.see.available", lambda: 900_000)
    message = too_large(check(LENET), ())
    assert message is not None
    assert "246.8 kB" in message


def test_initial_weights_of_a_kind_a_block_and_all() -> None:
    def count(kind: str = "*", block: str | None = None) -> tuple[int, int]:
        found = initial_weights(Query(EVERYTHING), kind, block)
        assert found.count == len(found.numbers)
        return found.count, found.axes

    assert count("Conv2d") == (60 + 16, 4)
    assert count(block="b8") == (3 * 12, 1)  # in each of three turns
    assert count() == (60 + 16 + 36 + 768 + 7680, 4)
    assert count(block="b4") == (0, 0)
