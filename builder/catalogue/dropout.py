"""Dropout: values are set to zero at random while training."""

from __future__ import annotations

from builder.catalogue.kinds import Flag, Number
from builder.catalogue.spec import Accepts, Parameter, Spec, keep_shape

PARAMETERS = (
    Parameter("p", Number(minimum=0, maximum=1), 0.5, "Probability of a zero."),
    Parameter("inplace", Flag(), False, "Overwrite the input to save memory.", more=True),
)

ENTRIES = (
    Spec(
        kind="Dropout",
        category="Dropout",
        target="nn.Dropout",
        summary="Sets single values to zero at random while training, and scales up the others.",
        keywords=("regularisation",),
        parameters=PARAMETERS,
        gives=keep_shape,
        brief=lambda a: f"p = {a['p']}",
    ),
    Spec(
        kind="Dropout2d",
        category="Dropout",
        target="nn.Dropout2d",
        summary="Sets whole channels to zero at random while training.",
        keywords=("regularisation", "spatial"),
        accepts=Accepts((3,), "images (N, C, H, W)"),
        parameters=PARAMETERS,
        gives=keep_shape,
        brief=lambda a: f"p = {a['p']}",
    ),
)
