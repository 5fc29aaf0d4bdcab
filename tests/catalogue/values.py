"""Inputs and settings of a catalogue entry: as it comes, at the edges, beyond them."""

from __future__ import annotations

from builder.catalogue.kinds import Factors, Flag, Integer, Number, OneOf, Shape, Sizes
from builder.catalogue.spec import Parameter, Spec
from builder.document import Block, TensorType, Value, make_params

SHAPES = {1: (8,), 2: (4, 9), 3: (4, 8, 10), 4: (4, 3, 6, 5)}


def inputs(spec: Spec) -> list[TensorType]:
    """One input for every number of axes that the layer takes."""
    return [
        TensorType(shape, spec.accepts.dtype or "float32")
        for rank, shape in SHAPES.items()
        if rank in spec.accepts.ranks
    ]


def fresh(spec: Spec, **values: Value) -> Block:
    """The block that the palette makes, with some arguments set."""
    lanes = ((),) * (spec.lanes.minimum if spec.lanes else 0)
    return Block("b1", spec.kind, make_params(spec.initial | values), lanes)


def edge_values(parameter: Parameter) -> list[Value]:
    """The values at the edge of what the kind allows, kept small enough to run."""
    kind = parameter.kind
    nothing: list[Value] = [None] if getattr(kind, "nullable", False) else []
    match kind:
        case Flag():
            return [True, False, *nothing]
        case OneOf():
            return [*kind.options, *nothing]
        case Integer():
            low = -1 if kind.minimum is None else kind.minimum
            return [low, low + 1, min(kind.maximum, 4), *nothing]
        case Number():
            low = kind.minimum if kind.above is None else kind.above + 1e-6
            numbers = [-2.5 if low is None else low, 0.25, kind.maximum or 2.0]
            return [*(n for n in numbers if kind.problem(n) is None), *nothing]
        case Sizes():
            pair = tuple(kind.minimum + n % 2 for n in range(kind.axes))
            holes: list[Value] = [(None,) * kind.axes] if kind.holes else []
            return [kind.minimum, kind.minimum + 1, pair, *kind.words, *holes, *nothing]
        case Shape():
            return [(1,), (2, 2), *([(-1,), (2, -1)] if kind.wild else []), *nothing]
        case Factors():
            return [1.0, 2.5, (2.0, 0.5), (1.5,), *nothing]


def wrong_values(parameter: Parameter) -> list[Value]:
    """Values that parse, but lie outside the limits."""
    kind = parameter.kind
    match kind:
        case Integer():
            return [] if kind.minimum is None else [kind.minimum - 1, kind.maximum + 1]
        case Number():
            limits = (kind.minimum, kind.maximum)
            low, high = limits
            return [
                *([] if low is None else [low - 1.0]),
                *([] if high is None else [high + max(1.0, abs(high))]),
                *([] if kind.above is None else [kind.above]),
            ]
        case Sizes():
            low_pair = (kind.minimum - 1, *(kind.minimum,) * (kind.axes - 1))
            return [kind.minimum - 1, low_pair, kind.maximum + 1]
        case Shape():
            return [(0,), (-2,), (kind.maximum + 1,), *([(-1, -1)] if kind.wild else [(-1,)])]
        case Factors():
            return [0.0, -1.0, (1.0, 0.0)]
    return []


def settings(spec: Spec) -> list[Block]:
    """The layer as it comes, then with each argument at each of its edge values."""
    edges = (
        fresh(spec, **{parameter.name: value})
        for parameter in spec.parameters
        if parameter.follows is None
        for value in edge_values(parameter)
    )
    return [fresh(spec), *edges]


def extremes(spec: Spec) -> list[Block]:
    """The layer with each argument at the largest values that its kind allows."""
    return [
        fresh(spec, **{parameter.name: value})
        for parameter in spec.parameters
        for value in extreme_values(parameter)
    ]


def extreme_values(parameter: Parameter) -> list[Value]:
    kind = parameter.kind
    match kind:
        case Integer() | Sizes():
            return [kind.maximum, kind.maximum - 1]
        case Shape():
            return [(kind.maximum,) * 8, (kind.maximum,)]
        case Number():
            return [v for v in (1e38, 1e-38, 1e300) if kind.problem(v) is None]
    return []
