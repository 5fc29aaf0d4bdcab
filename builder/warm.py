"""Pay for torch's first uses ahead of time: each layer family imports more when it first runs."""

from __future__ import annotations

from builder.catalogue import CATALOGUE
from builder.check import check_layer
from builder.datasets import DATA_SETS, arrays
from builder.document import TensorType, make_params

SAMPLE_SHAPES = {1: (8,), 2: (4, 8), 3: (4, 8, 8), 4: (4, 8, 8, 8)}


def warm_up() -> None:
    """Check a fresh layer of every kind once; read the first data."""
    check_layers()
    arrays(next(iter(DATA_SETS)))


def check_layers() -> None:
    """Check a fresh layer of every kind on an input that it takes."""
    for kind, spec in CATALOGUE.items():
        if spec.lanes is None:
            given = TensorType(
                SAMPLE_SHAPES[min(spec.accepts.ranks)], spec.accepts.dtype or "float32"
            )
            check_layer(kind, make_params(spec.initial), given)
