"""One layer and one input: its arguments, what comes out, or the problem and its fix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Call, Change, Problem, Recast, Required, Reset, Spec
from builder.cost import FREE, Cost
from builder.document import Params, TensorType, Value
from builder.infer import Failure, Inferred, infer
from builder.ranks import rank_problem


@dataclass(frozen=True)
class Outcome:
    """What one layer does with one input type; shared by all layers that are set alike."""

    arguments: Mapping[str, Any]
    filled: Mapping[str, Any]
    output: TensorType | None = None
    cost: Cost = FREE
    problem: Problem | None = None


def resolve(
    spec: Spec, params: Params, given: TensorType | None
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Every argument that is known, and the sizes that follow from the input.

    Nothing follows from an input that is unknown, or has a rank that the layer does not take.
    """
    values = dict(params)
    arguments: dict[str, Any] = {}
    filled: dict[str, Any] = {}
    known = given if given is not None and given.rank in spec.accepts.ranks else None
    for parameter in spec.parameters:
        if parameter.follows and known is not None:
            filled[parameter.name] = parameter.follows.value(known)
        if parameter.name in values:
            arguments[parameter.name] = values[parameter.name]
        elif parameter.name in filled:
            arguments[parameter.name] = filled[parameter.name]
        elif not isinstance(parameter.default, Required):
            arguments[parameter.name] = parameter.default
    return MappingProxyType(arguments), MappingProxyType(filled)


@lru_cache(maxsize=50_000)
def check_layer(kind: str, params: Params, given: TensorType | None) -> Outcome:
    """What a layer with these arguments makes of this input, or why it can't; remembered.

    Without an input there is only what is known of the arguments.
    """
    spec = CATALOGUE[kind]
    arguments, filled = resolve(spec, params, given)
    if given is None:
        return Outcome(arguments, filled)
    problem = entry_problem(spec, params, arguments, given)
    if problem is not None:
        return Outcome(arguments, filled, problem=problem)
    shape = spec.gives(arguments, given) if spec.gives else None
    result = infer(layer_call(spec, arguments), given, shape)
    if isinstance(result, Failure):
        return Outcome(arguments, filled, problem=_refusal(kind, given, result))
    return Outcome(arguments, filled, result.output, _cost(spec, arguments, given, result))


def _cost(spec: Spec, arguments: Mapping[str, Any], given: TensorType, result: Inferred) -> Cost:
    madds = spec.madds(arguments, given, result.output) if spec.madds else 0
    return Cost(result.parameters, result.buffers, madds, result.output.bytes, result.weights)


def entry_problem(
    spec: Spec, params: Params, arguments: Mapping[str, Any], given: TensorType
) -> Problem | None:
    """What the catalogue knows to be wrong with a layer or a container, or None."""
    return next(_problems(spec, params, arguments, given), None)


def _problems(
    spec: Spec, params: Params, arguments: Mapping[str, Any], given: TensorType
) -> Iterator[Problem]:
    """All that the catalogue knows to be wrong; the rules count on what comes before them."""
    found = (
        value_problem(spec, params, arguments)
        or rank_problem(spec, given)
        or _dtype_problem(spec, given)
        or _pinned_problem(spec, params, given)
    )
    if found:
        yield found
    for rule in spec.rules:
        if found := rule(arguments, given):
            yield found


def _refusal(kind: str, given: TensorType, failure: Failure) -> Problem:
    if failure.overflow:
        return Problem(
            "too-large",
            f"With {given} as its input, {kind} holds or makes more numbers than any machine can "
            "address: choose smaller sizes.",
        )
    return Problem("torch", f"{kind} can't take {given}: {failure.message}.")


def layer_call(spec: Spec, arguments: Mapping[str, Any]) -> Call:
    """The constructor call of a layer, with only what differs from torch's defaults."""
    written = (
        (parameter.name, arguments[parameter.name])
        for parameter in spec.parameters
        if not parameter.own
        and (
            isinstance(parameter.default, Required)
            or arguments[parameter.name] != parameter.default
        )
    )
    call = Call(spec.target, tuple(written))
    return spec.compose(arguments, call) if spec.compose else call


def value_problem(spec: Spec, params: Params, arguments: Mapping[str, Any]) -> Problem | None:
    """A value outside its limits, or a missing one that nothing fills."""
    for name, value in params:
        parameter = spec.parameter(name)
        assert parameter is not None
        if (wrong := parameter.kind.problem(value)) is not None:
            best: Value | Required = parameter.kind.nearest(value)
            best = parameter.default if best is None else best
            if isinstance(best, Required):
                return Problem("value", f"{name} {wrong}.")
            fix = Change(name, best)
            return Problem("value", f"{name} {wrong}.", f"Set {name} to {best}", fix)
    for parameter in spec.parameters:
        if parameter.name in arguments or parameter.follows:
            continue
        initial = parameter.initial
        assert not isinstance(initial, Required)
        return Problem(
            "missing",
            f"{parameter.name} is not set, and torch has no default for it.",
            f"Set {parameter.name} to {initial}",
            Change(parameter.name, initial),
        )
    return None


NUMBERS = {
    "int64": ("whole numbers", "only the data can give these, so it stands before other layers"),
    "float32": ("real numbers", "put Embedding before it, or read the input as real numbers"),
}
"""What a dtype holds, in words, and what to do where a layer lacks it."""


def _dtype_problem(spec: Spec, given: TensorType) -> Problem | None:
    wanted = spec.accepts.dtype
    if wanted in (None, given.dtype):
        return None
    words, advice = NUMBERS[wanted]
    return Problem(
        "dtype",
        f"{spec.kind} expects {words} (dtype {wanted}), but {given} of {given.dtype} comes in: "
        f"{advice}.",
        f"Set the input's dtype to {wanted}",
        Recast(wanted),
    )


def _pinned_problem(spec: Spec, params: Params, given: TensorType) -> Problem | None:
    """A pinned size that does not agree with the input."""
    for name, value in params:
        parameter = spec.parameter(name)
        follows = parameter.follows if parameter else None
        if follows is None or follows.fits(value, given):
            continue
        actual = follows.value(given)
        return Problem(
            "pinned",
            f"{name} is pinned to {value}, but {given} comes in, {follows.words.format(actual)}.",
            f"Unpin {name}, so that it is {actual}",
            Reset(name),
        )
    return None
