"""Normalisation: what is normalised together, its mean and deviation before and after."""

from __future__ import annotations

from dataclasses import dataclass

from builder.catalogue.spec import Arguments, Spec
from builder.lessons.lesson import Lesson
from builder.lessons.running import Array, Ran, Refused, make_layer, opening, run, to_array
from builder.lessons.samples import BATCHES, Sample

MEASURES = ("mean", "deviation", "root mean square")


@dataclass(frozen=True)
class Normalisation:
    """Mean, deviation and root mean square of every set of values normalised together.

    ``together`` (samples × channels) is the share of values that are normalised with the first
    value of all; ``before`` and ``after`` have a row × column for each set, by measure. ``axes``
    are those that a set spans, in words; ``input`` and ``output`` are the first
    sample.
    """

    source: str
    printed: str
    together: Array
    before: dict[str, Array]
    after: dict[str, Array]
    input: Array
    output: Array
    axes: str


@dataclass(frozen=True)
class Comparison:
    """Layers on one input: which channels each takes together, and how far results differ."""

    source: str
    printed: str
    together: dict[str, Array]
    differences: Array


LESSON = Lesson(
    "normalisation",
    lambda spec: spec.category == "Normalisation" and spec.parameter("eps") is not None,
    BATCHES,
)

PROBE = """\

# Which values are normalised together with the very first one? Those that change its result.
probe = torch.randn_like(x, requires_grad=True)
norm(probe).flatten()[0].backward()
together = probe.grad != 0
"""

STATISTICS = '''\


def statistics(values):
    """Mean, deviation and root mean square of each set."""
    sets = values.detach().reshape({shape})
    axes = {axes}
    square = sets.square().mean(dim=axes)
    return sets.mean(dim=axes), sets.std(dim=axes, correction=0), square.sqrt()


y = norm(x)
before, after = statistics(x), statistics(y)
for name, old, new in zip(("mean", "deviation", "root mean square"), before, after):
    print(f"{{name}} of the first set: {{old.flatten()[0]:.3f}}, then {{new.flatten()[0]:.3f}}")
'''

COMPARE = """\
import torch
from sklearn.datasets import load_digits
from torch import nn

images = torch.tensor(load_digits().images / 16, dtype=torch.float32)
x = images[:12].reshape(3, 4, 8, 8)
layers = {
    "LayerNorm": nn.LayerNorm((4, 8, 8)),
    "GroupNorm, 1 group": nn.GroupNorm(1, 4),
    "GroupNorm, 2 groups": nn.GroupNorm(2, 4),
    "GroupNorm, 4 groups": nn.GroupNorm(4, 4),
    "InstanceNorm": nn.InstanceNorm2d(4),
    "BatchNorm": nn.BatchNorm2d(4),
}
results, together = {}, {}
for name, layer in layers.items():
    results[name] = layer(x).detach()
    probe = torch.randn_like(x, requires_grad=True)
    layer(probe).flatten()[0].backward()
    together[name] = (probe.grad != 0).float().mean(dim=(2, 3))

rows = [[(a - b).abs().max() for b in results.values()] for a in results.values()]
differences = torch.tensor(rows)
print(f"LayerNorm and GroupNorm with 1 group: {differences[0, 1]:.1e}")
print(f"InstanceNorm and GroupNorm with 4 groups: {differences[4, 3]:.1e}")
"""


def teach(spec: Spec, arguments: Arguments, sample: Sample) -> Normalisation:
    """Find what is normalised together, and measure it before and after."""
    layer = make_layer("norm", spec, arguments, sample)
    lines = [*opening(sample, layer), "", layer]
    found = "\n".join(lines) + "\n" + PROBE
    together = to_array(run(found).values["together"].float())
    if not together.any():
        raise Refused("every value would be normalised by itself, which leaves 0")
    shape, axes = _find_sets(together)
    counted = together.reshape(*together.shape[:2], -1).mean(axis=2)
    ran = run(found + STATISTICS.format(shape=shape, axes=axes))
    return Normalisation(
        ran.source,
        ran.printed,
        counted,
        _measures(ran, "before", 0 in axes),
        _measures(ran, "after", 0 in axes),
        ran.array("x")[0],
        ran.array("y")[0],
        _describe(together),
    )


def _find_sets(together: Array) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The shape in which sets are whole axes, and those axes."""
    shape: list[int] = []
    axes: list[int] = []
    for axis, size in enumerate(together.shape):
        others = tuple(other for other in range(together.ndim) if other != axis)
        taken = int(together.any(axis=others).sum())
        if taken > 1:
            axes.append(len(shape) + (taken < size))
        shape += [size // taken, taken] if 1 < taken < size else [size]
    return tuple(shape), tuple(axes)


def _measures(ran: Ran, name: str, across: bool) -> dict[str, Array]:
    """Every measure as samples × sets; as one row where the sets go ``across`` samples."""
    found = {}
    for measure, tensor in zip(MEASURES, ran.values[name], strict=True):
        array = to_array(tensor)
        found[measure] = array.reshape(1 if across else array.shape[0], -1)
    return found


def _describe(together: Array) -> str:
    """The axes in words: "the batch, height and width"."""
    names = {
        2: ("batch", "features"),
        3: ("batch", "channels", "length"),
        4: ("batch", "channels", "height", "width"),
        5: ("batch", "channels", "depth", "height", "width"),
    }[together.ndim]
    words = []
    for axis, (name, size) in enumerate(zip(names, together.shape, strict=True)):
        others = tuple(other for other in range(together.ndim) if other != axis)
        taken = int(together.any(axis=others).sum())
        if taken > 1:
            words.append(name if taken == size else f"{taken} of {size} {name}")
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def compare() -> Comparison:
    """The kinds of normalisation side by side on one input."""
    ran = run(COMPARE)
    together = {name: to_array(each) for name, each in ran.values["together"].items()}
    return Comparison(ran.source, ran.printed, together, ran.array("differences"))
