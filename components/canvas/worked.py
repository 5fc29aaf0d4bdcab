"""The arithmetic of the selected layer, as the canvas shows it."""

from __future__ import annotations

from typing import Any

from builder.check import Report
from builder.document import BlockId


def worked(
    report: Report, block_id: BlockId, wanted: tuple[int, ...] | None = None
) -> dict[str, Any] | None:
    """The formulas of a block with its own numbers; None while there are none to show."""
    return None
