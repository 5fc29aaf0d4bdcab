"""A run's first step on torch's meta device: what torch would refuse, without memory or data."""

from __future__ import annotations

from functools import lru_cache, reduce

from builder.check import Issue, Repair, check
from builder.document import Block, Network, walk
from builder.losses import LossSpec
from builder.lower import lower
from builder.operations import SetParam, apply

TOO_FEW = "Expected more than 1"
OVERWRITTEN = "modified by an inplace operation"
_KNOWN = (TOO_FEW, OVERWRITTEN)


@lru_cache(256)
def rehearse(network: Network, batch: int, loss: LossSpec) -> Issue | None:
    """Why a network without faults cannot learn from batches of so many samples, or None."""
    error = _first_step(network, batch, loss)
    if error is None:
        return None
    return _too_few() if TOO_FEW in error else _overwritten(network, loss)


def _first_step(network: Network, batch: int, loss: LossSpec) -> str | None:
    """What torch says to a first step, as far as its words are known here; None if nothing."""
    import torch
    from torch import nn

    from builder.build import build

    call = lower(check(network))
    try:
        with torch.device("meta"):
            model = build(call)
            inputs = torch.empty(batch, *network.input.shape)
            outputs = model(inputs)
            numbers = loss.given in ("quantities", "logit")
            targets = torch.empty_like(outputs) if numbers else torch.empty(batch).long()
            getattr(nn, loss.name)()(outputs, targets).backward()
    except (RuntimeError, ValueError) as error:
        said = str(error)
        return said if any(words in said for words in _KNOWN) else None
    return None


def _too_few() -> Issue:
    message = (
        "A normalisation layer needs two values per channel or more to learn from, and a batch of "
        "one gives it one. Set the batch size to 2 or more."
    )
    return Issue(None, "batch-of-one", message)


def _overwritten(network: Network, loss: LossSpec) -> Issue:
    """Names the in-place layer at fault, or all of them where none is at fault alone."""
    suspects = [each for each in walk(network.blocks) if ("inplace", True) in each.params]
    culprits = next(([each] for each in suspects if _mends(network, [each], loss)), suspects)
    names = " and ".join(each.label for each in culprits) or "A layer"
    message = f"What other layers need to learn is overwritten in place by {names}."
    if not _mends(network, culprits, loss):
        return Issue(None, "in-place", f"{message} Take another layer there.")
    repair = Repair("Set inplace to False", _out_of_place(culprits))
    return Issue(culprits[0].id, "in-place", f"{message} Set inplace to False.", repair)


def _mends(network: Network, culprits: list[Block], loss: LossSpec) -> bool:
    changed = reduce(apply, _out_of_place(culprits), network)
    return check(changed).ok and _first_step(changed, 2, loss) is None


def _out_of_place(culprits: list[Block]) -> tuple[SetParam, ...]:
    return tuple(SetParam(each.id, "inplace", False) for each in culprits)
