"""What the views of lessons share: titled pictures of numbers, sliders that choose a place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st

from components import session
from components.figures import CONFIG
from components.lesson_figures import GAP, Array, Box, Ink, beside, draw_grid

NAMES = {
    1: ("Position",),
    2: ("Row", "Column"),
    3: ("Channel", "Row", "Column"),
    4: ("Channel", "Depth", "Row", "Column"),
}
"""How the axes of an output are called, by their number."""


@dataclass(frozen=True)
class Shown:
    """The code of what a lesson has shown, and what it prints."""

    source: str
    printed: str


def is_dark() -> bool:
    """Whether the page is dark."""
    return st.context.theme.type == "dark"


def minus(number: float) -> str:
    """A number with four digits, and a proper minus."""
    return f"{number:.4f}".replace("-", "−")


def row_of_pictures(gap: Literal["small", "medium"] = "medium") -> Any:
    """A row for pictures; on a narrow screen the later ones stand below."""
    return st.container(horizontal=True, gap=gap, vertical_alignment="top")


def show_grid(
    title: str,
    values: Array,
    boxes: Iterable[Box] = (),
    *,
    key: str,
    signed: bool = False,
    plain: bool = False,
    reach: float | None = None,
    **about: Any,
) -> None:
    """A picture of numbers below its title."""
    figure = draw_grid(values, boxes, ink=Ink(is_dark(), signed, plain, reach), **about)
    with st.container(width="content", gap="xxsmall"):
        st.markdown(f"**{title}**")
        st.plotly_chart(
            figure,
            width=figure.layout.width,
            key=key,
            config=CONFIG,
            alt=f"{title}: {values.shape[0]} × {values.shape[1]} numbers",
        )


def choose(label: str, count: int, key: str, start: int | None = None) -> int:
    """A slider from 0 to count − 1, which lasts over page changes; 0 where there is no choice."""
    if count <= 1:
        return 0
    chosen: dict[str, int] = session.kept("lesson-places", {})
    middle = (count - 1) // 2 if start is None else start
    value = min(chosen.get(key, middle), count - 1)
    chosen[key] = int(st.slider(label, 0, count - 1, value, key=f"{key}-{count}"))
    return chosen[key]


def choose_place(
    shape: Sequence[int], key: str, names: Sequence[str] = (), edge: bool = False
) -> tuple[int, ...]:
    """A position of the output, a slider for every axis.

    At first it is in the middle of the first channel, or (``edge``) at its beginning.
    """
    labels = names or NAMES.get(len(shape)) or [f"Axis {at}" for at in range(1, len(shape) + 1)]
    channels = len(shape) - (1 if len(shape) == 2 and names else 2)
    with st.container(horizontal=True, gap="medium"):
        return tuple(
            choose(label, size, f"{key}-{label}", 0 if edge or at < channels else None)
            for at, (label, size) in enumerate(zip(labels, shape, strict=True))
        )


def as_images(array: Array) -> Array:
    """Any array as images: all but the last two axes counted through as channels."""
    if array.ndim == 1:
        return array[None, None, :]
    return array.reshape(-1, *array.shape[-2:])


def picture(array: Array) -> Array:
    """An array of channels × height × width as one picture."""
    return beside(as_images(array))


def in_channel(channel: int, width: int, box: Box) -> Box:
    """The same box in the picture of this channel, where channels stand side by side."""
    moved = box.column + channel * (width + GAP)
    return Box(box.row, moved, box.height, box.width, box.faint)


def box_at(array: Array, place: tuple[int, ...]) -> Box:
    """The cell of a position in the picture of the whole array."""
    images = as_images(array)
    if array.ndim == 1:
        return Box(0, place[0])
    channel = int(np.ravel_multi_index(place[:-2], array.shape[:-2])) if array.ndim > 2 else 0
    return in_channel(channel, images.shape[2], Box(place[-2], place[-1]))
