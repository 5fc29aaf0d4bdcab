"""The Learn page in a browser: the window moves with the slider, the link opens the layer."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE
from tests.e2e.server import Server
from tests.e2e.test_phone import WIDTH


def test_the_sum_follows_the_slider(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/learn?layer=Conv2d")
    written = page.get_by_test_id("stCode").first
    expect(written).to_contain_text("(bias)")
    expect(page.locator(".js-plotly-plot")).to_have_count(5)
    before = written.inner_text()
    page.get_by_role("slider", name="Row").focus()
    page.keyboard.press("ArrowRight")
    expect(written).not_to_have_text(before)
    page.get_by_role("tab", name="Code").click()
    expect(page.get_by_text("nn.Conv2d(1, 2, kernel_size=3, padding=1)")).to_be_visible()


def test_a_layer_is_found_by_typing(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/learn")
    page.get_by_role("combobox", name="Layer").click()
    page.keyboard.type("GroupNorm")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("layer=GroupNorm"))
    expect(page.get_by_text("channels, height and width").first).to_be_visible()


def test_a_phone_shows_it_all(open_page: Callable[..., Page], server: Server) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    for layer in ("Conv2d", "GroupNorm", "Linear"):
        page.goto(f"{server.url}/learn?layer={layer}")
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
        assert page.evaluate(WIDTH) <= 0
        page.get_by_role("tab", name="Reference").click()
        expect(page.get_by_role("table")).to_be_visible()
        assert page.evaluate(WIDTH) <= 0
