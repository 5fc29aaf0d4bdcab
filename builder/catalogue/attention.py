"""Attention: every step of a sequence looks at all others."""

from __future__ import annotations

from builder.catalogue import formulas, madds
from builder.catalogue.kinds import Flag, Integer, Number, OneOf
from builder.catalogue.rules import BATCH_FIRST, FEATURES, SEQUENCES, batch_first, divides
from builder.catalogue.spec import (
    Arguments,
    Call,
    Change,
    Parameter,
    Problem,
    Rule,
    Spec,
    keep_shape,
)
from builder.document import TensorType

DROPOUT = Number(minimum=0, maximum=1)


def _features(given: TensorType) -> int:
    return given.shape[-1]


def _own_width(name: str) -> Rule:
    """Keys and values of self-attention are the input itself, so they have its features."""

    def rule(arguments: Arguments, given: TensorType) -> Problem | None:
        if arguments[name] in (None, _features(given)):
            return None
        return Problem(
            "self-attention",
            f"{name}={arguments[name]} is for keys and values of another width, but here they are "
            f"the input itself, with {_features(given)} features.",
            f"Set {name} to None",
            Change(name, None),
        )

    return rule


def _compose(arguments: Arguments, layer: Call) -> Call:
    return Call("parts.SelfAttention", (), (("attention", layer),))


ENTRIES = (
    Spec(
        kind="MultiheadAttention",
        category="Sequence",
        target="nn.MultiheadAttention",
        summary="Every step becomes a mean of all steps, weighted by how well they match it.",
        keywords=("attention", "self-attention", "transformer", "heads"),
        accepts=SEQUENCES,
        parameters=(
            Parameter("embed_dim", Integer(), help="Features of a step.", follows=FEATURES),
            Parameter("num_heads", Integer(), help="Heads; divides the features.", initial=1),
            Parameter("dropout", DROPOUT, 0.0, "Dropout on the weights of the mean."),
            Parameter("bias", Flag(), True, "Add learned numbers in the projections.", more=True),
            Parameter(
                "add_bias_kv", Flag(), False, "Add a learned step to keys and values.", more=True
            ),
            Parameter(
                "add_zero_attn", Flag(), False, "Add a step of zeros to keys and values.", more=True
            ),
            Parameter(
                "kdim", Integer(nullable=True), None, "Features of the keys; as many.", more=True
            ),
            Parameter(
                "vdim", Integer(nullable=True), None, "Features of the values; as many.", more=True
            ),
            BATCH_FIRST,
        ),
        rules=(
            batch_first,
            divides("num_heads", "features", _features),
            _own_width("kdim"),
            _own_width("vdim"),
        ),
        gives=keep_shape,
        brief=lambda a: f"{a['num_heads']} heads, {a['embed_dim']} features",
        compose=_compose,
        madds=madds.attention,
        arithmetic=(formulas.attention,),
    ),
    Spec(
        kind="TransformerEncoderLayer",
        category="Sequence",
        target="nn.TransformerEncoderLayer",
        summary="Self-attention, then a small MLP for each step, both residual and normalised.",
        keywords=("transformer", "attention", "bert", "encoder"),
        accepts=SEQUENCES,
        parameters=(
            Parameter("d_model", Integer(), help="Features of a step.", follows=FEATURES),
            Parameter("nhead", Integer(), help="Heads; divides the features.", initial=1),
            Parameter("dim_feedforward", Integer(), 2048, "Width of the MLP.", initial=128),
            Parameter("dropout", DROPOUT, 0.1, "Dropout after each part."),
            Parameter(
                "activation", OneOf(("relu", "gelu")), "relu", "Activation of the MLP.", more=True
            ),
            Parameter(
                "layer_norm_eps",
                Number(above=0),
                1e-5,
                "Added to the variance, so that nothing divides by 0.",
                more=True,
            ),
            BATCH_FIRST,
            Parameter(
                "norm_first", Flag(), False, "Normalise before each part, not after.", more=True
            ),
            Parameter("bias", Flag(), True, "Add learned numbers everywhere.", more=True),
        ),
        rules=(batch_first, divides("nhead", "features", _features)),
        gives=keep_shape,
        brief=lambda a: f"{a['nhead']} heads, {a['d_model']} features",
        madds=madds.transformer_layer,
        arithmetic=(formulas.transformer_layer,),
    ),
)
