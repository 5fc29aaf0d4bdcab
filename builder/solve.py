"""Which stride, padding and so on give a wanted output size."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import prod
from typing import Any, NamedTuple

from builder.catalogue import CATALOGUE
from builder.catalogue.rules import span
from builder.catalogue.spec import Arguments, Spec
from builder.catalogue.windows import LEAST, Numbers, Window, numbers
from builder.document import TensorType, Value
from builder.limits import SAMPLE_LIMIT

TRIED = 12
"""Values of an argument that are tried, from the least on, while another is worked out."""
NEAR = 3
"""Values on either side of the present one that are tried too."""
KEPT = 8
"""Values of one argument, the closest to the present one, that are kept of all that fit."""
TOGETHER = 3
"""Arguments of an axis that change together: if these do not suffice, more would not either."""
ALIKE = 2
"""Options that change the same arguments."""


@dataclass(frozen=True)
class Option:
    """Arguments to set, with which the output has the wanted size; none where it has it now."""

    params: Mapping[str, Value]
    label: str


class _Found(NamedTuple):
    """Arguments that do it, whether they are odd, and how far they are from the present ones."""

    params: dict[str, Value]
    odd: bool
    distance: int

    @property
    def rank(self) -> tuple[bool, int]:
        """What comes first among options that change as many arguments."""
        return self.odd, self.distance


@dataclass(frozen=True)
class _Axis:
    """One axis: the size that comes in, the wanted one, and the present numbers.

    ``tied`` tells that the stride is as large as the kernel as long as it is not set.
    """

    window: Window
    arguments: Arguments
    size: int
    wanted: int
    now: Numbers
    tied: bool

    def with_free(self, free: tuple[str, ...], values: tuple[int, ...]) -> Numbers:
        """The present numbers with those of ``free`` replaced."""
        row = self.now | dict(zip(free, values, strict=True))
        if self.tied and "stride" not in free:
            row["stride"] = row["kernel_size"]
        return row

    def fits(self, row: Numbers) -> bool:
        """Whether these numbers are allowed together and give the wanted size."""
        if self.window.size(self.size, row) != self.wanted:
            return False
        limits = ((name, self._limits(name, row)) for name in self.window.names)
        return all(low <= row[name] <= high for name, (low, high) in limits)

    def is_right(self) -> bool:
        """Whether the size is the wanted one as things are; padding='same' keeps it."""
        if self.arguments.get("padding") == "same":
            return self.size == self.wanted
        return self.fits(self.now)

    def _limits(self, name: str, row: Numbers) -> tuple[int, int]:
        return self.window.limits(name, self.size, row, self.arguments)

    def solutions(self, free: tuple[str, ...]) -> list[tuple[int, ...]]:
        """Values for the free arguments that give the wanted size, the closest to now first."""
        found = {
            values
            for last in range(len(free))
            for values in self._worked_out(free, last)
            if self.fits(self.with_free(free, values))
        }
        return sorted(found, key=lambda values: (self.distance(free, values), values))

    def distance(self, free: tuple[str, ...], values: tuple[int, ...]) -> int:
        """How far these values are from the present ones, all together."""
        return sum(abs(value - self.now[name]) for name, value in zip(free, values, strict=True))

    def _worked_out(self, free: tuple[str, ...], last: int) -> Iterator[tuple[int, ...]]:
        """Try values of all free arguments but one, and work that one out."""
        others = [self._tried(name) for at, name in enumerate(free) if at != last]
        for tried in product(*others):
            around = (*tried[:last], self.now[free[last]], *tried[last:])
            for value in self._interval(free, around, last):
                yield (*tried[:last], value, *tried[last:])

    def _tried(self, name: str) -> list[int]:
        least, now = LEAST[name], self.now[name]
        near = range(max(least, now - NEAR), now + NEAR + 1)
        return sorted({*range(least, least + TRIED), *near})

    def _interval(self, free: tuple[str, ...], values: tuple[int, ...], last: int) -> list[int]:
        """Values of one argument that give the wanted size, the others held: the closest ones.

        The size never turns in any argument, so that halving finds the first and the last.
        """
        name = free[last]

        def size(value: int) -> int:
            row = self.with_free(free, (*values[:last], value, *values[last + 1 :]))
            return self.window.size(self.size, row)

        row = self.with_free(free, values)
        low, high = self._limits(name, row)
        high = min(high, self._reach(row))
        if low > high:
            return []
        sign = 1 if size(low) <= size(high) else -1
        candidates = range(low, high + 1)
        first = bisect_left(candidates, sign * self.wanted, key=lambda value: sign * size(value))
        if first == len(candidates) or size(low + first) != self.wanted:
            return []
        beyond = bisect_right(candidates, sign * self.wanted, key=lambda value: sign * size(value))
        return _closest(self.now[name], low + first, low + beyond - 1)

    def _reach(self, row: Numbers) -> int:
        """What no argument needs to exceed: beyond it the size is too far off, or stays."""
        covered = span(row["kernel_size"], row["dilation"]) + row["output_padding"]
        return (self.size + self.wanted + 2 * row["padding"] + covered) * row["stride"]

    def is_odd(self, free: tuple[str, ...], values: tuple[int, ...]) -> bool:
        """Whether that would be so much padding that a window can lie in nothing else."""
        row = self.with_free(free, values)
        return bool(free) and row["padding"] >= span(row["kernel_size"], row["dilation"])


def _closest(now: int, first: int, last: int) -> list[int]:
    """The few whole numbers from ``first`` to ``last`` that are closest to the present one."""
    middle = min(max(now, first), last)
    around = range(max(first, middle - KEPT), min(last, middle + KEPT) + 1)
    return sorted(around, key=lambda value: abs(value - now))[:KEPT]


def solve(
    kind: str,
    arguments: Arguments,
    given: TensorType,
    wanted: tuple[int, ...],
    limit: int = 6,
) -> tuple[Option, ...]:
    """Arguments to set so that the layer's output has the wanted size on every axis.

    Options that change the fewest arguments come first, then those that change them least; the
    first is empty where the size is right as it is. Those with more padding than a window covers
    are told only where there are no others. There is none for a layer without a window, for
    settings or an input that are wrong otherwise, and for what no setting can give.
    """
    spec = CATALOGUE[kind]
    window = spec.window
    if window is None or not _solvable(spec, arguments, given, wanted):
        return ()
    axes = tuple(
        _Axis(window, arguments, size, want, numbers(arguments, at), arguments["stride"] is None)
        for at, (size, want) in enumerate(zip(given.shape[1:], wanted, strict=True))
    )
    found: list[_Found] = []
    for count in range(len(window.names) + 1):
        found += sorted(_changing(spec, axes, arguments, given, count), key=lambda each: each.rank)
        if len(found) >= limit:
            break
    plain = [each for each in found if not each.odd]
    return tuple(Option(each.params, _label(each.params)) for each in (plain or found)[:limit])


def _solvable(spec: Spec, arguments: Arguments, given: TensorType, wanted: tuple[int, ...]) -> bool:
    """Whether the arguments and the input make sense as far as they are not solved for."""
    if given.rank not in spec.accepts.ranks or len(wanted) != given.rank - 1:
        return False
    if min(wanted) < 1 or given.shape[0] * prod(wanted) > SAMPLE_LIMIT:
        return False
    return all(
        each.name in arguments and each.kind.problem(arguments[each.name]) is None
        for each in spec.parameters
    )


def _changing(
    spec: Spec, axes: tuple[_Axis, ...], arguments: Arguments, given: TensorType, count: int
) -> Iterator[_Found]:
    """What changes so many arguments, a few of each choice of them."""
    assert spec.window is not None
    for free in combinations(spec.window.names, count):
        if arguments.get("padding") == "same" and free and "padding" not in free:
            continue  # it keeps the size, whatever else is set
        settings = (_found(axes, arguments, free, values) for values in _together(axes, free))
        fitting = (
            each
            for each in settings
            if len(each.params) == count and not _problem(spec, {**arguments, **each.params}, given)
        )
        yield from islice(fitting, ALIKE)


def _problem(spec: Spec, arguments: Arguments, given: TensorType) -> bool:
    return any(rule(arguments, given) for rule in spec.rules)


def _found(
    axes: tuple[_Axis, ...],
    arguments: Arguments,
    free: tuple[str, ...],
    values: tuple[tuple[int, ...], ...],
) -> _Found:
    rows = list(zip(axes, values, strict=True))
    odd = any(axis.is_odd(free, each) for axis, each in rows)
    distance = sum(axis.distance(free, each) for axis, each in rows)
    return _Found(_params(axes, arguments, free, values), odd, distance)


def _together(
    axes: tuple[_Axis, ...], free: tuple[str, ...]
) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Values of the free arguments for every axis: first those that serve all axes alike."""
    found: list[list[tuple[int, ...]]] = []
    for axis in axes:
        alike = axes.index(axis)
        found.append(found[alike] if alike < len(found) else _solutions(axis, free))
    shared = set(found[0]).intersection(*found[1:])
    yield from ((values,) * len(axes) for values in found[0] if values in shared)
    if all(found):
        for at in range(max(map(len, found))):
            mixed = tuple(each[min(at, len(each) - 1)] for each in found)
            if len(set(mixed)) > 1:
                yield mixed


