"""Who may train next: networks take turns, so that nobody's runs make everyone else wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Waiting:
    """A run in the queue and the network that it belongs to."""

    run: str
    network: str


def order(
    waiting: Sequence[Waiting], running: Sequence[str], last_turn: Mapping[str, int]
) -> tuple[str, ...]:
    """The runs in the order in which they will start.

    ``waiting`` in the order of arrival, ``running`` the networks of the runs at work,
    ``last_turn`` when each network last started one (a growing number). First come networks with
    the fewest runs at work, then those whose last turn is longest ago, then whoever came first.
    """
    left, busy, turns = list(waiting), Counter(running), dict(last_turn)
    chosen = []
    while left:
        following = min(left, key=lambda each: (busy[each.network], turns.get(each.network, -1)))
        left.remove(following)
        chosen.append(following.run)
        busy[following.network] += 1
        turns[following.network] = max(turns.values(), default=0) + 1
    return tuple(chosen)
