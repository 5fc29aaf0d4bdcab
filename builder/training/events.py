"""What a run tells while it goes on: typed values, each one line of JSON; needs no torch.

Numbers that are not finite travel as the strings "NaN", "Infinity" and "-Infinity", so that every
line is valid JSON; all others by ``repr``, so that they arrive bit for bit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Started:
    """The first step is about to be made."""

    run: str
    parameters: int
    samples: int
    validation_samples: int
    batches_per_epoch: int
    epochs: int
    device: str
    threads: int


@dataclass(frozen=True, slots=True)
class Batches:
    """Consecutive steps, the first of them number ``first`` (from 1): each one's loss and accuracy.

    ``seconds`` since the first step began; ``samples_per_second`` over these steps.
    """

    first: int
    losses: tuple[float, ...]
    accuracies: tuple[float, ...]
    samples_per_second: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass through the training samples is over and the validation samples were tested.

    ``step`` is the number of steps made so far; ``seconds`` since the first step began.
    """

    epoch: int
    step: int
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The run came to its end ("done") or was stopped ("stopped").

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


Event = Started | Batches | Epoch | Finished | Failed

_KINDS: Mapping[str, type[Event]] = {
    "started": Started,
    "batches": Batches,
    "epoch": Epoch,
    "finished": Finished,
    "failed": Failed,
}
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
        return kind(**{field.name: _read(field.type, data[field.name]) for field in fields(kind)})
    except (KeyError, TypeError) as error:
        raise ValueError(f"a broken event: {line[:80]!r}") from error


def join(first: Batches, second: Batches) -> Batches:
    """Two consecutive events of steps as one."""
    return Batches(
        first.first,
        first.losses + second.losses,
        first.accuracies + second.accuracies,
        second.samples_per_second,
        second.seconds,
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
        case "tuple[float, ...]":
            return tuple(map(float, value))
        case "tuple[tuple[int, ...], ...]":
            return tuple(map(tuple, value))
        case _:
            return value
