"""Networks as JSON: what is written is read back equal, and nothing hostile gets through."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from builder.document import BLOCK_LIMIT, Block, Network, TensorType, make_params
from builder.operations import Insert, Remove, apply
from builder.schema import SIZE_LIMIT, SchemaError, dumps, from_dict, loads, to_dict
from builder.templates import TEMPLATES
from tests.random_networks import random_network

HUGE = 10**400
NO_NETWORK = "A network is a JSON object with 'stackyard', 'input' and 'blocks'."
NO_VERSION = "This is no Stackyard network: its 'stackyard' version is missing."
TOO_DEEP = "Containers may lie at most 24 deep within one another."
NESTED = "The file is nested too deeply to be a network."
BAD_AXIS = "input: Every axis of the input must have at least 1 position, and fewer than 2³¹."
BAD_ID = "an id is a letter, then up to 39 letters, digits, - or _."
BAD_NAME = "can't be a name: take letters, digits and _, beginning with a letter, as in Python."
NO_CONSTANT = "The file is not valid JSON: {} is not a number in JSON."


def network(**changes: Any) -> dict[str, Any]:
    return {"stackyard": 1, "input": {"shape": [1, 8, 8]}, "blocks": []} | changes


def block(**changes: Any) -> dict[str, Any]:
    return network(blocks=[{"id": "b1", "kind": "ReLU"} | changes])


def linear(value: object) -> dict[str, Any]:
    return block(kind="Linear", params={"out_features": value})


def nested(levels: int) -> str:
    opening = "".join(f'{{"id":"b{n}","kind":"Group","lanes":[[' for n in range(levels))
    return json.dumps(network())[:-2] + opening + "]]}" * levels + "]}"


def refusal(text: str | bytes) -> str:
    """The message with which a text is refused: short, and at once, whatever the text holds.

    Each takes under a second; the limit leaves room for a busy machine and still finds any
    reading that goes through all of the junk, which takes ten.
    """
    start = time.process_time()
    with pytest.raises(SchemaError) as caught:
        loads(text)
    assert time.process_time() - start < 5
    message = str(caught.value)
    assert len(message) < 300
    assert message.isprintable()
    return message


REFUSED: dict[str, tuple[object, str]] = {
    "null": (None, NO_NETWORK),
    "list": ([], NO_NETWORK),
    "text": ("network", NO_NETWORK),
    "number": (1, NO_NETWORK),
    "nothing in it": ({}, NO_VERSION),
    "version as text": (network(stackyard="1"), NO_VERSION),
    "version as boolean": (network(stackyard=True), NO_VERSION),
    "version as fraction": (network(stackyard=1.0), NO_VERSION),
    "version of tomorrow": (
        network(stackyard=2),
        "This network has version 2, but this program reads version 1: update Stackyard.",
    ),
    "version 0": (
        network(stackyard=0),
        "This network has version 0, but this program reads version 1: update Stackyard.",
    ),
    "version of 400 digits": (
        network(stackyard=HUGE),
        "This network has an unknown version, but this program reads version 1: update Stackyard.",
    ),
    "unknown key": (network(colour="red"), "network: there is no key 'colour'."),
    "surrogate key": (network(**{"\ud800": 1}), "network: there is no key '\\ud800'."),
    "unknown key of a block": (block(colour=1), "blocks.0: there is no key 'colour'."),
    "no input": ({"stackyard": 1, "blocks": []}, "input: is missing."),
    "no blocks": ({"stackyard": 1, "input": {"shape": [1]}}, "blocks: is missing."),
    "input as list": (network(input=[1, 8, 8]), "input: expected an object."),
    "shape as text": (network(input={"shape": "188"}), "input.shape: expected a list."),
    "shape of booleans": (
        network(input={"shape": [True]}),
        "input.shape.0: expected a whole number.",
    ),
    "shape of fractions": (
        network(input={"shape": [1.5]}),
        "input.shape.0: expected a whole number.",
    ),
    "no axis": (
        network(input={"shape": []}),
        "input: A sample has 1 to 4 axes, but 0 are given.",
    ),
    "five axes": (
        network(input={"shape": [1] * 5}),
        "input: A sample has 1 to 4 axes, but 5 are given.",
    ),
    "axis of 0": (network(input={"shape": [0]}), BAD_AXIS),
    "axis of -1": (network(input={"shape": [-1]}), BAD_AXIS),
    "axis of 400 digits": (network(input={"shape": [HUGE]}), BAD_AXIS),
    "sample beyond all memory": (
        network(input={"shape": [2**31 - 1] * 4}),
        "input: One sample may hold at most 1,000,000,000,000 numbers.",
    ),
    "other dtype": (
        network(input={"shape": [1], "dtype": "float64"}),
        "input: The input's dtype must be float32 or int64, not 'float64'.",
    ),
    "data as number": (network(data=1), "data: expected a text."),
    "data with a null byte": (
        network(data="a\0b"),
        "input: A data set's id has 1 to 100 printable characters.",
    ),
    "data too long": (
        network(data="x" * 101),
        "input: A data set's id has 1 to 100 printable characters.",
    ),
    "data a lone surrogate": (
        network(data="\ud800"),
        "input: A data set's id has 1 to 100 printable characters.",
    ),
    "next id of 0": (network(next_id=0), "next_id: expected a number from 1."),
    "next id of 400 digits": (network(next_id=HUGE), "next_id: expected a smaller number."),
    "blocks as object": (network(blocks={}), "blocks: expected a list."),
    "block as number": (network(blocks=[1]), "blocks.0: expected an object."),
    "block as list": (network(blocks=[[]]), "blocks.0: expected an object."),
    "id as number": (block(id=1), "blocks.0.id: expected a text."),
    "empty id": (block(id=""), f"block '': {BAD_ID}"),
    "id with a line break": (block(id="b1\n"), f"block 'b1\\n': {BAD_ID}"),
    "id too long": (block(id="b" * 41), f"block '{'b' * 40}': {BAD_ID}"),
    "id twice": (
        network(blocks=[{"id": "b1", "kind": "ReLU"}] * 2),
        "The id 'b1' is used twice: every block needs its own.",
    ),
    "unknown kind": (block(kind="Conv9d"), "block 'b1': there is no layer called 'Conv9d'."),
    "Python as kind": (
        block(kind="__class__"),
        "block 'b1': there is no layer called '__class__'.",
    ),
    "kind a lone surrogate": (
        block(kind="\ud800"),
        "block 'b1': there is no layer called '\\ud800'.",
    ),
    "kind missing": (network(blocks=[{"id": "b1"}]), "blocks.0.kind: is missing."),
    "params as list": (block(params=[]), "blocks.0.params: expected an object."),
    "unknown argument": (
        block(params={"colour": 1}),
        "block 'b1': ReLU has no argument called 'colour'.",
    ),
    "number for a flag": (
        block(params={"inplace": 1}),
        "block 'b1': ReLU: inplace: expected true or false, got 1.",
    ),
    "boolean for a number": (
        linear(True),
        "block 'b1': Linear: out_features: expected a whole number, got True.",
    ),
    "fraction for a whole number": (
        linear(5.0),
        "block 'b1': Linear: out_features: expected a whole number, got 5.0.",
    ),
    "null for a number": (
        linear(None),
        "block 'b1': Linear: out_features: expected a whole number, got None.",
    ),
    "400 digits": (
        linear(HUGE),
        "block 'b1': Linear: out_features: expected a whole number, got one far too large.",
    ),
    "long text": (
        linear("x" * 100_000),
        f"block 'b1': Linear: out_features: expected a whole number, got '{'x' * 59}….",
    ),
    "three sizes for two axes": (
        block(kind="Conv2d", params={"kernel_size": [1, 2, 3]}),
        "block 'b1': Conv2d: kernel_size: expected a whole number or 2 of them, got [1, 2, 3].",
    ),
    "sizes as object": (
        block(kind="Conv2d", params={"kernel_size": {}}),
        "block 'b1': Conv2d: kernel_size: expected a whole number or 2 of them, got {}.",
    ),
    "wrong word": (
        block(kind="Conv2d", params={"padding": "full"}),
        "block 'b1': Conv2d: padding: expected a whole number or 2 of them or 'same' or 'valid', "
        "got 'full'.",
    ),
    "wrong choice": (
        block(kind="GELU", params={"approximate": "sin"}),
        "block 'b1': GELU: approximate: expected one of none, tanh, got 'sin'.",
    ),
    "empty shape": (
        block(kind="Unflatten", params={"unflattened_size": []}),
        "block 'b1': Unflatten: unflattened_size: expected a tuple of whole numbers, got [].",
    ),
    "lanes of a layer": (block(lanes=[[]]), "block 'b1': ReLU has no lanes, not 1."),
    "container without lanes": (block(kind="Group"), "block 'b1': Group has 1 lane, not 0."),
    "container with too many lanes": (
        block(kind="Branches", lanes=[[]] * 9),
        "block 'b1': Branches has 2 to 8 lanes, not 9.",
    ),
    "lane as number": (block(kind="Group", lanes=[1]), "blocks.0.lanes.0: expected a list."),
    "name as number": (block(name=1), "blocks.0.name: expected a text."),
    "empty name": (block(name=""), f"block 'b1': '' {BAD_NAME}"),
    "keyword as name": (block(name="class"), f"block 'b1': 'class' {BAD_NAME}"),
    "name with a null byte": (block(name="a\0"), f"block 'b1': 'a\\x00' {BAD_NAME}"),
    "torch's own name": (
        block(name="forward"),
        "block 'b1': 'forward' already means something to every torch module: take another.",
    ),
    "name twice in a lane": (
        network(blocks=[{"id": i, "kind": "ReLU", "name": "act"} for i in ("b1", "b2")]),
        "block 'b2': Another layer beside it is called 'act': names in a lane must differ.",
    ),
    "bypassed as number": (block(bypassed=0), "blocks.0.bypassed: expected true or false."),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED)
def test_refused_with_a_message(data: object, message: str) -> None:
    assert refusal(json.dumps(data)) == message


TEXTS: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "The file is empty."),
    "spaces": (b" \n ", "The file is empty."),
    "null bytes": (
        b"\0\0\0\0",
        "The file is not valid JSON: Expecting value: line 1 column 1 (char 0).",
    ),
    "cut off": (
        '{"stackyard": 1,',
        "The file is not valid JSON: Expecting property name enclosed in double quotes: "
        "line 1 column 17 (char 16).",
    ),
    "invalid UTF-8": (b'{"\xff\xfe": 1}', "The file is not text in UTF-8."),
    "NaN": ('{"stackyard": NaN}', NO_CONSTANT.format("NaN")),
    "Infinity": ('{"stackyard": -Infinity}', NO_CONSTANT.format("-Infinity")),
    "5,000 digits": (
        '{"stackyard": ' + "9" * 5000 + "}",
        "The file holds a number with far too many digits.",
    ),
    "an infinite float": (
        json.dumps(block(kind="Dropout", params={"p": 0.25})).replace("0.25", "1e400"),
        "block 'b1': Dropout: p: expected a finite number, got inf.",
    ),
    "10 MB": (
        "x" * 10_000_000,
        "The file has 10,000,000 characters; a network may have 5,000,000.",
    ),
    "lists 10,000 deep": ("[" * 10_000, NESTED),
    "objects 10,000 deep": ('{"a":' * 10_000 + "1" + "}" * 10_000, NESTED),
    "containers 10,000 deep": (nested(10_000), NESTED),
    "containers 200 deep": (nested(200), TOO_DEEP),
    "containers 26 deep": (nested(26), TOO_DEEP),
    "a deep value": (
        json.dumps(linear(5)).replace("5", "[" * 900 + "]" * 900),
        NESTED,
    ),
}


@pytest.mark.parametrize(("text", "message"), TEXTS.values(), ids=TEXTS)
def test_texts_refused(text: str | bytes, message: str) -> None:
    assert refusal(text) == message


def _filled(template: dict[str, Any], item: str) -> str:
    """As many items as the file may hold, where the template has 0."""
    text = json.dumps(template)
    room = (SIZE_LIMIT - len(text)) // (len(item) + 1)
    return text.replace("[0]", f"[{','.join([item] * room)}]")


JUNK: dict[str, tuple[Callable[[], str], str]] = {
    "numbers": (lambda: _filled([0], "1"), NO_NETWORK),  # type: ignore[arg-type]
    "numbers as blocks": (
        lambda: _filled(network(blocks=[0]), "1"),
        "blocks.0: expected an object.",
    ),
    "objects as blocks": (
        lambda: _filled(network(blocks=[0]), "{}"),
        "blocks.0.id: is missing.",
    ),
    "150,000 blocks": (
        lambda: _filled(network(blocks=[0]), '{"id":"b1","kind":"ReLU"}'),
        "blocks: the list is too long (a network may hold 20,000 layers).",
    ),
    "lanes": (
        lambda: _filled(block(kind="Branches", lanes=[0]), "[]"),
        "blocks.0.lanes: the list is too long (a network may hold 20,000 layers).",
    ),
    "axes": (
        lambda: _filled(network(input={"shape": [0]}), "1"),
        "input: A sample has 1 to 4 axes, but 2499972 are given.",
    ),
    "keys": (
        lambda: json.dumps(network(**{f"key{n}": 1 for n in range(300_000)})),
        "network: there is no key 'key0'.",
    ),
    "arguments": (
        lambda: json.dumps(block(params={f"key{n}": 1 for n in range(300_000)})),
        "block 'b1': ReLU has no argument called 'key0'.",
    ),
}


@pytest.mark.parametrize(("make", "message"), JUNK.values(), ids=JUNK)
def test_megabytes_of_junk_are_refused_at_once(make: Callable[[], str], message: str) -> None:
    assert refusal(make()) == message


def test_plain_data_that_no_json_can_hold() -> None:
    loop: dict[str, Any] = {"id": "b1", "kind": "Group"}
    loop["lanes"] = [[loop]]
    for data in (
        network(blocks=[loop]),
        block(kind="Dropout", params={"p": float("nan")}),
        block(kind="Dropout", params={"p": {1, 2}}),
        block(kind="Dropout", params={"p": 10**5000}),
        network(stackyard=10**5000),
        network(input={"shape": [10**5000]}),
        {1: 2} | network(),
    ):
        with pytest.raises(SchemaError):
            from_dict(data)


def _many(count: int) -> list[dict[str, Any]]:
    return [{"id": f"b{n}", "kind": "ReLU", "name": f"act{n}"} for n in range(1, count + 1)]


def test_the_largest_network_is_read_without_delay() -> None:
    start = time.process_time()
    read = loads(json.dumps(network(blocks=_many(BLOCK_LIMIT))))
    assert len(read.blocks) == BLOCK_LIMIT
    with pytest.raises(SchemaError, match="The id 'b20000' is used twice"):
        from_dict(network(blocks=[*_many(BLOCK_LIMIT)[1:], _many(BLOCK_LIMIT)[-1]]))
    assert time.process_time() - start < 5


def test_the_block_limit_counts_nested_blocks() -> None:
    holder = {"id": "g", "kind": "Group", "lanes": [_many(BLOCK_LIMIT)]}
    with pytest.raises(SchemaError) as caught:
        from_dict(network(blocks=[holder]))
    assert str(caught.value) == "A network may hold at most 20,000 layers, not 20,001."


def test_encodings_that_editors_write() -> None:
    plain = TEMPLATES["lenet5"].network()
    text = dumps(plain)
    for given in ("\ufeff" + text, text.encode("utf-8-sig"), text.encode("utf-16"), text.encode()):
        assert loads(given) == plain


def test_what_is_written() -> None:
    blocks = (
        Block("b1", "Conv2d", make_params({"kernel_size": (3, 5), "out_channels": 4}), (), "c"),
        Block("b2", "Repeat", (), ((Block("b3", "ReLU", (), (), None, True),),)),
    )
    assert to_dict(Network(TensorType((1, 8, 8)), blocks, 4, "digits")) == {
        "stackyard": 1,
        "input": {"shape": [1, 8, 8], "dtype": "float32"},
        "data": "digits",
        "blocks": [
            {
                "id": "b1",
                "kind": "Conv2d",
                "name": "c",
                "params": {"kernel_size": [3, 5], "out_channels": 4},
            },
            {
                "id": "b2",
                "kind": "Repeat",
                "lanes": [[{"id": "b3", "kind": "ReLU", "bypassed": True}]],
            },
        ],
    }


def test_values_that_only_do_not_fit_are_kept() -> None:
    read = loads(json.dumps(block(kind="Conv2d", params={"kernel_size": 0, "stride": -3})))
    assert read.blocks[0].params == (("kernel_size", 0), ("stride", -3))


def test_ids_of_removed_blocks_are_not_given_again() -> None:
    grown = apply(Network(TensorType((4,))), Insert("ReLU"))
    shrunk = apply(grown, Remove("b1"))
    assert to_dict(shrunk)["next_id"] == 2
    assert loads(dumps(shrunk)) == shrunk
    assert apply(loads(dumps(shrunk)), Insert("ReLU")).blocks[0].id == "b2"


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_round_trip(name: str) -> None:
    made = TEMPLATES[name].network()
    assert loads(dumps(made)) == made


def test_random_networks_round_trip() -> None:
    for seed in range(200):
        made = random_network(seed, containers=seed % 2 == 0)
        assert loads(dumps(made)) == made
        assert dumps(loads(dumps(made))) == dumps(made)
