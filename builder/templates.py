"""Networks to start from: each checks clean and trains on data that the app has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from builder.catalogue import CATALOGUE
from builder.document import Block, Network, TensorType, Value, make_params


@dataclass(frozen=True)
class Template:
    """A network to start from, and the data that it is meant to be tried on."""

    id: str
    title: str
    summary: str
    input: tuple[int, ...]
    blocks: tuple[Any, ...]
    data: str = "digits"

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


_FASHION_STAGE = (
    _convolve(4, 3, padding=1),
    _layer("BatchNorm2d"),
    _layer("ReLU"),
    _layer("MaxPool2d"),
)

_ALL = (
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
)

TEMPLATES: Mapping[str, Template] = {template.id: template for template in _ALL}
"""Every template by its id, simplest first."""
