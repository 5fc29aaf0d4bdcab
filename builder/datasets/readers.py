"""Functions that read files of samples, in the app and, word for word, in exported scripts.

Each stands alone: it needs only the modules imported here, and an exported script repeats the
functions that a data set names. Lines are short enough for the formatter's own width.
"""

from __future__ import annotations

import gzip
import hashlib
import tarfile
import urllib.request
from pathlib import Path

import numpy as np


def fetch(url: str, md5: str, folder: str) -> Path:
    """The file of this address, downloaded into the folder unless it is there."""
    path = Path(folder) / url.rsplit("/", 1)[-1]
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(url) as reply:
            path.write_bytes(reply.read())
    if hashlib.md5(path.read_bytes()).hexdigest() != md5:
        raise ValueError(f"{path} is damaged: delete it and try again")
    return path


def read_idx(path: Path) -> np.ndarray:
    """The bytes of a gzipped IDX file, in the shape that its head tells."""
    with gzip.open(path) as file:
        data = file.read()
    if len(data) < 4 or data[:3] != b"\0\0\x08":
        raise ValueError(f"{path} is no IDX file of bytes")
    head = 4 + 4 * data[3]
    if len(data) < head:
        raise ValueError(f"{path} ends within its head")
    shape = np.frombuffer(data[4:head], ">u4").astype(np.int64)
    if len(data) - head != shape.prod():
        raise ValueError(f"{path} has {len(data) - head} bytes, not {shape.prod()}")
    return np.frombuffer(data, np.uint8, offset=head).reshape(shape)


def read_cifar(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images N×3×32×32 and classes N of the six files in CIFAR-10's archive."""
    parts = []
    names = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]
    with tarfile.open(path) as archive:
        for name in names:
            file = archive.extractfile(f"cifar-10-batches-bin/{name}.bin")
            if file is None:
                raise ValueError(f"{name}.bin in {path} is no file")
            parts.append(np.frombuffer(file.read(), np.uint8))
    data = np.concatenate(parts)
    if not len(data) or len(data) % 3073:
        raise ValueError(f"{path} holds no whole number of images")
    rows = data.reshape(-1, 3073)  # a class, then 1024 red, green and blue values
    return rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0]
