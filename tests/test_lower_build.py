"""From a checked network to torch modules: names, arguments, containers, and known facts."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from builder.build import build, build_network
from builder.catalogue.spec import Call
from builder.check import check
from builder.document import Block, Network, TensorType, Value, make_params
from builder.lower import Faulty, lower
from builder.parts import Branches, Residual
from builder.templates import TEMPLATES
from tests.random_networks import random_network


def layer(block_id: str, kind: str, name: str | None = None, **values: Value) -> Block:
    return Block(block_id, kind, make_params(values), (), name)


def container(block_id: str, kind: str, *lanes: tuple[Block, ...], **values: Value) -> Block:
    return Block(block_id, kind, make_params(values), lanes)


def network(shape: tuple[int, ...], *blocks: Block) -> Network:
    return Network(TensorType(shape), blocks, 100)


def forward(made: Network, batch: int = 2) -> torch.Tensor:
    return build_network(made)(torch.randn(batch, *made.input.shape))


def test_calls_hold_only_what_differs_from_torchs_defaults() -> None:
    made = network(
        (3, 8, 8),
        layer("b1", "Conv2d", "conv1", out_channels=4, kernel_size=3, stride=1, bias=False),
        layer("b2", "ReLU", inplace=False),
        replace(layer("b3", "Dropout", p=0.5), bypassed=True),
        layer("b4", "Flatten"),
        layer("b5", "Linear", out_features=10, in_features=144),
    )
    assert lower(check(made)) == Call(
        "nn.Sequential",
        (),
        (
            (
                "conv1",
                Call(
                    "nn.Conv2d",
                    (("in_channels", 3), ("out_channels", 4), ("kernel_size", 3), ("bias", False)),
                ),
            ),
            ("1", Call("nn.ReLU")),
            ("2", Call("nn.Flatten")),
            ("3", Call("nn.Linear", (("in_features", 144), ("out_features", 10)))),
        ),
    )


def test_containers_become_sequentials_and_parts() -> None:
    linear = layer("b2", "Linear", "fc", out_features=8)
    relu = Call("nn.Sequential", (), (("0", Call("nn.ReLU")),))
    body = Call(
        "nn.Sequential", (), (("fc", Call("nn.Linear", (("in_features", 8), ("out_features", 8)))),)
    )
    made = network(
        (8,),
        container("b1", "Residual", (linear,)),
        container("b3", "Branches", (layer("b4", "ReLU"),), ()),
        container("b5", "Branches", (layer("b6", "ReLU"),), (), join="mean"),
        container("b7", "Group", (layer("b8", "ReLU"),)),
    )
    empty = Call("nn.Sequential")
    assert [call for _, call in lower(check(made)).children] == [
        Call("parts.Residual", (), (("body", body),)),
        Call("parts.Branches", (("join", "concatenate"),), (("0", relu), ("1", empty))),
        Call("parts.Branches", (("join", "mean"),), (("0", relu), ("1", empty))),
        relu,
    ]


def test_repetitions_have_weights_and_sizes_of_their_own() -> None:
    made = network(
        (8,), container("b1", "Repeat", (layer("b2", "Linear", out_features=4),), times=3)
    )
    module = build_network(made)
    assert [tuple(p.shape) for p in module.parameters()] == [
        (4, 8),
        (4,),
        (4, 4),
        (4,),
        (4, 4),
        (4,),
    ]
    assert list(module.state_dict()) == [
        f"0.{turn}.0.{name}" for turn in range(3) for name in ("weight", "bias")
    ]
    weights = list(module.parameters())
    assert not torch.equal(weights[2], weights[4])


def test_faulty_networks_are_not_lowered() -> None:
    faulty = network((4, 4, 4), layer("b1", "Linear", "fc", out_features=10))
    with pytest.raises(Faulty) as caught:
        build_network(faulty)
    assert str(caught.value) == (
        "The network can't be built. Linear fc: Linear expects features (N, F) or sequences "
        "(N, L, F), but N×4×4×4 comes in: flatten it first."
    )
    assert caught.value.report == check(faulty)


def test_names_become_keys_of_the_state_dict() -> None:
    module = build_network(TEMPLATES["lenet5"].network())
    assert list(module.state_dict()) == [
        f"{name}.{part}"
        for name in ("conv1", "conv2", "fc1", "fc2", "fc3")
        for part in ("weight", "bias")
    ]


def test_residual_adds_its_input() -> None:
    body = nn.Linear(4, 4)
    x = torch.randn(3, 4)
    assert torch.equal(Residual(body)(x), body(x) + x)


def test_branches_join_in_three_ways() -> None:
    first, second, x = nn.Linear(4, 4), nn.Linear(4, 4), torch.randn(3, 4)
    a, b = first(x), second(x)
    assert torch.equal(Branches(first, second, join="add")(x), a + b)
    assert torch.equal(Branches(first, second, join="mean")(x), (a + b) / 2)
    assert torch.equal(Branches(first, second)(x), torch.cat([a, b], 1))


def test_same_seed_same_weights_as_by_hand() -> None:
    torch.manual_seed(7)
    by_hand = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 10))
    torch.manual_seed(7)
    built = build_network(
        network(
            (1, 8, 8),
            layer("b1", "Conv2d", out_channels=4, kernel_size=3),
            layer("b2", "ReLU"),
            layer("b3", "Flatten"),
            layer("b4", "Linear", out_features=10),
        )
    )
    assert list(built.state_dict()) == list(by_hand.state_dict())
    for ours, theirs in zip(built.parameters(), by_hand.parameters(), strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.filterwarnings("ignore")  # torch's, of arguments that it keeps for old code
def test_random_networks_build_to_what_the_check_says() -> None:
    built = 0
    for seed in range(150):
        made = random_network(seed, depth=2)
        report = check(made)
        if not report.ok or not made.blocks:
            continue
        module = build(lower(report))
        assert sum(p.numel() for p in module.parameters()) == report.parameters
        assert sum(b.numel() for b in module.buffers()) == report.buffers
        built += 1
    assert built > 30


# Facts worth having right.


def test_conv2d_of_32_kernels() -> None:
    made = network((3, 64, 64), layer("b1", "Conv2d", out_channels=32, kernel_size=5, padding=2))
    report = check(made)
    assert report.parameters == 3 * 32 * 5 * 5 + 32 == 2432
    assert report.output == TensorType((32, 64, 64))
    assert tuple(forward(made, 16).shape) == (16, 32, 64, 64)


def test_lenets_parameters() -> None:
    module = build_network(TEMPLATES["lenet5"].network())
    assert [tuple(p.shape) for p in module.parameters()] == [
        (6, 1, 5, 5), (6,), (16, 6, 5, 5), (16,),
        (120, 400), (120,), (84, 120), (84,), (10, 84), (10,),
    ]  # fmt: skip


def test_pooling_with_stride_one() -> None:
    made = network((15, 15, 14), layer("b1", "MaxPool2d", kernel_size=3, stride=1))
    assert check(made).output == TensorType((15, 13, 12))
    assert tuple(forward(made, 16).shape) == (16, 15, 13, 12)


def test_grouped_weights() -> None:
    made = network((8, 9, 9), layer("b1", "Conv2d", out_channels=12, kernel_size=3, groups=4))
    weight = next(build_network(made).parameters())
    assert tuple(weight.shape) == (12, 8 // 4, 3, 3)
    assert check(made).parameters == 12 * 2 * 3 * 3 + 12


def test_what_torch_would_take_silently_is_refused() -> None:
    unbatched = network((8, 8), layer("b1", "Conv2d", out_channels=4, kernel_size=3))
    assert nn.Conv2d(2, 4, 3)(torch.zeros(2, 8, 8)).shape == (4, 6, 6)
    assert [issue.code for issue in check(unbatched).issues] == ["rank"]
    stray = network((3, 8, 8), layer("b1", "Linear", out_features=4))
    assert nn.Linear(8, 4)(torch.zeros(2, 3, 8, 8)).shape == (2, 3, 8, 4)
    assert [issue.code for issue in check(stray).issues] == ["rank"]
