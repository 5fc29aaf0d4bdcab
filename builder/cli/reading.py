"""Files that a command is given."""

from __future__ import annotations

import sys
from pathlib import Path

from builder.cli.refusal import Refusal
from builder.document import Network
from builder.schema import SIZE_LIMIT, SchemaError, loads


def read_network(path: Path) -> Network:
    """The network in a file, or on standard input for ``-``; Refusal when there is none."""
    try:
        if str(path) == "-":
            text = sys.stdin.buffer.read(SIZE_LIMIT + 1)
        else:
            with path.open("rb") as file:
                text = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise Refusal(f"Can't read {str(path)!r}: {error.strerror or error}.") from None
    if len(text) > SIZE_LIMIT:
        raise Refusal(f"{str(path)!r} is larger than a network may be ({SIZE_LIMIT:,} bytes).")
    try:
        return loads(text)
    except SchemaError as error:
        raise Refusal(f"{str(path)!r} holds no network: {error}") from None
