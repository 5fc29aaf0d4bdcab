"""What a network makes of one or two inputs, drawn while it learns: boundary, or fitted line."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Any

import numpy as np
import streamlit as st

from builder.datasets import DataSet, absence, arrays, find, known
from builder.grid import MARGIN, Grid, grid_of, is_drawn
from builder.training.events import Surface
from builder.training.runs import RunView
from components.figures import COLOURS

HEIGHT = 340
SAMPLES = 700
"""How many samples are drawn over it."""


def show_surface(view: RunView, key: str = "surface") -> None:
    """Draw the newest surface of a run, if its data can be drawn and there is or will be one."""
    data_set = known(view.recipe.data)
    if data_set is None or not is_drawn(data_set) or not (view.active or view.surface):
        return
    if absence(data_set):
        return
    st.markdown(f"**{describe(data_set)}**")
    _component()(key=key, data=compose(view.id, data_set, view.surface), height="content")


def describe(data_set: DataSet) -> str:
    """What the figure shows, in a few words."""
    if data_set.features == 1:
        return "The fitted line over the samples"
    if data_set.target.kind == "numbers":
        return "What is predicted everywhere, and the samples"
    return "The decision boundary and the samples"


@cache
def _component() -> Any:
    return st.components.v2.component("components.surface", js="surface-*.js", isolate_styles=False)


def compose(run: str, data_set: DataSet, surface: Surface | None) -> dict[str, Any]:
    """The message to the browser; ``src/surface/protocol.ts`` describes it."""
    return {
        "run": run,
        "step": surface.step if surface else None,
        "values": [v if math.isfinite(v) else None for v in surface.values] if surface else [],
        "classes": list(surface.classes) if surface else [],
        "height": HEIGHT,
        **_still(data_set.id),
    }


@lru_cache(8)
def _still(data_set_id: str) -> dict[str, Any]:
    """What does not change during a run: axes, colours, samples."""
    data_set = find(data_set_id)
    grid, loaded, target = grid_of(data_set), arrays(data_set_id), data_set.target
    assert grid is not None
    features = data_set.features_named or tuple(f"x{at}" for at in range(data_set.features))
    rows = np.linspace(0, len(loaded.targets) - 1, min(SAMPLES, len(loaded.targets))).astype(int)
    inputs, targets = loaded.inputs[rows], loaded.targets[rows]
    shown = inputs[:, 1] if grid.kind == "plane" else targets[:, 0]
    classes = target.kind == "classes"
    labels = targets.ravel().tolist() if grid.kind == "plane" else [0] * len(rows)
    return {
        "axes": _axes(grid, features, target.names[0], loaded.targets),
        "columns": grid.axes[0].count if grid.kind == "plane" else 0,
        "names": list(target.names) if classes else [],
        "colours": [*(COLOURS if classes else COLOURS[:2])],
        "range": [0.0, 1.0] if classes else [float(f(loaded.targets)) for f in (np.min, np.max)],
        "points": {"x": _short(inputs[:, 0]), "y": _short(shown), "label": labels},
    }


def _axes(
    grid: Grid, features: tuple[str, ...], predicted: str, targets: np.ndarray
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "low": axis.low, "high": axis.high}
        for name, axis in zip(features, grid.axes, strict=True)
    ]
    if grid.kind == "line":
        low, high = float(targets.min()), float(targets.max())
        margin = MARGIN * (high - low) or 0.5
        found.append({"name": predicted, "low": low - margin, "high": high + margin})
    return found


def _short(values: np.ndarray) -> list[float]:
    """Four digits are more than a screen shows."""
    return [float(f"{value:.4g}") for value in values]
