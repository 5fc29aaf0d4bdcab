"""A run gone through batch by batch, and the charts beside the loss."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.server import Server
from tests.e2e.test_train import SLOW, build, go_to_train, set_epochs


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def chart(page: Page, title: str) -> Locator:
    return page.get_by_role("img", name=re.compile(f"^{title} after batch"))


def test_step_through_resume_pause_and_stop(page: Page, server: Server) -> None:
    build(page, server, "mlp")
    go_to_train(page)
    set_epochs(page, 900)
    press(page, "Step")
    expect(page.get_by_text("Paused before the first batch")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name="Pause")).to_be_disabled()
    press(page, "Step")
    expect(page.get_by_text("What happened in batch 1", exact=True)).to_be_visible()
    expect(page.get_by_text("there were no gradients yet to throw away")).to_be_visible()
    press(page, "Step")
    expect(page.get_by_text("What happened in batch 2", exact=True)).to_be_visible()
    parts = page.get_by_role("listitem").filter(has_text=re.compile(r"^[a-zA-Z_]+: "))
    said = [
        "Feed: 64 samples went through the network.",
        re.compile(r"^Loss: how far its answers were from the targets: [12]\.\d+\.$"),
        re.compile(r"^zero_grad: threw away .* of norm [\d.]+: none are left\.$"),
        re.compile(r"^backward: computed new ones, of norm [\d.]+\.$"),
        re.compile(r"^step: with a learning rate of 0\.001, Linear .* changed most .* weights\.$"),
    ]
    expect(parts).to_have_text(said)
    expect(page.get_by_text(re.compile("^Paused after 2 batches of"))).to_be_visible()
    press(page, "Resume")
    expect(page.get_by_text(re.compile(r"^Epoch \d+ of 900"))).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("What happened in batch 2")).to_be_hidden()
    press(page, "Pause")
    expect(page.get_by_role("button", name="Resume")).to_be_enabled()
    expect(page.get_by_text(re.compile("^Paused after"))).to_be_visible()
    press(page, "Stop")
    expect(page.get_by_text(re.compile("^Stopped: "))).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_enabled()


def test_every_chart_follows_the_run(page: Page, server: Server) -> None:
    build(page, server, "mlp")
    go_to_train(page)
    set_epochs(page, 900)
    press(page, "Start")
    for tab, title in (("Speed", "Samples per second"), ("Learning rate", "Learning rate")):
        page.get_by_role("radio", name=tab).click()
        expect(chart(page, title)).to_be_visible(timeout=SLOW)
    page.get_by_role("radio", name="Layers").click()
    gradients = chart(page, "Gradient norm")
    expect(gradients).to_have_attribute("aria-label", re.compile(r"Linear \S+ [\d.e-]+$"))
    before = gradients.get_attribute("aria-label") or ""
    expect(gradients).not_to_have_attribute("aria-label", before)
    lines = page.locator(".js-plotly-plot .scatterlayer path.js-line")
    count = page.get_by_role("group", name="Lines shown").get_by_role("button").count()
    assert count > 1
    expect(lines).to_have_count(count)
    page.get_by_role("group", name="Lines shown").get_by_role("button").first.click()
    expect(lines).to_have_count(count - 1)
    page.get_by_role("radio", name="Loss").click()
    expect(page.get_by_role("img", name=re.compile("^Loss and accuracy after"))).to_be_visible()
    press(page, "Stop")
    expect(page.get_by_text(re.compile("^Stopped: "))).to_be_visible()
