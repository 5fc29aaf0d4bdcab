"""Look at a zip file of pictures, in a folder for each class or with a CSV file of labels."""

from __future__ import annotations

import csv
import io
import statistics
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from builder.datasets.archive import is_picture, list_files
from builder.datasets.entry import DataError, Target
from builder.datasets.own import VALUES_LIMIT, Plan, plain_name

PIXELS_LIMIT = 50_000_000
"""Pixels of one picture: its head is read for them, before any is unpacked."""
CLASSES_LIMIT = 1000
SIDE_LIMIT = 512


@dataclass(frozen=True)
class Pictures:
    """The pictures of a zip file with the class of each (None: not labelled); what they are like.

    ``table``, ``ids`` and ``label`` name the CSV file with the labels, if there is one, and its
    columns; ``size`` is the pictures' median height and width.
    """

    classes: tuple[tuple[str, str | None], ...]
    size: tuple[int, int]
    colour: bool
    table: str | None = None
    ids: str = ""
    label: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many pictures each class has."""
        found = Counter(name for _, name in self.classes if name is not None)
        return {name: found[name] for name in sorted(found)}

    @property
    def unlabelled(self) -> tuple[str, ...]:
        """The pictures without a label: a test set."""
        return tuple(path for path, name in self.classes if name is None)


def look(data: bytes) -> Pictures:
    """What a zip file of pictures holds; raises DataError where nothing can be learnt from it."""
    files = list_files(data)
    names = sorted(each.filename for each in files if is_picture(each.filename))
    if not names:
        raise DataError(
            "The zip file has no pictures (PNG, JPEG, GIF, BMP or WebP). Put those of each class "
            "into a folder named after it."
        )
    tables = [each for each in files if each.filename.lower().endswith(".csv")]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size, colour = _measure(archive, names)
        if tables:
            table = max(tables, key=lambda each: each.file_size).filename
            ids, label, labels = _read_labels(archive, table, names)
            classes = tuple((name, _label_of(name, labels)) for name in names)
            found = Pictures(classes, size, colour, table, ids, label)
        else:
            found = Pictures(tuple((name, _folder_of(name)) for name in names), size, colour)
    if not 2 <= len(found.counts) <= CLASSES_LIMIT:
        raise DataError(
            f"The pictures are of {len(found.counts):,} classes; there must be 2 to "
            f"{CLASSES_LIMIT:,}. Put those of each class into a folder named after it, or a CSV "
            "file with the names of the pictures and their labels beside them."
        )
    return found


def _measure(archive: zipfile.ZipFile, names: list[str]) -> tuple[tuple[int, int], bool]:
    """Median height and width, and whether any is coloured, by the heads of the pictures."""
    from PIL import Image

    sizes, colour = [], False
    for name in names:
        try:
            with archive.open(name) as file, Image.open(file) as picture:
                width, height = picture.size
                colour = colour or picture.mode not in ("1", "L", "LA", "I", "I;16")
        except Exception as error:  # whatever a damaged file makes its reader say
            raise DataError(
                f"{name[:80]!r} in the zip file is no picture that can be read "
                f"({type(error).__name__}). Remove or replace it."
            ) from None
        if width * height > PIXELS_LIMIT:
            raise DataError(
                f"{name[:80]!r} has {width:,}×{height:,} pixels; at most {PIXELS_LIMIT:,} pixels "
                "are read. Make it smaller."
            )
        sizes.append((height, width))
    middle = [round(statistics.median(each)) for each in zip(*sizes, strict=True)]
    return (middle[0], middle[1]), colour


def _folder_of(name: str) -> str:
    folders = PurePosixPath(name).parts[:-1]
    if not folders:
        raise DataError(
            f"{name[:80]!r} lies in no folder. Put the pictures of each class into a folder named "
            "after it, or a CSV file with their names and labels beside them."
        )
    return folders[-1]


def _read_labels(
    archive: zipfile.ZipFile, table: str, names: list[str]
) -> tuple[str, str, dict[str, str]]:
    """The columns of names and labels, and the label of each name; the names are recognised."""
    try:
        text = io.StringIO(archive.read(table).decode("utf-8-sig"), newline="")
        rows = list(csv.DictReader(text))
    except (UnicodeDecodeError, csv.Error, zipfile.BadZipFile):
        raise DataError(f"{table[:80]!r} is no CSV file in UTF-8.") from None
    columns = [each for each in rows[0] if isinstance(each, str)] if rows else []
    files = {part for name in names for part in _names_of(name)}
    hits = {each: sum(row[each] in files for row in rows) for each in columns}
    ids = max(hits, key=hits.__getitem__, default="")
    others = [each for each in columns if each != ids]
    if not others or not hits[ids]:
        raise DataError(
            f"{table[:80]!r} names none of the pictures. Its first row must name the columns, one "
            "of them with the pictures' names and another with their labels."
        )
    label = "label" if "label" in others else others[0]
    return ids, label, {row[ids]: row[label] for row in rows if row[label]}


def _names_of(path: str) -> tuple[str, str]:
    name = PurePosixPath(path).name
    return name, name.rpartition(".")[0]


def _label_of(path: str, labels: dict[str, str]) -> str | None:
    name, stem = _names_of(path)
    return labels.get(name) or labels.get(stem)


def make_plan(found: Pictures, name: str, size: tuple[int, int], colour: bool) -> Plan:
    """How to read the pictures at this height and width, in grey or colour; raises DataError."""
    classes = list(found.counts)
    values = len(found.classes) * size[0] * size[1] * (3 if colour else 1)
    if values > VALUES_LIMIT:
        raise DataError(
            f"{len(found.classes):,} pictures of {size[0]}×{size[1]} pixels are {values:,} numbers;"
            f" at most {VALUES_LIMIT:,} are kept. Make them smaller, or grey."
        )
    options = {"classes": classes, "size": list(size), "colour": colour}
    if found.table:
        options |= {"table": found.table, "ids": found.ids, "label": found.label}
    told = [
        f"Every picture is stretched to {size[0]}×{size[1]} pixels and made "
        f"{'colour' if colour else 'grey'}; values are from 0 to 1."
    ]
    if found.unlabelled:
        told.append(f"{len(found.unlabelled):,} pictures without a label are kept as a test set.")
    return Plan(
        reader="read_labelled" if found.table else "read_folders",
        file="images.zip",
        options=options,
        title=plain_name(name),
        summary=f"{sum(found.counts.values()):,} pictures in {len(classes)} classes, from "
        f"{plain_name(name)} (images.zip beside an exported script)",
        target=Target("classes", tuple(classes)),
        told=tuple(told),
    )


def read_test(found: Pictures, data: bytes, plan: Plan) -> tuple[np.ndarray, list[str]] | None:
    """The pictures without a label and their ids as the labels' table writes them, or None."""
    from builder.datasets.readers import read_picture

    if not found.unlabelled:
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pictures = []
        for name in found.unlabelled:
            with archive.open(name) as file:
                pictures.append(read_picture(file, plan.options["size"], plan.options["colour"]))
    return np.stack(pictures), [_names_of(name)[1] for name in found.unlabelled]
