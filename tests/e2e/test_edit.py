"""Templates, the input, and what the toolbar does."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from builder.check import check
from builder.templates import TEMPLATES
from tests.e2e.board import CARDS, Board

CONV = "Conv2d N×16×6×6"


@pytest.mark.parametrize("name", TEMPLATES)
def test_template(board: Board, name: str) -> None:
    template = TEMPLATES[name]
    board.page.get_by_role("button", name=template.title).first.click()
    report = check(template.network())
    names = [f"{block.label} {report.blocks[block.id].output}" for block in report.network.blocks]
    board.shows(*names)
    expect(board.total("Parameters")).to_have_text(f"{report.parameters:,}")
    expect(board.input_shape).to_have_value("×".join(map(str, template.input)))


def test_another_template_from_the_menu_is_one_step(board: Board) -> None:
    board.add("ReLU")
    board.shows("ReLU N×1×8×8")
    board.page.get_by_role("button", name="Templates").click()
    board.page.get_by_role("button", name="MLP").click()
    expect(board.network.locator(CARDS)).to_have_count(6)
    expect(board.card("Flatten")).to_have_accessible_name("Flatten N×784")
    board.tool("Undo").click()
    board.shows("ReLU N×1×8×8")


def test_typed_shape(board: Board) -> None:
    board.add("Conv2d")
    board.shows(CONV)
    board.input_shape.fill("3 x 32 x 32")
    board.input_shape.press("Enter")
    board.shows("Conv2d N×16×30×30")
    expect(board.input_shape).to_have_value("3×32×32")
    board.input_shape.fill("3×nothing")
    expect(board.input_shape).to_have_attribute("aria-invalid", "true")
    board.input_shape.press("Enter")
    board.shows("Conv2d N×16×30×30")
    board.input_shape.press("Escape")
    board.input_shape.fill("12")
    board.input_shape.press("Enter")
    board.shows(re.compile("^Conv2d fault: "))


def test_data_set_as_input(board: Board) -> None:
    board.add("Linear")
    board.page.get_by_role("combobox", name="Input data").select_option("iris")
    board.shows("Linear N×64")
    expect(board.input_shape).to_have_value("4")
    board.page.get_by_role("button", name="Set out_features of Linear to 3").click()
    board.shows("Linear N×3")
    board.page.get_by_role("combobox", name="Input data").select_option("Typed shape")
    board.shows("Linear N×3")


def test_duplicate_rename_bypass_delete_clear(board: Board) -> None:
    board.add("Conv2d")
    board.shows(CONV)
    board.tool("Rename").click()
    expect(board.field("Name")).to_be_focused()
    board.field("Name").fill("conv1")
    board.field("Name").press("Enter")
    board.shows("Conv2d conv1 N×16×6×6")
    board.tool("Duplicate").click()
    board.shows("Conv2d conv1 N×16×6×6", "Conv2d N×16×4×4")
    board.tool("Bypass").click()
    board.shows("Conv2d conv1 N×16×6×6", "Conv2d N×16×6×6 switched off")
    board.tool("Bypass").click()
    board.shows("Conv2d conv1 N×16×6×6", "Conv2d N×16×4×4")
    board.tool("Delete").click()
    board.shows("Conv2d conv1 N×16×6×6")
    board.tool("Clear").click()
    board.shows()
    expect(board.page.get_by_text("Drag a layer here")).to_be_visible()
    board.tool("Undo").click()
    board.shows("Conv2d conv1 N×16×6×6")


def test_a_name_that_python_forbids(board: Board) -> None:
    board.add("Conv2d")
    board.shows(CONV)
    board.tool("Rename").click()
    board.field("Name").fill("two words")
    expect(board.field("Name")).to_have_attribute("aria-invalid", "true")
    board.field("Name").fill("class")
    board.field("Name").press("Enter")
    expect(board.page.get_by_role("alert").or_(board.page.locator(".notice")).first).to_be_visible()
    board.settled()
    board.shows(CONV)


def test_every_argument_can_be_set(board: Board) -> None:
    board.add("Conv2d")
    board.shows(CONV)
    settings = board.page.get_by_role("complementary", name="Layer settings")
    settings.get_by_role("button", name="More").click()
    for name in ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation"):
        expect(settings.locator(f"[data-parameter={name}]")).to_be_visible()
    for name in ("groups", "bias", "padding_mode"):
        expect(settings.locator(f"[data-parameter={name}]")).to_be_visible()
    board.field("stride").fill("2")
    board.field("stride").press("Enter")
    board.shows("Conv2d N×16×3×3")
    settings.get_by_role("button", name="Reset stride").click()
    board.shows(CONV)


def test_container_lanes(board: Board) -> None:
    board.add("Branches")
    expect(board.lane("Branches lane 2")).to_be_attached()
    board.page.get_by_role("button", name="Add branch").click()
    expect(board.lane("Branches lane 3")).to_be_attached()
    board.page.get_by_role("button", name="Remove Branches lane 3").click()
    expect(board.lane("Branches lane 3")).to_have_count(0)
    board.page.get_by_role("button", name="Fold Branches", exact=True).click()
    expect(board.lane("Branches lane 1")).to_have_count(0)
    board.page.get_by_role("button", name="Unfold Branches", exact=True).click()
    expect(board.lane("Branches lane 1")).to_be_attached()
