"""Plotly figures of data and results: data in, figure out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999", "#8a7500")
"""Told apart with every kind of colour sight (Okabe and Ito)."""
SYMBOLS = ("circle", "diamond", "square", "cross", "triangle-up", "x", "star", "triangle-down")
POINTS = 2000
"""How many points a drawing has at most: a browser draws each one by itself."""
CONFIG = {"displayModeBar": False, "scrollZoom": False}

_MARGIN = {"l": 0, "r": 0, "t": 0, "b": 0}
_SCALES = {False: ("#eef3f8", "#0b4f8a"), True: ("#1c2430", "#2b7bbd")}


def draw_confusion(
    matrix: Sequence[Sequence[int]], names: Sequence[str], dark: bool = False
) -> go.Figure:
    """Counts of true classes (rows) taken for classes (columns), coloured by the row's share."""
    counts = np.asarray(matrix)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=list(names),
            y=list(names),
            text=counts,
            texttemplate="%{text}",
            textfont={"color": "#ffffff"} if dark else None,
            hovertemplate="%{y} taken for %{x}: %{text} (%{z:.1%})<extra></extra>",
            colorscale=[[0, _SCALES[dark][0]], [1, _SCALES[dark][1]]],
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    figure.update_xaxes(title="Predicted class", type="category", showgrid=False)
    figure.update_yaxes(title="True class", type="category", autorange="reversed", showgrid=False)
    figure.update_layout(
        height=max(40 * len(names), 180) + 70, margin={**_MARGIN, "t": 8}, dragmode=False
    )
    return figure


def draw_rates(epochs: Sequence[float], rates: Sequence[float], *, per_epoch: bool) -> go.Figure:
    """A learning rate over the epochs; one that is set per epoch stays until the next."""
    line = {"color": COLOURS[0], "width": 2, "shape": "hv" if per_epoch else "linear"}
    x, y = [*epochs], [*rates]
    if per_epoch:
        x, y = [*x, x[-1] + 1], [*y, y[-1]]
    hover = "after %{x:.3g} epochs: %{y:.3g}<extra></extra>"
    figure = go.Figure(go.Scatter(x=x, y=y, mode="lines", line=line, hovertemplate=hover))
    figure.update_xaxes(title="Epoch", rangemode="tozero")
    figure.update_yaxes(title="Learning rate", rangemode="tozero", tickformat="~g")
    return figure.update_layout(height=190, margin={**_MARGIN, "t": 8}, dragmode=False)


def draw_samples(
    pictures: NDArray[np.float32], labels: Sequence[str], columns: int = 6
) -> go.Figure:
    """Pictures of count × channels × height × width (0 to 1) side by side, labels below them."""
    count, _, height, width = pictures.shape
    rows = math.ceil(count / columns)
    gap = max(2, height * 2 // 5)
    figure = go.Figure()
    for at, picture in enumerate(pictures):
        row, column = divmod(at, columns)
        x, y = column * (width + 1), row * (height + gap)
        figure.add_trace(_draw_picture(picture, x, y))
        place = {"x": x + (width - 1) / 2, "y": y + height - 0.5}
        figure.add_annotation(
            **place, text=labels[at], showarrow=False, yanchor="top", font_size=12
        )
    tall = rows * (height + gap)
    figure.update_xaxes(visible=False, range=[-0.5, columns * (width + 1) - 1.5])
    figure.update_yaxes(visible=False, range=[tall - 0.5, -0.5], scaleanchor="x")
    figure.update_layout(
        height=84 * rows, margin=_MARGIN, showlegend=False, dragmode=False, hovermode=False
    )
    return figure


def _draw_picture(picture: NDArray[np.float32], x: int, y: int) -> go.Image:
    """One picture as an image trace with its upper left corner at x, y; grey shown as grey."""
    colours = np.repeat(picture, 3, axis=0) if picture.shape[0] == 1 else picture[:3]
    pixels = (255 * np.clip(colours, 0, 1)).astype(np.uint8).transpose(1, 2, 0)
    return go.Image(z=pixels, x0=x, y0=y)


def draw_curve(x: NDArray[np.float32], y: NDArray[np.float32], names: tuple[str, str]) -> go.Figure:
    """A number (count) over another one (count), the axes named; at most ``POINTS`` of them."""
    thin = slice(None, None, max(1, len(x) // POINTS))
    marker = {"color": COLOURS[0], "size": 4, "opacity": 0.5}
    figure = go.Figure(go.Scatter(x=x[thin], y=y[thin], mode="markers", marker=marker))
    figure.update_xaxes(title=names[0])
    figure.update_yaxes(title=names[1])
    return figure.update_layout(height=240, margin=_MARGIN, dragmode=False)


def draw_scatter(
    points: NDArray[np.float32], targets: NDArray[np.int64], names: Sequence[str]
) -> go.Figure:
    """Samples of count × 2, each class with a colour and a symbol of its own."""
    figure = go.Figure()
    for number, name in enumerate(names):
        own = points[targets == number]
        style = {
            "color": COLOURS[number % len(COLOURS)],
            "symbol": SYMBOLS[number % len(SYMBOLS)],
            "size": 5,
            "opacity": 0.7,
        }
        figure.add_trace(
            go.Scatter(x=own[:, 0], y=own[:, 1], mode="markers", name=name, marker=style)
        )
    figure.update_yaxes(scaleanchor="x")
    legend = {"orientation": "h", "yanchor": "bottom", "y": 1, "x": 0}
    figure.update_layout(height=240, margin=_MARGIN, legend=legend, dragmode=False)
    return figure