def _solutions(axis: _Axis, free: tuple[str, ...]) -> list[tuple[int, ...]]:
    if not free:
        return [()] if axis.is_right() else []
    if len(free) <= TOGETHER:
        return axis.solutions(free)
    found = {
        tuple(dict(zip(some, values, strict=True)).get(name, axis.now[name]) for name in free)
        for some in combinations(free, TOGETHER)
        for values in axis.solutions(some)
    }
    return sorted(found, key=lambda values: (axis.distance(free, values), values))


def _params(
    axes: tuple[_Axis, ...],
    arguments: Arguments,
    free: tuple[str, ...],
    values: tuple[tuple[int, ...], ...],
) -> dict[str, Value]:
    """What must be set for these values: one number where all axes have the same."""
    params: dict[str, Value] = {}
    for at, name in enumerate(free):
        chosen = tuple(each[at] for each in values)
        if isinstance(arguments[name], str) or chosen != _unset(axes, free, values, name):
            params[name] = chosen[0] if len(set(chosen)) == 1 else chosen
    return params


def _unset(
    axes: tuple[_Axis, ...],
    free: tuple[str, ...],
    values: tuple[tuple[int, ...], ...],
    name: str,
) -> tuple[int, ...]:
    """What an argument is on every axis when it is left as it is while the others are set."""
    if name == "stride" and axes[0].tied and "kernel_size" in free:
        at = free.index("kernel_size")
        return tuple(each[at] for each in values)
    return tuple(axis.now[name] for axis in axes)


def _label(params: Mapping[str, Any]) -> str:
    shown = (
        f"{name} {'×'.join(map(str, value)) if isinstance(value, tuple) else value}"
        for name, value in params.items()
    )
    return ", ".join(shown) or "as it is now"
