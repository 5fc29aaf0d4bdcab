"""Containers: blocks that hold other blocks in one lane or several."""

from __future__ import annotations

from builder.catalogue.kinds import Integer, OneOf
from builder.catalogue.spec import Arguments, Call, Lanes, Parameter, Problem, Spec
from builder.document import TensorType

JOINS = ("add", "mean", "concatenate")


def _last(
    arguments: Arguments,
    given: TensorType,
    outputs: tuple[TensorType, ...],
) -> TensorType | Problem:
    return outputs[-1]


def _add_input(
    arguments: Arguments,
    given: TensorType,
    outputs: tuple[TensorType, ...],
) -> TensorType | Problem:
    if outputs[0] == given:
        return given
    return Problem(
        "join",
        f"Residual adds its input {given} to what its body makes of it, {outputs[0]}, so both must "
        "have one shape: give the body as many channels out as in, stride 1, and padding that "
        "keeps the size.",
    )


def _join_branches(
    arguments: Arguments,
    given: TensorType,
    outputs: tuple[TensorType, ...],
) -> TensorType | Problem:
    first, join = outputs[0], arguments["join"]
    shapes = ", ".join(map(str, outputs))
    if join != "concatenate":
        if all(output == first for output in outputs):
            return first
        return Problem(
            "join",
            f"join='{join}' needs one shape from every branch, but they give {shapes}: give all as "
            "many channels out, equal strides, and padding that keeps the size.",
        )
    if any(output.shape[1:] != first.shape[1:] or not output.shape for output in outputs):
        return Problem(
            "join",
            "join='concatenate' stacks channels, so all other axes must agree, but the branches "
            f"give {shapes}: take equal strides, and padding that keeps the size.",
        )
    return TensorType((sum(output.shape[0] for output in outputs), *first.shape[1:]), first.dtype)


def _arrange_repeat(arguments: Arguments, bodies: tuple[Call, ...]) -> Call:
    return Call("nn.Sequential", (), tuple((str(i), body) for i, body in enumerate(bodies)))


def _arrange_branches(arguments: Arguments, bodies: tuple[Call, ...]) -> Call:
    branches = tuple((str(i), body) for i, body in enumerate(bodies))
    return Call("parts.Branches", (("join", arguments["join"]),), branches)


ENTRIES = (
    Spec(
        kind="Group",
        category="Containers",
        target="nn.Sequential",
        summary="Holds layers that belong together, as a nested Sequential.",
        keywords=("sequential", "block", "nested"),
        lanes=Lanes(_last, lambda arguments, bodies: bodies[0], label="layers"),
    ),
    Spec(
        kind="Residual",
        category="Containers",
        target="parts.Residual",
        summary="Adds its input to what its layers make of it: y = f(x) + x.",
        keywords=("skip", "shortcut", "resnet"),
        lanes=Lanes(
            _add_input,
            lambda arguments, bodies: Call("parts.Residual", (), (("body", bodies[0]),)),
            mark=lambda arguments: "+",
            adds_input=True,
        ),
    ),
    Spec(
        kind="Branches",
        category="Containers",
        target="parts.Branches",
        summary="Sends its input through several lanes and joins what comes out.",
        keywords=("parallel", "inception", "concatenate", "add", "mean", "split"),
        parameters=(
            Parameter(
                "join",
                OneOf(JOINS),
                "concatenate",
                "Stack the channels, or take the sum or the mean of equal shapes.",
            ),
        ),
        lanes=Lanes(
            _join_branches,
            _arrange_branches,
            minimum=2,
            maximum=8,
            label="branch",
            mark=lambda a: "+" if a["join"] == "add" else str(a["join"]),
        ),
        brief=lambda a: str(a["join"]),
    ),
    Spec(
        kind="Repeat",
        category="Containers",
        target="nn.Sequential",
        summary="Repeats its layers n times in a row, each time with weights of its own.",
        keywords=("loop", "stack", "times"),
        parameters=(
            Parameter("times", Integer(maximum=1000), 2, "How many copies, one after the other."),
        ),
        lanes=Lanes(
            _last,
            _arrange_repeat,
            repeats="times",
        ),
        brief=lambda a: f"{a['times']} times",
    ),
)
