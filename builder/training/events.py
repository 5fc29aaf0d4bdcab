"""What a run tells while it goes on: typed values, each one line of JSON; needs no torch.

Numbers that are not finite travel as the strings "NaN", "Infinity" and "-Infinity", so that every
line is valid JSON; all others by ``repr``, so that they arrive bit for bit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Started:
    """The first step is about to be made; ``metric`` names what is told besides the loss.

    ``warning`` says what is wrong with the samples though they can be learnt from. ``layers`` are
    the paths of the layers that are watched, ``kinds`` what each is; none in runs of old.
    """

    run: str
    parameters: int
    samples: int
    validation_samples: int
    batches_per_epoch: int
    epochs: int
    device: str
    threads: int
    metric: str = "accuracy"
    warning: str | None = None
    layers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batches:
    """Consecutive steps, the first of them number ``first`` (from 1): each one's loss and metric.

    ``seconds`` since the first step began, without pauses; ``samples_per_second`` over these steps;
    ``lr`` is the learning rate after the last of them, None in runs of old.
    """

    first: int
    losses: tuple[float, ...]
    metrics: tuple[float, ...]
    samples_per_second: float
    seconds: float
    lr: float | None = None


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass through the training samples is over and the validation samples were tested.

    ``step`` is the number of steps made so far; ``seconds`` since the first step began.
    """

    epoch: int
    step: int
    train_loss: float
    train_metric: float
    val_loss: float
    val_metric: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Layers:
    """What step number ``step`` did in each layer, in the order of ``Started.layers``.

    Norms are over all numbers of a layer: of its gradients before any clipping, of its weights
    before the step, and of the step's change of the weights divided by that. ``means``,
    ``deviations`` and ``zeros`` (the share of numbers that are 0) are of its output. NaN where a
    layer has none.
    """

    step: int
    gradient_norms: tuple[float, ...]
    weight_norms: tuple[float, ...]
    update_ratios: tuple[float, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    zeros: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Stepped:
    """What happened in a step that was made alone, while the run was paused.

    ``former_gradient`` is the norm of all gradients that the step before had left, NaN when there
    were none; ``gradient`` that of the new ones. ``layer`` is the path of the layer whose weights
    changed most for their size: by the norm ``update``, which is ``ratio`` of theirs. ``lr`` is
    the learning rate of this step.
    """

    step: int
    samples: int
    loss: float
    former_gradient: float
    gradient: float
    layer: str
    update: float
    ratio: float
    lr: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The run came to its end ("done"), was stopped ("stopped"), or ended as ``ENDINGS`` say.

    ``weights`` is the folder they were saved in, or None; ``confusion[i][j]`` counts validation
    samples of class i taken for class j (empty when there was no time); ``warning`` says what
    could not be kept.
    """

    reason: str
    weights: str | None
    confusion: tuple[tuple[int, ...], ...]
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The run broke off; the message says what happened and what to do."""

    code: str
    message: str


ENDINGS: Mapping[str, str] = {
    "early": "Ended early: the validation loss no longer became lower.",
    "time": "Ended at the time limit.",
}
"""Why a run ended by itself before its last epoch, in words, by the reason."""

Event = Started | Batches | Epoch | Layers | Stepped | Finished | Failed

_KINDS: Mapping[str, type[Event]] = {
    "started": Started,
    "batches": Batches,
    "epoch": Epoch,
    "layers": Layers,
    "stepped": Stepped,
    "finished": Finished,
    "failed": Failed,
}
_FORMER = {
    "metrics": "accuracies",
    "train_metric": "train_accuracy",
    "val_metric": "val_accuracy",
}
"""What a field was called in runs of old, which knew no other metric than accuracy."""
_NAMES = {kind: name for name, kind in _KINDS.items()}


def to_dict(event: Event) -> dict[str, Any]:
    """The event as plain data, its kind under "event"."""
    values = {field.name: getattr(event, field.name) for field in fields(event)}
    return {"event": _NAMES[type(event)], **values}


def dumps(event: Event) -> str:
    """The event as one line of valid JSON."""
    data = to_dict(event)
    try:
        return json.dumps(data, allow_nan=False)
    except ValueError:
        return json.dumps({name: _spell(value) for name, value in data.items()}, allow_nan=False)


def loads(line: str) -> Event:
    """The event that a line holds; raises ValueError when it holds none."""
    data = json.loads(line)
    kind = _KINDS.get(data.pop("event", None)) if isinstance(data, dict) else None
    if kind is None:
        raise ValueError(f"no event: {line[:80]!r}")
    try:
        return kind(**_fields(kind, data))
    except (KeyError, TypeError) as error:
        raise ValueError(f"a broken event: {line[:80]!r}") from error


def _fields(kind: type[Event], data: Mapping[str, Any]) -> dict[str, Any]:
    """The values of all fields; one that has a default may be absent."""
    found = {}
    for each in fields(kind):
        name = each.name if each.name in data else _FORMER.get(each.name, each.name)
        if name in data or each.default is MISSING:
            found[each.name] = _read(each.type, data[name])
    return found


def join(first: Batches, second: Batches) -> Batches:
    """Two consecutive events of steps as one; its speed is that over both."""
    ahead, behind = len(first.losses), len(second.losses)
    times = [
        count / max(event.samples_per_second, 1e-9)
        for count, event in ((ahead, first), (behind, second))
    ]
    return Batches(
        first.first,
        first.losses + second.losses,
        first.metrics + second.metrics,
        (ahead + behind) / sum(times),
        second.seconds,
        second.lr,
    )


def _spell(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    return [_spell(item) for item in value] if isinstance(value, (list, tuple)) else value


def _read(type_name: Any, value: Any) -> Any:
    """A JSON value as what the field holds; field types are strings here."""
    match type_name:
        case "float":
            return float(value)
        case "float | None":
            return None if value is None else float(value)
        case "tuple[str, ...]":
            return tuple(value)
        case "tuple[float, ...]":
            return tuple(map(float, value))
        case "tuple[tuple[int, ...], ...]":
            return tuple(map(tuple, value))
        case _:
            return value
