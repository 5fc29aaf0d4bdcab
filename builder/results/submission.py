"""A test set without labels, uploaded, and the file of predictions for it; needs no torch."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import PurePosixPath

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from builder.datasets import DataError, DataSet, Target
from builder.datasets.archive import is_picture, list_files
from builder.datasets.own import TEST
from builder.home import data_folder
from builder.results.pictures import BYTES, read_picture

UPLOAD = 50_000_000
"""The largest file that is read."""
ROWS = 100_000
"""Rows or pictures, at most."""
SAMPLES = 400_000_000
"""Bytes that all samples may take."""
NAMED = 5


@dataclass(frozen=True, eq=False)
class Unlabelled:
    """Samples × the data set's shape, and the id of each in words."""

    ids: tuple[str, ...]
    inputs: NDArray[np.float32]


def read_test_set(content: bytes, data_set: DataSet) -> Unlabelled:
    """A CSV with the data set's columns, or a zip of pictures where it has pictures.

    Raises DataError with what was found and what is expected.
    """
    if len(content) > UPLOAD:
        raise DataError(
            f"This file has {len(content) / 1e6:.0f} MB; up to {UPLOAD / 1e6:.0f} MB are read. "
            "Split it into smaller ones."
        )
    return _read_zip(content, data_set) if data_set.is_image else _read_table(content, data_set)


def _read_table(content: bytes, data_set: DataSet) -> Unlabelled:
    try:
        text = content.decode("utf-8-sig")
        table = pd.read_csv(StringIO(text), sep=None, engine="python", dtype=str, nrows=ROWS + 1)
    except (ValueError, csv.Error, pd.errors.ParserError) as error:
        raise DataError(f"This can't be read as a CSV table: {error}.") from None
    if not 0 < len(table) <= ROWS:
        found = "no rows" if table.empty else f"more than {ROWS:,} rows"
        raise DataError(f"This table has {found}; it may have 1 to {ROWS:,}.")
    table.columns = pd.Index([str(name).strip() for name in table.columns])
    names = name_features(data_set)
    for name in names:
        column, is_word, word = name.rpartition(" = ")
        if is_word and column in table.columns:  # own data makes columns of words
            table[name] = (table[column].str.strip() == word).astype(int)
    if missing := [name for name in names if name not in table.columns]:
        raise DataError(
            f"This table lacks {_list(missing)}; its columns are {_list(list(table.columns))}. "
            f"It must have the columns that {data_set.title} was learnt from."
        )
    numbers = np.stack([_numbers(table[name], name) for name in names], axis=1)
    return Unlabelled(_find_ids(table, names), numbers.reshape(-1, *data_set.input.shape))


def name_features(data_set: DataSet) -> tuple[str, ...]:
    """The columns of a table; x0, x1 … where they have no names."""
    return data_set.features_named or tuple(f"x{at}" for at in range(data_set.features))


def _numbers(column: pd.Series, name: str) -> NDArray[np.float32]:
    found = pd.to_numeric(column, errors="coerce").to_numpy(np.float32)
    bad = np.flatnonzero(~np.isfinite(found))
    if len(bad):
        value = column.iloc[bad[0]]
        said = "nothing" if pd.isna(value) else repr(str(value)[:40])
        raise DataError(
            f"Row {bad[0] + 1} has {said} in {name}, where a number is needed. Fill in or leave "
            "out such rows."
        )
    return found


def _find_ids(table: pd.DataFrame, names: Sequence[str]) -> tuple[str, ...]:
    """The column called id, else the first that is no feature, else the row's number from 0."""
    used = {*names, *(name.rpartition(" = ")[0] for name in names)}
    others = [name for name in table.columns if name not in used]
    named = [name for name in others if name.lower() == "id"]
    if chosen := (named or others)[:1]:
        return tuple(table[chosen[0]].fillna("").astype(str))
    return tuple(map(str, range(len(table))))


def _read_zip(content: bytes, data_set: DataSet) -> Unlabelled:
    listed = [each for each in list_files(content) if is_picture(each.filename)]
    most = min(ROWS, SAMPLES // (4 * data_set.features))
    if not 0 < len(listed) <= most:
        found = f"{len(listed):,}" if listed else "no"
        raise DataError(f"This zip holds {found} pictures; it may have 1 to {most:,}.")
    listed.sort(key=lambda each: _order(each.filename))
    names = tuple(PurePosixPath(each.filename).stem for each in listed)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return Unlabelled(names, np.stack([_unpack(archive, each, data_set) for each in listed]))


def _unpack(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, data_set: DataSet
) -> NDArray[np.float32]:
    """The pixels of one picture, read in memory alone."""
    try:
        with archive.open(entry) as file:
            return read_picture(file.read(BYTES + 1), data_set.input.shape)
    except (DataError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise DataError(f"{entry.filename[:80]}: {error}") from None


def _order(name: str) -> tuple[int, int, str]:
    """Numbers by their size, then names."""
    stem = PurePosixPath(name).stem
    return (0, int(stem), name) if stem.isascii() and stem.isdigit() else (1, 0, name)


def kept_test_set(data_set: DataSet) -> Unlabelled | None:
    """The pictures without a label that came with own data, or None; raises DataError."""
    path = data_folder(data_set.folder) / TEST if data_set.folder else None
    if path is None or not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as found:
            return Unlabelled(tuple(map(str, found["ids"])), found["inputs"])
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        raise DataError(
            f"The test set of {data_set.title} in {path.parent} is damaged or was changed. Upload "
            "the data again."
        ) from None


def write_submission(ids: Sequence[str], outputs: NDArray[np.float32], target: Target) -> str:
    """``id,label`` with the most probable class, or ``id`` and the predicted numbers, as CSV."""
    written = StringIO()
    rows = csv.writer(written, lineterminator="\n")
    if target.kind == "classes":
        rows.writerow(["id", "label"])
        labels = [target.names[best] for best in outputs.argmax(1)]
        rows.writerows(zip(ids, labels, strict=True))
    else:
        rows.writerow(["id", *target.names])
        for name, numbers in zip(ids, outputs, strict=True):
            rows.writerow([name, *(f"{number:.7g}" for number in numbers)])
    return written.getvalue()


def _list(words: Sequence[str]) -> str:
    more = f" and {len(words) - NAMED:,} more" if len(words) > NAMED else ""
    return ", ".join(str(word)[:40] for word in words[:NAMED]) + more
