"""Activations that act on every value by itself: the curve, and its derivative by autograd."""

from __future__ import annotations

from dataclasses import dataclass

from builder.catalogue.spec import RANKS, Arguments, Spec, keep_shape
from builder.document import TensorType
from builder.lessons.lesson import Lesson
from builder.lessons.running import Array, make_layer, opening, run
from builder.lessons.samples import Sample

REACH = 6
"""The curve is drawn from −6 to 6."""

CURVE = Sample(
    "curve",
    f"1,201 numbers from −{REACH} to {REACH}",
    "",
    (f"x = torch.linspace(-{REACH}, {REACH}, 1201)[:, None].requires_grad_()",),
    TensorType((1,)),
)


@dataclass(frozen=True)
class Activation:
    """The curve (x, y), its slope at every x, and the three at the chosen point."""

    source: str
    printed: str
    x: Array
    y: Array
    slope: Array
    point: tuple[float, float, float]


def _shows(spec: Spec) -> bool:
    along_an_axis = spec.parameter("dim") is not None
    everywhere = spec.gives is keep_shape and spec.accepts.ranks == RANKS
    return spec.category == "Activation" and everywhere and not along_an_axis


LESSON = Lesson("activations", _shows, (CURVE,))


def teach(spec: Spec, arguments: Arguments, point: float) -> Activation:
    """The curve and its derivative, and both at ``point``."""
    layer = make_layer("activation", spec, arguments, CURVE)
    opened = [line for line in opening(CURVE, layer, seed=None) if line != ""]
    given = "x.clone()" if arguments.get("inplace") else "x"
    lines = [
        *opened[:2],
        "",
        *opened[2:],
        f"{layer}",
        "activation.eval()  # some draw numbers while they train",
        f"y = activation({given})",
        "(slope,) = torch.autograd.grad(y.sum(), x)",
        "",
        f"at = (x - {point!r}).abs().argmin()",
        'print(f"f({x[at].item():.2f}) = {y[at].item():.4f}, slope {slope[at].item():.4f}")',
    ]
    ran = run("\n".join(lines) + "\n")
    at = int(ran.values["at"])
    x, y, slope = (ran.array(name)[:, 0] for name in ("x", "y", "slope"))
    here = (float(x[at]), float(y[at]), float(slope[at]))
    return Activation(ran.source, ran.printed, x, y, slope, here)
