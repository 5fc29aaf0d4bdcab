"""Plotly figures that compare runs: data in, figure out."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from builder.document import Value
from builder.training.thinning import thin
from components.figures import COLOURS

DASHES = ("solid", "dash", "dot", "dashdot")
HEIGHT = 340
_MARGIN = {"l": 0, "r": 8, "t": 8, "b": 0}


@dataclass(frozen=True)
class Curve:
    """A line: ``number`` is the run's, which gives the colour, and ``title`` its name.

    ``thin`` lines are those of training, behind the thick ones of validation.
    """

    number: int
    title: str
    part: str
    x: Sequence[float]
    y: Sequence[float]
    thin: bool = False


def colour_of(number: int) -> str:
    """The colour of a run, the same in every figure and at every visit."""
    return COLOURS[(number - 1) % len(COLOURS)]


def draw_curves(curves: Sequence[Curve], x: str, y: str, logarithmic: bool = False) -> go.Figure:
    """Lines of several runs over one another; a run's lines share colour and legend entry."""
    figure = go.Figure()
    named: set[int] = set()
    for curve in sorted(curves, key=lambda curve: not curve.thin):
        figure.add_trace(_draw_curve(curve, shown=not curve.thin and curve.number not in named))
        if not curve.thin:
            named.add(curve.number)
    figure.update_xaxes(title=x, rangemode="tozero")
    figure.update_yaxes(title=y, type="log" if logarithmic else "linear")
    legend = {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "title": None}
    figure.update_layout(
        height=HEIGHT, margin=_MARGIN, legend=legend, showlegend=True, hovermode="closest"
    )
    return figure


def _draw_curve(curve: Curve, shown: bool) -> go.Scatter:
    kept = thin(curve.y)
    ys = [curve.y[at] if math.isfinite(curve.y[at]) else None for at in kept]
    round_again = (curve.number - 1) // len(COLOURS) % len(DASHES)
    line = {
        "color": colour_of(curve.number),
        "width": 1.2 if curve.thin else 2.2,
        "dash": "dot" if curve.thin else DASHES[round_again],
    }
    return go.Scatter(
        x=[curve.x[at] for at in kept],
        y=ys,
        mode="lines+markers" if len(kept) == 1 else "lines",
        name=html.escape(curve.title),
        legendgroup=str(curve.number),
        showlegend=shown,
        opacity=0.75 if curve.thin else 1.0,
        line=line,
        hovertemplate=f"{curve.part}: %{{y:.4g}}<extra>%{{fullData.name}}</extra>",
    )


@dataclass(frozen=True)
class Axis:
    """One upright axis of parallel coordinates, with each run's value in order.

    ``words`` says how a number is written.
    """

    title: str
    values: tuple[Value, ...]
    words: Callable[[float], str] = "{:.4g}".format

    def places(self) -> tuple[list[float | None], list[tuple[float, str]]]:
        """Where each value lies from 0 to 1 (None: nowhere), and the marks beside the axis."""
        numbers = [_number(value) for value in self.values]
        if any(
            value is not None and number is None
            for value, number in zip(self.values, numbers, strict=True)
        ):
            return self._words()
        known = [number for number in numbers if number is not None]
        if not known:
            return [None] * len(numbers), []
        low, high = min(known), max(known)
        bend = math.log10 if low > 0 and high / low >= 30 else float
        spans = bend(high) - bend(low)
        places = [
            None if each is None else (bend(each) - bend(low)) / spans if spans else 0.5
            for each in numbers
        ]
        marks = {
            round(p, 4): self.words(n)
            for p, n in zip(places, numbers, strict=True)
            if p is not None and n is not None
        }
        return places, _apart(sorted(marks.items()))

    def _words(self) -> tuple[list[float | None], list[tuple[float, str]]]:
        words = list(dict.fromkeys(map(write_value, self.values)))
        step = 1 / max(1, len(words) - 1)
        at = {word: (number * step if len(words) > 1 else 0.5) for number, word in enumerate(words)}
        return [at[write_value(value)] for value in self.values], [(p, w) for w, p in at.items()]


def _number(value: Value) -> float | None:
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if plain and math.isfinite(value) else None  # type: ignore[arg-type]


def _apart(marks: list[tuple[float, str]], gap: float = 0.07) -> list[tuple[float, str]]:
    """The marks that can be read: none on another, both ends among them."""
    kept: list[tuple[float, str]] = []
    for mark in marks[:-1]:
        if (not kept or mark[0] - kept[-1][0] >= gap) and marks[-1][0] - mark[0] >= gap:
            kept.append(mark)
    return [*kept, *marks[-1:]]


def write_value(value: Value) -> str:
    """A setting's value as a person reads it."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.6g}"
        case tuple():
            return ", ".join(map(write_value, value))
        case _:
            return str(value)


def draw_parallel(
    axes: Sequence[Axis], numbers: Sequence[int], titles: Sequence[str], dark: bool = False
) -> go.Figure:
    """Each run as a line from axis to axis, in its colour; the values stand beside the axes."""
    figure = go.Figure()
    found = [axis.places() for axis in axes]
    ink = "#8b949e" if dark else "#6a737d"
    for at, (_, marks) in enumerate(found):
        figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=1, line={"color": ink, "width": 1})
        for place, text in marks:
            figure.add_annotation(_mark(at, place, text, dark))
    for at, (number, title) in enumerate(zip(numbers, titles, strict=True)):
        ys = [places[at] for places, _ in found]
        told = [f"{axis.title}: {write_value(axis.values[at])}" for axis in axes]
        figure.add_trace(
            go.Scatter(
                x=[*range(len(axes))],
                y=ys,
                mode="lines+markers",
                name=html.escape(title),
                line={"color": colour_of(number), "width": 2.2},
                marker={"size": 7},
                text=told,
                hovertemplate="%{text}<extra>%{fullData.name}</extra>",
            )
        )
    figure.update_xaxes(
        tickvals=[*range(len(axes))],
        ticktext=[axis.title.replace(" ", "<br>") for axis in axes],
        side="top",
        range=[-0.3, len(axes) - 1 + 0.35],
        showgrid=False,
        zeroline=False,
        tickangle=0,
    )
    figure.update_yaxes(visible=False, range=[-0.06, 1.06])
    legend = {"orientation": "h", "yanchor": "top", "y": -0.02, "x": 0, "title": None}
    figure.update_layout(
        height=HEIGHT + 60,
        margin={**_MARGIN, "t": 56},
        legend=legend,
        showlegend=True,
        dragmode=False,
    )
    return figure


def _mark(at: int, place: float, text: str, dark: bool) -> dict[str, Any]:
    """A value to the right of its axis, readable where a line passes below it."""
    return {
        "bgcolor": "rgba(14, 17, 23, 0.9)" if dark else "rgba(255, 255, 255, 0.9)",
        "x": at,
        "y": place,
        "text": text,
        "showarrow": False,
        "xanchor": "left",
        "xshift": 7,
        "font": {"size": 11},
    }
