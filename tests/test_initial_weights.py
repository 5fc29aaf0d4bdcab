"""Rules for initial weights on real models: where each holds, in which order, with which draws."""

from __future__ import annotations

import torch
from torch import nn

from builder.build import build_network
from builder.check import check
from builder.document import ALL, Init, Network, TensorType
from builder.initial_weights import modules_of, plan
from builder.initialisers import INITIALISERS
from builder.operations import SetInit, apply
from tests.export.networks import EVERYTHING, block, table_network

TABLE = table_network(4, 3)
SEQUENCE = Network(
    TensorType((5, 6)),
    (
        block("b1", "MultiheadAttention", num_heads=2, batch_first=True),
        block("b2", "LSTM", batch_first=True, hidden_size=4, output="last"),
        block("b3", "Linear", out_features=3),
    ),
)


def made(network: Network, *operations: SetInit, seed: int = 0) -> nn.Sequential:
    for operation in operations:
        network = apply(network, operation)
    torch.manual_seed(seed)
    return build_network(network)


def constant(value: float, bias: float | None = None) -> Init:
    return Init("constant", (("val", value),), bias)


def test_without_rules_nothing_more_is_drawn() -> None:
    made(TABLE)
    after = torch.get_rng_state()
    made(TABLE, SetInit(constant(1)))
    assert torch.equal(torch.get_rng_state(), after)
    assert plan(check(TABLE)) == ()


def test_the_draws_follow_torchs_own() -> None:
    model = made(TABLE, SetInit(Init("xavier_uniform", (("gain", 3.0),), 0.0)), seed=5)
    torch.manual_seed(5)
    expected = build_network(TABLE)
    for layer in (expected[0], expected[3]):
        nn.init.xavier_uniform_(layer.weight, gain=3.0)
        nn.init.zeros_(layer.bias)
    own = model.state_dict()
    assert all(torch.equal(own[k], v) for k, v in expected.state_dict().items())


def test_the_more_special_rule_has_the_last_word() -> None:
    model = made(
        EVERYTHING,
        SetInit(constant(9), "b16"),
        SetInit(constant(5, 0.5)),
        SetInit(constant(7), kind="Conv2d"),
    )
    assert set(model.stem.weight.flatten().tolist()) == {7}
    assert set(model.stem.bias.tolist()) == {0.5}
    assert set(model[6].weight.flatten().tolist()) == {9}
    assert set(model.neck[1].weight.tolist()) == {5}  # a constant needs no two axes


def test_kinds_come_in_the_order_of_the_catalogue() -> None:
    network = apply(EVERYTHING, SetInit(constant(1), kind="Conv2d"))
    network = apply(network, SetInit(constant(1), kind="Linear"))
    network = apply(network, SetInit(constant(1), "b16"))
    network = apply(network, SetInit(constant(1), "b3"))
    network = apply(network, SetInit(constant(1)))
    steps = plan(check(network))
    assert [each.kind for each in steps] == [None, "Linear", "Conv2d", None, None]
    assert [each.block.id for each in steps if each.block] == ["b3", "b16"]


def test_what_needs_two_axes_leaves_vectors_alone() -> None:
    model = made(EVERYTHING, SetInit(Init("orthogonal", (), 2.0)))
    assert set(model.neck[1].weight.tolist()) == {1}
    assert set(model.neck[1].bias.tolist()) == {2}
    rows = model[6].weight
    torch.testing.assert_close(rows @ rows.T, torch.eye(10), atol=1e-5, rtol=0)


def test_a_repeated_block_is_initialised_in_each_turn_with_draws_of_its_own() -> None:
    model = made(EVERYTHING, SetInit(Init("normal"), "b8"))
    first, second, third = (model[2][turn][0].body[0].weight for turn in range(3))
    assert not torch.equal(first, second)
    assert not torch.equal(second, third)


def test_a_containers_rule_holds_for_all_that_it_holds() -> None:
    model = made(EVERYTHING, SetInit(constant(3), "b6"), SetInit(constant(4), "b2"))
    assert {value for turn in model[2] for value in turn[0].body[0].weight.tolist()} == {3}
    assert set(model[1].branches[0][0].weight.flatten().tolist()) == {4}


def test_a_bypassed_block_with_a_rule_is_left_out() -> None:
    network = apply(EVERYTHING, SetInit(constant(3), "b10"))
    assert plan(check(network)) == ()


def test_layers_that_hold_several_weights() -> None:
    model = made(SEQUENCE, SetInit(constant(2, 0), kind="LSTM"), SetInit(constant(3, 1), "b1"))
    lstm = dict(model[1].named_parameters())
    assert {n: set(v.flatten().tolist()) for n, v in lstm.items()} == {
        "layer.weight_ih_l0": {2},
        "layer.weight_hh_l0": {2},
        "layer.bias_ih_l0": {0},
        "layer.bias_hh_l0": {0},
    }
    attention = dict(model[0].named_parameters())
    assert {n: set(v.flatten().tolist()) for n, v in attention.items()} == {
        "attention.in_proj_weight": {3},
        "attention.in_proj_bias": {1},
        "attention.out_proj.weight": {3},
        "attention.out_proj.bias": {1},
    }


def test_every_method_draws_something_finite() -> None:
    for name in INITIALISERS:
        model = made(SEQUENCE, SetInit(Init(name)))
        assert all(torch.isfinite(each).all() for each in model.parameters()), name


def test_modules_of_a_step() -> None:
    network = apply(apply(SEQUENCE, SetInit(Init("normal"))), SetInit(Init("normal"), kind="LSTM"))
    model = build_network(network)
    everything, lstm = plan(check(network))
    assert list(modules_of(model, everything)) == [model]
    assert [type(each).__name__ for each in modules_of(model, lstm)] == ["LSTM"]
    assert network.inits[0][0] == ALL
