"""Small files of the real formats, and a data set that is made of them."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from builder.datasets import fetched
from builder.datasets.entry import DataSet, RemoteFile

RANDOM = np.random.RandomState(0)
IMAGES = RANDOM.randint(0, 256, (7, 28, 28)).astype(np.uint8)
CLASSES = np.array([0, 1, 2, 9, 4, 5, 6], np.uint8)
PHOTOS = RANDOM.randint(0, 256, (12, 3, 32, 32)).astype(np.uint8)
PHOTO_CLASSES = np.arange(12).astype(np.uint8) % 10


def write_idx(array: np.ndarray) -> bytes:
    """A gzipped IDX file of bytes."""
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return gzip.compress(head + array.tobytes(), mtime=0)


def mnist_files() -> dict[str, bytes]:
    """Five training and two test images."""
    parts = (IMAGES[:5], CLASSES[:5], IMAGES[5:], CLASSES[5:])
    names = (f"{name}-ubyte.gz" for name in fetched.MNIST_FILES)
    return {name: write_idx(part) for name, part in zip(names, parts, strict=True)}


def cifar_file(photos: np.ndarray = PHOTOS) -> bytes:
    """An archive of six files with two photographs each."""
    rows = np.concatenate([PHOTO_CLASSES[:, None], photos.reshape(12, -1)], axis=1)
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for at in range(6):
            name = "test_batch" if at == 5 else f"data_batch_{at + 1}"
            data = rows[2 * at : 2 * at + 2].tobytes()
            about = tarfile.TarInfo(f"cifar-10-batches-bin/{name}.bin")
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    return written.getvalue()


def small(entry: DataSet, files: dict[str, bytes], samples: int, base: str = "") -> DataSet:
    """The entry with these files instead of its own, fetched from ``base``."""
    remote = tuple(
        RemoteFile(f"{base}{name}", len(data), hashlib.md5(data).hexdigest())
        for name, data in files.items()
    )
    read = fetched.read_mnist if len(files) == 4 else fetched.read_cifar
    return fetched.make(replace(entry, files=remote, samples=samples), read)


def put(folder: Path, files: dict[str, bytes]) -> None:
    """Write files as a person would who fetched them by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
