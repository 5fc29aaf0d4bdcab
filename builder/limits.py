"""What a network may hold: names, values, sizes; whatever goes beyond is rejected with a reason."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection
from math import prod

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Spec
from builder.document import (
    ALL,
    BLOCK_LIMIT,
    DEPTH_LIMIT,
    Init,
    Network,
    TensorType,
    Value,
    depth,
    walk,
)
from builder.initialisers import parse_init

BLOCK_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,29}")
"""What the ids of pasted blocks begin with; a number follows."""
NAME_LIMIT = 60
DATA_LIMIT = 100
AXIS_LIMIT = 2**31 - 1
SAMPLE_LIMIT = 10**12


class Rejected(ValueError):  # noqa: N818
    """An operation that can't be done; the message says why, in words for a person."""


def spec_of(kind: str) -> Spec:
    """The catalogue entry of a kind; Rejected when there is none."""
    if (spec := CATALOGUE.get(kind)) is None:
        raise Rejected(f"There is no layer called {str(kind)[:60]!r}.")
    return spec


def parse_param(spec: Spec, name: str, value: object) -> Value:
    """A value in its canonical form; Rejected when the kind has no such argument or value."""
    if (parameter := spec.parameter(name)) is None:
        raise Rejected(f"{spec.kind} has no argument called {str(name)[:60]!r}.")
    try:
        return parameter.kind.parse(value)
    except ValueError as error:
        raise Rejected(f"{spec.kind}: {name}: {error}.") from None


def check_input(given: TensorType) -> TensorType:
    """The same type when it can be a sample's; Rejected otherwise."""
    if not 1 <= given.rank <= 4:
        raise Rejected(f"A sample has 1 to 4 axes, but {given.rank} are given.")
    if not all(type(size) is int and 1 <= size <= AXIS_LIMIT for size in given.shape):
        raise Rejected("Every axis of the input must have at least 1 position, and fewer than 2³¹.")
    if prod(given.shape) > SAMPLE_LIMIT:
        raise Rejected(f"One sample may hold at most {SAMPLE_LIMIT:,} numbers.")
    if given.dtype not in ("float32", "int64"):
        raise Rejected(f"The input's dtype must be float32 or int64, not {given.dtype!r}.")
    return given


def check_data(data: str | None) -> str | None:
    """The same id of a data set, or none; Rejected when it can't be one."""
    if data is not None and not (0 < len(data) <= DATA_LIMIT and data.isprintable()):
        raise Rejected(f"A data set's id has 1 to {DATA_LIMIT} printable characters.")
    return data


def check_init(init: Init) -> Init:
    """The same rule for initial weights, in its canonical form; Rejected when it can't be one."""
    try:
        return parse_init(init)
    except ValueError as error:
        raise Rejected(f"Initial weights: {error}.") from None


def check_init_kind(kind: str) -> str:
    """The same kind, or ``ALL``; Rejected when layers of this kind have no weights of their own."""
    if kind != ALL and (spec_of(kind).lanes or not spec_of(kind).target.startswith("nn.")):
        raise Rejected(f"{kind} has no weights of its own: choose the layers that have some.")
    return kind


def order_inits(inits: dict[str, Init]) -> tuple[tuple[str, Init], ...]:
    """Rules in their one order: that for all layers, then by kinds as the catalogue has them."""
    return tuple((kind, inits[kind]) for kind in (ALL, *CATALOGUE) if kind in inits)


def check_name(name: str, taken: Collection[str]) -> None:
    """Names become attributes of an nn.Sequential: Rejected when this one can't be.

    ``taken`` holds the names beside it.
    """
    if not name.isidentifier() or keyword.iskeyword(name) or len(name) > NAME_LIMIT:
        raise Rejected(
            f"{name[:NAME_LIMIT]!r} can't be a name: take letters, digits and _, beginning with a "
            "letter, as in Python."
        )
    if name in RESERVED_NAMES or name.startswith("_"):
        raise Rejected(f"{name!r} already means something to every torch module: take another.")
    if name in taken:
        raise Rejected(f"Another layer beside it is called {name!r}: names in a lane must differ.")


def check_bounds(network: Network) -> Network:
    """The same network when it is not too long and not too deep; Rejected otherwise."""
    if sum(1 for _ in walk(network.blocks)) > BLOCK_LIMIT:
        raise Rejected(f"A network may hold at most {BLOCK_LIMIT:,} layers.")
    if depth(network.blocks) > DEPTH_LIMIT:
        raise Rejected(f"Containers may lie at most {DEPTH_LIMIT} deep within one another.")
    return network


RESERVED_NAMES = frozenset(
    """
    T_destination add_module append apply bfloat16 buffers call_super_init children compile cpu
    cuda double dump_patches eval extend extra_repr float forward get_buffer get_extra_state
    get_parameter get_submodule half insert ipu load_state_dict modules mtia named_buffers
    named_children named_modules named_parameters parameters pop register_backward_hook
    register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook
    register_load_state_dict_pre_hook register_module register_parameter
    register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state
    set_submodule share_memory state_dict to to_empty train training type xpu zero_grad
    """.split()  # noqa: SIM905
)
"""What every nn.Sequential already has: torch refuses a child of such a name."""
