"""Networks to start from: each checks clean, and trains on its data where it has any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from builder.catalogue import CATALOGUE
from builder.document import Block, Network, TensorType, Value, make_params


@dataclass(frozen=True)
class Template:
    """A network to start from, and the data that it is meant to be tried on.

    ``data`` is None where the network is for data of a person's own.
    """

    id: str
    title: str
    summary: str
    input: tuple[int, ...]
    blocks: tuple[Any, ...]
    data: str | None = "digits"

    def network(self, first: int = 1) -> Network:
        """The template as a network, its ids counted from ``first``.

        A template that takes the place of another network begins where that one's ids end: what
        was meant for a layer of the old one then finds no layer in the new one.
        """
        numbers = count(first)
        blocks = tuple(_number(block, numbers) for block in self.blocks)
        return Network(TensorType(self.input), blocks, next(numbers), self.data)


def _layer(kind: str, /, name: str | None = None, **values: Value) -> Block:
    return Block("", kind, make_params(CATALOGUE[kind].initial | values), (), name)


def _container(
    kind: str, /, *lanes: tuple[Block, ...], name: str | None = None, **values: Value
) -> Block:
    return Block("", kind, make_params(CATALOGUE[kind].initial | values), lanes, name)


def _number(block: Block, numbers: count[int]) -> Block:
    block_id = f"b{next(numbers)}"
    lanes = tuple(tuple(_number(inner, numbers) for inner in lane) for lane in block.lanes)
    return Block(block_id, block.kind, block.params, lanes, block.name)


def _convolve(channels: int, kernel: int, name: str | None = None, **values: Value) -> Block:
    return _layer("Conv2d", name, out_channels=channels, kernel_size=kernel, **values)


def _linear(features: int, name: str | None = None) -> Block:
    return _layer("Linear", name, out_features=features)


def _residual(channels: int) -> tuple[Block, ...]:
    body = (
        _convolve(channels, 3, padding=1, bias=False),
        _layer("BatchNorm2d"),
        _layer("ReLU"),
        _convolve(channels, 3, padding=1, bias=False),
        _layer("BatchNorm2d"),
    )
    return _container("Residual", body), _layer("ReLU")


def _resnet_stage(channels: int, stride: int) -> tuple[Block, ...]:
    down = (
        _convolve(channels, 3, stride=stride, padding=1, bias=False),
        _layer("BatchNorm2d"),
        _layer("ReLU"),
    )
    return (*down, *_residual(channels))


def _activated(channels: int, kernel: int) -> tuple[Block, ...]:
    """A convolution that keeps the size, and a ReLU."""
    return _convolve(channels, kernel, padding="same"), _layer("ReLU")


def _inception(one: int, three: int, five: int, pool: int) -> Block:
    """1×1, 3×3 and 5×5 convolutions and a pooling side by side, as in GoogLeNet."""
    return _container(
        "Branches",
        _activated(one, 1),
        (*_activated(three // 2, 1), *_activated(three, 3)),
        (*_activated(five // 2, 1), *_activated(five, 5)),
        (_layer("MaxPool2d", kernel_size=3, stride=1, padding=1), *_activated(pool, 1)),
    )


def _level(channels: int, *deeper: Block) -> Block:
    """One level of a U-Net: down by pooling, deeper levels, up again, beside what came in."""
    down = (_layer("MaxPool2d"), *_activated(channels, 3))
    up = _layer("ConvTranspose2d", out_channels=channels // 2, kernel_size=2, stride=2)
    return _container("Skip", (*down, *deeper, up))


_ROWS_AS_STEPS = _layer("Flatten", end_dim=2)
"""An 8×8 picture of one channel becomes a sequence of its 8 rows."""

_FASHION_STAGE = (
    _convolve(4, 3, padding=1),
    _layer("BatchNorm2d"),
    _layer("ReLU"),
    _layer("MaxPool2d"),
)

_ALL = (
    Template(
        "linear-regression",
        "Linear regression",
        "One feature in, one number out: y = wx + b.",
        (1,),
        (_linear(1),),
        "line",
    ),
    Template(
        "mlp",
        "MLP",
        "28×28 pixels, two hidden layers of 512: the first network of most courses.",
        (1, 28, 28),
        (
            _layer("Flatten"),
            _linear(512),
            _layer("ReLU"),
            _linear(512),
            _layer("ReLU"),
            _linear(10),
        ),
    ),
    Template(
        "lenet5",
        "LeNet-5",
        "LeCun's 1998 network for digits: two convolutions, three linear layers.",
        (1, 32, 32),
        (
            _convolve(6, 5, "conv1"),
            _layer("Tanh"),
            _layer("AvgPool2d"),
            _convolve(16, 5, "conv2"),
            _layer("Tanh"),
            _layer("AvgPool2d"),
            _layer("Flatten"),
            _linear(120, "fc1"),
            _layer("Tanh"),
            _linear(84, "fc2"),
            _layer("Tanh"),
            _linear(10, "fc3"),
        ),
    ),
    Template(
        "cifar10-cnn",
        "CIFAR-10 net",
        "Colour images, three 5×5 convolutions with pooling, then 64 hidden features.",
        (3, 32, 32),
        (
            _convolve(32, 5, padding=2),
            _layer("MaxPool2d"),
            _convolve(32, 5, padding=2),
            _layer("MaxPool2d"),
            _convolve(64, 5, padding=2),
            _layer("MaxPool2d"),
            _layer("Flatten"),
            _linear(64),
            _linear(10),
        ),
    ),
    Template(
        "fashion-cnn",
        "Fashion-MNIST net",
        "Two small convolutions with batch normalisation: under 3,000 parameters.",
        (1, 28, 28),
        (*_FASHION_STAGE, *_FASHION_STAGE, _layer("Flatten"), _linear(10)),
    ),
    Template(
        "small-resnet",
        "Small ResNet",
        "Three stages of residual blocks, global average pooling, one linear layer.",
        (3, 32, 32),
        (
            *_resnet_stage(16, 1),
            *_resnet_stage(32, 2),
            *_resnet_stage(64, 2),
            _layer("AdaptiveAvgPool2d"),
            _layer("Flatten"),
            _linear(10),
        ),
    ),
    Template(
        "inception",
        "Inception-style net",
        "Kernels of several sizes side by side, their channels joined, as in GoogLeNet.",
        (1, 28, 28),
        (
            *_activated(16, 3),
            _layer("MaxPool2d"),
            _inception(16, 32, 8, 8),
            _layer("MaxPool2d"),
            _inception(32, 48, 16, 16),
            _layer("AdaptiveAvgPool2d"),
            _layer("Flatten"),
            _layer("Dropout", p=0.4),
            _linear(10),
        ),
    ),
    Template(
        "unet",
        "U-Net-style net",
        "Picture in, picture out: down and up again, each level beside what came before it.",
        (1, 32, 32),
        (
            *_activated(16, 3),
            _level(32, *_activated(32, 3), _level(64, *_activated(64, 3)), *_activated(32, 3)),
            *_activated(16, 3),
            _convolve(1, 1),
        ),
        None,
    ),
    Template(
        "autoencoder",
        "Pool–unpool autoencoder",
        "Pools twice and puts what is left back where the maxima were.",
        (1, 28, 28),
        (
            *_activated(16, 3),
            _container(
                "PoolUnpool2d", (*_activated(16, 3), _container("PoolUnpool2d", _activated(16, 3)))
            ),
            *_activated(16, 3),
            _convolve(1, 3, padding="same"),
        ),
        None,
    ),
    Template(
        "conv1d",
        "1-D convolution",
        "A picture read as one row of 64 values, with kernels that slide along it.",
        (64,),
        (
            _layer("Unflatten"),
            _layer("Conv1d", out_channels=16, kernel_size=5, padding=2),
            _layer("ReLU"),
            _layer("MaxPool1d"),
            _layer("Conv1d", out_channels=32, kernel_size=5, padding=2),
            _layer("ReLU"),
            _layer("AdaptiveMaxPool1d", output_size=4),
            _layer("Flatten"),
            _linear(10),
        ),
    ),
    Template(
        "lstm",
        "LSTM classifier",
        "Reads a picture row by row and decides after the last one.",
        (1, 8, 8),
        (_ROWS_AS_STEPS, _layer("LSTM", hidden_size=64, output="last"), _linear(10)),
    ),
    Template(
        "transformer",
        "Transformer classifier",
        "The rows of a picture look at one another in two encoder layers.",
        (1, 8, 8),
        (
            _ROWS_AS_STEPS,
            _linear(32),
            _layer("TransformerEncoderLayer", nhead=4, dim_feedforward=64),
            _layer("TransformerEncoderLayer", nhead=4, dim_feedforward=64),
            _layer("Flatten"),
            _linear(10),
        ),
    ),
)

TEMPLATES: Mapping[str, Template] = {template.id: template for template in _ALL}
"""Every template by its id, simplest first."""
