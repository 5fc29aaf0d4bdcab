"""How fast shapes follow an edit, against building the module and summarising it with torchinfo.

    python benchmarks/editing.py [--quick]

Networks of 10, 100 and 1,000 layers, no two alike, so that remembering layers cannot win alone;
then a ResNet of 152 layers as a tree of containers, and three layers repeated 1,000 times.
The rival is what a person does without the app: run the code that builds the module, then
``torchinfo.summary`` on it. Both run in the same rounds, fresh each time. Printed are medians:
a cold check (nothing remembered), a check after an argument of the middle layer changed that
leaves its output as it was, and one after its output size changed, so that the next layer changes
too; each as a share of the rival's time.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torchinfo

from builder.build import build, build_network
from builder.catalogue import CATALOGUE
from builder.check import check
from builder.document import Block, Network, TensorType, Value, make_params, walk
from builder.infer import infer
from builder.layers import check_layer
from builder.lower import lower
from builder.operations import SetParam, apply

SIZES = (10, 100, 1000)
AIMS = {10: None, 100: 20, 152: 20, 1000: 50}
COLD_AIM = 3.0


@dataclass(frozen=True)
class Case:
    """A kind of network, and how to write it by hand with torch."""

    name: str
    network: Callable[[int], Network]
    edited: str
    keeps: tuple[str, bool]
    kind: str
    sizes: tuple[int, ...] = SIZES


def linear_network(layers: int) -> Network:
    """Linear and activation in turn, every width another one."""
    blocks = (_layer(n, "Linear", out_features=17 + n // 2) for n in range(layers))
    return Network(TensorType((16,)), tuple(blocks), layers + 1)


def conv_network(layers: int) -> Network:
    """Convolutions and activations in turn on 8×8 positions, no two convolutions set alike."""
    blocks = (
        _layer(
            n,
            "Conv2d",
            out_channels=4 + n // 2 % 23,
            kernel_size=3,
            padding=1 + n // 46,
            dilation=1 + n // 46,
        )
        for n in range(layers)
    )
    return Network(TensorType((3, 8, 8)), tuple(blocks), layers + 1)


def _layer(index: int, kind: str, **values: int) -> Block:
    if index % 2:
        return Block(f"b{index + 1}", "LeakyReLU", (("negative_slope", index / 10_000),))
    return Block(f"b{index + 1}", kind, make_params(dict(values)))


STAGES = ((64, 3, 1), (128, 8, 2), (256, 36, 2), (512, 3, 2))
"""Width, blocks and first stride of a ResNet-152's stages, from He et al. (2015), table 1."""


