"""Plotly figures of a layer's numbers: bars, lines, histograms; data in, figure out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures import COLOURS

BARS = 128
"""Up to so many numbers are bars; more are a line."""
FEW = 16
"""Up to so many bars each have their number below."""
POINTS = 1500
_LAYOUT = {"margin": {"l": 0, "r": 0, "t": 6, "b": 0}, "dragmode": False, "height": 150}
_LEGEND = {"orientation": "h", "yanchor": "bottom", "y": 1, "x": 0}


def draw_vector(values: NDArray[Any]) -> go.Figure:
    """The numbers of one axis: bars from zero, or a line when there are many."""
    if len(values) <= BARS:
        trace: Any = go.Bar(y=values, marker={"color": COLOURS[0], "line_width": 0})
    else:
        places = _thin(values)
        trace = go.Scatter(x=places, y=values[places], mode="lines", line=_line(0))
    trace.update(hovertemplate="%{x}: %{y:.4g}<extra></extra>")
    figure = go.Figure(trace)
    if len(values) <= FEW:  # no halves between them
        figure.update_xaxes(dtick=1)
    figure.update_layout(**_LAYOUT, bargap=0.15, showlegend=False)
    return figure


def draw_lines(rows: NDArray[Any]) -> go.Figure:
    """Each row of a table as a line, with its number."""
    figure = go.Figure()
    for at, row in enumerate(rows):
        places = _thin(row)
        line = go.Scatter(x=places, y=row[places], mode="lines", name=str(at), line=_line(at))
        figure.add_trace(line)
    figure.update_layout(**_LAYOUT | {"height": 190}, legend=_LEGEND, showlegend=len(rows) > 1)
    return figure


def draw_classes(values: NDArray[Any], names: Sequence[str], true: int | None) -> go.Figure:
    """The network's output, a bar for each class; the true class has a colour of its own."""
    colours = [COLOURS[2] if at == true else COLOURS[0] for at in range(len(names))]
    bar = go.Bar(
        x=values,
        y=list(names),
        orientation="h",
        marker={"color": colours, "line_width": 0},
        hovertemplate="%{y}: %{x:.4g}<extra></extra>",
    )
    figure = go.Figure(bar)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    figure.update_layout(**_LAYOUT | {"height": 40 + 22 * len(names)}, bargap=0.3)
    return figure


def draw_histograms(groups: Mapping[str, NDArray[Any]], bins: int = 60) -> go.Figure:
    """How often numbers occur in each group, on common bins, as a share of the group."""
    figure = go.Figure()
    finite = {name: each[np.isfinite(each)] for name, each in groups.items()}
    shown = [each for each in finite.values() if each.size]
    if not shown:
        return figure
    low, high = min(float(e.min()) for e in shown), max(float(e.max()) for e in shown)
    margin = (high - low) * 0.02 or 0.5
    edges = np.linspace(low - margin, high + margin, bins + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    for at, (name, numbers) in enumerate(finite.items()):
        shares = np.histogram(numbers, edges)[0] / max(numbers.size, 1)
        figure.add_trace(
            go.Scatter(
                x=middles,
                y=shares,
                name=name,
                mode="lines",
                line={**_line(at), "shape": "hvh"},
                fill="tozeroy",
                hovertemplate="around %{x:.3g}: %{y:.1%}<extra>" + name + "</extra>",
            )
        )
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    figure.update_layout(**_LAYOUT | {"height": 240}, legend=_LEGEND, showlegend=True)
    return figure


def _line(at: int) -> dict[str, Any]:
    return {"color": COLOURS[at % len(COLOURS)], "width": 1.5}


def _thin(values: NDArray[Any]) -> NDArray[np.int64]:
    """Places of a row that keep its look: of each stretch the least and the largest number."""
    if len(values) <= POINTS:
        return np.arange(len(values))
    kept: list[int] = []
    for stretch in np.array_split(np.arange(len(values)), POINTS // 2):
        part = values[stretch]
        kept += sorted({int(stretch[part.argmin()]), int(stretch[part.argmax()])})
    return np.array(kept)
