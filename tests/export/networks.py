"""Small networks that the exporters are tried on."""

from __future__ import annotations

from typing import Any

from builder.document import Block, Network, TensorType, make_params


def block(
    block_id: str,
    kind: str,
    *lanes: tuple[Block, ...],
    name: str | None = None,
    bypassed: bool = False,
    **values: Any,
) -> Block:
    """A block in one line."""
    return Block(block_id, kind, make_params(values), lanes, name, bypassed)


def table_network(features: int, classes: int) -> Network:
    """Two linear layers with dropout, for a table."""
    blocks = (
        block("b1", "Linear", out_features=16),
        block("b2", "ReLU"),
        block("b3", "Dropout", p=0.2),
        block("b4", "Linear", out_features=classes, name="head"),
    )
    return Network(TensorType((features,)), blocks)


EVERYTHING = Network(
    TensorType((1, 8, 8)),
    (
        block("b1", "Conv2d", out_channels=4, kernel_size=(3, 5), padding=(1, 2), name="stem"),
        block(
            "b2",
            "Branches",
            (block("b3", "Conv2d", out_channels=4, kernel_size=1),),
            (block("b4", "ReLU"), block("b5", "Dropout2d", p=0.1)),
            (),
            join="concatenate",
        ),
        block(
            "b6",
            "Repeat",
            (
                block(
                    "b7",
                    "Residual",
                    (block("b8", "GroupNorm", num_groups=3), block("b9", "GELU")),
                ),
            ),
            times=3,
        ),
        block("b10", "BatchNorm2d", bypassed=True),
        block("b11", "Group", (block("b12", "Flatten"), block("b13", "LayerNorm")), name="neck"),
        block("b14", "Unflatten", dim=1, unflattened_size=(-1, 2)),
        block("b15", "Flatten"),
        block("b16", "Linear", out_features=10),
    ),
    data="digits",
)
"""All containers, names, a block switched off, tuples, and sizes that follow."""

FAULTY = Network(
    TensorType((1, 8, 8)),
    (
        block("b1", "Conv2d", out_channels=4, kernel_size=3, name="stem"),
        block("b2", "Residual", (block("b3", "Linear", out_features=10, name="lost"),)),
        block("b4", "ReLU"),
    ),
)
"""An image goes into a Linear; what follows waits."""
