"""Several layers at once: selected, moved, wrapped, copied and pasted, each as one step."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.e2e.board import CARDS, Board

STACK = ["ReLU N×1×8×8", "Tanh N×1×8×8", "Sigmoid N×1×8×8", "GELU N×1×8×8"]


def build(board: Board) -> None:
    """A stack of four activations."""
    for kind in ("ReLU", "Tanh", "Sigmoid", "GELU"):
        board.item(kind).click()
    board.shows(*STACK)
    board.settled()


def choose(board: Board, first: int, last: int) -> None:
    """Select a range by clicks."""
    cards = board.network.locator(CARDS)
    cards.nth(first).locator("[data-drag-card]").first.click()
    cards.nth(last).locator("[data-drag-card]").first.click(modifiers=["Shift"])
    expect(board.network.locator("[aria-current=true]")).to_have_count(last - first + 1)


def test_a_range_is_dragged_into_a_lane_and_back_in_one_step(board: Board) -> None:
    build(board)
    board.item("Branches").click()
    choose(board, 0, 1)
    first = board.network.locator(CARDS).nth(0)
    board.drag(board.head(first), lambda: board.inside("Branches lane 2"))
    board.shows("ReLU N×1×8×8", "Tanh N×1×8×8", within=board.lane("Branches lane 2"))
    board.tool("Undo").click()
    board.shows(*STACK, "Branches N×2×8×8")


def test_wrapped_deleted_and_brought_back(board: Board) -> None:
    build(board)
    choose(board, 1, 2)
    board.tool("Wrap in…").click()
    board.page.get_by_role("button", name="Wrap in Residual").first.click()
    board.shows(STACK[0], "Residual N×1×8×8", STACK[3])
    board.shows(*STACK[1:3], within=board.lane("Residual body"))
    board.tool("Undo").click()
    board.shows(*STACK)
    choose(board, 1, 2)
    board.page.keyboard.press("Delete")
    board.shows(STACK[0], STACK[3])
    board.page.keyboard.press("Control+z")
    board.shows(*STACK)


def test_copied_pasted_and_cut_by_keys(board: Board) -> None:
    build(board)
    choose(board, 0, 1)
    board.page.keyboard.press("Control+c")
    expect(board.said).to_have_text("2 layers copied")
    board.network.locator(CARDS).nth(3).locator("[data-drag-card]").click()
    board.page.keyboard.press("Control+v")
    board.shows(*STACK, *STACK[:2])
    board.page.keyboard.press("Control+x")
    board.shows(*STACK)
    board.tool("Undo").click()
    board.shows(*STACK, *STACK[:2])


def test_what_cannot_be_pasted_says_why(board: Board) -> None:
    build(board)
    text = json.dumps([{"id": "x", "kind": "Conv9d"}])
    board.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    board.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    board.tool("Paste").click()
    expect(board.page.locator(".notice")).to_have_text(
        "Nothing was pasted: block 'x': there is no layer called 'Conv9d'."
    )
    board.shows(*STACK)


def test_keys_are_listed(board: Board) -> None:
    board.page.locator("body").press("?")
    dialog = board.page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    board.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
