"""Multiply-adds for one sample, of the layers that multiply matrices; a bias counts as nothing."""

from __future__ import annotations

from math import prod

from builder.catalogue.rules import spread
from builder.catalogue.spec import Arguments, Counting
from builder.document import TensorType

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}
"""How many matrix products a step of each recurrent layer needs."""


def linear(arguments: Arguments, given: TensorType, output: TensorType) -> int:
    """Every output is a sum over all features that come in."""
    return prod(output.shape) * int(arguments["in_features"])


def convolution(arguments: Arguments, given: TensorType, output: TensorType) -> int:
    """Every output is a sum over the kernel and the input channels of its group."""
    kernel = spread(arguments["kernel_size"], output.rank - 1)
    channels = int(arguments["in_channels"]) // int(arguments["groups"])
    return prod(output.shape) * channels * prod(kernel)


def transposed_convolution(arguments: Arguments, given: TensorType, output: TensorType) -> int:
    """Every input is spread over the kernel and the output channels of its group."""
    kernel = spread(arguments["kernel_size"], given.rank - 1)
    channels = int(arguments["out_channels"]) // int(arguments["groups"])
    return prod(given.shape) * channels * prod(kernel)


def recurrent(kind: str) -> Counting:
    """In every step, layer and direction each gate multiplies the input and the last output."""

    def count(arguments: Arguments, given: TensorType, output: TensorType) -> int:
        hidden, layers = int(arguments["hidden_size"]), int(arguments["num_layers"])
        projected = int(arguments.get("proj_size") or 0)
        shown = projected or hidden
        directions = 2 if arguments["bidirectional"] else 1
        incoming = int(arguments["input_size"]) + (layers - 1) * directions * shown
        gates = GATES[kind] * hidden * (incoming + layers * shown)
        return given.shape[0] * directions * (gates + layers * hidden * projected)

    return count


def attention(arguments: Arguments, given: TensorType, output: TensorType) -> int:
    """Queries, keys, values and the result are projected; each step is matched with all steps."""
    steps, features = given.shape
    others = steps + sum(bool(arguments[name]) for name in ("add_bias_kv", "add_zero_attn"))
    return steps * features * (4 * features + 2 * others)


def transformer_layer(arguments: Arguments, given: TensorType, output: TensorType) -> int:
    """Self-attention, then two linear layers for every step."""
    steps, features = given.shape
    return steps * features * (4 * features + 2 * steps + 2 * int(arguments["dim_feedforward"]))
