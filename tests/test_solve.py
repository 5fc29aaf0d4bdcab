"""Every option gives the wanted size, and where there is none a search finds none either."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

import pytest

from builder.catalogue import CATALOGUE
from builder.catalogue.kinds import Sizes
from builder.catalogue.spec import Spec
from builder.catalogue.windows import numbers
from builder.document import TensorType, Value, make_params
from builder.layers import check_layer, resolve
from builder.solve import Option, solve
from tests.edges import sound, told

SOLVABLE = {kind: spec for kind, spec in CATALOGUE.items() if spec.window is not None}
ONE_AXIS = {kind: spec for kind, spec in SOLVABLE.items() if kind.endswith("1d")}
CASES = 60
"""Random cases for each kind of layer."""
EVERY = {
    "kernel_size": range(1, 8),
    "stride": range(1, 8),
    "padding": range(6),
    "output_padding": range(4),
}
"""What a search without any thought tries."""


def solved(kind: str, shape: tuple[int, ...], *wanted: int, **values: Value) -> list[str]:
    spec = CATALOGUE[kind]
    given = TensorType(shape)
    arguments, _ = resolve(spec, make_params(spec.initial | values), given)
    return [option.label for option in solve(kind, arguments, given, wanted)]


def output(kind: str, values: dict[str, Value], given: TensorType) -> tuple[int, ...] | None:
    """The size that the check reports, or None where it finds a fault."""
    found = check_layer(kind, make_params(values), given).output
    return None if found is None else found.shape[1:]


def drawn(rng: Random, spec: Spec) -> dict[str, Value]:
    """Random settings that matter to the size, tuples among them."""
    values: dict[str, Value] = {"kernel_size": rng.randint(1, 5)}
    axes = int(spec.kind[-2])
    for name, choice in {
        "stride": [1, 2, 3, (3, 1, 2)[:axes]],
        "padding": [0, 1, 2, (2, 0, 1)[:axes], "same"],
        "dilation": [1, 2, 3],
        "output_padding": [0, 1],
        "ceil_mode": [True, False],
        "padding_mode": ["zeros", "reflect", "circular"],
    }.items():
        parameter = spec.parameter(name)
        value = rng.choice(choice)
        if isinstance(value, tuple) and parameter and not isinstance(parameter.kind, Sizes):
            continue
        transposed = spec.kind.startswith("ConvTranspose") and name == "padding_mode"
        if parameter and not transposed and rng.random() < 0.5:
            if not isinstance(value, str) or name == "padding_mode" or spec.kind in CONVOLUTIONS:
                values[name] = value
    return spec.initial | values


CONVOLUTIONS = ("Conv1d", "Conv2d", "Conv3d")


def cases(
    spec: Spec, amount: int
) -> Iterator[tuple[dict[str, Value], TensorType, tuple[int, ...]]]:
    rng = Random(spec.kind)
    axes = int(spec.kind[-2])
    for _ in range(amount):
        given = TensorType((2, *(rng.randint(1, 9) for _ in range(axes))))
        wanted = tuple(rng.randint(1, size + 2) for size in given.shape[1:])
        yield drawn(rng, spec), given, wanted


@pytest.mark.parametrize("spec", SOLVABLE.values(), ids=SOLVABLE)
def test_every_option_gives_the_wanted_size(spec: Spec) -> None:
    some = 0
    for values, given, wanted in cases(spec, CASES):
        arguments, _ = resolve(spec, make_params(values), given)
        options = solve(spec.kind, arguments, given, wanted)
        for option in options:
            assert output(spec.kind, {**values, **option.params}, given) == wanted, (
                given,
                told(arguments),
                option,
            )
        assert len({tuple(option.params.items()) for option in options}) == len(options) <= 6
        some += bool(options)
    assert some > CASES // 8


@pytest.mark.parametrize("spec", ONE_AXIS.values(), ids=ONE_AXIS)
def test_where_nothing_is_solved_a_search_finds_nothing(spec: Spec) -> None:
    """Sizes are worked out with the entry's own formula here; others hold that against torch."""
    assert spec.window is not None
    for values, given, wanted in cases(spec, 4 * CASES):
        arguments, _ = resolve(spec, make_params(values), given)
        if solve(spec.kind, arguments, given, wanted):
            continue
        tried = {name: EVERY[name] for name in spec.window.names}
        for setting in product(*tried.values()):
            changed = {**arguments, **dict(zip(tried, setting, strict=True))}
            if any(rule(changed, given) for rule in spec.rules):
                continue
            size = spec.window.size(given.shape[1], numbers(changed, 0))
            assert (size,) != wanted, (given, told(changed))