def resnet_network(layers: int) -> Network:
    """A ResNet-152: 50 bottlenecks of three convolutions, each a Residual, in 64×64 positions."""
    numbers = itertools.count(1)

    def block(kind: str, *lanes: tuple[Block, ...], **values: Value) -> Block:
        params = make_params(CATALOGUE[kind].initial | values)
        return Block(f"b{next(numbers)}", kind, params, lanes)

    def convolve(channels: int, kernel: int, stride: int = 1) -> tuple[Block, Block]:
        values = {"kernel_size": kernel, "stride": stride, "padding": kernel // 2}
        return block("Conv2d", out_channels=channels, bias=False, **values), block("BatchNorm2d")

    def bottleneck(width: int, stride: int, first: bool) -> tuple[Block, Block]:
        body = (*convolve(width, 1), block("ReLU"), *convolve(width, 3, stride), block("ReLU"))
        shortcut = (convolve(4 * width, 1, stride),) if first else ()
        return block("Residual", (*body, *convolve(4 * width, 1)), *shortcut), block("ReLU")

    blocks = [*convolve(64, 7, 2), block("ReLU"), block("MaxPool2d")]
    for width, count, stride in STAGES:
        for at in range(count):
            blocks += bottleneck(width, stride if at == 0 else 1, at == 0)
    blocks += [block("AdaptiveAvgPool2d"), block("Flatten"), block("Linear", out_features=1000)]
    return Network(TensorType((3, 64, 64)), tuple(blocks), next(numbers))


def repeated_network(layers: int) -> Network:
    """Convolution, normalisation and activation, as often as asked for."""
    body = (
        Block("b2", "Conv2d", make_params({"out_channels": 8, "kernel_size": 3, "padding": 1})),
        Block("b3", "BatchNorm2d"),
        Block("b4", "ReLU"),
    )
    repeat = Block("b1", "Repeat", (("times", layers),), (body,))
    return Network(TensorType((8, 8, 8)), (repeat,), 5)


CASES = (
    Case("Linear", linear_network, "out_features", ("bias", False), "Linear"),
    Case("Conv2d", conv_network, "out_channels", ("bias", False), "Conv2d"),
    Case("ResNet", resnet_network, "out_channels", ("bias", True), "Residual", (152,)),
    Case("Repeat", repeated_network, "out_channels", ("bias", False), "Conv2d", (1000,)),
)


def rival(network: Network) -> Callable[[], None]:
    """Build the module as written code does, and summarise it."""
    call = lower(check(network))
    shape = (2, *network.input.shape)

    def run() -> None:
        torchinfo.summary(build(call), input_size=shape, verbose=0)

    return run


def forget() -> None:
    """Empty every memory that the check has."""
    check_layer.cache_clear()
    infer.cache_clear()


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def middle(network: Network, kind: str) -> Block:
    """The layer of this kind in the middle of the stack."""
    found = [block for block in walk(network.blocks) if block.kind == kind]
    return found[len(found) // 2]


def measure(case: Case, layers: int, rounds: int) -> dict[str, float]:
    """Median seconds of the rival, a cold check and both kinds of edit, in alternating rounds."""
    network = case.network(layers)
    target = middle(network, case.kind)
    if target.lanes:
        target = target.lanes[0][0]
    by_hand = rival(network)
    name, value = case.keeps
    times: dict[str, list[float]] = {key: [] for key in ("rival", "cold", "same", "resized")}
    for turn in range(rounds):
        gc.collect()
        times["rival"].append(seconds(by_hand))
        forget()
        times["cold"].append(seconds(lambda: check(network)))
        same = apply(network, SetParam(target.id, name, value))
        times["same"].append(seconds(lambda changed=same: check(changed)))
        resized = apply(network, SetParam(target.id, case.edited, 1000 + turn))  # never seen before
        times["resized"].append(seconds(lambda changed=resized: check(changed)))
        assert check(same).ok
        assert check(resized).ok
    return {key: statistics.median(found) for key, found in times.items()}


def verify(network: Network) -> None:
    """The check says what the summary says."""
    module = build_network(network)
    summary = torchinfo.summary(module, input_size=(2, *network.input.shape), verbose=0)
    assert check(network).parameters == summary.total_params


def report(case: Case, layers: int, found: dict[str, float]) -> None:
    """One line: times in milliseconds, ratios to the rival, and whether the aims are met."""
    cold = found["cold"] / found["rival"]
    same, resized = (found["rival"] / found[key] for key in ("same", "resized"))
    aim = AIMS[layers]
    met = cold <= COLD_AIM and (aim is None or min(same, resized) >= aim)
    print(
        f"{case.name:7} {layers:5} layers | rival {1000 * found['rival']:8.2f} ms | "
        f"cold check {1000 * found['cold']:8.2f} ms = {cold:4.2f} × (aim ≤ {COLD_AIM:g}) | "
        f"edit {1000 * found['same']:6.2f} ms = 1/{same:.0f} | "
        f"edit that resizes {1000 * found['resized']:6.2f} ms = 1/{resized:.0f}"
        f"{f' (aim ≤ 1/{aim})' if aim else ''} | {'met' if met else 'MISSED'}"
    )


def main() -> None:
    """Measure every case at every size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round, without 1,000 layers")
    quick = parser.parse_args().quick
    torch.set_num_threads(1)  # threads that wait for one another would make the rival look slow
    print(f"torch {torch.__version__}, 1 thread")
    for case in CASES:
        check(case.network(10))  # torch's first use is paid for once, at the app's start
        verify(case.network(10))
        for layers in case.sizes[:2] if quick else case.sizes:
            rounds = 1 if quick else (15 if layers < 1000 else 7)
            report(case, layers, measure(case, layers, rounds))


if __name__ == "__main__":
    main()
