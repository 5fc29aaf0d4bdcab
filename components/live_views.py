"""What the chart of a run shows: loss and metric, or another number while the run goes on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from builder.training.events import Started
from builder.training.runs import RunView

MANY = 8
"""More lines than this are not told apart: the first, the last and the most extreme are shown."""


@dataclass(frozen=True)
class LiveView:
    """A chart of one of the tracks of a run (``builder.training.tracks``).

    ``title`` stands above it and ``words`` say what it is good for. A share is shown in per cent;
    ``positive`` numbers may have a logarithmic scale, ``logarithmic`` ones have it at first.
    """

    track: str
    title: str
    words: str
    per_layer: bool = True
    positive: bool = True
    logarithmic: bool = False
    share: bool = False
    guide: tuple[float, str] | None = None


VIEWS: Mapping[str, LiveView] = {
    "Learning rate": LiveView(
        "lr", "Learning rate", "How large the optimiser's next step may be.", per_layer=False
    ),
    "Speed": LiveView(
        "speed",
        "Samples per second",
        "How fast the run learns; pauses and validation do not count.",
        per_layer=False,
    ),
}
"""Tabs beside that of loss and metric."""

LAYER_VIEWS: Mapping[str, LiveView] = {
    "Gradient norm": LiveView(
        "gradient_norms",
        "Gradient norm",
        "How strongly the loss pulls at a layer's weights, before any clipping. Far smaller in "
        "the first layers than in the last: these hardly learn.",
        logarithmic=True,
    ),
    "Weight norm": LiveView(
        "weight_norms",
        "Weight norm",
        "How large a layer's weights are altogether. It should not grow without end.",
    ),
    "Update ÷ weight": LiveView(
        "update_ratios",
        "Size of an update, divided by that of the weights",
        "Around 1/1000 is usual: far above, the learning rate is too large; far below, too small.",
        logarithmic=True,
        guide=(1e-3, "usual: about 0.001"),
    ),
    "Output mean": LiveView(
        "means",
        "Mean of the outputs",
        "What a layer's outputs are on average. Far from 0, layers behind it saturate.",
        positive=False,
    ),
    "Output deviation": LiveView(
        "deviations",
        "Standard deviation of the outputs",
        "How much a layer's outputs differ. Near 0, the layer says the same to every sample.",
    ),
    "Zeros in output": LiveView(
        "zeros",
        "Share of zeros in the outputs",
        "Near 100 %, a layer of ReLUs is dead: it passes nothing on and learns nothing.",
        share=True,
    ),
}
"""What the tab of the layers can show."""

LOSS, LAYERS = "Loss", "Layers"


@dataclass(frozen=True)
class Shown:
    """A view with its lines: which of the track's, and what each is called."""

    view: LiveView
    lines: tuple[int, ...]
    names: tuple[str, ...]

    @property
    def key(self) -> str:
        """Another one for another chart."""
        return f"{self.view.track}/{','.join(map(str, self.lines))}"


def choose_view(view: RunView | None, kept: dict[str, tuple[int, ...]]) -> Shown | None:
    """Tabs, and for the layers what of which of them; None stands for loss and metric.

    ``kept`` remembers the layers chosen by themselves, so that lines stay while a run goes on.
    """
    tab = st.segmented_control(
        "Chart",
        [LOSS, *VIEWS, LAYERS],
        default=LOSS,
        required=True,
        key="live-view",
        label_visibility="collapsed",
    )
    if tab in VIEWS:
        st.caption(VIEWS[tab].words)
        return Shown(VIEWS[tab], (0,), (VIEWS[tab].title,))
    return _choose_layers(view, kept) if tab == LAYERS else None


def _choose_layers(view: RunView | None, kept: dict[str, tuple[int, ...]]) -> Shown:
    left, right = st.columns([2, 3])
    quantity = left.selectbox("Of each layer", [*LAYER_VIEWS], key="live-quantity")
    wanted = LAYER_VIEWS[quantity]
    started = view.started if view else None
    names = name_layers(started) if started else ()
    values = getattr(view.layers, wanted.track) if view and view.layers else ()
    present = [at for at, value in enumerate(values) if not math.isnan(value)]
    picked = right.multiselect(
        "Layers",
        present,
        format_func=lambda at: names[at],
        placeholder="All" if len(present) <= MANY else "First, last and most extreme",
        key=f"live-layers-{view.id if view else ''}-{wanted.track}",
    )
    st.caption(wanted.words)
    place = f"{view.id if view else ''}/{wanted.track}"
    if present and place not in kept:
        kept[place] = pick_telling(present, values)
    lines = tuple(sorted(picked)) or kept.get(place, ())
    return Shown(wanted, lines, tuple(names[at] for at in lines))


def pick_telling(present: Sequence[int], values: Sequence[float]) -> tuple[int, ...]:
    """The layers to show of these: all, or the first, the last, the largest and the smallest."""
    if len(present) <= MANY:
        return tuple(present)
    by_size = sorted(present[1:-1], key=lambda at: values[at])
    some = (MANY - 2) // 2
    return tuple(sorted({present[0], present[-1], *by_size[:some], *by_size[-some:]}))


def name_layers(started: Started) -> tuple[str, ...]:
    """What each layer is called: its kind and the path of its module."""
    return tuple(f"{kind} {path}" for kind, path in zip(started.kinds, started.layers, strict=True))
