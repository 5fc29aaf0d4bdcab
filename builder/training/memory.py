"""How much memory a run needs, counted before it starts, and how much the machine has."""

from __future__ import annotations

import math
import os
from pathlib import Path

from builder.check import Report
from builder.datasets import find
from builder.recipe import Recipe

FLOAT = 4
VALIDATION_BATCH = 1024
"""Samples that are tested at once."""
_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def needed(report: Report, recipe: Recipe) -> int:
    """Bytes for weights, gradients, the optimiser's copies, the data and a batch's outputs.

    Frozen weights have no gradients and no copies.

    Training keeps every layer's output of a batch, validation only a layer's
    input and output. A lower bound: buffers inside torch's operations come on top.
    """
    copies = 1 + recipe.spec.copies(recipe.optimiser_arguments)
    weights = report.parameters + report.trainable * copies
    samples = find(recipe.data).samples
    data = 2 * samples * math.prod(report.network.input.shape)
    tested = min(VALIDATION_BATCH, recipe.held_out(samples))
    largest = max(
        (found.output.bytes for found in report.blocks.values() if found.output), default=0
    )
    batch = max(report.activations * recipe.batch_size, 2 * largest * tested)
    return FLOAT * (weights + data) + batch


def available() -> int | None:
    """Bytes of memory that this machine, or this container, has in all; None when unknown."""
    try:
        found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    except (AttributeError, ValueError, OSError):
        return None
    for path in _LIMITS:
        try:
            found.append(int(path.read_text()))
        except (OSError, ValueError):
            continue
    return min(found)


def words(size: int) -> str:
    """A number of bytes for a person: ``4.0 GB``."""
    number = float(size)
    for unit in ("bytes", "kB", "MB", "GB", "TB", "PB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "bytes" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:,.1f} EB"
