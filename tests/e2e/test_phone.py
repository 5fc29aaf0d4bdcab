"""On a phone: no page is wider than the screen, and every page can be used."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.board import Board
from tests.e2e.conftest import PHONE
from tests.e2e.server import Server

WIDTH = """() => {
  const wide = [...document.querySelectorAll("[data-testid=stMain], .stMain, body")]
    .map((element) => element.scrollWidth - element.clientWidth);
  return Math.max(document.scrollingElement.scrollWidth - innerWidth, ...wide);
}"""


@pytest.fixture
def phone(open_page: Callable[..., Page], server: Server) -> Board:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    board = Board(page, server.url).open()
    page.get_by_role("button", name="LeNet-5").first.tap()
    expect(board.card("Linear fc3")).to_have_accessible_name("Linear fc3 N×10")
    board.settled()
    return board


def test_build(phone: Board) -> None:
    assert phone.page.evaluate(WIDTH) <= 0
    phone.card("Conv2d conv1").locator("[data-drag-card]").first.tap()
    expect(phone.field("out_channels")).to_be_visible()
    assert phone.page.evaluate(WIDTH) <= 0


def test_train(phone: Board) -> None:
    phone.page.goto(f"{phone.url}/train?network={phone.network_id}")
    expect(phone.page.get_by_role("button", name="Start")).to_be_enabled()
    expect(phone.page.get_by_role("img", name="Loss and accuracy")).to_be_visible()
    assert phone.page.evaluate(WIDTH) <= 0


def test_export(phone: Board) -> None:
    phone.page.goto(f"{phone.url}/export?network={phone.network_id}")
    for tab in ("model.py", "train.py", "Diagram", "Layers"):
        phone.page.get_by_role("tab", name=tab).click()
        expect(phone.page.get_by_role("tabpanel").get_by_role("button").first).to_be_visible()
        assert phone.page.evaluate(WIDTH) <= 0, tab
