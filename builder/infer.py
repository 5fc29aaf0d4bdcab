"""Shapes as torch sees them: a call is built and run on the meta device, and the result kept."""

from __future__ import annotations

import threading
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache

from builder.catalogue.spec import Call
from builder.document import TensorType

PROBE_BATCH = 2
"""Samples in the probe: normalising over a batch needs more than one."""

_ONE_AT_A_TIME = threading.Lock()
"""Torch's lazy imports and Python's warning filters both belong to the whole process."""


@dataclass(frozen=True, slots=True)
class Inferred:
    """What a layer gives for one input type: its output, its parameters and its buffers.

    ``weights`` are the bytes of both.
    """

    output: TensorType
    parameters: int
    buffers: int
    weights: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why torch refuses, in torch's words; ``overflow`` when sizes go beyond what it can count."""

    message: str
    overflow: bool = False


@lru_cache(maxsize=50_000)
def infer(
    call: Call, given: TensorType, shape: tuple[int, ...] | None = None
) -> Inferred | Failure:
    """Run one layer on the meta device: no memory, no arithmetic, torch's own shape rules.

    ``given`` has no batch axis; a batch of two is put in front for the probe and must come out
    again. Where the output's ``shape`` is known, torch only builds the layer. Torch is imported
    at the first use, which takes about a second.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _probe(call, given, shape)
        except OverflowError as error:
            return Failure(str(error), overflow=True)
        except (RuntimeError, ValueError, TypeError, IndexError, NotImplementedError) as error:
            first = (str(error).strip() or repr(error)).splitlines()[0]
            return Failure(first, overflow="overflow" in first)


def _probe(call: Call, given: TensorType, shape: tuple[int, ...] | None) -> Inferred | Failure:
    import torch

    from builder.make import build
    from builder.undrawn import Undrawn

    with torch.no_grad():
        with Undrawn():
            module = build(call, "meta").eval()  # training may read numbers: BatchNorm does
        if shape is None:
            dtype = getattr(torch, given.dtype)
            output = module(torch.empty((PROBE_BATCH, *given.shape), dtype=dtype, device="meta"))
            if not isinstance(output, torch.Tensor) or output.shape[:1] != (PROBE_BATCH,):
                return Failure("the layer does not keep the batch axis")
            type_ = TensorType(tuple(output.shape[1:]), str(output.dtype).removeprefix("torch."))
        else:
            torch.empty((PROBE_BATCH, *shape), device="meta")  # raises where it overflows
            type_ = replace(given, shape=shape)
    parameters, buffers = list(module.parameters()), list(module.buffers())
    return Inferred(
        type_,
        sum(parameter.numel() for parameter in parameters),
        sum(buffer.numel() for buffer in buffers),
        sum(tensor.nbytes for tensor in parameters + buffers),
    )
