"""Runs in the browser: two are compared, one is restored, one is deleted."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.board import Board
from tests.e2e.server import Server
from tests.e2e.test_train import SLOW, build, go_to_train, set_epochs

ROW = 35


def sweep(page: Page, values: str) -> None:
    """Try these learning rates and wait until the last run has ended."""
    count = len(values.split())
    page.get_by_text("Try several values").click()
    field = page.get_by_role("textbox", name="Numbers")
    field.fill(values)
    field.press("Enter")
    page.get_by_role("button", name=f"Try {count} values").click()
    expect(page.get_by_role("link", name=f"Compare {count} runs")).to_be_visible()
    expect(page.get_by_text(re.compile("^Done: "))).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name="Start")).to_be_enabled(timeout=SLOW)


def tick(page: Page, *rows: int) -> None:
    """Click the boxes of these rows, which are drawn on a canvas."""
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("canvas").first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    box = table.bounding_box()
    assert box
    for row in rows:
        page.mouse.click(box["x"] + 18, box["y"] + ROW * (row + 1.5))


def test_compare_restore_and_delete(page: Page, server: Server, tmp_path: Path) -> None:
    board = build(page, server, "mlp")
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_text("No runs yet.")).to_be_visible()
    go_to_train(page)
    set_epochs(page, 1)
    sweep(page, "0.1 0.001")
    page.get_by_role("link", name="Compare 2 runs").click()
    expect(page.get_by_text("Tick a run to restore")).to_be_visible()
    tick(page, 0)
    expect(page.get_by_role("button", name="Restore")).to_be_visible()
    tick(page, 1)
    expect(page.get_by_role("button", name="Restore")).to_be_hidden()
    legend = page.locator(".js-plotly-plot .legend").first
    expect(legend).to_contain_text("Run 1, learning rate 0.1")
    expect(legend).to_contain_text("Run 2, learning rate 0.001")
    page.get_by_role("tab", name="Networks").click()
    expect(page.get_by_text("Both runs trained the same network.")).to_be_visible()
    page.get_by_role("tab", name="What leads to what").click()
    expect(page.locator(".js-plotly-plot .xtick").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="TensorBoard log").click()
    download.value.save_as(tmp_path / "log.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "log.zip").read_bytes())) as archive:
        assert sorted(name.split("/")[0] for name in archive.namelist()) == ["Run_1", "Run_2"]
    restore_the_second(page, board)
    take_the_first(page)
    delete_the_first(page)


def restore_the_second(page: Page, board: Board) -> None:
    """After another network has been built, the run's own comes back, and its settings."""
    count = board.network.locator("[data-drag-card]").count
    page.get_by_role("link", name="Build", exact=True).click()
    board.ready()
    before = count()
    board.add("ReLU")
    board.settled()
    assert count() == before + 1
    page.get_by_role("link", name="Runs", exact=True).click()
    tick(page, 1)  # both were ticked, the worse one is below
    expect(page.get_by_role("button", name="Restore")).to_be_visible()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Network and settings are those of Run 2 again.")).to_be_visible()
    page.get_by_role("link", name="Build", exact=True).click()
    board.ready()
    expect(board.network.locator("[data-drag-card]")).to_have_count(before)
    go_to_train(page)
    expect(page.get_by_role("spinbutton", name="Learning rate")).to_have_value("0.001")


def take_the_first(page: Page) -> None:
    """The Export page begins with the run that was asked for, not with the newest."""
    page.get_by_role("link", name="Runs", exact=True).click()
    tick(page, 0)
    expect(page.get_by_text("Tick a run to restore")).to_be_visible()
    tick(page, 1)
    page.get_by_role("button", name="Take code and weights").click()
    chooser = page.get_by_role("combobox", name="What to export")
    expect(chooser).to_have_value(re.compile("^Run 1 of"))


def delete_the_first(page: Page) -> None:
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("button", name="Restore")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete Run 1").click()
    expect(page.get_by_text("Tick a run to restore")).to_be_visible()
    page.get_by_role("textbox", name="Search").fill("0.1")
    page.get_by_role("textbox", name="Search").press("Enter")
    expect(page.get_by_text("No run is like that.")).to_be_visible()
