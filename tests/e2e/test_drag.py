"""Building with the mouse: from the palette, within the stack, into and out of containers."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.board import Board, centre

CONV = "Conv2d N×16×6×6"


def test_build_a_cnn(board: Board) -> None:
    for kind in ("Conv2d", "ReLU", "Flatten", "Linear"):
        board.add(kind)
    board.shows(CONV, "ReLU N×16×6×6", "Flatten N×576", "Linear N×64")
    board.drag(board.take("MaxPool2d"), board.above(board.card("Flatten")))
    board.shows(CONV, "ReLU N×16×6×6", "MaxPool2d N×16×3×3", "Flatten N×144", "Linear N×64")
    expect(board.connector("Conv2d")).to_have_text("N×16×6×6")
    expect(board.connector("Linear")).to_have_text("N×64")
    expect(board.card("Conv2d")).to_contain_text("160 params")
    expect(board.card("Linear")).to_contain_text("9.3 k params")
    expect(board.total("Layers")).to_have_text("5")
    expect(board.total("Parameters")).to_have_text("9,440")
    expect(board.total("Output")).to_have_text("N×64")
    expect(board.page.get_by_text("must end in N×10")).to_be_visible()
    board.page.get_by_role("button", name="Set out_features of Linear to 10").click()
    expect(board.card("Linear")).to_have_accessible_name("Linear N×10")
    expect(board.page.get_by_text("must end in N×10")).to_have_count(0)


def test_reorder(board: Board) -> None:
    for kind in ("Conv2d", "ReLU", "Tanh"):
        board.add(kind)
    board.shows(CONV, "ReLU N×16×6×6", "Tanh N×16×6×6")
    board.drag(board.head(board.card("Tanh")), board.above(board.card("Conv2d")))
    board.shows("Tanh N×1×8×8", CONV, "ReLU N×16×6×6")
    expect(board.said).to_have_text(re.compile("^Tanh moved. Before Conv2d, position 1 of 3"))
    board.drag(board.head(board.card("Tanh")), board.end())
    board.shows(CONV, "ReLU N×16×6×6", "Tanh N×16×6×6")


def test_escape_and_elsewhere_put_back(board: Board) -> None:
    board.add("Conv2d")
    board.add("ReLU")
    board.shows(CONV, "ReLU N×16×6×6")
    mouse = board.page.mouse
    mouse.move(*board.head(board.card("ReLU")))
    mouse.down()
    mouse.move(*board.above(board.card("Conv2d")), steps=8)
    board.page.keyboard.press("Escape")
    mouse.up()
    board.shows(CONV, "ReLU N×16×6×6")
    board.drag(board.take("Tanh"), centre(board.item("Linear")))
    expect(board.said).to_have_text("Put back")
    board.shows(CONV, "ReLU N×16×6×6")


def test_into_and_out_of_containers(board: Board) -> None:
    board.add("Conv2d")
    board.add("Branches")
    board.shows(CONV, re.compile("^Branches"))
    board.drag(board.take("ReLU"), board.inside("Branches lane 1"))
    board.shows("ReLU N×16×6×6", within=board.lane("Branches lane 1"))
    board.drag(board.take("Tanh"), board.inside("Branches lane 2"))
    board.shows("Tanh N×16×6×6", within=board.lane("Branches lane 2"))
    board.shows(CONV, "Branches N×32×6×6")
    board.drag(board.head(board.card("Tanh")), lambda: board.above(board.card("ReLU")))
    board.shows("Tanh N×16×6×6", "ReLU N×16×6×6", within=board.lane("Branches lane 1"))
    board.shows(within=board.lane("Branches lane 2"))
    board.drag(board.head(board.card("ReLU")), board.above(board.card("Conv2d")))
    board.shows("ReLU N×1×8×8", CONV, "Branches N×32×6×6")
    board.drag(board.head(board.card("Conv2d")), lambda: board.inside("Branches lane 2"))
    board.shows("ReLU N×1×8×8", re.compile("^Branches"))
    board.shows(re.compile("^Conv2d"), within=board.lane("Branches lane 2"))


def test_a_container_moves_with_all_it_holds(board: Board) -> None:
    board.add("ReLU")
    board.add("Residual")
    board.drag(board.take("Tanh"), board.inside("Residual body"))
    board.shows("ReLU N×1×8×8", "Residual N×1×8×8")
    board.drag(board.head(board.card("Residual")), board.above(board.card("ReLU")))
    board.shows("Residual N×1×8×8", "ReLU N×1×8×8")
    board.shows("Tanh N×1×8×8", within=board.lane("Residual body"))
    board.tool("Delete").click()
    board.shows("ReLU N×1×8×8")


def test_ten_drops_within_a_second(board: Board) -> None:
    """Ten real drags as fast as the mouse goes: none lost, all in their order."""
    kinds = ["ReLU", "Tanh", "Sigmoid", "GELU", "Softmax"] * 2
    mouse = board.page.mouse
    x, y = board.end()
    for kind in ("ReLU", "Softmax"):  # all of them stand in between
        board.item(kind).scroll_into_view_if_needed()
    for kind in kinds:
        mouse.move(*centre(board.item(kind)))
        mouse.down()
        mouse.move(x, y)
        mouse.move(x, 880)
        mouse.up()
    board.shows(*[f"{kind} N×1×8×8" for kind in kinds])
    expect(board.page.get_by_text("another tab")).to_have_count(0)
    board.page.reload()
    board.ready()
    board.shows(*[f"{kind} N×1×8×8" for kind in kinds])
