"""Plotly figures of predictions: arrays in, figure out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures import COLOURS, POINTS
from components.value_figures import draw_classes

_LAYOUT = {"height": 300, "margin": {"l": 0, "r": 8, "t": 8, "b": 0}, "dragmode": False}
_MARKER = {"color": COLOURS[0], "size": 5, "opacity": 0.4}


def draw_fit(true: NDArray[Any], predicted: NDArray[Any]) -> go.Figure:
    """Predicted over true numbers, both of samples, and the line on which they would be equal."""
    ends = [float(true.min()), float(true.max())]
    figure = _scatter(true, predicted)
    figure.add_trace(_line(ends, ends))
    figure.update_xaxes(title="True")
    figure.update_yaxes(title="Predicted")
    return figure


def draw_residuals(true: NDArray[Any], predicted: NDArray[Any]) -> go.Figure:
    """What is left over, predicted minus true, over the predicted numbers; both of samples."""
    figure = _scatter(predicted, predicted - true)
    figure.add_trace(_line([float(predicted.min()), float(predicted.max())], [0, 0]))
    figure.update_xaxes(title="Predicted")
    figure.update_yaxes(title="Predicted minus true")
    return figure


def draw_probabilities(shares: NDArray[Any], names: Sequence[str]) -> go.Figure:
    """A bar for each class, from 0 to 100 %."""
    figure = draw_classes(shares, names, int(np.argmax(shares)))
    figure.update_traces(hovertemplate="%{y}: %{x:.2%}<extra></extra>")
    return figure.update_xaxes(range=[0, 1], tickformat=".0%", nticks=6)


def _scatter(x: NDArray[Any], y: NDArray[Any]) -> go.Figure:
    thin = slice(None, None, max(1, -(-len(x) // POINTS)))
    figure = go.Figure(go.Scatter(x=x[thin], y=y[thin], mode="markers", marker=_MARKER))
    return figure.update_layout(**_LAYOUT, showlegend=False)


def _line(x: list[float], y: list[float]) -> go.Scatter:
    line = {"color": COLOURS[1], "width": 2.5, "dash": "dash"}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")
