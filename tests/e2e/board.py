"""The Build page as a person sees and handles it: named cards, a mouse, a finger, keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

CARDS = ":scope > li[data-id]"
"""The cards of a stack or a lane, what lies within them left out."""

Point = tuple[float, float]
Name = str | re.Pattern[str]


@dataclass
class Board:
    """The canvas on a page of the server at ``url``."""

    page: Page
    url: str

    def open(self, network_id: str | None = None) -> Board:
        """Open the Build page: a new network, or the one with this id."""
        self.page.goto(f"{self.url}?network={network_id}" if network_id else self.url)
        return self.ready()

    def ready(self) -> Board:
        """Wait until layers can be added; looks at every frame, as benchmarks need it."""
        self.item("Conv2d").wait_for()
        self.input_shape.wait_for()
        return self

    def connected(self) -> None:
        """Wait until the page has found its server again."""
        expect(self.page.get_by_role("button", name="New")).to_be_enabled(timeout=60_000)

    @property
    def network_id(self) -> str:
        """The id in the page's address, which is there soon after the page."""
        self.page.wait_for_url(re.compile(r"[?&]network=[\w-]+"))
        found = re.search(r"[?&]network=([\w-]+)", self.page.url)
        assert found
        return found[1]

    @property
    def network(self) -> Locator:
        """The stack."""
        return self.page.get_by_role("list", name="Network", exact=True)

    @property
    def input_shape(self) -> Locator:
        """The field with the sizes of one sample."""
        return self.page.get_by_role("textbox", name="Input shape")

    @property
    def said(self) -> Locator:
        """What a screen reader is told."""
        return self.page.locator("[role=status][aria-live=polite]").first

    def item(self, kind: str) -> Locator:
        """A layer in the palette."""
        return self.page.get_by_role("button", name=kind, exact=True)

    def tool(self, name: str) -> Locator:
        """A button of the toolbar."""
        return self.page.get_by_role("toolbar", name="Edit").get_by_role(
            "button", name=name, exact=True
        )

    def card(self, name: Name) -> Locator:
        """The card whose accessible name begins with this."""
        pattern = re.compile(rf"^{re.escape(name)}(\s|$)") if isinstance(name, str) else name
        return self.network.get_by_role("listitem", name=pattern)

    def lane(self, name: str) -> Locator:
        """A container's lane, such as "Branches lane 1"."""
        return self.page.get_by_role("list", name=name, exact=True)

    def field(self, name: str) -> Locator:
        """A setting of the selected layer."""
        settings = self.page.get_by_role("complementary", name="Layer settings")
        return settings.get_by_role("textbox", name=name, exact=True)

    def shows(self, *names: Name, within: Locator | None = None) -> None:
        """Wait until the stack (or a lane) holds just these cards, in this order."""
        cards = (within or self.network).locator(CARDS)
        expect(cards).to_have_count(len(names))
        for index, name in enumerate(names):
            expect(cards.nth(index)).to_have_accessible_name(name)

    def kinds(self) -> list[str]:
        """The kinds of the cards in the stack, as they stand now."""
        return self.network.locator(f"{CARDS} > .card > .head .title b").all_inner_texts()

    def settled(self) -> None:
        """Wait until the server has answered every edit, and the answer is drawn."""
        expect(self.page.locator(".stackyard:not([data-waiting])")).to_be_visible()
        expect(self.page.locator(".entry.touched")).to_have_count(0)
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    def total(self, name: str) -> Locator:
        """A number below the toolbar: "Layers", "Parameters", "Output"."""
        return self.page.locator(".totals dt", has_text=name).locator("xpath=../dd")

    def connector(self, name: Name) -> Locator:
        """The shape shown below a card."""
        return self.card(name).locator(":scope > .connector .shape")

    def head(self, card: Locator) -> Point:
        """Where a card is taken hold of."""
        card.scroll_into_view_if_needed()
        box = card.locator("[data-drag-card]").first.bounding_box()
        assert box
        return box["x"] + min(60, box["width"] / 3), box["y"] + box["height"] / 2

    def above(self, card: Locator) -> Point:
        """Where something is dropped to come before a card."""
        box = card.locator("[data-drag-card]").first.bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + 3

    def end(self) -> Point:
        """Where something is dropped to come last."""
        cards = self.network.locator(CARDS)
        if cards.count() == 0:
            return centre(self.page.locator("[data-area]"))
        cards.last.scroll_into_view_if_needed()
        box = cards.last.bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] - 6

    def inside(self, lane: str) -> Point:
        """Where something is dropped to come last in a lane."""
        return centre(self.lane(lane).locator("xpath=.."))

    def drag(self, start: Point, finish: Point | Callable[[], Point]) -> None:
        """Drag with the mouse from one point to another, as a hand does."""
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        x, y = finish() if callable(finish) else finish
        mouse.move(start[0] + 8, start[1] + 8)
        mouse.move(x, y, steps=12)
        mouse.up()

    def take(self, kind: str) -> Point:
        """Where a layer of the palette is taken hold of."""
        item = self.item(kind)
        item.scroll_into_view_if_needed()
        return centre(item)

    def add(self, kind: str) -> None:
        """Drag a layer from the palette to the end."""
        self.drag(self.take(kind), self.end())

    def touch(self, start: Point, finish: Point, hold: bool = True) -> None:
        """Press with a finger, hold until the layer is picked up, and slide."""
        client = self.page.context.new_cdp_session(self.page)

        def send(kind: str, *points: Point) -> None:
            spots = [{"x": x, "y": y} for x, y in points]
            client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

        send("touchStart", start)
        if hold:
            expect(self.said).to_contain_text("picked up")
        for step in range(1, 13):
            share = step / 12
            send(
                "touchMove",
                (
                    start[0] + (finish[0] - start[0]) * share,
                    start[1] + (finish[1] - start[1]) * share,
                ),
            )
        send("touchEnd")
        client.detach()


def centre(element: Locator) -> Point:
    """The middle of an element."""
    box = element.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
