"""Plotly figures of lessons: numbers in cells, outlined windows, curves with a tangent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures import COLOURS

Array = NDArray[np.float64]

GAP = 1
"""Empty columns between channels that stand side by side."""
GUTTER = 20
"""Room for the numbers of rows and columns, in pixels."""
LEGIBLE = 25
"""Cells of fewer pixels hold no number."""

_RISING = {False: ("#f1f5fa", "#0b4f8a"), True: ("#1c2430", "#2b7bbd")}
_FALLING = {False: "#b4500f", True: "#b3541a"}
_INK = {False: ("#d6249f", "#6b7280"), True: ("#ff7ac8", "#9aa3b5")}


@dataclass(frozen=True)
class Box:
    """An outline around cells: of what was chosen, or (``faint``) of where something lies."""

    row: float
    column: float
    height: int = 1
    width: int = 1
    faint: bool = False


def beside(images: Array) -> Array:
    """Channels × height × width as one picture, an empty column between two channels."""
    count, height, width = images.shape
    found = np.full((height, count * (width + GAP) - GAP), np.nan)
    for at, image in enumerate(images):
        found[:, at * (width + GAP) : at * (width + GAP) + width] = image
    return found


def cell_size(columns: int) -> float:
    """Pixels of a cell, so that a picture is neither tiny nor wider than a page."""
    return min(34.0, 280 / columns) if columns <= 12 else max(min(28.0, 620 / columns), 4.0)


def draw_grid(
    values: Array,
    boxes: Iterable[Box] = (),
    *,
    dark: bool = False,
    signed: bool = False,
    cell: float | None = None,
    names: Sequence[str] = (),
    digits: int = 2,
    numbered: bool = True,
) -> go.Figure:
    """A picture of numbers: colour by value (``signed``: by sign too), the number in each cell.

    ``names`` stand at rows and columns instead of their numbers.
    """
    rows, columns = values.shape
    side = cell or cell_size(columns)
    reach = float(np.nanmax(np.abs(values), initial=0.0)) or 1.0
    low, high = _RISING[dark]
    scale = [[0, _FALLING[dark]], [0.5, low], [1, high]] if signed else [[0, low], [1, high]]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            text=[[_write(value, digits) for value in row] for row in values],
            texttemplate="%{text}" if side >= LEGIBLE else None,
            textfont={"size": 11 if side >= 32 else 10} | ({"color": "#ffffff"} if dark else {}),
            hovertemplate="row %{y}, column %{x}: %{z:.4f}<extra></extra>",
            hoverongaps=False,
            colorscale=scale,
            zmin=-reach if signed else 0,
            zmax=reach,
            showscale=False,
            xgap=1,
            ygap=1,
        )
    )
    for box in boxes:
        figure.add_shape(**_outline(box, dark))
    ticks = numbered and not names and side >= 14 and not np.isnan(values).any()
    room = GUTTER if ticks else 2
    left, top = (150, 2) if names else (room, room)
    height = max(side, 22.0 if rows == 1 else 12.0)
    _label_axes(figure, rows, columns, ticks, names)
    figure.update_layout(
        width=round(columns * side) + left + 2,
        height=round(rows * height) + top + 2,
        margin={"l": left, "r": 2, "t": top, "b": 2},
        dragmode=False,
        plot_bgcolor="rgba(0,0,0,0)",
    )
    return figure


def _label_axes(
    figure: go.Figure, rows: int, columns: int, ticks: bool, names: Sequence[str]
) -> None:
    about = {"showgrid": False, "zeroline": False, "ticks": "", "fixedrange": True}
    for update, count in ((figure.update_xaxes, columns), (figure.update_yaxes, rows)):
        step = 1 if count <= 16 else 4
        update(
            showticklabels=ticks,
            tickvals=list(range(0, count, step)),
            tickfont={"size": 10},
            range=[-0.5, count - 0.5],
            **about,
        )
    figure.update_xaxes(side="top")
    figure.update_yaxes(range=[rows - 0.5, -0.5])
    if names:
        figure.update_yaxes(
            showticklabels=True, ticktext=list(names), tickvals=list(range(rows)), tickfont_size=12
        )


def _write(value: float, digits: int) -> str:
    if np.isnan(value):
        return ""
    text = f"{value:.{digits if abs(value) < 100 else 0}f}"
    return text.replace("-", "−") if text.strip("-0.") else "0"


def _outline(box: Box, dark: bool) -> dict[str, object]:
    strong, faint = _INK[dark]
    line = (
        {"color": faint, "width": 2, "dash": "dot"} if box.faint else {"color": strong, "width": 3}
    )
    return {
        "type": "rect",
        "x0": box.column - 0.5,
        "x1": box.column + box.width - 0.5,
        "y0": box.row - 0.5,
        "y1": box.row + box.height - 0.5,
        "line": line,
    }


def draw_activation(
    x: Array, y: Array, slope: Array, point: tuple[float, float, float], dark: bool = False
) -> go.Figure:
    """The curve and its derivative; at the chosen point a mark on both, and the tangent."""
    at, height, rise = point
    figure = go.Figure()
    ink = {"color": _INK[dark][1], "width": 1.5, "dash": "dot"}
    near = np.array([at - 1.5, at + 1.5])
    figure.add_scatter(
        x=near, y=height + rise * (near - at), mode="lines", line=ink, name="Tangent"
    )
    for name, values, colour, dash, mark in (
        ("f(x)", y, COLOURS[0] if not dark else COLOURS[5], "solid", height),
        ("f′(x), its derivative", slope, COLOURS[1], "dash", rise),
    ):
        line = {"color": colour, "width": 2.5, "dash": dash}
        figure.add_scatter(
            x=x, y=values, mode="lines", line=line, name=name, hovertemplate="%{x:.2f}: %{y:.4f}"
        )
        figure.add_scatter(
            x=[at],
            y=[mark],
            mode="markers",
            marker={"color": colour, "size": 11},
            showlegend=False,
            hoverinfo="skip",
        )
    figure.update_xaxes(title="x", range=[x[0], x[-1]], zeroline=True, fixedrange=True)
    figure.update_yaxes(zeroline=True, fixedrange=True, range=_range(y, slope))
    legend = {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0}
    margin = {"l": 0, "r": 0, "t": 8, "b": 0}
    figure.update_layout(height=380, margin=margin, legend=legend, dragmode=False)
    return figure


def _range(*curves: Array) -> list[float]:
    """From the lowest value to the highest, with some room: the tangent may leave the picture."""
    low, high = min(float(c.min()) for c in curves), max(float(c.max()) for c in curves)
    room = max(high - low, 0.2) * 0.06
    return [low - room, high + room]
