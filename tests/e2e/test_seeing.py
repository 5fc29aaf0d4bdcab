"""A sample on the cards: switched on, stepped through, following each edit, switched off."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from builder.templates import TEMPLATES
from tests.e2e.board import Board

CONV1 = "Conv2d conv1"


def strip(board: Board, name: str) -> Locator:
    """The strip of a card."""
    return board.card(name).locator(":scope > .card > button.strip")


def pictures(board: Board) -> list[str]:
    """What all strips show, once they are those of what is on show."""
    expect(board.page.locator(".stackyard:not([data-old])")).to_be_visible()
    maps = board.page.locator("button.strip .map")
    return [str(each) for each in maps.evaluate_all("maps => maps.map(m => m.style.cssText)")]


def start(board: Board) -> None:
    board.page.get_by_role("button", name=TEMPLATES["lenet5"].title).first.click()
    board.settled()
    board.tool("See a sample").click()


def test_strips_follow_every_edit(board: Board) -> None:
    start(board)
    before = pictures(board)
    expect(board.page.locator("button.strip")).to_have_count(13)
    expect(strip(board, CONV1)).to_have_accessible_name(
        "6 feature maps of Conv2d conv1, 28×28; enlarge"
    )
    expect(board.page.locator(".sample")).to_contain_text("Label 0")
    board.card(CONV1).locator("[data-drag-card]").click()
    board.field("out_channels").fill("12")
    board.field("out_channels").press("Enter")
    expect(strip(board, CONV1)).to_have_accessible_name(
        "8 of 12 feature maps of Conv2d conv1, 28×28; enlarge"
    )
    after = pictures(board)
    assert len(before) > 40
    assert not set(before[1:]) & set(after[1:])  # all but the sample itself
    board.field("kernel_size").first.fill("99")
    board.field("kernel_size").first.press("Enter")
    expect(board.page.locator("button.strip")).to_have_count(1)
    board.tool("See a sample").click()
    expect(board.page.locator(".strip, .sample")).to_have_count(0)


def test_another_sample_and_a_larger_picture(board: Board) -> None:
    start(board)
    first = pictures(board)
    board.page.get_by_role("button", name="Next sample").click()
    expect(board.page.locator(".sample")).to_contain_text("Label 1")
    assert pictures(board)[0] != first[0]
    board.page.get_by_role("button", name="Previous sample").click()
    expect(board.page.locator(".sample")).to_contain_text("Label 0")
    assert pictures(board) == first
    strip(board, CONV1).click()
    dialog = board.page.get_by_role("dialog")
    expect(dialog).to_have_accessible_name("6 feature maps of Conv2d conv1, 28×28")
    dialog.get_by_role("link", name=re.compile("Inspect page")).click()
    expect(board.page.get_by_text("Conv2d conv1").first).to_be_visible()
