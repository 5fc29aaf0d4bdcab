"""An Inception-style and a U-Net-style network built by dragging, broken and mended by clicks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from builder.catalogue import CATALOGUE
from builder.document import Block, Params, Value
from builder.store import Store
from builder.templates import TEMPLATES
from tests.e2e.board import CARDS, Board
from tests.e2e.server import Server

Outline = tuple[str, Params, tuple[tuple[object, ...], ...]]


def outline(block: Block) -> Outline:
    """A block without its id: kind, what is set, and what it holds."""
    lanes = tuple(tuple(outline(inner) for inner in lane) for lane in block.lanes)
    return block.kind, block.params, lanes


def written(value: Value) -> str:
    """A value as a person types it."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def build_by_dragging(board: Board, blocks: tuple[Block, ...], lane: Locator) -> None:
    """Drag every layer to the end of its lane and set what differs from a fresh one."""
    for number, block in enumerate(blocks):
        board.drag(board.take(block.kind), lambda: end_of(lane))
        cards = lane.locator(CARDS)
        expect(cards).to_have_count(number + 1)
        card = cards.nth(number)
        expect(card).to_have_attribute("aria-current", "true")
        fresh = CATALOGUE[block.kind].initial
        for name, value in block.params:
            if fresh.get(name) != value:
                set_field(board, name, written(value))
        board.settled()  # a fault that appears or goes moves what lies below it
        card_id = card.get_attribute("data-id")
        for index, held in enumerate(block.lanes):
            inner = board.page.locator(f'ul[data-into="{card_id}"][data-lane="{index}"]')
            if not inner.count():
                card.locator(":scope > .card .add-lane").last.click()
            build_by_dragging(board, held, inner)


def end_of(lane: Locator) -> tuple[float, float]:
    """Where something is dropped to come last in a lane."""
    cards = lane.locator(CARDS)
    last = cards.last if cards.count() else lane.locator("xpath=..")
    last.evaluate("(element) => element.scrollIntoView({ block: 'center' })")
    box = last.bounding_box()
    assert box
    y = box["y"] + (box["height"] - 6 if cards.count() else box["height"] / 2)
    return box["x"] + box["width"] / 2, y


def set_field(board: Board, name: str, text: str) -> None:
    board.field(name).fill(text)
    board.field(name).press("Enter")


def choose(board: Board, kind: str, number: int) -> Locator:
    """Select the card of a kind with this number, in the order of the page."""
    card = board.card(re.compile(rf"^{kind} ")).nth(number)
    card.locator("[data-drag-card]").first.click()
    expect(card).to_have_attribute("aria-current", "true")
    return card


def setting(kind: str, number: int, name: str, text: str) -> Callable[[Board], None]:
    """Break a network by one setting."""

    def act(board: Board) -> None:
        choose(board, kind, number)
        set_field(board, name, text)

    return act


def dropping(kind: str, before: str, number: int = 0) -> Callable[[Board], None]:
    """Break a network by a layer in the wrong place."""

    def act(board: Board) -> None:
        card = board.card(re.compile(rf"^{before} ")).nth(number)
        card.scroll_into_view_if_needed()
        board.drag(board.take(kind), lambda: over(card, board))

    return act


def over(card: Locator, board: Board) -> tuple[float, float]:
    card.evaluate("(element) => element.scrollIntoView({ block: 'center' })")
    return board.above(card)


BROKEN: dict[str, tuple[str, Callable[[Board], None], str]] = {
    "a branch that shrinks": ("inception", setting("Conv2d", 3, "padding", "0"), "Branches"),
    "a window larger than its input": (
        "inception",
        setting("MaxPool2d", 0, "kernel_size", "99"),
        "MaxPool2d",
    ),
    "a pooling padded too much": (
        "inception",
        setting("MaxPool2d", 0, "padding", "2"),
        "MaxPool2d",
    ),
    "features pinned to another number": (
        "inception",
        setting("Linear", 0, "in_features", "7"),
        "Linear",
    ),
    "a memory among images": ("inception", dropping("LSTM", "MaxPool2d"), "LSTM"),
    "a stride with padding 'same'": ("inception", setting("Conv2d", 0, "stride", "2"), "Conv2d"),
    "a layer for sequences": ("inception", dropping("Conv1d", "MaxPool2d"), "Conv1d"),
    "an image flattened too early": ("inception", dropping("Flatten", "MaxPool2d"), "MaxPool2d"),
    "a level that comes back too small": ("unet", setting("Conv2d", 1, "padding", "0"), "Skip"),
    "an output padding without a stride": (
        "unet",
        setting("ConvTranspose2d", 0, "output_padding", "2"),
        "ConvTranspose2d",
    ),
    "channels that can't be shuffled": ("unet", dropping("PixelShuffle", "Conv2d"), "PixelShuffle"),
    "a matrix on an image": ("unet", dropping("Linear", "MaxPool2d"), "Linear"),
}


@pytest.mark.parametrize("template", ["inception", "unet"])
def test_build_by_dragging(board: Board, server: Server, template: str) -> None:
    wanted = TEMPLATES[template].network()
    shape = "×".join(map(str, wanted.input.shape))
    board.input_shape.fill(shape)
    board.input_shape.press("Enter")
    build_by_dragging(board, wanted.blocks, board.network)
    board.settled()
    expect(board.page.locator(".faults")).to_have_count(0)
    store = Store(folder=server.home)
    found = store.load_network(board.network_id)
    store.close()
    assert found
    assert tuple(map(outline, found[0].blocks)) == tuple(map(outline, wanted.blocks))


@pytest.mark.parametrize("case", BROKEN)
def test_break_and_mend(board: Board, case: str) -> None:
    template, act, kind = BROKEN[case]
    board.page.get_by_role("button", name=TEMPLATES[template].title).first.click()
    board.settled()
    expect(board.page.locator(".faults")).to_have_count(0)
    act(board)
    faulty = board.card(re.compile(rf"^{kind}( \w+)? fault: ")).first
    expect(faulty).to_be_visible()
    told = faulty.get_attribute("aria-label")
    assert told
    faulty.locator(".repair").first.click()
    board.settled()
    expect(board.network.get_by_label(told, exact=True)).to_have_count(0)
