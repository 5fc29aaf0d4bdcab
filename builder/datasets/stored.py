"""Look at an .npz file of arrays: inputs under x or inputs, targets under y or targets."""

from __future__ import annotations

import io
import math
import zipfile
from typing import Any, Literal

import numpy as np

from builder.datasets.archive import list_files
from builder.datasets.entry import DataError, Target
from builder.datasets.own import VALUES_LIMIT, Plan, plain_name

KEYS = (("x", "y"), ("inputs", "targets"), ("X", "y"), ("x_train", "y_train"))
CLASSES_LIMIT = 1000


def look(data: bytes, name: str) -> Plan:
    """How to read the arrays; raises DataError where they can't be samples and targets."""
    keys, shapes = _find_keys(data)
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        try:
            targets = file[keys[1]]
        except ValueError as error:
            raise DataError(f"The array {keys[1]!r} can't be read: {error}.") from None
    (shape, channels_last), kind = _arrange(shapes[keys[0]][0]), shapes[keys[0]][1]
    samples = shapes[keys[0]][0][0]
    if len(targets) != samples:
        raise DataError(f"There are {samples:,} inputs, but {len(targets):,} targets.")
    classes = _find_classes(targets)
    options: dict[str, Any] = {
        "inputs": keys[0],
        "targets": keys[1],
        "shape": list(shape),
        "channels_last": channels_last,
        "scale": kind.kind == "u" and kind.itemsize == 1 and len(shape) == 3,
        "classes": classes,
    }
    columns = math.prod(targets.shape[1:])
    names = tuple(map(str, classes)) if classes else tuple(f"y{at}" for at in range(columns))
    target_kind: Literal["classes", "numbers"] = "classes" if classes else "numbers"
    told = ["Values from 0 to 255 become 0 to 1."] if options["scale"] else []
    return Plan(
        reader="read_arrays",
        file="data.npz",
        options=options,
        title=plain_name(name),
        summary=f"{samples:,} samples from {plain_name(name)} (data.npz beside an exported script)",
        target=Target(target_kind, names),
        told=tuple(told),
    )


def _find_keys(data: bytes) -> tuple[tuple[str, str], dict[str, tuple[tuple[int, ...], Any]]]:
    """The keys of inputs and targets, and each array's shape and type by its head alone."""
    found: dict[str, tuple[tuple[int, ...], Any]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) if list_files(data) else _nothing() as archive:
        for info in archive.infolist():
            with archive.open(info) as file:
                found[info.filename.removesuffix(".npy")] = _read_head(info.filename, file)
    keys = next((pair for pair in KEYS if set(pair) <= found.keys()), None)
    if keys is None:
        raise DataError(
            f"The file has the arrays {', '.join(sorted(found))[:200] or 'none'}; it needs inputs "
            "under x and targets under y (or inputs and targets)."
        )
    for key in keys:
        shape, kind = found[key]
        if kind.kind not in "biuf":
            raise DataError(f"The array {key!r} holds {kind}, not numbers. Save it as numbers.")
        if not shape or math.prod(shape) > VALUES_LIMIT:
            raise DataError(
                f"The array {key!r} has the shape {shape}; at most {VALUES_LIMIT:,} numbers are "
                "read, in samples × anything."
            )
    return keys, found


def _nothing() -> zipfile.ZipFile:
    raise DataError("The file holds no arrays.")


def _read_head(name: str, file: Any) -> tuple[tuple[int, ...], Any]:
    try:
        version = np.lib.format.read_magic(file)
        read = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, _, kind = read(file)
    except (ValueError, KeyError):
        raise DataError(f"{name[:80]!r} in the file is no array of NumPy.") from None
    return shape, kind


def _arrange(shape: tuple[int, ...]) -> tuple[tuple[int, ...], bool]:
    """A sample's shape in the network, and whether channels are last in the file."""
    match shape[1:]:
        case ():
            return (1,), False
        case (height, width):
            return (1, height, width), False
        case (height, width, 1 | 3 as channels) if height not in (1, 3):
            return (channels, height, width), True
        case other:
            return other, False


def _find_classes(targets: np.ndarray) -> list[int] | None:
    """The different whole numbers in order, or None where the targets are no classes."""
    if targets.dtype.kind not in "biu" or math.prod(targets.shape[1:]) != 1:
        return None
    found = [int(each) for each in np.unique(targets)]
    if not 2 <= len(found) <= CLASSES_LIMIT:
        raise DataError(
            f"The targets have {len(found):,} different whole numbers; as classes there must be 2 "
            f"to {CLASSES_LIMIT:,}. Save numbers to be predicted as floats."
        )
    return found
