"""The Build page's own widgets, and that a full disk is told on it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from builder.operations import Insert
from builder.store import Store, StoreError

TIMEOUT = 60


pytestmark = pytest.mark.usefixtures("fresh_server")


def page() -> None:
    from components import session
    from components.pages.build import build_page

    session.workspace()
    build_page()


def page_with_an_edit() -> None:
    from builder.operations import Insert
    from components import session
    from components.pages.build import build_page

    if not session.network().blocks:
        session.apply(Insert("ReLU"))
    build_page()


def test_what_is_on_the_page() -> None:
    app = AppTest.from_function(page, default_timeout=TIMEOUT).run()
    assert not app.exception
    assert [button.label for button in app.button] == ["New"]
    assert len(app.warning) == len(app.error) == 0


def test_a_full_disk_is_told_and_the_edit_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(store: Store, *saved: object) -> int:
        raise StoreError("Could not save the network: the disk is full.")

    monkeypatch.setattr(Store, "save_network", refuse)
    app = AppTest.from_function(page_with_an_edit, default_timeout=TIMEOUT).run()
    assert not app.exception
    (warning,) = app.warning
    assert "Could not save the network: the disk is full." in warning.value
    blocks = app.session_state["workspace"].history.present.blocks
    assert [block.kind for block in blocks] == [Insert("ReLU").kind]
