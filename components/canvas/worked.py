"""The arithmetic of one block for the canvas: its formulas, and what gives a wanted size."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from builder.arithmetic import Formula, explain
from builder.catalogue import CATALOGUE
from builder.check import BlockReport, Report
from builder.document import Params, TensorType
from builder.schema import plain
from builder.solve import Option, solve


def worked(
    report: Report, block_id: str, wanted: Sequence[int] | None = None
) -> dict[str, Any] | None:
    """The block's formulas with its own numbers, and options for the wanted output size.

    ``size`` holds the present output sizes, channels left out, where others can be solved for,
    else None. Formulas need a block without a fault; options need its input and its arguments.
    None where there is no such block, or its layer has no arithmetic.
    """
    found = report.blocks.get(block_id)
    if found is None or not CATALOGUE[found.block.kind].arithmetic:
        return None
    return {
        "block": block_id,
        "formulas": [_formula(formula) for formula in _formulas(found)],
        "size": _size(found),
        "wanted": None if wanted is None else list(wanted),
        "options": [_option(option) for option in _options(found, wanted)],
    }


def _formulas(found: BlockReport) -> tuple[Formula, ...]:
    if found.state != "ok" or found.input is None or found.output is None:
        return ()
    return explain(found.block.kind, found.arguments, found.input, found.output)


def _size(found: BlockReport) -> list[int] | None:
    solvable = found.state == "ok" and CATALOGUE[found.block.kind].window
    return list(found.output.shape[1:]) if solvable and found.output else None


def _options(found: BlockReport, wanted: Sequence[int] | None) -> tuple[Option, ...]:
    if wanted is None or found.input is None or found.state == "bypassed":
        return ()
    arguments = tuple(found.arguments.items())
    return _solved(found.block.kind, arguments, found.input, tuple(wanted))


@lru_cache(256)
def _solved(
    kind: str, arguments: Params, given: TensorType, wanted: tuple[int, ...]
) -> tuple[Option, ...]:
    """Remembered, as every edit asks again while a size is wanted of the selected layer."""
    return solve(kind, dict(arguments), given, wanted)


def _formula(formula: Formula) -> dict[str, Any]:
    return {
        "title": formula.title,
        "formula": formula.formula,
        "worked": formula.worked,
        "terms": [
            {"symbol": term.symbol, "value": term.value, "meaning": term.meaning}
            for term in formula.terms
        ],
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "label": option.label,
        "params": {name: plain(value) for name, value in option.params.items()},
    }
