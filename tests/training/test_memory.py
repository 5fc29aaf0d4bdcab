"""The memory a run needs, counted by hand for a small network, and said in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.check import check
from builder.document import Block, Network, TensorType
from builder.recipe import Recipe
from builder.training import memory
from builder.training.admission import refusal


def stack(*blocks: Block) -> Network:
    return Network(TensorType((1, 8, 8)), blocks, 9, "digits")


SMALL = stack(Block("b1", "Flatten"), Block("b2", "Linear", (("out_features", 10),)))
HUGE = stack(
    Block("b1", "Flatten"),
    Block("b2", "Linear", (("out_features", 10**9),)),
    Block("b3", "Linear", (("out_features", 10**9),)),
    Block("b4", "Linear", (("out_features", 10),)),
)


@pytest.mark.parametrize(
    ("recipe", "copies"),
    [
        (Recipe(), 4),
        (Recipe(arguments=(("amsgrad", True),)), 5),
        (Recipe(optimiser="AdamW"), 4),
        (Recipe(optimiser="SGD"), 2),
        (Recipe(optimiser="SGD", arguments=(("momentum", 0.9),)), 3),
    ],
)
def test_what_a_small_network_needs(recipe, copies):
    weights, data = 650 * copies, 2 * 1797 * 64
    training, validation = (64 + 10) * 64, 2 * 64 * 359
    assert validation > training
    assert memory.needed(check(SMALL), recipe) == 4 * (weights + data + validation)


def test_frozen_weights_need_no_gradients_and_no_copies():
    first = Block("b3", "Linear", (("out_features", 64),), frozen=True)
    flat, last = SMALL.blocks
    batch = 2 * 64 * 359
    expected = 4 * (4160 + 650 * 4 + 2 * 1797 * 64 + batch)
    assert memory.needed(check(stack(flat, first, last)), Recipe()) == expected


def test_a_large_batch_needs_more():
    recipe = Recipe(batch_size=65536)
    expected = 4 * (650 * 4 + 2 * 1797 * 64 + (64 + 10) * 65536)
    assert memory.needed(check(SMALL), recipe) == expected


def test_layers_in_repeats_need_as_much_as_written_out():
    layer = Block("b5", "Linear", (("out_features", 64),))
    inner = Block("b4", "Repeat", (("times", 3),), ((layer,),))
    flat, last = SMALL.blocks
    repeated = stack(flat, Block("b3", "Repeat", (("times", 2),), ((inner,),)), last)
    written = stack(flat, *(replace(layer, id=f"c{at}") for at in range(6)), last)
    recipe = Recipe(batch_size=4096)
    found = memory.needed(check(repeated), recipe)
    assert found == memory.needed(check(written), recipe)
    assert found == 4 * ((650 + 6 * 4160) * 4 + 2 * 1797 * 64 + (7 * 64 + 10) * 4096)


def test_a_huge_layer_is_refused_with_the_numbers(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 8 * 10**9)
    issue = refusal(check(HUGE), Recipe())
    assert issue is not None
    assert (issue.block, issue.code) == (None, "memory")
    assert issue.message == (
        "Training needs 16.0 EB of memory or more, but this machine has 8.0 GB. "
        "Make the layers, the input or the batch smaller."
    )


def test_a_machine_that_does_not_tell_refuses_nothing(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: None)
    assert refusal(check(HUGE), Recipe()) is None


def test_a_small_network_fits_this_machine():
    assert refusal(check(SMALL), Recipe()) is None


def test_a_containers_limit_counts(monkeypatch, tmp_path):
    for name, text in {"low": "1000000\n", "none": "max\n"}.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(memory, "_LIMITS", (tmp_path / "none", tmp_path / "absent"))
    whole = memory.available()
    assert whole is not None
    assert whole > 10**6
    monkeypatch.setattr(memory, "_LIMITS", (tmp_path / "low",))
    assert memory.available() == 10**6


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (4 * 10**9, "4.0 GB"),
        (1.6e19, "16.0 EB"),
        (2e22, "20,000.0 EB"),
    ],
)
def test_sizes_in_words(size, words):
    assert memory.words(int(size)) == words
