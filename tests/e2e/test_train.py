"""Training in the browser: live curves, stop, refresh in mid-run, results, and what goes wrong."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from builder.store import Store
from builder.templates import TEMPLATES
from tests.e2e.board import CARDS, Board
from tests.e2e.server import Server
from tests.training.waiting import wait_until

SLOW = 120_000
"""Milliseconds that a whole run may take on a busy machine."""


def build(page: Page, server: Server, template: str) -> Board:
    """A new network from a template."""
    board = Board(page, server.url).open()
    page.get_by_role("button", name=TEMPLATES[template].title).first.click()
    count = len(TEMPLATES[template].network().blocks)
    expect(board.network.locator(CARDS)).to_have_count(count)
    board.settled()
    return board


def go_to_train(page: Page) -> None:
    page.get_by_role("link", name="Train", exact=True).click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()


def set_epochs(page: Page, epochs: int) -> None:
    field = page.get_by_role("spinbutton", name="Epochs")
    field.fill(str(epochs))
    field.press("Enter")
    expect(field).to_have_value(str(epochs))


def start(page: Page) -> None:
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("button", name="Stop")).to_be_enabled()


def curves(page: Page) -> Locator:
    return page.get_by_role("img", name=re.compile("^Loss and "))


def runs_on(page: Page) -> None:
    """Wait until the run of 900 epochs is well on its way."""
    some = re.compile(r"Epoch ([3-9]|\d\d+) of 900")
    expect(page.get_by_text(some)).to_be_visible(timeout=SLOW)


def saved(server: Server, network_id: str) -> str:
    """What the store holds of the newest run's events; they are saved once a second."""
    store = Store(folder=server.home)
    try:
        return "".join(store.load_events(store.list_runs(network_id)[0].id))
    finally:
        store.close()


def has_curves(page: Page) -> None:
    expect(curves(page)).to_have_attribute("aria-label", re.compile("after batch [1-9]"))
    expect(page.locator(".js-plotly-plot .scatterlayer path.js-line").first).to_be_attached()


@pytest.mark.parametrize("template", ["mlp", "lenet5"])
def test_train_on_digits(page: Page, server: Server, template: str) -> None:
    build(page, server, template)
    go_to_train(page)
    expect(page.get_by_text("1,797 handwritten digits")).to_be_visible()
    start(page)
    has_curves(page)
    done = page.get_by_text(re.compile(r"Done: .*validation accuracy")).first
    expect(done).to_be_visible(timeout=SLOW)
    found = re.search(r"validation accuracy ([\d.]+)", done.inner_text())
    assert found
    assert float(found[1]) > 90
    expect(curves(page)).to_have_attribute("aria-label", re.compile("after epoch 10 of 10"))
    expect(page.get_by_role("heading", name="Confusion matrix")).to_be_visible()
    expect(page.locator("[data-testid=stPlotlyChart] .js-plotly-plot").last).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_enabled()


def test_stop_and_refresh_in_mid_run(
    page: Page, server: Server, open_page: Callable[..., Page]
) -> None:
    board = build(page, server, "mlp")
    go_to_train(page)
    set_epochs(page, 900)
    start(page)
    expect(
        page.get_by_text(re.compile(r"Epoch \d+ of 900 .* left .* samples per second"))
    ).to_be_visible(timeout=SLOW)
    page.reload()
    runs_on(page)
    has_curves(page)
    other = open_page()
    other.goto(f"{server.url}/train?network={board.network_id}")
    runs_on(other)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text(re.compile("^Stopped: "))).to_be_visible()
    expect(other.get_by_text(re.compile("^Stopped: "))).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_enabled()
    page.reload()
    expect(page.get_by_text(re.compile("^Stopped: "))).to_be_visible()
    has_curves(page)


def test_a_killed_worker_is_told(page: Page, own_server: Server) -> None:
    build(page, own_server, "mlp")
    go_to_train(page)
    set_epochs(page, 900)
    start(page)
    runs_on(page)
    workers = [
        pid for pid, command in own_server.processes().items() if "training.worker" in command
    ]
    assert workers
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    expect(page.get_by_text(re.compile("^Failed after "))).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    set_epochs(page, 1)
    start_again = page.get_by_role("button", name="Start")
    expect(start_again).to_be_enabled()
    start_again.click()
    expect(page.get_by_text(re.compile("^Done: "))).to_be_visible(timeout=SLOW)


def test_a_server_killed_in_mid_run(page: Page, own_server: Server) -> None:
    board = build(page, own_server, "mlp")
    network_id = board.network_id
    go_to_train(page)
    set_epochs(page, 900)
    start(page)
    runs_on(page)
    has_curves(page)
    wait_until(
        lambda: '"event": "epoch"' in saved(own_server, network_id), "an epoch has been saved"
    )
    own_server.stop(kill=True)
    own_server.start()
    page.goto(f"{own_server.url}/train?network={network_id}")
    expect(page.get_by_text(re.compile("^Interrupted after "))).to_be_visible(timeout=SLOW)
    has_curves(page)
    expect(page.get_by_role("button", name="Start")).to_be_enabled()


def test_what_cannot_be_trained_is_refused_with_its_repair(board: Board) -> None:
    page = board.page
    go_to_train(page)
    expect(page.get_by_text("The network has no layers yet")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_disabled()
    page.get_by_role("link", name="Go to the Build page").click()
    board.ready()
    board.add("Conv2d")
    board.add("Linear")
    expect(board.card("Linear")).to_have_accessible_name(re.compile("fault"))
    board.settled()
    go_to_train(page)
    expect(page.get_by_text("The network has a fault:")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_disabled()
    page.get_by_role("link", name="Build", exact=True).click()
    board.card("Linear").locator(".repair").first.click()
    board.shows("Conv2d N×16×6×6", "Flatten N×576", "Linear N×64")
    board.settled()
    go_to_train(page)
    page.get_by_role("button", name="Set out_features of Linear to 10").click()
    expect(page.get_by_role("button", name="Start")).to_be_enabled()


def test_a_layer_too_large_for_the_machine_is_refused(board: Board) -> None:
    board.add("Flatten")
    board.add("Linear")
    board.add("Linear")
    board.shows("Flatten N×64", "Linear N×64", "Linear N×64")
    board.card("Linear").first.locator("[data-drag-card]").click()
    board.field("out_features").fill("1000000000")
    board.field("out_features").press("Enter")
    board.shows("Flatten N×64", "Linear N×1000000000", "Linear N×64")
    board.page.get_by_role("button", name=re.compile("^Set out_features of Linear")).click()
    board.shows("Flatten N×64", "Linear N×1000000000", "Linear N×10")
    board.settled()
    go_to_train(board.page)
    expect(board.page.get_by_text("Training needs")).to_be_visible()
    expect(board.page.get_by_role("button", name="Start")).to_be_disabled()
