"""A network run by torch alone: an independent view of every shape, and of whether it fails.

The pass below knows nothing of ``builder``'s own rules: it builds each torch module from the
block's explicit arguments and the sizes of the actual tensor. Where the app is stricter than torch
on purpose, the table ``STRICTER`` says so.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from builder.document import Block, BlockId, Network

Params = dict[str, Any]

SEQUENCES = ("RNN", "LSTM", "GRU", "MultiheadAttention", "TransformerEncoderLayer")
FOLLOWED = {
    r"Linear": "in_features",
    r"Conv": "in_channels",
    r"BatchNorm|InstanceNorm": "num_features",
    r"GroupNorm": "num_channels",
    r"LayerNorm|RMSNorm": "normalized_shape",
    r"RNN|LSTM|GRU": "input_size",
    r"MultiheadAttention": "embed_dim",
    r"TransformerEncoderLayer": "d_model",
}
"""The size that torch asks for and the app reads off the input."""

DIMENSIONS = {
    "Linear": (2, 3),
    "BatchNorm1d": (2, 3),
    "Softmax2d": (4,),
    "PixelShuffle": (4,),
    "PixelUnshuffle": (4,),
    "Upsample": (3, 4, 5),
    "LocalResponseNorm": tuple(range(3, 10)),
    "Embedding": tuple(range(2, 9)),
    **dict.fromkeys(SEQUENCES, (3,)),
}
"""Dimensions, the batch's included, that the app lets in where the name does not tell."""


def _names(words: str) -> list[str]:
    return words.split()


LOWEST = {
    **dict.fromkeys(
        _names(
            "out_features in_features in_channels out_channels kernel_size stride dilation groups "
            "num_features num_groups num_channels output_size divisor_override times norm_type "
            "size num_parameters upscale_factor downscale_factor num_embeddings embedding_dim "
            "hidden_size num_layers input_size embed_dim num_heads kdim vdim d_model nhead "
            "dim_feedforward"
        ),
        1,
    ),
    **dict.fromkeys(_names("padding output_padding eps momentum p dropout lambd proj_size"), 0),
}
HIGHEST = {"momentum": 1, "p": 1, "dropout": 1, "times": 1000, "num_layers": 1000}
POSITIVE = {"scale_factor", "max_norm", "beta", "layer_norm_eps", "k"}


def _followed(kind: str, x: Tensor) -> Params:
    name = next((name for start, name in FOLLOWED.items() if re.match(start, kind)), None)
    if name is None:
        return {}
    if name == "normalized_shape":
        return {name: tuple(x.shape[1:] if x.dim() > 3 else x.shape[-1:])}
    last = kind == "Linear" or kind in SEQUENCES
    return {name: x.shape[-1] if last else x.shape[1]}


def _dimensions(kind: str) -> tuple[int, ...]:
    ending = re.search(r"([123])d$", kind)
    usual = (int(ending[1]) + 2,) if ending else tuple(range(2, 10))
    return DIMENSIONS.get(kind, usual)


def _out_of_range(kind: str, params: Params, x: Tensor) -> bool:
    """Torch takes some senseless numbers; the app has limits for all."""
    for name, value in params.items():
        numbers = value if isinstance(value, tuple) else (value,)
        if name in ("unflattened_size", "normalized_shape"):
            wild = name == "unflattened_size"
            if numbers.count(-1) > 1 or any(n < 1 and not (wild and n == -1) for n in numbers):
                return True
        for number in numbers:
            if not isinstance(number, (int, float)) or (kind[-5:-2] == "Pad" and name == "padding"):
                continue
            if kind in ("LocalResponseNorm", "Embedding") and name in ("beta", "norm_type"):
                if name == "norm_type" and number <= 0:
                    return True
                continue
            if name in LOWEST and number < LOWEST[name]:
                return True
            if name in HIGHEST and number > HIGHEST[name]:
                return True
            if name in POSITIVE and number <= 0:
                return True
            if name == "eps" and number == 0 and re.match("BatchNorm|InstanceNorm", kind):
                return True
            if name == "alpha" and (kind == "CELU" and number <= 0):
                return True
            if name == "alpha" and (kind == "LocalResponseNorm" and number < 0):
                return True
    return False


def _other_dtype(kind: str, params: Params, x: Tensor) -> bool:
    if kind in ("Identity", "Flatten", "Unflatten"):
        return False
    return x.dtype != (torch.int64 if kind == "Embedding" else torch.float32)


