"""Building with a finger, on a phone and on a tablet."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.board import CARDS, Board
from tests.e2e.conftest import PHONE
from tests.e2e.server import Server

TABLET = {"width": 1100, "height": 900}


@pytest.fixture(params=[PHONE, TABLET], ids=["phone", "tablet"])
def board(request: pytest.FixtureRequest, open_page: Callable[..., Page], server: Server) -> Board:
    page = open_page(viewport=request.param, has_touch=True)
    return Board(page, server.url).open()


def test_from_the_palette(board: Board) -> None:
    board.touch(board.take("Conv2d"), board.end())
    board.shows("Conv2d N×16×6×6")
    board.touch(board.take("Conv1d"), board.above(board.card("Conv2d")))
    first = board.network.locator(CARDS).first
    expect(first).to_have_accessible_name(re.compile("^Conv1d fault: .*N×1×8×8"))


def test_reorder(board: Board) -> None:
    board.item("Conv2d").tap()
    expect(board.card("Conv2d")).to_be_visible()
    board.item("Linear").tap()
    expect(board.card("Linear")).to_be_visible()
    board.settled()
    close(board)
    board.touch(board.head(board.card("Linear")), board.above(board.card("Conv2d")))
    cards = board.network.locator(CARDS)
    expect(cards.nth(0)).to_have_accessible_name(re.compile("^Linear fault: .*N×1×8×8"))
    expect(cards.nth(1)).to_have_accessible_name("Conv2d waits for Linear")


def close(board: Board) -> None:
    """Close the settings, which lie over the stack on a narrow screen."""
    button = board.page.get_by_role("button", name="Close settings")
    if button.is_visible():
        button.tap()
