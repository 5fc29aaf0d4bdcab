"""Networks as plain data, right but for what a test changes, and how they are refused."""

from __future__ import annotations

import time
from typing import Any

import pytest

from builder.schema import SchemaError, loads


def network(**changes: Any) -> dict[str, Any]:
    return {"stackyard": 1, "input": {"shape": [1, 8, 8]}, "blocks": []} | changes


def block(**changes: Any) -> dict[str, Any]:
    return network(blocks=[{"id": "b1", "kind": "ReLU"} | changes])


def linear(value: object) -> dict[str, Any]:
    return block(kind="Linear", params={"out_features": value})


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