def _other_dimensions(kind: str, params: Params, x: Tensor) -> bool:
    return x.dim() not in _dimensions(kind)


def _pinned_wrong(kind: str, params: Params, x: Tensor) -> bool:
    """Torch never looks at some pinned sizes: GroupNorm(affine=False, num_channels=…)."""
    followed = _followed(kind, x)
    if "normalized_shape" in followed:  # any of the last axes will do
        followed["normalized_shape"] = tuple(x.shape[1:])[
            -len(params.get("normalized_shape", ())) :
        ]
    return any(name in params and params[name] != size for name, size in followed.items())


def _touches_batch(kind: str, params: Params, x: Tensor) -> bool:
    soft = ("Softmax", "LogSoftmax", "Softmin")
    axis = {"Flatten": "start_dim", "Unflatten": "dim", "GLU": "dim"}.get(kind)
    axis = "dim" if kind in soft else axis
    if kind in soft and params.get("dim") is None:
        return x.dim() == 3
    return axis is not None and axis in params and params[axis] in (0, -x.dim())


def _two_outputs(kind: str, params: Params, x: Tensor) -> bool:
    return bool(params.get("return_indices"))


def _batch_last(kind: str, params: Params, x: Tensor) -> bool:
    return kind in SEQUENCES and not params.get("batch_first", False)


def _other_keys(kind: str, params: Params, x: Tensor) -> bool:
    """Keys and values are the input itself."""
    return any(params.get(name) not in (None, x.shape[-1]) for name in ("kdim", "vdim"))


def _one_value(kind: str, params: Params, x: Tensor) -> bool:
    return kind.startswith("InstanceNorm") and x[0, 0].numel() < 2


def _out_of_order(kind: str, params: Params, x: Tensor) -> bool:
    if kind == "Embedding":
        index, count = params.get("padding_idx"), params["num_embeddings"]
        return index is not None and not -count <= index < count
    if kind == "LSTM":
        return bool(params.get("proj_size", 0) >= params["hidden_size"])
    return kind == "RReLU" and params.get("lower", 1 / 8) > params.get("upper", 1 / 3)


def _size_and_factor(kind: str, params: Params, x: Tensor) -> bool:
    """An Upsample by nothing, or with a factor worked out from a size that is given."""
    given = [params.get(name) is not None for name in ("size", "scale_factor")]
    recomputes = params.get("recompute_scale_factor") and given[0]
    return kind == "Upsample" and (sum(given) != 1 or bool(recomputes))


STRICTER = (
    _out_of_range,
    _other_dtype,
    _other_dimensions,
    _pinned_wrong,
    _touches_batch,
    _two_outputs,
    _batch_last,
    _other_keys,
    _one_value,
    _out_of_order,
    _size_and_factor,
)


class Refused(Exception):  # noqa: N818
    """The real pass fails here."""


class RealPass:
    """Sends a batch of two through a network, noting each block's output shape or failure."""

    def __init__(self, network: Network) -> None:
        self.shapes: dict[BlockId, tuple[int, ...] | None] = {}
        self.faults: set[BlockId] = set()
        dtype = getattr(torch, network.input.dtype)
        x = torch.zeros((2, *network.input.shape), dtype=dtype)
        if dtype.is_floating_point:
            x = torch.randn(x.shape)
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.output = self.lane(network.blocks, x)

    def lane(self, blocks: tuple[Block, ...], x: Tensor | None) -> Tensor | None:
        for block in blocks:
            if block.bypassed:
                continue
            if x is None:
                self.wait(block)
            else:
                x = self.block(block, x)
        return x

    def wait(self, block: Block) -> None:
        self.shapes[block.id] = None
        for lane in block.lanes:
            self.lane(lane, None)

    def block(self, block: Block, x: Tensor) -> Tensor | None:
        params = dict(block.params)
        self.shapes[block.id] = None
        try:
            y = self.container(block, params, x) if block.lanes else _layer(block.kind, params, x)
        except Refused:
            self.faults.add(block.id)
            return None
        self.shapes[block.id] = None if y is None else tuple(y.shape[1:])
        return y

    def container(self, block: Block, params: Params, x: Tensor) -> Tensor | None:
        wrong = _container_wrong(block.kind, params, x)
        outputs: list[Tensor | None] = []
        unpool = None
        inside: Tensor | None = x
        if block.kind.startswith("PoolUnpool"):
            inside, unpool = (None, None) if wrong else _pool(block.kind, params, x)
        for lane in block.lanes:
            if inside is None:
                self.lane(lane, None)
                continue
            y = self.lane(lane, inside)
            turns = params.get("times", 2) if block.kind == "Repeat" and not wrong else 1
            for _ in range(1, turns):
                if y is None:
                    break
                y = self.again(lane, y)
            outputs.append(y)
        if wrong:
            raise Refused
        found = [y for y in outputs if y is not None]
        if len(found) < len(outputs):
            return None
        if unpool is not None:
            return unpool(found[0])
        return _join(block.kind, params, x, found)

    def again(self, lane: tuple[Block, ...], x: Tensor) -> Tensor | None:
        """A further turn of a Repeat: cards show the first one, unless a later one fails."""
        shapes, faults = dict(self.shapes), set(self.faults)
        y = self.lane(lane, x)
        if y is not None:
            self.shapes, self.faults = shapes, faults
        return y


