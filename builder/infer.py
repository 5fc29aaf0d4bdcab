"""Shapes as torch sees them: a call is built and run on the meta device, and the result kept."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache

from builder.catalogue.spec import Call
from builder.document import TensorType

PROBE_BATCH = 2
"""Samples in the probe: normalising over a batch needs more than one."""


@dataclass(frozen=True, slots=True)
class Inferred:
    """What a layer gives for one input type: its output, its parameters and its buffers."""

    output: TensorType
    parameters: int
    buffers: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why torch refuses, in torch's words."""

    message: str


@lru_cache(maxsize=50_000)
def infer(call: Call, given: TensorType) -> Inferred | Failure:
    """Run one layer on the meta device: no memory, no arithmetic, torch's own shape rules.

    ``given`` has no batch axis; a batch of two is put in front for the probe and must come out
    again. Torch is imported at the first use, which takes about a second.
    """
    import torch
    from torch import nn

    make = getattr(nn, call.target.removeprefix("nn."))
    try:
        with warnings.catch_warnings(), torch.device("meta"), torch.no_grad():
            warnings.simplefilter("ignore")
            module = make(**dict(call.arguments))
            probe = torch.empty((PROBE_BATCH, *given.shape), dtype=getattr(torch, given.dtype))
            output = module(probe)
    except (RuntimeError, ValueError, TypeError, IndexError, NotImplementedError) as error:
        return Failure(str(error).strip().splitlines()[0] if str(error).strip() else repr(error))
    if not isinstance(output, torch.Tensor) or output.shape[:1] != (PROBE_BATCH,):
        return Failure("the layer does not keep the batch axis")
    kind = str(output.dtype).removeprefix("torch.")
    return Inferred(
        TensorType(tuple(output.shape[1:]), kind),
        sum(parameter.numel() for parameter in module.parameters()),
        sum(buffer.numel() for buffer in module.buffers()),
    )


def warm(*calls: tuple[Call, TensorType]) -> None:
    """Pay for torch's first use of these layers now, off a person's path."""
    for call, given in calls:
        infer(call, given)
