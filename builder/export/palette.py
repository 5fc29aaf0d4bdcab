"""Colours of drawings: a hue for each category of layers, on light paper or dark."""

from __future__ import annotations

from colorsys import hls_to_rgb
from dataclasses import dataclass

from builder.catalogue import categories

HUES = (255, 225, 195, 160, 130, 95, 65, 35, 340, 310, 285)
"""Degrees, by a category's place in the catalogue: a new one needs no line here."""


@dataclass(frozen=True)
class Palette:
    """Colours by what they are for; the pairs are lightness and saturation, 0 to 1."""

    paper: str
    ink: str
    line: str
    fault: str
    filling: tuple[float, float]
    border: tuple[float, float]

    def fill(self, category: str) -> str:
        """The colour of a layer's box."""
        return _colour(category, self.filling)

    def accent(self, category: str) -> str:
        """The colour of its border."""
        return _colour(category, self.border)


LIGHT = Palette("#ffffff", "#1b1f2a", "#6b7280", "#c0262d", (0.94, 0.75), (0.45, 0.5))
DARK = Palette("#12141b", "#e8eaf1", "#8b90a0", "#ff7b72", (0.2, 0.35), (0.62, 0.5))


def _colour(category: str, tone: tuple[float, float]) -> str:
    hue = HUES[list(categories()).index(category) % len(HUES)] / 360
    return "#" + "".join(f"{round(part * 255):02x}" for part in hls_to_rgb(hue, *tone))
