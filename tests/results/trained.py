"""A run in this process, and what is asked of its weights."""

from __future__ import annotations

from pathlib import Path

from builder.document import Block, Network, TensorType
from builder.recipe import Recipe
from builder.see import Query
from builder.templates import TEMPLATES
from builder.training.job import train

LENET = TEMPLATES["lenet5"].network()


def table(data: str, features: int, outputs: int, *more: Block) -> Network:
    blocks = (
        Block("b1", "Linear", (("out_features", 16),)),
        Block("b2", "ReLU"),
        Block("b3", "Linear", (("out_features", outputs),)),
        *more,
    )
    return Network(TensorType((features,)), blocks, 9, data)


def trained(network: Network, recipe: Recipe, folder: Path) -> Query:
    """The query of a run that has just been made."""
    told: list = []
    assert train(network, recipe, told.append, threads=1, folder=folder) is not None, told[-1]
    return Query(network, recipe.seed, folder / "weights.safetensors", recipe)
