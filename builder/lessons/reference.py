"""The reference text of an entry: shapes, arguments, formulas from torch's own documentation."""

from __future__ import annotations

import inspect
import re
import textwrap
from dataclasses import dataclass
from functools import cache

from builder.catalogue.kinds import Factors, Flag, Integer, Kind, Number, OneOf, Shape, Sizes
from builder.catalogue.spec import Parameter, Required, Spec
from builder.document import TensorType, make_params
from builder.export.calls import literal
from builder.layers import check_layer

EXAMPLES = ((4,), (8, 4), (4, 8, 8), (4, 8, 8, 8))


@dataclass(frozen=True)
class Argument:
    """One row of the table of arguments."""

    name: str
    takes: str
    default: str
    help: str


@dataclass(frozen=True)
class Formulas:
    """What torch's documentation says in formulas (LaTeX): what is computed, and of what size."""

    computes: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()


def arguments_of(spec: Spec) -> list[Argument]:
    """Every argument with what it takes, its default and its help."""
    return [
        Argument(each.name, describe_kind(each.kind), _default(each), each.help)
        for each in spec.parameters
    ]


def _default(parameter: Parameter) -> str:
    if parameter.follows:
        return "from the input"
    if isinstance(parameter.default, Required):
        return "required"
    return literal(parameter.default)


def describe_kind(kind: Kind) -> str:
    """What values a kind of parameter takes, in words."""
    match kind:
        case Flag():
            words = "True or False"
        case OneOf(options):
            words = ", ".join(map(literal, options))
        case Integer(minimum):
            words = f"whole number{_from(minimum)}"
        case Number():
            words = f"number{_between(kind)}"
        case Sizes(axes, minimum):
            least = f"whole number{_from(minimum) if minimum >= 0 else ''}"
            several = [f"{axes} of them"] if axes > 1 else []
            words = ", or ".join((least, *several, *map(literal, kind.words)))
        case Shape(wild):
            words = f"whole numbers{', one of them −1 for what is left' if wild else ''}"
        case Factors():
            words = "positive number, or one for each axis"
    return f"{words}, or None" if kind.type != "boolean" and kind.nullable else words


def _from(minimum: int | None) -> str:
    return "" if minimum is None else f" from {minimum}"


def _between(kind: Number) -> str:
    low = f" above {kind.above:g}" if kind.above is not None else ""
    low = f" from {kind.minimum:g}" if kind.minimum is not None else low
    return low if kind.maximum is None else f"{low} to {kind.maximum:g}"


def shapes_of(spec: Spec) -> list[tuple[TensorType, TensorType]]:
    """What comes out of a fresh layer for an input of every number of axes that it takes."""
    if spec.lanes:
        return []
    found = []
    for shape in EXAMPLES:
        given = TensorType(shape, spec.accepts.dtype or "float32")
        outcome = check_layer(spec.kind, make_params(spec.initial), given)
        if outcome.output:
            found.append((given, outcome.output))
    return found


@cache
def formulas_of(spec: Spec) -> Formulas:
    """The formulas in the docstring of the entry's torch class."""
    from torch import nn

    home, _, name = spec.target.rpartition(".")
    if home != "nn" or spec.lanes:
        return Formulas()
    text = inspect.getdoc(getattr(nn, name)) or ""
    about, *_ = re.split(r"\n(?:Shape|Inputs):", text)
    _, _, shapes = text.partition("\nShape:")
    computes = _blocks(about) or _equations(about)
    return Formulas(tuple(computes), tuple(_blocks(shapes) or _equations(shapes)))


def _blocks(text: str) -> list[str]:
    """What stands in ``.. math::`` directives."""
    found = []
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if not (begun := re.match(r"(\s*)\.\. math::(.*)", line)):
            continue
        margin, block = len(begun[1]), [begun[2].strip()]
        for following in lines[at + 1 :]:
            depth = len(following) - len(following.lstrip())
            if following.strip() and depth <= margin:
                break
            block.append(following)
        found.append(textwrap.dedent("\n".join(filter(str.strip, block))).strip())
    return [_for_katex(block) for block in found if block]


def _equations(text: str) -> list[str]:
    """Formulas within a sentence that say what something is."""
    inline = re.findall(r":math:`([^`]*)`", text)
    return list(
        dict.fromkeys(_for_katex(each) for each in inline if re.search(r"[^<>!]=[^=]", each))
    )


def _for_katex(latex: str) -> str:
    """Environments and forms that a browser's LaTeX knows."""
    latex = latex.replace("{align*}", "{aligned}").replace("{align}", "{aligned}")
    return " ".join(latex.replace("{ll} \\\\", "{ll}").split())
