"""Layers in telling settings: each argument at its edges, then many of them at random together."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from builder.catalogue.kinds import Factors, Flag, Integer, Number, OneOf, Shape, Sizes
from builder.catalogue.spec import Arguments, Parameter, Spec
from builder.document import Params, TensorType, Value, make_params
from builder.layers import Outcome, check_layer
from tests.catalogue.values import inputs

TOGETHER = 60
"""Random settings of each layer."""


def values(parameter: Parameter) -> list[Value]:
    """Small values that the parameter's kind allows."""
    kind = parameter.kind
    nothing: list[Value] = [None] if getattr(kind, "nullable", False) else []
    match kind:
        case Flag():
            return [True, False, *nothing]
        case OneOf():
            return [*kind.options, *nothing]
        case Integer():
            return [n for n in (-1, 0, 1, 2, 3, 4) if kind.problem(n) is None] + nothing
        case Number():
            return [n for n in (0.0, 0.25, 1.0, 2.0) if kind.problem(n) is None] + nothing
        case Sizes():
            alike = [n for n in (-1, 0, 1, 2, 3, 5) if kind.problem(n) is None]
            turns = [tuple((at + n) % 3 + 1 for at in range(kind.axes)) for n in range(3)]
            holes: list[Value] = [(None, *turn[1:]) for turn in turns] if kind.holes else []
            return [*alike, *turns, *kind.words, *holes, *nothing]
        case Shape():
            return [(1,), (2, 2), (5, 3, 2), (-1,), (2, -1), *nothing]
        case Factors():
            return [0.5, 1.5, 2.0, 1 / 3, (2.0,), (1.5, 2.0), (2.0, 0.7, 1.0), *nothing]


def settings(spec: Spec) -> list[Params]:
    """The layer as it comes, each argument at each value, then random ones together."""
    free = [each for each in spec.parameters if each.follows is None]
    rng = Random(spec.kind)
    found = [make_params(spec.initial)]
    found += [make_params(spec.initial | {p.name: value}) for p in free for value in values(p)]
    for _ in range(TOGETHER if len(free) > 1 else 0):
        some = rng.sample(free, rng.randint(2, min(5, len(free))))
        drawn = {parameter.name: rng.choice(values(parameter)) for parameter in some}
        found.append(make_params(spec.initial | drawn))
    return list(dict.fromkeys(found))


def sound(spec: Spec) -> Iterator[tuple[Params, TensorType, Outcome]]:
    """Every setting of a layer that has no fault, on every input it takes, with its outcome."""
    for given in inputs(spec):
        for params in settings(spec):
            outcome = check_layer(spec.kind, params, given)
            if outcome.output is not None:
                yield params, given, outcome


def told(arguments: Arguments) -> str:
    """Arguments for the message of a failing test."""
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())
