"""Layers that mix features, and the one that does nothing."""

from __future__ import annotations

from builder.catalogue import formulas, madds
from builder.catalogue.kinds import Flag, Integer
from builder.catalogue.rules import FEATURES
from builder.catalogue.spec import ANYTHING, Accepts, Parameter, Spec, keep_shape

ENTRIES = (
    Spec(
        kind="Linear",
        category="Linear",
        target="nn.Linear",
        summary="Every output is a weighted sum of all inputs: y = xWᵀ + b.",
        keywords=("dense", "fully connected", "fc", "affine", "perceptron"),
        accepts=Accepts((1, 2), "features (N, F) or sequences (N, L, F)"),
        parameters=(
            Parameter("in_features", Integer(), help="Features that come in.", follows=FEATURES),
            Parameter("out_features", Integer(), help="Features that go out.", initial=64),
            Parameter("bias", Flag(), True, "Add a learned number to every output.", more=True),
        ),
        gives=lambda a, given: (*given.shape[:-1], a["out_features"]),
        brief=lambda a: f"{a['in_features']} → {a['out_features']} features",
        madds=madds.linear,
        arithmetic=(formulas.linear,),
    ),
    Spec(
        kind="Identity",
        category="Linear",
        target="nn.Identity",
        summary="Gives what comes in: a place to keep free, or a branch that changes nothing.",
        keywords=("nothing", "pass", "skip"),
        accepts=ANYTHING,
        gives=keep_shape,
    ),
)
