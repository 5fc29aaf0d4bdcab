"""Networks as JSON: a versioned format, read with suspicion and written one way only."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    FailFast,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from builder.catalogue import CATALOGUE
from builder.document import (
    BLOCK_LIMIT,
    DEPTH_LIMIT,
    Block,
    Init,
    Network,
    TensorType,
    Value,
    make_params,
    walk,
)
from builder.initialisers import init_to_dict
from builder.limits import (
    BLOCK_ID,
    Rejected,
    check_data,
    check_init,
    check_init_kind,
    check_input,
    check_name,
    order_inits,
    parse_param,
)

VERSION = 1
SIZE_LIMIT = 5_000_000
"""Bytes of JSON that one network may take."""

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From each older version to the next one."""


NESTED = "The file is nested too deeply to be a network."
TOO_DEEP = f"Containers may lie at most {DEPTH_LIMIT} deep within one another."
WORDS = {
    "bool_type": "expected true or false",
    "dict_type": "expected an object",
    "float_type": "expected a number",
    "greater_than_equal": "expected a number from 1",
    "int_type": "expected a whole number",
    "less_than_equal": "expected a smaller number",
    "list_type": "expected a list",
    "missing": "is missing",
    "model_type": "expected an object",
    "string_type": "expected a text",
    "too_long": f"the list is too long (a network may hold {BLOCK_LIMIT:,} layers)",
}
"""What pydantic finds, in the words of the format."""


class SchemaError(ValueError):
    """A text that is no network; the message says where and what was expected."""


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True)

    @model_validator(mode="before")
    @classmethod
    def refuse_unknown_keys(cls, data: object) -> object:
        """Stop at the first key that the format does not have, however many follow."""
        for key in data if isinstance(data, dict) else ():
            if key not in cls.model_fields:
                raise PydanticCustomError(
                    "unknown_key", "there is no key {key}", {"key": ascii(key)[:60]}
                )
        return data


class _Input(_Strict):
    shape: Annotated[list[int], FailFast()]
    dtype: str = "float32"


class _Init(_Strict):
    method: str
    params: dict[str, JsonValue] = Field(default_factory=dict)
    bias: float | None = None


class _Block(_Strict):
    id: str
    kind: str
    name: str | None = None
    params: dict[str, JsonValue] = Field(default_factory=dict)
    bypassed: bool = False
    frozen: bool = False
    init: _Init | None = None
    lanes: Annotated[list[_Lane], FailFast()] = Field(default_factory=list, max_length=100)


_Lane = Annotated[list[_Block], FailFast(), Field(max_length=BLOCK_LIMIT)]


class _Network(_Strict):
    stackyard: int
    input: _Input
    data: str | None = None
    next_id: int | None = Field(default=None, ge=1, le=2**53)
    inits: dict[str, _Init] = Field(default_factory=dict)
    blocks: _Lane


def dumps(network: Network) -> str:
    """The network as JSON text that ``loads`` reads back to an equal network."""
    return json.dumps(to_dict(network), indent=2, ensure_ascii=False) + "\n"


def to_dict(network: Network) -> dict[str, Any]:
    """The network as plain data; what is not set is not written."""
    written: dict[str, Any] = {
        "stackyard": VERSION,
        "input": {"shape": list(network.input.shape), "dtype": network.input.dtype},
        "data": network.data,
        "blocks": [_block_to_dict(block) for block in network.blocks],
    }
    if network.next_id != _next_id(network.blocks):  # ids of removed blocks are not given again
        written["next_id"] = network.next_id
    if network.inits:
        written["inits"] = {kind: init_to_dict(init) for kind, init in network.inits}
    return written


