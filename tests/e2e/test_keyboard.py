"""Building by keyboard alone, with all that happens said in the live region."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.board import Board

CONV = "Conv2d N×16×6×6"


def add(board: Board, kind: str) -> None:
    board.item(kind).focus()
    board.page.keyboard.press("Enter")
    expect(board.card(kind).last).to_be_visible()


def focus(board: Board, name: str) -> None:
    board.card(name).focus()


def test_build_and_reorder(board: Board) -> None:
    for kind in ("Conv2d", "ReLU", "Flatten"):
        add(board, kind)
    board.shows(CONV, "ReLU N×16×6×6", "Flatten N×576")
    keys = board.page.keyboard
    focus(board, "Flatten")
    keys.press("Space")
    expect(board.said).to_contain_text("Flatten lifted. At the end, position 3 of 3 in Network")
    keys.press("ArrowUp")
    expect(board.said).to_contain_text("Before ReLU, position 2 of 3")
    keys.press("ArrowUp")
    expect(board.said).to_contain_text("Before Conv2d, position 1 of 3")
    keys.press("ArrowDown")
    keys.press("Space")
    board.shows(CONV, "Flatten N×576", "ReLU N×576")
    expect(board.card("Flatten")).to_be_focused()
    keys.press("Alt+ArrowDown")
    board.shows(CONV, "ReLU N×16×6×6", "Flatten N×576")


def test_escape_puts_back(board: Board) -> None:
    add(board, "Conv2d")
    add(board, "ReLU")
    board.shows(CONV, "ReLU N×16×6×6")
    focus(board, "ReLU")
    for key in ("Space", "ArrowUp", "Escape"):
        board.page.keyboard.press(key)
    expect(board.said).to_contain_text("ReLU put back")
    board.shows(CONV, "ReLU N×16×6×6")


def test_into_and_out_of_a_container(board: Board) -> None:
    add(board, "Residual")
    add(board, "Tanh")
    board.shows(re.compile("^Residual"), "Tanh N×1×8×8")
    focus(board, "Tanh")
    keys = board.page.keyboard
    keys.press("Space")
    keys.press("ArrowUp")
    expect(board.said).to_contain_text("in Residual body")
    keys.press("Space")
    board.shows("Tanh N×1×8×8", within=board.lane("Residual body"))
    board.shows("Residual N×1×8×8")
    expect(board.card("Tanh")).to_be_focused()
    keys.press("Space")
    keys.press("ArrowUp")
    expect(board.said).to_contain_text("Before Residual")
    keys.press("Space")
    board.shows("Tanh N×1×8×8", re.compile("^Residual"))


def test_walk_delete_and_take_back(board: Board) -> None:
    for kind in ("Conv2d", "ReLU", "Tanh"):
        add(board, kind)
    keys = board.page.keyboard
    focus(board, "Tanh")
    keys.press("ArrowUp")
    expect(board.card("ReLU")).to_be_focused()
    keys.press("Delete")
    board.shows(CONV, "Tanh N×16×6×6")
    expect(board.said).to_contain_text("ReLU deleted")
    keys.press("Control+z")
    board.shows(CONV, "ReLU N×16×6×6", "Tanh N×16×6×6")
    keys.press("Control+Shift+z")
    board.shows(CONV, "Tanh N×16×6×6")
    keys.press("Control+z")
    board.shows(CONV, "ReLU N×16×6×6", "Tanh N×16×6×6")


def test_search(board: Board) -> None:
    keys = board.page.keyboard
    keys.press("/")
    search = board.page.get_by_role("searchbox", name="Search layers")
    expect(search).to_be_focused()
    keys.type("batch")
    expect(board.item("BatchNorm2d")).to_be_visible()
    expect(board.item("Conv2d")).to_have_count(0)
    search.fill("dense")
    expect(board.item("Linear")).to_be_visible()
    keys.press("Enter")
    expect(board.card("Linear")).to_be_visible()
    search.fill("no such layer")
    expect(board.page.get_by_text("No layer matches “no such layer”.")).to_be_visible()
    keys.press("Escape")
    expect(board.item("Conv2d")).to_be_visible()
