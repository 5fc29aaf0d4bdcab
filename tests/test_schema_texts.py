"""Texts that are no networks, and megabytes of junk: all refused at once, saying why."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from builder.schema import SIZE_LIMIT
from tests.plain_networks import block, linear, network, refusal

NO_NETWORK = "A network is a JSON object with 'stackyard', 'input' and 'blocks'."
TOO_DEEP = "Containers may lie at most 24 deep within one another."
NESTED = "The file is nested too deeply to be a network."
NO_CONSTANT = "The file is not valid JSON: {} is not a number in JSON."


def nested(levels: int) -> str:
    opening = "".join(f'{{"id":"b{n}","kind":"Group","lanes":[[' for n in range(levels))
    return json.dumps(network())[:-2] + opening + "]]}" * levels + "]}"


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
