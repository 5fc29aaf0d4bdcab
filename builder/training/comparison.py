"""Two networks line by line, as the code that makes them."""

from __future__ import annotations

import difflib

from builder.check import check
from builder.document import Network
from builder.export.script import model_source
from builder.lower import Faulty


def outline(network: Network) -> list[str]:
    """The lines that make the network, each layer's arguments in its line.

    A network with faults, which is not of this version, has a line that says so.
    """
    try:
        return model_source(check(network)).splitlines()
    except Faulty as error:
        return [f"# {error}"]


def compare(before: Network, after: Network, context: int = 3) -> list[str]:
    """What must change to make one network into the other, as lines that begin with +, - or space.

    Only so many lines around each change are among them; equal networks give none.
    """
    lines = difflib.unified_diff(outline(before), outline(after), n=context, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++"))]
