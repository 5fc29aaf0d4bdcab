"""Nothing is lost: a refresh, a second tab, another browser, a server that stops or is killed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.board import CARDS, Board
from tests.e2e.server import Server

CONV = "Conv2d N×16×6×6"


def test_refresh(board: Board) -> None:
    board.add("Conv2d")
    board.add("Flatten")
    board.shows(CONV, "Flatten N×576")
    board.settled()
    board.page.reload()
    board.ready().shows(CONV, "Flatten N×576")
    board.add("Linear")
    board.shows(CONV, "Flatten N×576", "Linear N×64")


def test_second_tab_and_other_browser(board: Board, open_page: Callable[..., Page]) -> None:
    board.add("Conv2d")
    board.shows(CONV)
    board.settled()
    second = Board(open_page(board.page.context), board.url).open(board.network_id)
    other = Board(open_page(), board.url).open(board.network_id)
    second.shows(CONV)
    other.shows(CONV)
    second.add("ReLU")
    told(board)
    board.shows(CONV, "ReLU N×16×6×6")
    second.add("Tanh")
    board.add("Flatten")
    told(second)
    for each in (board, second, other):
        expect(each.network.locator(CARDS)).to_have_count(4)
    names = [re.compile(f"^{name} N×") for name in board.kinds()]
    for each in (board, second, other):
        each.shows(*names)


def told(board: Board) -> None:
    """Wait for the word that another tab has changed the network; it goes away by itself."""
    expect(board.page.get_by_text("changed in another tab").first).to_be_visible()


def test_new_network_leaves_the_old_one_at_its_link(board: Board) -> None:
    board.add("Conv2d")
    board.shows(CONV)
    board.settled()
    old = board.network_id
    board.page.get_by_role("button", name="New").click()
    board.shows()
    expect(board.page).not_to_have_url(f"{board.url}/?network={old}")
    board.add("Tanh")
    board.shows("Tanh N×1×8×8")
    board.open(old).shows(CONV)


def test_share_shows_the_link(board: Board, open_page: Callable[..., Page]) -> None:
    board.add("Conv2d")
    board.shows(CONV)
    board.page.get_by_role("button", name="Share").click()
    link = board.page.get_by_text(f"?network={board.network_id}").inner_text()
    other = Board(open_page(), board.url)
    other.page.goto(link)
    other.ready().shows(CONV)


@pytest.mark.parametrize("kill", [False, True], ids=["stopped", "killed"])
def test_server_restarts(page: Page, own_server: Server, kill: bool) -> None:
    board = Board(page, own_server.url).open()
    board.add("Conv2d")
    board.add("Flatten")
    board.shows(CONV, "Flatten N×576")
    board.settled()
    own_server.stop(kill)
    own_server.start()
    board.connected()
    board.shows(CONV, "Flatten N×576")
    board.add("Linear")
    board.shows(CONV, "Flatten N×576", "Linear N×64")
    board.settled()
    page.reload()
    board.ready().shows(CONV, "Flatten N×576", "Linear N×64")


def test_an_edit_made_while_the_server_is_away(page: Page, own_server: Server) -> None:
    board = Board(page, own_server.url).open()
    board.add("Conv2d")
    board.shows(CONV)
    board.settled()
    own_server.stop(kill=True)
    board.add("Flatten")
    expect(board.card("Flatten")).to_be_visible()
    own_server.start()
    board.shows(CONV, "Flatten N×576")
    board.settled()
    page.reload()
    board.ready().shows(CONV, "Flatten N×576")


LAYER = {"id": "b1", "kind": "ReLU"}
NETWORK = {"stackyard": 1, "input": {"shape": [1, 8, 8]}, "data": "digits", "blocks": [LAYER]}
HOSTILE = {
    "not JSON": b"import os; os.system('true')",
    "not a network": b"[1, 2, 3]",
    "not text": bytes(range(256)),
    "unknown layer": json.dumps(NETWORK | {"blocks": [{"id": "b1", "kind": "os.system"}]}).encode(),
    "wrong type": json.dumps(NETWORK | {"blocks": "many"}).encode(),
    "same id twice": json.dumps(NETWORK | {"blocks": [LAYER, LAYER]}).encode(),
    "out of range": json.dumps(NETWORK | {"input": {"shape": [10**30, -1]}}).encode(),
    "not a number": json.dumps(
        NETWORK | {"blocks": [{"id": "b1", "kind": "Dropout", "params": {"p": float("nan")}}]}
    ).encode(),
    "10,000 deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "newer version": json.dumps(NETWORK | {"stackyard": 99}).encode(),
    "10 MB": b'"' + b"x" * 10_000_000 + b'"',
}


def test_hostile_files_change_nothing(board: Board, tmp_path: Path) -> None:
    board.add("Conv2d")
    board.shows(CONV)
    board.settled()
    board.page.get_by_role("button", name="Open").click()
    for name, content in HOSTILE.items():
        path = tmp_path / f"{name.replace(' ', '-').replace(',', '')}.json"
        path.write_bytes(content)
        board.page.locator("input[type=file]").set_input_files(path)
        expect(board.page.get_by_text(path.name)).to_be_visible()
        alert = board.page.get_by_test_id("stAlert")
        expect(alert).to_be_visible()
        assert 10 < len(alert.inner_text()) < 600, name
        board.page.get_by_role("button", name="Remove").or_(
            board.page.get_by_test_id("stFileUploaderDeleteBtn").locator("button")
        ).first.click()
        expect(alert).to_have_count(0)
    board.page.keyboard.press("Escape")
    board.shows(CONV)


def test_open_a_file(board: Board, tmp_path: Path) -> None:
    board.add("Conv2d")
    board.shows(CONV)
    path = tmp_path / "network.json"
    path.write_text(json.dumps(NETWORK), encoding="utf-8")
    board.page.get_by_role("button", name="Open").click()
    board.page.locator("input[type=file]").set_input_files(path)
    board.shows("ReLU N×1×8×8")
    board.page.keyboard.press("Escape")
    board.tool("Undo").click()
    board.shows(CONV)


@pytest.mark.parametrize("link", ["x", "..%2F..%2Fetc%2Fpasswd", "n" * 3000, "%F0%9F%92%A9"])
def test_a_link_to_nothing_opens_a_new_network(page: Page, server: Server, link: str) -> None:
    board = Board(page, server.url)
    page.goto(f"{server.url}?network={link}")
    board.ready().shows()
    board.add("Conv2d")
    board.shows(CONV)
