"""Networks as JSON: nothing hostile or broken gets through, and the message says why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from builder.schema import SchemaError, from_dict
from tests.plain_networks import block, linear, network, refusal

HUGE = 10**400
NO_NETWORK = "A network is a JSON object with 'stackyard', 'input' and 'blocks'."
NO_VERSION = "This is no Stackyard network: its 'stackyard' version is missing."
BAD_AXIS = "input: Every axis of the input must have at least 1 position, and fewer than 2³¹."
BAD_ID = "an id is a letter, then up to 39 letters, digits, - or _."
BAD_NAME = "can't be a name: take letters, digits and _, beginning with a letter, as in Python."


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
