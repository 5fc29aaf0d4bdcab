"""The code that leaves the parameters of frozen layers out of training."""

from __future__ import annotations

from builder.check import Report
from builder.export.initial import call_at
from builder.places import frozen_paths


def frozen_source(report: Report) -> str:
    """A statement for each frozen block; empty when none is."""
    calls = (call_at(paths, "requires_grad_(False)") for paths in frozen_paths(report))
    return "\n".join(line for lines in calls for line in lines)
