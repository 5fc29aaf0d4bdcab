"""``model.py`` and ``train.py``: plain PyTorch that needs nothing of this program."""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import jinja2

from builder.catalogue.spec import Call
from builder.check import Report
from builder.datasets import DataError, DataSet, find
from builder.document import TensorType
from builder.export.calls import argument, render
from builder.export.choices import choices
from builder.export.frozen import frozen_source
from builder.export.initial import initial_source
from builder.export.layout import WIDTH, Node, write
from builder.fit import fit
from builder.lower import lower
from builder.recipe import Recipe
from builder.training.memory import VALIDATION_BATCH

HERE = Path(__file__).parent
PARTS = HERE.parent / "parts.py"
READERS = HERE.parent / "datasets" / "readers.py"
TORCH = "2.13"
"""The torch version that is pinned, and that scripts are tested with."""

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE),
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    undefined=jinja2.StrictUndefined,
    autoescape=False,  # Python source; every value in it comes from `literal` or the catalogue
)


class NotTrainable(ValueError):  # noqa: N818
    """There can be no train.py; the message says why the network does not fit the data."""


def model_source(report: Report) -> str:
    """The text of ``model.py``, which makes ``model``, an ``nn.Sequential``.

    Raises Faulty when the network has faults.
    """
    values = _model_values(lower(report), report)
    return _render("model.py.jinja", values | {"title": f"{_network_of(report)}."})


def train_source(report: Report, recipe: Recipe, threads: int | None = None) -> str:
    """The text of ``train.py``, which repeats the run that the recipe describes.

    It prints one line of JSON per epoch and saves the weights as ``weights.pt``. ``threads`` is
    the number that the run was made with; on the CPU the same number gives the same losses bit
    for bit, and None leaves it to torch. Raises Faulty when the network has faults and
    NotTrainable when it does not fit the data.
    """
    call = lower(report)
    data_set = _find(recipe)
    if issue := fit(report, data_set, recipe.loss_spec):
        raise NotTrainable(issue.message)
    model = _model_values(call, report)
    adapt = adaptation(data_set, report.network.input)
    readers = _parts(READERS)
    values = model | {
        "imports": _imports(
            data_set,
            model["ordered"],
            adapt["resize"] is not None,
            recipe.time_limit is not None,
        ),
        "readers": [readers[name] for name in data_set.readers],
        "recipe": recipe,
        "threads": threads,
        "title": f"Train {_network_of(report, small=True)} on {data_set.title}.",
        "about": _about(data_set, recipe, threads),
        "summary": textwrap.fill(f"# Data: {data_set.summary}", WIDTH, subsequent_indent="# "),
        "data": data_set,
        "adapt": adapt,
        **choices(recipe, bool(report.cost.frozen)),
        "validation_batch": VALIDATION_BATCH,
    }
    return _render("train.py.jinja", values)


def _find(recipe: Recipe) -> DataSet:
    try:
        return find(recipe.data)
    except DataError as error:
        raise NotTrainable(str(error)) from None


def _render(template: str, values: dict[str, Any]) -> str:
    return _TEMPLATES.get_template(template).render(values)


def _network_of(report: Report, small: bool = False) -> str:
    counted = f"{report.parameters:,} parameter{'s' if report.parameters != 1 else ''}"
    return f"{'a' if small else 'A'} network of {counted}"


_PACKAGES = {"sklearn": "scikit-learn", "pandas": "pandas", "PIL": "Pillow"}


def _about(data_set: DataSet, recipe: Recipe, threads: int | None) -> str:
    others = {line.split()[1].split(".")[0] for line in data_set.imports}
    needed = [package for name, package in _PACKAGES.items() if name in others]
    *first, last = [f"torch (written for {TORCH})", "numpy", *needed]
    where = "On the CPU" if threads is None else f"On the CPU with {threads} threads"
    text = (
        f"Needs {', '.join(first)} and {last}. Prints the losses of each "
        f"epoch as a line of JSON, then saves the weights. {where}, a seed gives the same numbers "
        "every time, bit for bit."
    )
    return textwrap.fill(text, WIDTH)


def _model_values(call: Call, report: Report) -> dict[str, Any]:
    node, output = render(call, report.network.input)
    model = "\n".join(write(Node(f"model = {node.head}", node.items, node.tail, node.exploded)))
    parts = [source for name, source in _parts(PARTS).items() if re.search(rf"\b{name}\(", model)]
    return {
        "model": model,
        "initial": initial_source(report),
        "frozen": frozen_source(report),
        "parts": parts,
        "ordered": "OrderedDict(" in model,
        "torch": any("torch." in part for part in parts),
        "input": report.network.input,
        "output": output,
        "parameters": f"{report.parameters:,}",
    }


def _parts(path: Path) -> dict[str, str]:
    """The source of each class or function of a file that scripts repeat, by its name."""
    text = path.read_text(encoding="utf-8")
    found = (e for e in ast.parse(text).body if isinstance(e, ast.ClassDef | ast.FunctionDef))
    return {each.name: ast.get_source_segment(text, each) or "" for each in found}


def _imports(data_set: DataSet, ordered: bool, functional: bool, timed: bool) -> str:
    """The script's imports: the standard library's, then the others, each sorted."""
    found = {"import json", "import math", "import sys", *data_set.imports}
    found |= {"import numpy as np", "import torch", "from torch import nn"}
    found |= {"from collections import OrderedDict"} if ordered else set()
    found |= {"import time"} if timed else set()
    found |= {"from torch.nn import functional as F"} if functional else set()
    groups: tuple[list[str], list[str]] = ([], [])
    for line in sorted(found, key=lambda line: (line.startswith("from "), line.lower())):
        package = line.split()[1].split(".")[0]
        groups[package not in sys.stdlib_module_names].append(line)
    return "\n\n".join("\n".join(group) for group in groups)


def adaptation(data_set: DataSet, given: TensorType) -> dict[str, Any]:
    """What ``adapt`` does to this data set's samples before they are the network's input.

    ``flatten`` and ``average`` are flags, ``resize`` is the line that resizes, and ``repeat`` the
    number of channels that grey is repeated to.
    """
    own, wanted = data_set.input.shape, given.shape
    flatten = own != wanted == (data_set.features,)
    image = own != wanted and not flatten
    channels = wanted[0] if image and own[0] != wanted[0] else None
    return {
        "flatten": flatten,
        "resize": _resize(wanted[1:]) if image and own[1:] != wanted[1:] else None,
        "repeat": None if channels == 1 else channels,
        "average": channels == 1,
    }


def _resize(size: tuple[int, ...]) -> str:
    options = (("size", size), ("mode", "bilinear"), ("align_corners", False))
    items = (Node("inputs"), *(argument(name, value) for name, value in options))
    return "\n".join(write(Node("inputs = F.interpolate(", items, ")")))
