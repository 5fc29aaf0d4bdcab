"""What a network makes of one sample, layer by layer; needs torch.

``look`` answers a Query and remembers the last few answers; the functions below it are its steps.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from builder.build import build_network
from builder.check import Report, check
from builder.datasets import arrays, fits, present
from builder.datasets.adapt import adapt
from builder.document import ALL, BlockId, Init, Network, TensorType, walk
from builder.initial_weights import Step, modules_of
from builder.places import Spot, locate
from builder.recipe import Recipe
from builder.training.memory import FLOAT, available, words
from builder.training.samples import draw_parts, split

OUTPUTS_LIMIT = 100_000_000
"""Bytes that the outputs of all layers may take for one sample."""
SHOWN = 200_000
"""How many weights stand for all where there are more."""
BATCH = 256
"""How many samples are run at once, at most."""
REMEMBERED = 4
"""How many answers are kept."""

Turns = tuple[tuple[BlockId, int], ...]
Values = NDArray[Any]


class Unseen(RuntimeError):  # noqa: N818
    """There is nothing to see; the message says why, and what to do."""


@dataclass(frozen=True)
class Query:
    """What is to be looked at: the network with its weights, and a sample.

    ``weights`` is a safetensors file; None means those that ``seed`` draws. ``recipe`` says which
    data, and how a sample is prepared; None stands for random numbers. ``turns`` holds the turn,
    from 0, of each Repeat that is not looked at in its first.
    """

    network: Network
    seed: int = 0
    weights: Path | None = None
    recipe: Recipe | None = None
    sample: int = 0
    turns: Turns = ()


@dataclass(frozen=True)
class Seen:
    """What one block made of the sample: ``values`` has the output's shape, without a batch."""

    spot: Spot
    values: Values
    facts: Facts


@dataclass(frozen=True)
class Facts:
    """Numbers about an output: mean, standard deviation, least, largest, and share of zeros."""

    mean: float
    deviation: float
    least: float
    largest: float
    zeros: float


@dataclass(frozen=True)
class Sight:
    """The sample as the network gets it, what each block made of it, and the network's output."""

    given: Values
    layers: tuple[Seen, ...]
    output: Values


@dataclass(frozen=True)
class Beginning:
    """Initial weights, biases left aside: how many, the most axes that any has, and numbers."""

    count: int
    axes: int
    numbers: NDArray[np.float32]


_lock = threading.Lock()
"""Held while a network is built and run: torch has one generator, and hooks see every call."""


def look(query: Query) -> Sight:
    """What the network makes of the sample.

    Raises Faulty for a network with faults, Unseen when it can't be run, with the reason.
    """
    with _lock:
        return _look(query)


@lru_cache(REMEMBERED)
def _look(query: Query) -> Sight:
    report = check(query.network)
    model = _model(query.network, query.seed, query.weights)
    spots = tuple(locate(report, dict(query.turns)))
    if refusal := too_large(report, spots):
        raise Unseen(refusal)
    return see(model, prepare(query), spots)


def model_of(query: Query) -> nn.Sequential:
    """The network with its weights, for reading alone; raises as ``look`` does."""
    with _lock:
        return _model(query.network, query.seed, query.weights)


def run(query: Query, inputs: Tensor) -> Tensor:
    """The outputs for samples that are prepared as ``prepare`` does; raises as ``look`` does.

    Shape: N × the network's input to N × its output. Runs a few samples at a time, so that the
    outputs of a layer stay within ``OUTPUTS_LIMIT``.
    """
    size = _batch(query.network)
    with _lock, torch.inference_mode():
        model = _model(query.network, query.seed, query.weights)
        try:
            parts = torch.split(inputs.clone(), size)  # layers may write into them
            return torch.cat([model(part) for part in parts]).clone()
        except (RuntimeError, IndexError, ValueError) as error:
            said = str(error).splitlines()[0][:200]
            raise Unseen(f"Torch could not run these samples: {said}") from error


