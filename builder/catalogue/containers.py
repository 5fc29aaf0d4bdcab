"""Containers: blocks that hold other blocks in one lane or several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from builder.catalogue import windows
from builder.catalogue.kinds import Integer, OneOf
from builder.catalogue.pooling import brief_window, window, window_settings
from builder.catalogue.rules import CHANNELS_FIRST, padding_half_kernel, spread, window_fits
from builder.catalogue.spec import (
    ANYTHING,
    Arguments,
    Call,
    Change,
    Lanes,
    Parameter,
    Problem,
    Spec,
)
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
    body, *shortcut = outputs
    if [body] == (shortcut or [given]):
        return body
    if shortcut:
        return Problem(
            "join",
            f"Residual adds what its shortcut gives, {shortcut[0]}, to what its body gives, "
            f"{body}, so both must have one shape: a convolution with kernel_size 1 in the "
            "shortcut, with the body's channels out and stride, does that.",
        )
    return Problem(
        "join",
        f"Residual adds its input {given} to what its body makes of it, {outputs[0]}, so both must "
        "have one shape: give the body as many channels out as in, stride 1, and padding that "
        "keeps the size, or add a shortcut lane that changes the input alike.",
    )


def _concatenate_input(
    arguments: Arguments,
    given: TensorType,
    outputs: tuple[TensorType, ...],
) -> TensorType | Problem:
    if outputs[0].shape[1:] == given.shape[1:] and outputs[0].dtype == given.dtype:
        channels = given.shape[0] + outputs[0].shape[0]
        return TensorType((channels, *given.shape[1:]), given.dtype)
    return Problem(
        "join",
        f"Skip puts the channels of what its body gives, {outputs[0]}, after those of its input, "
        f"{given}, so all other axes must agree: the body must come back to the size it began "
        "with, as pooling and then upsampling does.",
    )


def _unpooled(
    arguments: Arguments,
    given: TensorType,
    outputs: tuple[TensorType, ...],
) -> TensorType | Problem:
    pooled = replace(given, shape=windows.pooled(arguments, given))
    if outputs[0] == pooled:
        return given
    return Problem(
        "join",
        f"Unpooling puts each value back where the maximum was, so its layers must give the shape "
        f"they got, {pooled}, but they give {outputs[0]}: keep channels and size.",
    )


def _no_overlap(arguments: Arguments, given: TensorType) -> Problem | None:
    """Where windows overlap two maxima can be one value, and one is lost on the way back."""
    axes = given.rank - 1
    kernel = spread(arguments["kernel_size"], axes)
    stride = spread(arguments["stride"] or kernel, axes)
    if all(s >= k for s, k in zip(stride, kernel, strict=True)):
        return None
    return Problem(
        "overlap",
        f"Windows of {arguments['kernel_size']} with stride {arguments['stride']} overlap, so two "
        "of them can have the same maximum, and unpooling can put only one value there.",
        "Set stride to None",
        Change("stride", None),
    )


def _arrange_unpool(axes: int) -> Callable[[Arguments, tuple[Call, ...]], Call]:
    def arrange(arguments: Arguments, bodies: tuple[Call, ...]) -> Call:
        written = window_settings(arguments)
        pool = Call(f"nn.MaxPool{axes}d", (*written, ("return_indices", True)))
        unpool = Call(f"nn.MaxUnpool{axes}d", written)
        return Call(
            "parts.PoolUnpool", (), (("pool", pool), ("body", bodies[0]), ("unpool", unpool))
        )

    return arrange


def _pool_unpool(axes: int) -> Spec:
    return Spec(
        kind=f"PoolUnpool{axes}d",
        category="Containers",
        target="parts.PoolUnpool",
        summary="Max pooling, its layers, then unpooling that puts values back in their places.",
        keywords=("maxunpool", "indices", "encoder", "decoder", "segnet", "autoencoder"),
        accepts=CHANNELS_FIRST[axes],
        parameters=window(axes),
        rules=(padding_half_kernel(axes), window_fits(axes), _no_overlap),
        lanes=Lanes(_unpooled, _arrange_unpool(axes), label="layers", enter=windows.pooled),
        brief=lambda a: brief_window(axes, a),
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
        accepts=ANYTHING,
        lanes=Lanes(_last, lambda arguments, bodies: bodies[0], label="layers"),
    ),
    Spec(
        kind="Residual",
        category="Containers",
        target="parts.Residual",
        summary="Adds its input to what its layers make of it: y = f(x) + x.",
        keywords=("skip connection", "shortcut", "resnet"),
        accepts=ANYTHING,
        lanes=Lanes(
            _add_input,
            lambda arguments, bodies: Call(
                "parts.Residual", (), tuple(zip(("body", "shortcut"), bodies, strict=False))
            ),
            maximum=2,
            others=("shortcut",),
            mark=lambda arguments: "+",
            adds_input=True,
        ),
    ),
    Spec(
        kind="Skip",
        category="Containers",
        target="parts.Skip",
        summary="Puts what its layers make of the input beside the input, channel after channel.",
        keywords=("u-net", "unet", "skip connection", "concatenate", "dense", "densenet"),
        accepts=ANYTHING,
        lanes=Lanes(
            _concatenate_input,
            lambda arguments, bodies: Call("parts.Skip", (), (("body", bodies[0]),)),
            mark=lambda arguments: "concatenate",
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
        accepts=ANYTHING,
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
        accepts=ANYTHING,
        lanes=Lanes(
            _last,
            _arrange_repeat,
            repeats="times",
        ),
        brief=lambda a: f"{a['times']} times",
    ),
    *map(_pool_unpool, (1, 2, 3)),
)
