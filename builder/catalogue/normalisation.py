"""Normalisation: shift and scale values to mean 0 and deviation 1 over some of the axes."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from builder.catalogue import formulas
from builder.catalogue.kinds import Flag, Integer, Number, Shape
from builder.catalogue.rules import CHANNELS, CHANNELS_FIRST, divides
from builder.catalogue.spec import (
    RANKS,
    Accepts,
    Arguments,
    Follows,
    Parameter,
    Problem,
    Spec,
    Swap,
    keep_shape,
)
from builder.document import TensorType, Value

EPS = Parameter(
    "eps",
    Number(minimum=0),
    1e-5,
    "Added to the variance, so that nothing divides by 0.",
    more=True,
)
POSITIVE_EPS = replace(EPS, kind=Number(above=0))
AFFINE = Parameter("affine", Flag(), True, "Learn a scale and a shift per channel.", more=True)
MOMENTUM = Parameter(
    "momentum",
    Number(minimum=0, maximum=1, nullable=True),
    0.1,
    "Share of the new batch in the running averages; None averages all batches.",
    more=True,
)
TRACK = Parameter("track_running_stats", Flag(), True, "Keep running averages at all.", more=True)
BIAS = Parameter("bias", Flag(), True, "Learn the shift, not only the scale.", more=True)


def _batch_norm(axes: int, accepts: Accepts) -> Spec:
    return Spec(
        kind=f"BatchNorm{axes}d",
        category="Normalisation",
        target=f"nn.BatchNorm{axes}d",
        summary="Normalises each channel over the batch; running averages serve in evaluation.",
        keywords=("batch normalization", "bn"),
        accepts=accepts,
        parameters=(
            Parameter("num_features", Integer(), help="Channels that come in.", follows=CHANNELS),
            POSITIVE_EPS,
            MOMENTUM,
            AFFINE,
            TRACK,
            BIAS,
        ),
        gives=keep_shape,
        brief=lambda a: f"{a['num_features']} channels",
        arithmetic=(formulas.scales("num_features"),),
    )


def _more_than_one_value(arguments: Arguments, given: TensorType) -> Problem | None:
    """An instance norm over a single value would give its mean, so 0, whatever comes in."""
    if prod(given.shape[1:]) > 1:
        return None
    return Problem(
        "single-value",
        f"Each channel of {given} holds a single value, and normalising it by itself leaves 0: "
        "put the layer where there are more, or take LayerNorm.",
        "Use LayerNorm instead",
        Swap("LayerNorm"),
    )


def _instance_norm(axes: int) -> Spec:
    return Spec(
        kind=f"InstanceNorm{axes}d",
        category="Normalisation",
        target=f"nn.InstanceNorm{axes}d",
        summary="Normalises each channel of each sample by itself.",
        keywords=("instance normalization", "in", "style"),
        accepts=CHANNELS_FIRST[axes],
        parameters=(
            Parameter("num_features", Integer(), help="Channels that come in.", follows=CHANNELS),
            POSITIVE_EPS,
            MOMENTUM,
            replace(AFFINE, default=False),
            replace(TRACK, default=False),
            BIAS,
        ),
        rules=(_more_than_one_value,),
        gives=keep_shape,
        brief=lambda a: f"{a['num_features']} channels",
        arithmetic=(formulas.scales("num_features"),),
    )


def _whole_sample(given: TensorType) -> Value:
    """The axes a LayerNorm usually covers: an image whole, otherwise the last axis."""
    return given.shape if given.rank >= 3 else given.shape[-1:]


def _is_tail(value: Value, given: TensorType) -> bool:
    return isinstance(value, tuple) and given.shape[-len(value) :] == value


NORMALIZED_SHAPE = Parameter(
    "normalized_shape",
    Shape(),
    help="Sizes of the last axes to normalise over.",
    follows=Follows(_whole_sample, "which ends in {}", _is_tail),
)
ELEMENTWISE = Parameter(
    "elementwise_affine", Flag(), True, "Learn a scale and a shift per element.", more=True
)


ENTRIES = (
    _batch_norm(1, Accepts((1, 2), "features (N, C) or sequences of channels (N, C, L)")),
    _batch_norm(2, CHANNELS_FIRST[2]),
    _batch_norm(3, CHANNELS_FIRST[3]),
    Spec(
        kind="LayerNorm",
        category="Normalisation",
        target="nn.LayerNorm",
        summary="Normalises every sample by itself over its last axes.",
        keywords=("layer normalization", "ln"),
        parameters=(
            NORMALIZED_SHAPE,
            EPS,
            ELEMENTWISE,
            BIAS,
        ),
        gives=keep_shape,
        brief=lambda a: f"over {'×'.join(map(str, a['normalized_shape']))}",
        arithmetic=(formulas.element_scales,),
    ),
    Spec(
        kind="GroupNorm",
        category="Normalisation",
        target="nn.GroupNorm",
        summary="Normalises every sample by itself, over groups of channels.",
        keywords=("group normalization", "gn"),
        accepts=Accepts(words="channels first (N, C, …)"),
        parameters=(
            Parameter("num_groups", Integer(), help="Groups; divides the channels.", initial=1),
            Parameter("num_channels", Integer(), help="Channels that come in.", follows=CHANNELS),
            EPS,
            AFFINE,
            BIAS,
        ),
        rules=(divides("num_groups", "channels", lambda given: given.shape[0], "groups"),),
        gives=keep_shape,
        brief=lambda a: f"{a['num_groups']} groups of {a['num_channels']} channels",
        arithmetic=(formulas.scales("num_channels"),),
    ),
    *map(_instance_norm, (1, 2, 3)),
    Spec(
        kind="RMSNorm",
        category="Normalisation",
        target="nn.RMSNorm",
        summary="Divides every sample by its root mean square over its last axes.",
        keywords=("root mean square", "transformer"),
        parameters=(
            NORMALIZED_SHAPE,
            replace(
                EPS,
                kind=Number(minimum=0, nullable=True),
                default=None,
                help="Added to the mean square; None takes the smallest step of the numbers.",
            ),
            replace(ELEMENTWISE, help="Learn a scale per element."),
        ),
        gives=keep_shape,
        brief=lambda a: f"over {'×'.join(map(str, a['normalized_shape']))}",
        arithmetic=(formulas.element_scales,),
    ),
    Spec(
        kind="LocalResponseNorm",
        category="Normalisation",
        target="nn.LocalResponseNorm",
        summary="Divides each value by what neighbouring channels hold at its place.",
        keywords=("lrn", "alexnet"),
        accepts=Accepts(RANKS[1:], "channels first (N, C, …) with at least one more axis"),
        parameters=(
            Parameter("size", Integer(), help="Channels that count as neighbours.", initial=5),
            Parameter("alpha", Number(minimum=0), 0.0001, "Weight of the neighbours."),
            Parameter("beta", Number(), 0.75, "Exponent of the divisor."),
            Parameter("k", Number(above=0), 1.0, "Added to the divisor before the exponent."),
        ),
        gives=keep_shape,
        brief=lambda a: f"{a['size']} channels",
    ),
)
