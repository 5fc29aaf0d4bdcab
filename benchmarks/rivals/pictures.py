"""Pictures of noise in a network's input shape, kept as a person's own data."""

from __future__ import annotations

import io

import numpy as np

from builder.datasets import own, stored

CLASSES = 10


def keep_noise(shape: tuple[int, ...], samples: int) -> str:
    """The id of so many random pictures of channels × height × width with random classes."""
    draw = np.random.default_rng(0)
    written = io.BytesIO()
    pixels = draw.integers(0, 256, (samples, *shape), dtype=np.uint8)
    classes = np.arange(samples) % CLASSES
    np.savez(written, x=pixels, y=draw.permutation(classes))
    data = written.getvalue()
    return own.keep(stored.look(data, "noise.npz"), data)
