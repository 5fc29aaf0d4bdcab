"""Text that people have typed, shown as it is where Streamlit would read markdown."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[\\`*\[\]<>~$&|{}]|(?<![^\W_])_|_(?![^\W_])|:(?=\S)|^[#+=-]")
_NUMBERED = re.compile(r"^(\d+)([.)])")


def plain_text(text: str) -> str:
    """The text with what markdown reads as a sign escaped, and its lines made one."""
    line = " ".join(text.split())
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", line))
