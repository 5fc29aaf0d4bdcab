"""A lesson's code, written and run: what is shown is what has computed the numbers."""

from __future__ import annotations

import inspect
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from io import StringIO
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder import parts
from builder.catalogue.spec import Arguments, Spec
from builder.document import Value
from builder.export.calls import argument, render
from builder.export.layout import Node, write
from builder.layers import layer_call
from builder.lessons.samples import Sample

Array = NDArray[np.float64]

NUMBER_LIMIT = 64
"""The largest whole number an argument of a lesson may have: more could not be drawn."""
PARAMETER_LIMIT = 100_000
VALUE_LIMIT = 20_000

_ONE_AT_A_TIME = threading.Lock()
"""Torch's random numbers belong to the whole process."""


class Refused(ValueError):  # noqa: N818
    """Torch could not do what the lesson asked for; the message has torch's reason."""


@dataclass(frozen=True)
class Ran:
    """A source that was run: what its names stand for now, and what it has printed."""

    source: str
    values: Mapping[str, Any]
    printed: str

    def array(self, name: str) -> Array:
        """A tensor that the source has made, as an array."""
        return to_array(self.values[name])


def to_array(tensor: Any) -> Array:
    """A tensor as an array of its own."""
    return np.array(tensor.detach().numpy(), dtype=np.float64)


@lru_cache(maxsize=256)
def run(source: str) -> Ran:
    """Run a lesson's source, and keep what it has made; Refused when torch refuses.

    The source is written by a lesson from values that the catalogue has parsed; nothing that a
    person has typed gets here in any other form.
    """
    written = StringIO()
    values: dict[str, Any] = {"__name__": "lesson", "print": partial(print, file=written)}
    with _ONE_AT_A_TIME:
        try:
            exec(compile(source, "<lesson>", "exec"), values)
        except (RuntimeError, ValueError, TypeError, IndexError, NotImplementedError) as error:
            raise Refused((str(error).strip() or repr(error)).splitlines()[0]) from error
    return Ran(source, MappingProxyType(values), written.getvalue())


def opening(sample: Sample, *layers: str, seed: int | None = 0) -> list[str]:
    """The first lines of a lesson: imports, the classes its layers need, the input ``x``."""
    lines = ["import torch", sample.needs, "from torch import nn"]
    for name, source in _parts().items():
        if any(re.search(rf"\b{name}\(", layer) for layer in layers):
            lines += ["", "", *source.splitlines(), ""]
    lines += ["", *([] if seed is None else [f"torch.manual_seed({seed})"]), *sample.lines]
    return lines


@cache
def _parts() -> dict[str, str]:
    """The source of each module beyond torch's own, by its name."""
    found = inspect.getmembers(parts, inspect.isclass)
    return {
        name: inspect.getsource(each) for name, each in found if each.__module__ == parts.__name__
    }


def make_layer(
    name: str, spec: Spec, arguments: Arguments, sample: Sample, *more: tuple[str, Value]
) -> str:
    """The line, or lines, that make the layer: ``conv = nn.Conv2d(1, 4, kernel_size=3)``.

    ``more`` are arguments that no layer of a stack could have.
    """
    node, _ = render(layer_call(spec, arguments), sample.given, notes=False)
    items = (*node.items, *(argument(*each) for each in more))
    return "\n".join(write(Node(f"{name} = {node.head}", items, node.tail, node.exploded)))


def too_large(arguments: Arguments, parameters: int, values: int) -> str | None:
    """Why a layer that is right is too large for a lesson, or None."""
    for name, value in arguments.items():
        if any(abs(number) > NUMBER_LIMIT for number in _whole_numbers(value)):
            return f"{name} is more than a lesson can draw: take {NUMBER_LIMIT} at most."
    if parameters > PARAMETER_LIMIT:
        return f"{parameters:,} parameters are more than a lesson can draw: take a smaller layer."
    if values > VALUE_LIMIT:
        return f"{values:,} output values are more than a lesson can draw: take a smaller layer."
    return None


def _whole_numbers(value: Any) -> Iterator[float]:
    if isinstance(value, tuple):
        for item in value:
            yield from _whole_numbers(item)
    elif isinstance(value, int):
        yield value


def as_image(array: Array, axes: int) -> Array:
    """Sequences as images of one row: C×L becomes C×1×L where there is one axis."""
    return array[:, None, :] if axes == 1 else array
