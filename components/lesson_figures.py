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
MIDDLE = 0.179
"""On a colour lighter than this, dark text can be read better than white."""
NARROWEST = 152
"""Streamlit draws no chart narrower than this; the rest is left empty."""

_COLOURS = {
    False: ("#f1f5fa", "#0b4f8a", "#b4500f"),
    True: ("#1c2430", "#3b8fd4", "#c8662a"),
}
"""Of nothing, of the largest value, and of the lowest one below 0."""
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


def stacked(images: Array) -> Array:
    """Channels × height × width as one picture, an empty row between two channels."""
    return beside(images.transpose(0, 2, 1)).T


def cell_size(columns: int) -> float:
    """Pixels of a cell, so that a picture is neither tiny nor wider than a page."""
    return min(34.0, 300 / columns) if columns <= 12 else max(min(28.0, 620 / columns), 4.0)


@dataclass(frozen=True)
class Ink:
    """How a picture of numbers is coloured: by value, ``signed`` by sign too, or ``plain``.

    ``reach`` is the value of the strongest colour, by default the largest there is.
    """

    dark: bool = False
    signed: bool = False
    plain: bool = False
    reach: float | None = None

    def shades(self, values: Array) -> Array:
        """Red, green and blue (0 to 255) of every value."""
        reach = self.reach or float(np.nanmax(np.abs(values), initial=0.0)) or 1.0
        share = np.nan_to_num(np.clip(values / reach, -1 if self.signed else 0, 1))
        low, high, below = (_rgb(colour) for colour in _COLOURS[self.dark])
        strength = np.zeros_like(share) if self.plain else np.abs(share)
        ends = np.where(share[..., None] < 0, below, high)
        return np.asarray(low + strength[..., None] * (ends - low))


def draw_grid(
    values: Array,
    boxes: Iterable[Box] = (),
    *,
    ink: Ink = Ink(),
    cell: float | None = None,
    names: Sequence[str] = (),
    digits: int = 2,
    numbered: bool = True,
) -> go.Figure:
    """A picture of numbers: each cell coloured by its value, and the number in it.

    ``names`` stand at the rows instead of their numbers, and columns count from 1.
    """
    rows, columns = values.shape
    side = cell or cell_size(columns)
    height = max(side, 22.0 if rows == 1 else 12.0)
    shades = ink.shades(values)
    traces: list[go.Heatmap | go.Scatter] = [_draw_cells(values, shades)]
    if side >= LEGIBLE:
        traces.append(_write_numbers(values, shades, digits, 11 if side >= 32 else 10))
    ticks = numbered and not names and side >= 14 and not np.isnan(values).any()
    room = GUTTER if ticks else 2
    left, top = (150, GUTTER) if names else (room, room)
    width = round(columns * side) + left
    layout = {
        **_label_axes((rows, columns), ticks, names, ink.dark),
        "shapes": [_outline(box, ink.dark) for box in boxes],
        "width": max(width + 2, NARROWEST),
        "height": round(rows * height) + top + 2,
        "margin": {"l": left, "r": max(2, NARROWEST - width), "t": top, "b": 2},
        "dragmode": False,
        "showlegend": False,
        "plot_bgcolor": "rgba(0,0,0,0)",
    }
    return go.Figure(traces, layout)  # at once: changing a figure is slow


def _draw_cells(values: Array, shades: Array) -> go.Heatmap:
    """A heat map whose colours are exactly these: each cell's value is its place on the scale."""
    flat = [f"rgb({r:.0f},{g:.0f},{b:.0f})" for r, g, b in shades.reshape(-1, 3)]
    found = sorted(set(flat))
    last = max(len(found) - 1, 1)
    place = {colour: at / last for at, colour in enumerate(found)}
    scale = [[place[colour], colour] for colour in found]
    if len(scale) == 1:
        scale.append([1.0, found[0]])
    at = np.array([place[colour] for colour in flat]).reshape(values.shape)
    return go.Heatmap(
        z=np.where(np.isnan(values), np.nan, at),
        customdata=values,
        hovertemplate="row %{y}, column %{x}: %{customdata:.4f}<extra></extra>",
        hoverongaps=False,
        colorscale=scale,
        zmin=0,
        zmax=1,
        showscale=False,
        xgap=1,
        ygap=1,
    )


def _write_numbers(values: Array, shades: Array, digits: int, size: int) -> go.Scatter:
    """The numbers, dark on light cells and light on dark ones."""
    places = [(int(row), int(column)) for row, column in np.argwhere(~np.isnan(values))]
    light = _luminance(shades)
    return go.Scatter(
        x=[column for _, column in places],
        y=[row for row, _ in places],
        text=[_write(values[place], digits) for place in places],
        mode="text",
        textfont={
            "size": size,
            "color": ["#000000" if light[place] > MIDDLE else "#ffffff" for place in places],
        },
        hoverinfo="skip",
    )


def _luminance(shades: Array) -> Array:
    """How light colours are to the eye, 0 to 1 (WCAG 2)."""
    share = shades / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def _rgb(colour: str) -> Array:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=float)


def _label_axes(
    shape: tuple[int, int], ticks: bool, names: Sequence[str], dark: bool
) -> dict[str, dict[str, object]]:
    """Both axes with the numbers of rows and columns, or with names and numbers from 1."""
    rows, columns = (
        {
            "showgrid": False,
            "zeroline": False,
            "ticks": "",
            "fixedrange": True,
            "showticklabels": ticks or bool(names),
            "tickvals": list(range(0, count, 1 if count <= 16 else 4)),
            "tickfont": {"size": 10, "color": _INK[dark][1]},
        }
        for count in shape
    )
    rows["range"], columns["range"] = [shape[0] - 0.5, -0.5], [-0.5, shape[1] - 0.5]
    columns["side"] = "top"
    if names:
        columns["ticktext"] = [str(at + 1) for at in range(shape[1])]
        rows |= {"ticktext": list(names), "tickfont": {"size": 12, "color": _INK[dark][1]}}
    return {"xaxis": columns, "yaxis": rows}


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
        x=near,
        y=height + rise * (near - at),
        mode="lines",
        line=ink,
        name="Tangent",
        legendrank=2000,
    )
    for name, values, colour, dash, mark in (
        ("f(x)", y, COLOURS[0] if not dark else COLOURS[5], "solid", height),
        ("f′(x), its derivative", slope, COLOURS[1], "dash", rise),
    ):
        line = {"color": colour, "width": 2.5, "dash": dash, "simplify": False}
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
