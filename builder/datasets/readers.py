"""Functions that read files of samples, in the app and, word for word, in exported scripts.

Each stands alone: it needs only the modules imported here, and an exported script repeats the
functions that a data set names. Lines are short enough for the formatter's own width.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import tarfile
import urllib.request
import zipfile
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd
from PIL import Image


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


def read_table(
    path: str | IO[bytes],
    sep: str,
    encoding: str,
    header: bool,
    decimal: str,
    numbers: list[str],
    words: dict[str, list[str]],
    target: str,
    classes: list[str] | None,
    fill: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs of rows × columns and targets of the rows of a CSV file.

    ``words`` are columns of text: each of their words becomes a column of 0 and 1. The
    target is one of the classes, or a number where there are none. Rows without a target
    are left out; other gaps are filled by the column's median or most frequent word, or
    else those rows are left out too.
    """
    head = 0 if header else None
    table = pd.read_csv(path, sep=sep, encoding=encoding, header=head, dtype=str)
    table.columns = [str(name).strip() for name in table.columns]
    for name in table.columns:
        text = table[name].str.strip()
        table[name] = text.where(~text.isin(["", "?"]))
    for name in [*numbers, *([target] if classes is None else [])]:
        text = table[name].str.replace(decimal, ".", regex=False)
        found = pd.to_numeric(text, errors="coerce").astype(float)
        table[name] = found.where(np.isfinite(found))
    if classes is not None:
        table = table[table[target].isin(classes)]
    table = table.dropna(subset=[target])
    if fill:
        table = table.fillna({name: table[name].median() for name in numbers})
        table = table.fillna({name: table[name].mode().iloc[0] for name in words})
    table = table.dropna(subset=[*numbers, *words])
    columns = [table[name] for name in numbers]
    columns += [table[name] == word for name in words for word in words[name]]
    inputs = np.stack([np.asarray(each, np.float32) for each in columns], axis=1)
    if classes is None:
        return inputs, np.asarray(table[target], np.float32)[:, None]
    places = {name: at for at, name in enumerate(classes)}
    return inputs, np.array([places[name] for name in table[target]], np.int64)


def read_picture(file: IO[bytes], size: list[int], colour: bool) -> np.ndarray:
    """A picture of 1 or 3 × height × width, values 0 to 1, stretched to the size."""
    formats = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
    picture = Image.open(file, formats=formats).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    picture = Image.alpha_composite(white, picture).convert("RGB" if colour else "L")
    picture = picture.resize((size[1], size[0]), Image.Resampling.BILINEAR)
    values = np.asarray(picture, np.float32) / np.float32(255)
    return values.transpose(2, 0, 1) if colour else values[None]


def read_folders(
    path: str | IO[bytes], classes: list[str], size: list[int], colour: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Pictures and classes of a zip file that has a folder for each class."""
    suffixes = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")
    pictures, targets = [], []
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            parts = name.split("/")
            hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
            if hidden or not name.lower().endswith(suffixes):
                continue
            with archive.open(name) as file:
                pictures.append(read_picture(file, size, colour))
            targets.append(classes.index(parts[-2]))
    return np.stack(pictures), np.array(targets, np.int64)


def read_labelled(
    path: str | IO[bytes],
    table: str,
    ids: str,
    label: str,
    classes: list[str],
    size: list[int],
    colour: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Pictures and classes of a zip file with a CSV file of their names and labels."""
    suffixes = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")
    pictures, targets = [], []
    with zipfile.ZipFile(path) as archive:
        names = sorted(archive.namelist())
        text = io.StringIO(archive.read(table).decode("utf-8-sig"), newline="")
        labels = {row[ids]: row[label] for row in csv.DictReader(text)}
        for name in names:
            file_name = name.split("/")[-1]
            known = labels.get(file_name) or labels.get(file_name.rpartition(".")[0])
            if known and name.lower().endswith(suffixes) and "__MACOSX" not in name:
                with archive.open(name) as file:
                    pictures.append(read_picture(file, size, colour))
                targets.append(classes.index(known))
    return np.stack(pictures), np.array(targets, np.int64)


def read_arrays(
    path: str | IO[bytes],
    inputs: str,
    targets: str,
    shape: list[int],
    channels_last: bool,
    scale: bool,
    classes: list[int] | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs of samples × shape and targets of an .npz file; ``scale`` makes 255 a 1."""
    with np.load(path, allow_pickle=False) as file:
        x, y = file[inputs], file[targets]
    x = np.moveaxis(x, -1, 1) if channels_last else x
    x = x.reshape(len(x), *shape).astype(np.float32)
    x = x / np.float32(255) if scale else x
    if classes is None:
        return x, y.reshape(len(x), -1).astype(np.float32)
    return x, np.searchsorted(np.array(classes), y.reshape(-1)).astype(np.int64)
