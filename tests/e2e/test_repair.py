"""Breaking a network and mending it: the fault stands on its layer, the layers behind it wait."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.board import Board

CONV = "Conv2d N×16×6×6"


def select(board: Board, name: str) -> None:
    board.card(name).locator("[data-drag-card]").first.click()


def test_a_missing_flatten(board: Board) -> None:
    for kind in ("Conv2d", "Linear", "ReLU"):
        board.add(kind)
    faulty = board.card("Linear")
    board.shows(CONV, re.compile("^Linear fault: "), "ReLU waits for Linear")
    expect(faulty).to_contain_text("N×16×6×6")
    expect(board.connector("Conv2d")).to_have_text("N×16×6×6")
    expect(board.page.get_by_role("button", name="1 fault")).to_be_visible()
    faulty.get_by_role("button", name="Insert Flatten").click()
    board.shows(CONV, "Flatten N×576", "Linear N×64", "ReLU N×64")
    board.tool("Undo").click()
    board.shows(CONV, re.compile("^Linear fault: "), "ReLU waits for Linear")
    board.tool("Redo").click()
    board.shows(CONV, "Flatten N×576", "Linear N×64", "ReLU N×64")
    expect(board.tool("Redo")).to_be_disabled()


def test_a_pinned_size(board: Board) -> None:
    board.add("Flatten")
    board.add("Linear")
    board.shows("Flatten N×64", "Linear N×64")
    select(board, "Linear")
    expect(board.field("in_features")).to_have_value("64")
    board.field("in_features").fill("100")
    board.field("in_features").press("Enter")
    board.shows("Flatten N×64", re.compile("^Linear fault: .*100.*"))
    expect(board.card("Linear")).to_contain_text("64")
    board.card("Linear").locator(".repair").click()
    board.shows("Flatten N×64", "Linear N×64")
    expect(board.field("in_features")).to_have_value("64")
    board.page.keyboard.press("Control+z")
    expect(board.card("Linear")).to_have_accessible_name(re.compile("fault"))


def test_a_kernel_that_is_too_large(board: Board) -> None:
    board.add("Conv2d")
    board.add("ReLU")
    board.shows(CONV, "ReLU N×16×6×6")
    select(board, "Conv2d")
    board.field("kernel_size").fill("11")
    board.field("kernel_size").press("Enter")
    board.shows(re.compile("^Conv2d fault: .*11.*"), "ReLU waits for Conv2d")
    expect(board.card("Conv2d")).to_contain_text("8")
    board.card("Conv2d").locator(".repair").first.click()
    expect(board.card("Conv2d")).to_have_accessible_name(re.compile("^Conv2d N×16×"))
    expect(board.card("ReLU")).to_have_accessible_name(re.compile("^ReLU N×16×"))


def test_sizes_follow_the_layers_before(board: Board) -> None:
    for kind in ("Conv2d", "BatchNorm2d", "Flatten", "Linear"):
        board.add(kind)
    board.shows(CONV, "BatchNorm2d N×16×6×6", "Flatten N×576", "Linear N×64")
    select(board, "Conv2d")
    board.field("out_channels").fill("4")
    board.field("out_channels").press("Enter")
    board.shows("Conv2d N×4×6×6", "BatchNorm2d N×4×6×6", "Flatten N×144", "Linear N×64")
    select(board, "BatchNorm2d")
    expect(board.field("num_features")).to_have_value("4")
    select(board, "Linear")
    expect(board.field("in_features")).to_have_value("144")


def test_a_fault_in_a_container(board: Board) -> None:
    board.add("Residual")
    board.drag(board.take("Conv2d"), board.inside("Residual body"))
    board.add("ReLU")
    expect(board.card("Residual")).to_have_accessible_name(re.compile("^Residual fault: "))
    expect(board.card("ReLU")).to_have_accessible_name("ReLU waits for Residual")
    select(board, "Conv2d")
    for name, value in {"out_channels": "1", "padding": "1"}.items():
        board.field(name).fill(value)
        board.field(name).press("Enter")
    expect(board.card("Residual")).to_have_accessible_name("Residual N×1×8×8")
    expect(board.card("ReLU")).to_have_accessible_name("ReLU N×1×8×8")
