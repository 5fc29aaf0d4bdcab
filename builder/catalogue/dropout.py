"""Dropout: values are set to zero at random while training."""

from __future__ import annotations

from builder.catalogue.kinds import Flag, Number
from builder.catalogue.rules import CHANNELS_FIRST
from builder.catalogue.spec import Accepts, Parameter, Spec, keep_shape

PARAMETERS = (
    Parameter("p", Number(minimum=0, maximum=1), 0.5, "Probability of a zero."),
    Parameter("inplace", Flag(), False, "Overwrite the input to save memory.", more=True),
)


def _dropout(kind: str, summary: str, accepts: Accepts, *keywords: str) -> Spec:
    return Spec(
        kind=kind,
        category="Dropout",
        target=f"nn.{kind}",
        summary=summary,
        keywords=("regularisation", *keywords),
        accepts=accepts,
        parameters=PARAMETERS,
        gives=keep_shape,
        brief=lambda a: f"p = {a['p']}",
    )


CHANNELS_OUT = "Sets whole channels to zero at random while training."

ENTRIES = (
    _dropout(
        "Dropout",
        "Sets single values to zero at random while training, and scales up the others.",
        Accepts(),
    ),
    _dropout("Dropout1d", CHANNELS_OUT, CHANNELS_FIRST[1], "spatial"),
    _dropout("Dropout2d", CHANNELS_OUT, CHANNELS_FIRST[2], "spatial"),
    _dropout("Dropout3d", CHANNELS_OUT, CHANNELS_FIRST[3], "spatial"),
    _dropout(
        "AlphaDropout",
        "Dropout that keeps mean and deviation, for networks with SELU.",
        Accepts(),
        "selu",
        "self-normalising",
    ),
)
