"""A drawing arrives as the browser has sent it; anything else is none."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest

from components.drawing_pad import SIDE, decode

STROKES = Path("components/canvas/frontend/src/pad/strokes.ts")


def test_a_drawing_is_read_row_by_row():
    levels = np.arange(SIDE * SIDE) % 256
    text = base64.b64encode(levels.astype(np.uint8).tobytes()).decode()
    found = decode({"pixels": text, "count": 1})
    assert found.shape == (SIDE, SIDE)
    assert (found[0, 51], found[1, 0]) == (np.float32(0.2), np.float32(SIDE / 255))


@pytest.mark.parametrize(
    "sent", [None, {"pixels": "", "count": 2}, {"pixels": "AAAA"}, {"pixels": "é"}, {"pixels": 3}]
)
def test_what_is_no_drawing(sent):
    assert decode(sent) is None


def test_the_browser_sends_as_many_pixels():
    assert f"export const SIDE = {SIDE};" in STROKES.read_text(encoding="utf-8")