def _container_wrong(kind: str, params: Params, x: Tensor) -> bool:
    if _out_of_range(kind, params, x):
        return True
    if not kind.startswith("PoolUnpool"):
        return False
    if _other_dtype(kind, params, x) or _other_dimensions(kind, params, x):
        return True
    axes = x.dim() - 2
    kernel, stride = (_tuple(params.get(name), axes) for name in ("kernel_size", "stride"))
    if kernel is None or any(s < k for s, k in zip(stride or kernel, kernel, strict=True)):
        return True
    try:
        _pool(kind, params, x)
    except (RuntimeError, ValueError):
        return True
    return False


def _tuple(value: Any, axes: int) -> tuple[int, ...] | None:
    return value if value is None or isinstance(value, tuple) else (value,) * axes


def _pool(kind: str, params: Params, x: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """The maxima, and what puts others back in their places."""
    pool = getattr(nn, f"MaxPool{kind[-2]}d")(**params, return_indices=True)
    maxima, places = pool(x)

    def unpool(y: Tensor) -> Tensor:
        if y.shape != maxima.shape:
            raise Refused
        back: Tensor = getattr(nn, f"MaxUnpool{kind[-2]}d")(**params)(y, places, x.shape)
        return back

    return maxima, unpool


def _join(kind: str, params: Params, x: Tensor, outputs: list[Tensor]) -> Tensor:
    join = params.get("join", "concatenate")
    if kind in ("Group", "Repeat"):
        return outputs[0]
    if kind == "Skip":
        outputs = [x, *outputs]
    terms = [*outputs, x] if kind == "Residual" and len(outputs) == 1 else outputs
    if kind == "Residual" or join != "concatenate":
        if len({y.shape for y in terms}) > 1:  # torch would broadcast
            raise Refused
        return terms[0]
    try:
        return torch.cat(outputs, 1)
    except (RuntimeError, IndexError) as error:
        raise Refused from error


def _layer(kind: str, params: Params, x: Tensor) -> Tensor:
    if any(rule(kind, params, x) for rule in STRICTER):
        raise Refused
    try:
        y = _run(kind, _followed(kind, x) | params, x)
    except (RuntimeError, ValueError, TypeError, IndexError, AssertionError) as error:
        raise Refused from error
    except NotImplementedError as error:
        raise Refused from error
    assert y.shape[0] == 2
    return y


def _run(kind: str, params: Params, x: Tensor) -> Tensor:
    if kind.startswith("AvgMaxPool"):
        join = params.pop("join", "mean")
        pair = [getattr(nn, f"{what}Pool{kind[-2]}d")(**params)(x) for what in ("Avg", "Max")]
        return torch.cat(pair, 1) if join == "concatenate" else (pair[0] + pair[1]) / 2
    if kind == "MultiheadAttention":
        attended: Tensor = nn.MultiheadAttention(**params)(x, x, x)[0]
        return attended
    if kind in ("RNN", "LSTM", "GRU"):
        output = params.pop("output", "sequence")
        steps: Tensor = getattr(nn, kind)(**params)(x)[0]
        return steps if output == "sequence" else steps[:, -1]
    y: Tensor = getattr(nn, kind)(**params)(x)
    return y
