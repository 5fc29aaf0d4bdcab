"""The doctor in the browser: a run that explodes, the click that mends it, a run that is well."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.server import Server
from tests.e2e.test_train import SLOW, build, go_to_train, set_epochs


def test_a_rate_far_too_large_is_told_and_mended_by_a_click(page: Page, server: Server) -> None:
    build(page, server, "mlp")
    go_to_train(page)
    set_epochs(page, 4)
    rate = page.get_by_role("spinbutton", name="Learning rate")
    rate.fill("1000")
    rate.press("Enter")
    expect(rate).to_have_value("1000")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Done: 4 epochs")).to_be_visible(timeout=SLOW)
    title = page.get_by_text("The loss explodes", exact=True)
    expect(title).to_be_visible()
    expect(page.get_by_text("with a learning rate of 1,000.")).to_be_visible()

    page.get_by_role("button", name="Set the learning rate to 0.01").click()
    expect(page.get_by_text("Start again to see the difference.")).to_be_visible()
    expect(rate).to_have_value("0.01")
    expect(page.get_by_role("spinbutton", name="Epochs")).to_have_value("4")

    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Nothing wrong found.", exact=False)).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Done: 4 epochs")).to_be_visible(timeout=SLOW)
    expect(title).to_have_count(0)


def test_while_a_run_goes_on_a_click_stops_it_and_mends_the_recipe(
    page: Page, server: Server
) -> None:
    build(page, server, "mlp")
    go_to_train(page)
    set_epochs(page, 900)
    rate = page.get_by_role("spinbutton", name="Learning rate")
    rate.fill("1000")
    rate.press("Enter")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="What to do").click(timeout=SLOW)
    page.get_by_role("button", name="Set the learning rate to 0.01").click()
    expect(page.get_by_text("Stopped:")).to_be_visible(timeout=SLOW)
    expect(rate).to_have_value("0.01")
    expect(rate).to_be_enabled()
    expect(page.get_by_text("Start again to see the difference.")).to_be_visible()
