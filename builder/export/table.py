"""The layers as a table: what goes in, what comes out, how many parameters, at what cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from builder.check import BlockReport, Report
from builder.document import Block

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Row:
    """One block; ``depth`` tells how many containers it lies in.

    ``trainable`` are the parameters that training changes,
    ``madds`` are multiply-adds and ``activations`` bytes of outputs, both for one sample. A
    container's numbers, and its ``share`` of all parameters, include those of what it holds, so
    the rows of depth 0 add up to the network. Shapes are empty where they are not known.
    """

    depth: int
    kind: str
    name: str
    input: str
    output: str
    parameters: int
    trainable: int
    share: float
    madds: int
    activations: int
    state: str
    note: str


def rows(report: Report) -> Iterator[Row]:
    """A row for every block in document order, nested ones after their container."""
    yield from _lane_rows(report, report.network.blocks, 0)


def _lane_rows(report: Report, lane: tuple[Block, ...], depth: int) -> Iterator[Row]:
    for block in lane:
        found = report.blocks[block.id]
        yield Row(
            depth,
            block.kind,
            block.name or "",
            str(found.input or ""),
            str(found.output or ""),
            found.parameters,
            found.trainable,
            found.parameters / report.parameters if report.parameters else 0.0,
            found.madds,
            found.activations,
            found.state,
            note(found),
        )
        for inner in block.lanes:
            yield from _lane_rows(report, inner, depth + 1)


def note(found: BlockReport) -> str:
    """What else is to be said of a block: its fault, why it has no shape, or that it is frozen."""
    match found.state:
        case "fault":
            return found.issue.message if found.issue else "fault"
        case "bypassed":
            return "switched off"
        case "waiting":
            return f"waits for {found.waits_for.label}" if found.waits_for else "waiting"
        case _:
            return "frozen" if found.parameters and not found.trainable else ""


def layer_table(report: Report) -> pd.DataFrame:
    """The rows as a data frame, a column for each field of Row."""
    import pandas as pd

    columns = [field.name for field in fields(Row)]
    return pd.DataFrame([asdict(row) for row in rows(report)], columns=columns)


def table_csv(report: Report) -> str:
    """The table as CSV with a line of column names."""
    return layer_table(report).to_csv(index=False, lineterminator="\n")
