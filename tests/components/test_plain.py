"""What a person has typed reaches the page as text, never as markdown."""

from __future__ import annotations

import pytest

from components.plain import plain_text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Conv2d conv1: 3 of 4 (75.0%).", "Conv2d conv1: 3 of 4 (75.0%)."),
        ("![x](http://a/b.png)", r"!\[x\](http\://a/b.png)"),
        (":red[no] :smile:", r"\:red\[no\] \:smile:"),
        ("$x$ *y* _z_ `w`", r"\$x\$ \*y\* \_z\_ \`w\`"),
        ("out_features __init__", r"out_features \_\_init\_\_"),
        ("a\\", "a\\\\"),
        ("# a\n\n- b", r"\# a - b"),
        ("1. first", r"1\. first"),
        ("<b>&amp;", r"\<b\>\&amp;"),
    ],
)
def test_markdown_is_escaped(text: str, escaped: str) -> None:
    assert plain_text(text) == escaped
