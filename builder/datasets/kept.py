"""Samples kept as files of a folder: written once, checked, and mapped into memory when used."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from builder.datasets.entry import Arrays, DataError

NAMES = ("inputs.npy", "targets.npy")
MARKS = "marks.json"
"""Size, time and checksum of each file, written last: without it nothing is there."""
PIECE = 1 << 20


def is_kept(folder: Path) -> bool:
    """Whether the folder has samples."""
    return (folder / MARKS).is_file()


def save(folder: Path, arrays: Arrays) -> None:
    """Write the samples; raises DataError when there is no room for them."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in zip(NAMES, (arrays.inputs, arrays.targets), strict=True):
            with replacing(folder / name) as path, path.open("wb") as file:
                np.save(file, array, allow_pickle=False)
        marks = {name: _mark(folder / name) | _checksum(folder / name) for name in NAMES}
        with replacing(folder / MARKS) as path:
            path.write_text(json.dumps(marks), encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"The data could not be written to {folder}: {error.strerror or error}. "
            "Make room there, then try again."
        ) from None


def load(folder: Path, title: str) -> Arrays:
    """The samples, mapped from their files, which cannot be written through them.

    Raises DataError when a file is gone or is not what was saved.
    """
    try:
        marks = json.loads((folder / MARKS).read_text(encoding="utf-8"))
        for name in NAMES:
            _check(folder / name, marks[name])
        opened = [np.load(folder / name, mmap_mode="r", allow_pickle=False) for name in NAMES]
    except FileNotFoundError:
        raise DataError(
            f"The files of {title} are gone from {folder}. Download or upload it again, or choose "
            "other data."
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise DataError(
            f"The files of {title} in {folder} are damaged or were changed. Remove that folder, "
            "then download or upload the data again."
        ) from None
    return Arrays(*opened)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file to write instead of this one; it takes its place when all went well."""
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def digest(path: Path, kind: str = "sha256") -> str:
    """The checksum of a file, read in pieces."""
    found = hashlib.new(kind, usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def _mark(path: Path) -> dict[str, Any]:
    about = path.stat()
    return {"size": about.st_size, "time": about.st_mtime_ns}


def _checksum(path: Path) -> dict[str, Any]:
    return {"sha256": digest(path)}


def _check(path: Path, mark: dict[str, Any]) -> None:
    """Raises ValueError when a file has changed; its checksum is read only if its time has."""
    now = _mark(path)
    if now["size"] != mark["size"]:
        raise ValueError("another size")
    if now["time"] != mark["time"] and _digest_once(path, **now) != mark["sha256"]:
        raise ValueError("another content")


@lru_cache(256)
def _digest_once(path: Path, size: int, time: int) -> str:
    """The checksum of a file of this size and time, read once in a process."""
    return digest(path)