def _batch(network: Network) -> int:
    """How many samples may be run at once."""
    found = check(network).blocks.values()
    largest = max((each.output.bytes for each in found if each.output), default=1)
    return max(1, min(BATCH, OUTPUTS_LIMIT // (2 * largest)))


@lru_cache(1)
def _model(network: Network, seed: int, weights: Path | None) -> nn.Sequential:
    report = check(network)
    if refusal := too_large(report, ()):
        raise Unseen(refusal)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = build_network(network)
    if weights is not None:
        try:
            model.load_state_dict(load_file(weights))
        except (OSError, RuntimeError, SafetensorError) as error:
            said = str(error).splitlines()[0][:200]
            raise Unseen(f"The weights of this run can't be read: {said}.") from error
    return model.eval()


@lru_cache(8)
def initial_weights(query: Query, kind: str, block: BlockId | None) -> Beginning:
    """The weights of a block, of all layers of a kind, or of the whole network.

    Evenly thinned where there are very many; raises as ``look`` does.
    """
    report = check(query.network)
    paths = tuple(spot.path for spot in locate(report) if spot.block.id == block)
    own = report.blocks[block].block if block is not None else None
    step = Step(Init("normal"), None if kind == ALL else kind, own, paths)
    found = [
        parameter.detach()
        for module in modules_of(model_of(query), step)
        for name, parameter in module.named_parameters()
        if "weight" in name.rpartition(".")[2]
    ]
    numbers = torch.cat([each.flatten() for each in found]) if found else torch.zeros(0)
    shown = numbers[:: math.ceil(len(numbers) / SHOWN) or 1].numpy()
    return Beginning(len(numbers), max((each.dim() for each in found), default=0), shown)


def too_large(report: Report, spots: Iterable[Spot]) -> str | None:
    """Why a network is too large to be looked at here, or None."""
    limit = available()
    weights = FLOAT * report.parameters
    if limit is not None and 4 * weights > limit:
        return (
            f"The weights take {words(weights)}, too much to be looked at here: this machine has "
            f"{words(limit)} in all. The exported code runs on a larger one."
        )
    outputs = (report.blocks[spot.block.id].output for spot in spots)
    size = FLOAT * sum(math.prod(each.shape) for each in outputs if each)
    if size <= OUTPUTS_LIMIT:
        return None
    return (
        f"What the layers make of one sample takes {words(size)}; up to {words(OUTPUTS_LIMIT)} can "
        "be shown. Make the input or the layers smaller."
    )


def see(model: nn.Module, sample: Tensor, spots: Iterable[Spot]) -> Sight:
    """Run one sample, without a batch axis, through a model in eval mode and note every output."""
    found: dict[str, Values] = {}
    spots = tuple(spots)
    with torch.no_grad(), _noting(model, spots, found):
        try:
            output = model(sample[None].clone())  # layers may write into it
        except (RuntimeError, IndexError, ValueError) as error:
            said = str(error).splitlines()[0][:200]
            raise Unseen(f"Torch could not run this sample: {said}") from error
    layers = tuple(
        Seen(spot, values, measure(values))
        for spot in spots
        if (values := found.get(spot.path)) is not None
    )
    return Sight(sample.numpy(), layers, output[0].numpy())


@contextmanager
def _noting(model: nn.Module, spots: tuple[Spot, ...], found: dict[str, Values]) -> Iterator[None]:
    """Note what the modules at the spots give; a copy, as a later layer may write into it."""

    def note(path: str) -> Any:
        return lambda module, inputs, output: found.update({path: output[0].clone().numpy()})

    was = model.training
    handles = [
        model.get_submodule(spot.path).register_forward_hook(note(spot.path)) for spot in spots
    ]
    model.eval()
    try:
        yield
    finally:
        model.train(was)
        for handle in handles:
            handle.remove()


def measure(values: Values) -> Facts:
    """The numbers about an output; NaN where it holds none."""
    if not values.size:
        return Facts(*(math.nan,) * 5)
    with np.errstate(invalid="ignore", over="ignore"):
        exact = values.astype(np.float64)
        return Facts(
            float(exact.mean()),
            float(exact.std()),
            float(exact.min()),
            float(exact.max()),
            float((values == 0).mean()),
        )


def prepare(query: Query) -> Tensor:
    """The sample as the network gets it, without a batch axis, as a run would prepare it."""
    given, recipe = query.network.input, query.recipe
    if recipe is None:
        return _noise(query.network, query.sample)
    if not recipe.standardise:
        one = arrays(recipe.data).inputs[query.sample : query.sample + 1]
        return adapt(torch.tensor(one), given)[0]
    generator = torch.Generator().manual_seed(recipe.seed)
    training, validation = split(recipe, given, generator, torch.device("cpu"))
    place, held = find_sample(recipe, query.sample)
    return (validation if held else training).inputs[place]


def find_sample(recipe: Recipe, sample: int) -> tuple[int, bool]:
    """A sample's place in the part that a run puts it into, and whether that is the validation."""
    count = len(arrays(recipe.data).targets)
    generator = torch.Generator().manual_seed(recipe.seed)
    for part, held in zip(draw_parts(recipe, count, generator), (False, True), strict=True):
        if len(place := (part == sample).nonzero()):
            return int(place.item()), held
    raise IndexError(f"there are {count} samples, and none of number {sample}")


def _noise(network: Network, seed: int) -> Tensor:
    """Random numbers of the input's type; whole ones that every embedding knows."""
    generator = torch.Generator().manual_seed(seed)
    given: TensorType = network.input
    if given.dtype != "int64":
        return torch.randn(given.shape, generator=generator)
    sizes = [dict(block.params).get("num_embeddings") for block in walk(network.blocks)]
    top = min((cast(int, size) for size in sizes if size), default=10)
    return torch.randint(0, top, given.shape, generator=generator)


def fitting(recipe: Recipe, network: Network) -> bool:
    """Whether the recipe's data can be this network's input."""
    data_set = present(recipe.data)
    return data_set is not None and fits(data_set, network.input)
