"""What the tests of lessons share: a layer with its arguments on an input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Spec
from builder.document import TensorType, Value, make_params
from builder.layers import check_layer
from builder.lessons.samples import Sample


@dataclass(frozen=True)
class Setting:
    """A layer that is right: its entry, all its arguments, its input and its output's type."""

    spec: Spec
    arguments: Mapping[str, Any]
    sample: Sample
    output: TensorType


def setting(kind: str, sample: Sample, **values: Value) -> Setting | None:
    """The layer with these values on this input, or None where it does not fit."""
    spec = CATALOGUE[kind]
    outcome = check_layer(kind, make_params(spec.initial | values), sample.given)
    if outcome.problem or outcome.output is None:
        return None
    return Setting(spec, outcome.arguments, sample, outcome.output)


def must(kind: str, sample: Sample, **values: Value) -> Setting:
    """The same for a layer that fits."""
    found = setting(kind, sample, **values)
    assert found is not None, (kind, sample.id, values)
    return found