def _block_to_dict(block: Block) -> dict[str, Any]:
    written: dict[str, Any] = {"id": block.id, "kind": block.kind}
    if block.name is not None:
        written["name"] = block.name
    if block.params:
        written["params"] = {name: plain(value) for name, value in block.params}
    if block.bypassed:
        written["bypassed"] = True
    if block.frozen:
        written["frozen"] = True
    if block.init:
        written["init"] = init_to_dict(block.init)
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
    if not text.strip():
        raise SchemaError("The file is empty.")
    try:
        data = json.loads(_without_mark(text), parse_constant=_refuse_constant)
    except SchemaError:
        raise
    except RecursionError:
        raise SchemaError(NESTED) from None
    except UnicodeDecodeError:
        raise SchemaError("The file is not text in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise SchemaError(f"The file is not valid JSON: {error}.") from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise SchemaError("The file holds a number with far too many digits.") from None
    return from_dict(data)


def _without_mark(text: str | bytes) -> str | bytes:
    """The text without the byte order mark that some editors put first."""
    return text.removeprefix("\ufeff") if isinstance(text, str) else text


def from_dict(data: object) -> Network:
    """The network that plain data describes; raises SchemaError as ``loads`` does."""
    try:
        model = _Network.model_validate(_migrate(data))
    except ValidationError as error:
        raise SchemaError(_explain(error)) from None
    except RecursionError:
        raise SchemaError(TOO_DEEP) from None
    blocks = tuple(_read_block(block, 0) for block in model.blocks)
    _check_tree(blocks)
    try:
        given = check_input(TensorType(tuple(model.input.shape), model.input.dtype))
        data_set = check_data(model.data)
    except Rejected as error:
        raise SchemaError(f"input: {error}") from None
    inits = _read_inits(model.inits)
    return Network(given, blocks, model.next_id or _next_id(blocks), data_set, inits)


def blocks_from(data: object) -> tuple[Block, ...]:
    """The blocks that plain data holds: a list of them, or a whole network's.

    Raises SchemaError as ``loads`` does.
    """
    if isinstance(data, list):
        data = {"stackyard": VERSION, "input": {"shape": [1]}, "blocks": data}
    return from_dict(data).blocks


def _refuse_constant(name: str) -> None:
    raise SchemaError(f"The file is not valid JSON: {name} is not a number in JSON.")


def _migrate(data: object) -> object:
    """Bring an older version up to date; leave all judging to the model."""
    if not isinstance(data, dict):
        raise SchemaError("A network is a JSON object with 'stackyard', 'input' and 'blocks'.")
    version = data.get("stackyard")
    if not isinstance(version, int) or isinstance(version, bool):
        raise SchemaError("This is no Stackyard network: its 'stackyard' version is missing.")
    if version > VERSION or (version != VERSION and version not in MIGRATIONS):
        known = f"version {version}" if abs(version) < 10**6 else "an unknown version"
        raise SchemaError(
            f"This network has {known}, but this program reads version {VERSION}: update Stackyard."
        )
    while version < VERSION:
        data = MIGRATIONS[version](data)
        version += 1
    return data


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step)[:60] for step in first["loc"][:12]) or "network"
    if first["type"].startswith("recursion"):
        return NESTED
    return f"{where}: {WORDS.get(first['type'], first['msg'])}."


def _read_block(model: _Block, level: int) -> Block:
    if level > DEPTH_LIMIT:
        raise SchemaError(TOO_DEEP)
    where = f"block {model.id[:40]!r}"
    if not BLOCK_ID.fullmatch(model.id):
        raise SchemaError(f"{where}: an id is a letter, then up to 39 letters, digits, - or _.")
    if (spec := CATALOGUE.get(model.kind)) is None:
        raise SchemaError(f"{where}: there is no layer called {model.kind[:60]!r}.")
    least, most = (spec.lanes.minimum, spec.lanes.maximum) if spec.lanes else (0, 0)
    if not least <= len(model.lanes) <= most:
        count = (str(least) if least else "no") if least == most else f"{least} to {most}"
        lanes = "lane" if most == 1 else "lanes"
        raise SchemaError(f"{where}: {model.kind} has {count} {lanes}, not {len(model.lanes)}.")
    try:
        params = {name: parse_param(spec, name, value) for name, value in model.params.items()}
        init = _read_init(model.init) if model.init else None
    except Rejected as error:
        raise SchemaError(f"{where}: {error}") from None
    held = tuple(tuple(_read_block(inner, level + 1) for inner in lane) for lane in model.lanes)
    made = make_params(params)
    flags = (model.bypassed, model.frozen)
    return Block(model.id, model.kind, made, held, model.name, *flags, init)


def _read_init(model: _Init) -> Init:
    """A rule for initial weights; raises Rejected."""
    return check_init(Init(model.method, tuple(model.params.items()), model.bias))  # type: ignore[arg-type]


def _read_inits(models: dict[str, _Init]) -> tuple[tuple[str, Init], ...]:
    try:
        return order_inits({check_init_kind(k): _read_init(each) for k, each in models.items()})
    except Rejected as error:
        raise SchemaError(f"inits: {error}") from None


def _check_tree(blocks: tuple[Block, ...]) -> None:
    ids = [block.id for block in walk(blocks)]
    if len(ids) > BLOCK_LIMIT:
        raise SchemaError(f"A network may hold at most {BLOCK_LIMIT:,} layers, not {len(ids):,}.")
    if len(set(ids)) < len(ids):
        twice = Counter(ids).most_common(1)[0][0]
        raise SchemaError(f"The id {twice!r} is used twice: every block needs its own.")
    _check_names(blocks)


def _check_names(lane: tuple[Block, ...]) -> None:
    names: set[str] = set()
    for block in lane:
        if block.name is not None:
            try:
                check_name(block.name, names)
            except Rejected as error:
                raise SchemaError(f"block {block.id!r}: {error}") from None
            names.add(block.name)
        for inner in block.lanes:
            _check_names(inner)


def _next_id(blocks: tuple[Block, ...]) -> int:
    numbers = [int(b.id[1:]) for b in walk(blocks) if re.fullmatch(r"b[0-9]{1,9}", b.id)]
    return max(numbers, default=0) + 1
