"""Networks as JSON: a versioned format, read with suspicion and written one way only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from builder.catalogue import CATALOGUE
from builder.document import (
    BLOCK_LIMIT,
    DEPTH_LIMIT,
    Block,
    Network,
    TensorType,
    Value,
    depth,
    make_params,
    walk,
)
from builder.limits import BLOCK_ID, Rejected, check_input, check_name, parse_param

VERSION = 1
SIZE_LIMIT = 5_000_000
"""Bytes of JSON that one network may take."""

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From each older version to the next one."""


class SchemaError(ValueError):
    """A text that is no network; the message says where and what was expected."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Input(_Strict):
    shape: list[int]
    dtype: str = "float32"


class _Block(_Strict):
    id: str
    kind: str
    name: str | None = None
    params: dict[str, JsonValue] = Field(default_factory=dict)
    bypassed: bool = False
    lanes: list[list[_Block]] = Field(default_factory=list)


class _Network(_Strict):
    stackyard: int
    input: _Input
    data: str | None = Field(default=None, max_length=100)
    blocks: list[_Block]


def dumps(network: Network) -> str:
    """The network as JSON text that ``loads`` reads back to an equal network."""
    return json.dumps(to_dict(network), indent=2, ensure_ascii=False) + "\n"


def to_dict(network: Network) -> dict[str, Any]:
    """The network as plain data; what is not set is not written."""
    return {
        "stackyard": VERSION,
        "input": {"shape": list(network.input.shape), "dtype": network.input.dtype},
        "data": network.data,
        "blocks": [_block_to_dict(block) for block in network.blocks],
    }


def _block_to_dict(block: Block) -> dict[str, Any]:
    written: dict[str, Any] = {"id": block.id, "kind": block.kind}
    if block.name is not None:
        written["name"] = block.name
    if block.params:
        written["params"] = {name: plain(value) for name, value in block.params}
    if block.bypassed:
        written["bypassed"] = True
    if block.lanes:
        written["lanes"] = [[_block_to_dict(inner) for inner in lane] for lane in block.lanes]
    return written


def plain(value: Value) -> Any:
    """A value as JSON has it: tuples become lists."""
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def loads(text: str | bytes) -> Network:
    """The network that a JSON text holds.

    Raises SchemaError with a message for a person when the text is too large, broken, of an
    unknown version, or names layers, arguments or values that the catalogue does not have.
    Values that only do not fit (a kernel of 0) are kept: the check shows them on their layer.
    """
    if len(text) > SIZE_LIMIT:
        raise SchemaError(
            f"The file has {len(text):,} characters; a network may have {SIZE_LIMIT:,}."
        )
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise SchemaError("The file is nested too deeply to be a network.") from None
    except UnicodeDecodeError:
        raise SchemaError("The file is not text in UTF-8.") from None
    except ValueError as error:
        raise SchemaError(f"The file is not valid JSON: {error}.") from None
    return from_dict(data)


def from_dict(data: object) -> Network:
    """The network that plain data describes; raises SchemaError as ``loads`` does."""
    try:
        model = _Network.model_validate(_migrate(data))
    except ValidationError as error:
        raise SchemaError(_explain(error)) from None
    except RecursionError:
        raise SchemaError("The network is nested too deeply.") from None
    blocks = tuple(_read_block(block, 0) for block in model.blocks)
    _check_tree(blocks)
    try:
        given = check_input(TensorType(tuple(model.input.shape), model.input.dtype))
    except Rejected as error:
        raise SchemaError(f"input: {error}") from None
    return Network(given, blocks, _next_id(blocks), model.data)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _migrate(data: object) -> object:
    """Bring an older version up to date; leave all judging to the model."""
    if not isinstance(data, dict):
        raise SchemaError("A network is a JSON object with 'stackyard', 'input' and 'blocks'.")
    version = data.get("stackyard")
    if not isinstance(version, int) or isinstance(version, bool):
        raise SchemaError("This is no Stackyard network: its 'stackyard' version is missing.")
    if version > VERSION or (version != VERSION and version not in MIGRATIONS):
        raise SchemaError(
            f"This network has version {str(version)[:20]}, but this program reads up to version "
            f"{VERSION}: update Stackyard."
        )
    while version < VERSION:
        data = MIGRATIONS[version](data)
        version += 1
    return data


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"][:12])) or "network"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{where}: {first['msg']}{more}."


def _read_block(model: _Block, level: int) -> Block:
    if level > DEPTH_LIMIT:
        raise SchemaError(f"Containers may lie at most {DEPTH_LIMIT} deep within one another.")
    where = f"block {model.id[:40]!r}"
    if not BLOCK_ID.fullmatch(model.id):
        raise SchemaError(f"{where}: an id is a letter, then up to 39 letters, digits, - or _.")
    if (spec := CATALOGUE.get(model.kind)) is None:
        raise SchemaError(f"{where}: there is no layer called {model.kind[:60]!r}.")
    least, most = (spec.lanes.minimum, spec.lanes.maximum) if spec.lanes else (0, 0)
    if not least <= len(model.lanes) <= most:
        count = str(least) if least == most else f"{least} to {most}"
        raise SchemaError(f"{where}: {model.kind} has {count} lanes, not {len(model.lanes)}.")
    try:
        params = {name: parse_param(spec, name, value) for name, value in model.params.items()}
    except Rejected as error:
        raise SchemaError(f"{where}: {error}") from None
    lanes = tuple(tuple(_read_block(inner, level + 1) for inner in lane) for lane in model.lanes)
    return Block(model.id, model.kind, make_params(params), lanes, model.name, model.bypassed)


def _check_tree(blocks: tuple[Block, ...]) -> None:
    ids = [block.id for block in walk(blocks)]
    if len(ids) > BLOCK_LIMIT:
        raise SchemaError(f"A network may hold at most {BLOCK_LIMIT:,} layers, not {len(ids):,}.")
    if len(set(ids)) < len(ids):
        twice = next(block_id for block_id in ids if ids.count(block_id) > 1)
        raise SchemaError(f"The id {twice!r} is used twice: every block needs its own.")
    if depth(blocks) > DEPTH_LIMIT:
        raise SchemaError(f"Containers may lie at most {DEPTH_LIMIT} deep within one another.")
    _check_names(blocks)


def _check_names(lane: tuple[Block, ...]) -> None:
    for block in lane:
        if block.name is not None:
            try:
                check_name(block.name, lane, block.id)
            except Rejected as error:
                raise SchemaError(f"block {block.id!r}: {error}") from None
        for inner in block.lanes:
            _check_names(inner)


def _next_id(blocks: tuple[Block, ...]) -> int:
    numbers = [int(b.id[1:]) for b in walk(blocks) if re.fullmatch(r"b[0-9]{1,9}", b.id)]
    return max(numbers, default=0) + 1
