"""A person's own data: kept in a folder named after its content, with how it was read."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from builder.datasets import kept
from builder.datasets.entry import Arrays, DataError, DataSet, Target
from builder.document import TensorType
from builder.home import data_folder

OWN = r"own-[0-9a-f]{32}"
"""What the ids of own data look like; nobody can guess one."""
DESCRIPTION = "own.json"
TEST = "test.npz"
"""Pictures without a label: ``inputs`` as the others and ``ids``, for a submission."""
VALUES_LIMIT = 250_000_000
"""Numbers that all inputs may have together: 1 GB."""

_READERS = {
    "read_table": ("read_table",),
    "read_folders": ("read_picture", "read_folders"),
    "read_labelled": ("read_picture", "read_labelled"),
    "read_arrays": ("read_arrays",),
}
_IMPORTS = {
    "read_table": ("import pandas as pd", "from typing import IO"),
    "read_folders": ("import zipfile", "from PIL import Image", "from typing import IO"),
    "read_labelled": (
        "import csv",
        "import io",
        "import zipfile",
        "from PIL import Image",
        "from typing import IO",
    ),
    "read_arrays": ("from typing import IO",),
}


@dataclass(frozen=True)
class Plan:
    """How a file becomes samples: a function of ``readers``, what it is given, and what comes out.

    ``file`` is what the file is called beside an exported script; ``title`` and ``summary`` are
    for people; ``told`` says in words what is done with gaps and text.
    """

    reader: str
    file: str
    options: dict[str, Any]
    title: str
    summary: str
    target: Target
    features: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Description:
    """What the folder of an own data set says about it."""

    plan: dict[str, Any]
    shape: tuple[int, ...]
    samples: int
    version: int = 1
    more: dict[str, Any] = field(default_factory=dict)


def plain_name(text: str) -> str:
    """A name that a person gave, as it may stand in a script: letters, digits, a few signs."""
    return re.sub(r"[^\w .,()+-]", "_", " ".join(text.split()))[:60] or "data"


def read(plan: Plan, data: bytes) -> Arrays:
    """The samples that the plan finds in a file; raises DataError with what is wrong."""
    from builder.datasets import readers

    function: Callable[..., tuple[np.ndarray, np.ndarray]] = getattr(readers, plan.reader)
    try:
        with np.errstate(over="ignore"):  # what becomes infinite is refused below
            inputs, targets = function(io.BytesIO(data), **plan.options)
    except DataError:
        raise
    except Exception as error:  # whatever a damaged file makes its reader say
        raise DataError(f"{plan.title} can't be read: {_one_line(error)}.") from None
    if len(inputs) < 3:
        raise DataError(f"{plan.title} has {len(inputs)} samples; training needs 3 at least.")
    for what, values in (("inputs", inputs), ("targets", targets)):
        if not np.isfinite(values).all():
            raise DataError(
                f"The {what} of {plan.title} hold numbers that are missing, infinite or larger "
                "than 3.4e38. Remove or replace them."
            )
    return Arrays(inputs, targets)


def keep(plan: Plan, data: bytes, test: tuple[np.ndarray, list[str]] | None = None) -> str:
    """Read the file and keep it with its samples; the id. Raises DataError."""
    arrays = read(plan, data)
    written = json.dumps(asdict(plan), sort_keys=True)
    found = hashlib.sha256(data)
    found.update(written.encode())
    data_set_id = f"own-{found.hexdigest()[:32]}"
    folder = data_folder(data_set_id)
    described = Description(asdict(plan), arrays.inputs.shape[1:], len(arrays.inputs))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with kept.replacing(folder / plan.file) as path:
            path.write_bytes(data)
        if test:
            with kept.replacing(folder / TEST) as path, path.open("wb") as file:
                np.savez(file, inputs=test[0], ids=np.array(test[1]))
        with kept.replacing(folder / DESCRIPTION) as path:
            path.write_text(json.dumps(asdict(described)), encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"The data could not be kept: {error.strerror or error}. Make room in {folder.parent}."
        ) from None
    kept.save(folder, arrays)
    return data_set_id


def find(data_set_id: str) -> DataSet:
    """The entry of an own data set; raises DataError when it is gone."""
    path = data_folder(data_set_id) / DESCRIPTION
    try:
        return _read(data_set_id, path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError):
        raise DataError(
            "This own data is not here (any more). Upload the file again, or choose other data."
        ) from None


def original(data_set_id: str) -> Path:
    """The file that was uploaded; raises DataError."""
    find(data_set_id)
    plan = _plan(data_folder(data_set_id) / DESCRIPTION)
    return data_folder(data_set_id) / plan.file


@lru_cache(64)
def _read(data_set_id: str, path: Path, time: int) -> DataSet:
    described = json.loads(path.read_text(encoding="utf-8"))
    plan = _plan(path)

    def load() -> Arrays:
        """The samples as they were kept."""
        return kept.load(data_folder(data_set_id), plan.title)

    return DataSet(
        id=data_set_id,
        title=plan.title,
        summary=plan.summary,
        input=TensorType(tuple(described["shape"])),
        target=plan.target,
        samples=described["samples"],
        load=load,
        imports=_IMPORTS[plan.reader],
        source=_write(plan),
        features_named=plan.features,
        readers=_READERS[plan.reader],
        folder=data_set_id,
    )


def _plan(path: Path) -> Plan:
    values = json.loads(path.read_text(encoding="utf-8"))["plan"]
    target = Target(values["target"]["kind"], tuple(values["target"]["names"]))
    listed = {name: tuple(values[name]) for name in ("features", "told")}
    return Plan(**{**values, **listed, "target": target})


def _write(plan: Plan) -> str:
    """The lines of a script that read the file beside it."""
    from builder.export.layout import Node, write

    given = tuple(_as_node(f"{name}=", value) for name, value in plan.options.items())
    call = Node(f"inputs, targets = {plan.reader}(", (Node(f'"{plan.file}"'), *given), ")")
    lines = [*write(call), "inputs = torch.tensor(inputs)", "targets = torch.tensor(targets)"]
    return "\n".join([*lines, ""])


def _as_node(head: str, value: Any) -> Any:
    """Lists and tables of plain values as source."""
    from builder.export.calls import literal
    from builder.export.layout import Node

    match value:
        case list():
            return Node(f"{head}[", tuple(_as_node("", item) for item in value), "]")
        case dict():
            items = (_as_node(f"{literal(name)}: ", item) for name, item in value.items())
            return Node(f"{head}{{", tuple(items), "}")
        case _:
            return Node(f"{head}{literal(value)}")


def _one_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200].rstrip(".") if lines else type(error).__name__