@pytest.mark.parametrize("spec", SOLVABLE.values(), ids=SOLVABLE)
def test_the_windows_size_is_the_one_that_is_reported(spec: Spec) -> None:
    assert spec.window is not None
    for _, given, outcome in sound(spec):
        assert outcome.output is not None
        if outcome.arguments.get("padding") == "same":
            continue  # an even kernel is padded more on one side than on the other
        for at, size in enumerate(given.shape[1:]):
            row = numbers(outcome.arguments, at)
            assert spec.window.size(size, row) == outcome.output.shape[1 + at]


@pytest.mark.parametrize("spec", SOLVABLE.values(), ids=SOLVABLE)
def test_what_is_right_already_needs_nothing(spec: Spec) -> None:
    for _, given, outcome in sound(spec):
        assert outcome.output is not None
        first = solve(spec.kind, outcome.arguments, given, outcome.output.shape[1:])[0]
        assert first == Option({}, "as it is now"), (given, told(outcome.arguments))


def test_the_fewest_changes_come_first() -> None:
    assert solved("Conv2d", (3, 28, 28), 14, 14)[:3] == [
        "kernel_size 15",
        "stride 2, padding 1",
        "stride 2, kernel_size 2",
    ]
    assert solved("MaxPool2d", (3, 28, 28), 7, 7)[:2] == ["stride 4", "kernel_size 4"]


def test_axes_of_different_sizes() -> None:
    assert solved("Conv2d", (3, 28, 30), 28, 30)[0] == "padding 1"
    assert solved("Conv2d", (3, 28, 30), 26, 30)[0] == "padding 0×1"


def test_a_stride_that_follows_the_kernel() -> None:
    options = solved("MaxPool1d", (3, 12), 4)
    assert options[:2] == ["stride 3", "kernel_size 3"]
    assert "stride 3, kernel_size 3" not in options


def test_same_padding_is_given_up_for_another_size() -> None:
    assert solved("Conv2d", (3, 8, 8), 8, 8, padding="same")[0] == "as it is now"
    assert solved("Conv2d", (3, 8, 8), 6, 6, padding="same")[0] == "padding 0"


def test_a_transposed_convolution_that_doubles() -> None:
    options = solved("ConvTranspose2d", (3, 7, 7), 14, 14, stride=2, padding=1)
    assert options[:2] == ["output_padding 1", "kernel_size 4"]


def test_padding_beyond_the_kernel_only_where_nothing_else_does() -> None:
    assert "stride 2, padding 13" not in solved("Conv1d", (3, 28), 26)
    assert solved("Conv1d", (3, 28), 60)[0] == "padding 17"


@pytest.mark.parametrize(
    ("kind", "shape", "wanted", "values"),
    [
        ("ReLU", (3, 8), (4,), {}),
        ("AdaptiveAvgPool1d", (3, 8), (4,), {}),
        ("Conv1d", (3, 8), (4, 4), {}),
        ("Conv1d", (3, 8, 8), (4,), {}),
        ("Conv1d", (3, 8), (0,), {}),
        ("Conv1d", (3, 8), (-4,), {}),
        ("Conv1d", (3, 8), (10**15,), {}),
        ("Conv1d", (3, 8), (4,), {"stride": 0}),
        ("Conv1d", (3, 8), (4,), {"groups": 2}),
        ("MaxPool1d", (3, 8), (10,), {}),
        ("MaxPool1d", (3, 8), (4,), {"return_indices": True}),
    ],
)
def test_what_cannot_be_solved(
    kind: str, shape: tuple[int, ...], wanted: tuple[int, ...], values: dict[str, Value]
) -> None:
    assert solved(kind, shape, *wanted, **values) == []
