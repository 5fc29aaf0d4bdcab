"""What the tests of the pages share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy

from components import session


@pytest.fixture
def fresh_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that has just started, and a browser without cookies."""
    monkeypatch.setattr(ContextProxy, "cookies", {})
    st.cache_resource.clear()
    yield
    session.store().close()
    st.cache_resource.clear()
