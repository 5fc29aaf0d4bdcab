"""What the layers make of a sample, for the cards of the canvas; needs torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.check import Report, check
from builder.datasets import DataSet, arrays, present
from builder.lower import Faulty
from builder.see import Query, Sight, Unseen, look
from builder.sound import sound_part
from components.canvas.strips import draw_strips
from components.facts import in_short

MADDS_LIMIT = 3_000_000_000
"""Multiply-adds of one sample: more would hold up the next edit."""
PARAMETERS_LIMIT = 30_000_000
"""Weights that are drawn anew after each edit."""
BLOCKS_LIMIT = 300
"""Blocks whose strips go to the browser at once."""
REMEMBERED = 8
"""How many answers are kept."""

INPUT = ""
"""Stands for the network's input where other keys are ids of blocks."""


@dataclass(frozen=True)
class Subject:
    """What is shown: the query, and in words the run whose weights fit the network, if any."""

    query: Query
    run: str | None = None

    @property
    def data(self) -> DataSet | None:
        """The data set that the sample is from, or None for random numbers."""
        return present(self.query.recipe.data) if self.query.recipe else None


@lru_cache(REMEMBERED)
def see_sample(subject: Subject) -> dict[str, Any]:
    """The sample with its label, a strip for each block before a fault, and the network's guess.

    ``trouble`` says why there are no strips, where there are none.
    """
    query, data = subject.query, subject.data
    count = len(arrays(data.id).targets) if data else None
    query = replace(query, sample=query.sample % count if count else query.sample)
    answer: dict[str, Any] = {
        "data": data.title if data else None,
        "sample": query.sample,
        "count": count,
        "label": _name_target(data, query.sample) if data else None,
        "seed": query.seed,
        "trained": query.weights is not None,
        "run": subject.run,
        "guess": None,
        "trouble": None,
        "strips": {},
    }
    report = check(query.network)
    try:
        sight = _look(query, report)
    except (Unseen, Faulty) as error:
        return answer | {"trouble": str(error)}
    guess = _guess(data, sight.output, query.sample) if data and report.ok else None
    return answer | {"guess": guess, "strips": _draw(report, sight)}


def _look(query: Query, report: Report) -> Sight:
    part = sound_part(report)
    if refusal := _too_slow(report if report.ok else check(part)):
        raise Unseen(refusal)
    return look(replace(query, network=part))


def _too_slow(report: Report) -> str | None:
    if len(report.blocks) > BLOCKS_LIMIT:
        return (
            f"The network has {len(report.blocks):,} layers; up to {BLOCKS_LIMIT:,} are shown on "
            "their cards. The Inspect page shows more."
        )
    if report.parameters > PARAMETERS_LIMIT:
        return (
            f"The network has {report.parameters:,} parameters; up to {PARAMETERS_LIMIT:,} are "
            "drawn anew after each edit. The Inspect page shows larger ones."
        )
    if report.madds > MADDS_LIMIT:
        return (
            f"One sample takes {report.madds:,} multiply-adds; up to {MADDS_LIMIT:,} are done "
            "after each edit. The Inspect page shows larger networks."
        )
    return None


def _draw(report: Report, sight: Sight) -> dict[str, Any]:
    outputs = {INPUT: ("the input", sight.given)}
    for layer in sight.layers:
        found = report.blocks.get(layer.spot.block.id)
        if found and found.state == "ok":
            outputs[found.block.id] = (found.block.label, layer.values)
    return draw_strips(outputs)


def _name_target(data: DataSet, sample: int) -> str:
    target = arrays(data.id).targets[sample]
    if data.target.kind == "classes":
        return data.target.names[int(target)]
    return ", ".join(in_short(float(each)) for each in np.atleast_1d(target))


def _guess(data: DataSet, output: NDArray[Any], sample: int) -> dict[str, Any] | None:
    """What the output stands for, and whether that is the label (None for numbers)."""
    if output.shape != (data.target.outputs,):
        return None
    if data.target.kind == "numbers":
        return {"text": ", ".join(in_short(float(each)) for each in output), "right": None}
    best = int(np.argmax(output))
    return {"text": data.target.names[best], "right": best == int(arrays(data.id).targets[sample])}
