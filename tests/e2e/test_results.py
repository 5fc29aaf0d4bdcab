"""The results of a run in the browser: a drawn digit, a moving boundary, a test set."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from builder.datasets import DATA_SETS, arrays
from builder.document import Network
from builder.store import Store
from tests.e2e.server import Server
from tests.e2e.test_train import SLOW, curves, has_curves, set_epochs, start
from tests.results.trained import LENET, table
from tests.training.waiting import wait_until

DONE = re.compile(r"^Done: ")
FOUR = [[(160, 45), (70, 170), (215, 170)], [(165, 105), (165, 240)]]
"""Strokes on a pad of 280 × 280."""


def train(page: Page, epochs: int) -> None:
    set_epochs(page, epochs)
    start(page)
    expect(page.get_by_text(DONE).first).to_be_visible(timeout=SLOW)


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def open_with(page: Page, server: Server, network_id: str, network: Network) -> None:
    """The Train page of a network that the store has already."""
    store = Store(folder=server.home)
    store.save_network(network_id, network, 0)
    store.close()
    page.goto(f"{server.url}/train?network={network_id}")
    expect(page.get_by_role("button", name="Start")).to_be_enabled(timeout=SLOW)


def draw(page: Page, pad: Locator, strokes: list[list[tuple[int, int]]]) -> None:
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    scale = box["width"] / 280
    for first, *more in strokes:
        page.mouse.move(box["x"] + scale * first[0], box["y"] + scale * first[1])
        page.mouse.down()
        for x, y in more:
            page.mouse.move(box["x"] + scale * x, box["y"] + scale * y, steps=4)
        page.mouse.up()


def test_a_drawn_digit_is_recognised(page: Page, server: Server) -> None:
    open_with(page, server, "a-network-for-drawn-digit", LENET)
    train(page, 10)
    expect(page.get_by_role("heading", name="Confusion matrix")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\d → \d · \d+%$")).first).to_be_visible()
    open_tab(page, "Own input")
    pad = page.get_by_label("Drawing pad")
    draw(page, pad, FOUR)
    expect(page.get_by_text(re.compile("^Taken for 4, "))).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("What the network makes of it appears here.")).to_be_visible()
    pad.focus()
    pad.press("Space")
    for _ in range(20):
        pad.press("ArrowDown")
    pad.press("Space")
    expect(page.get_by_text(re.compile(r"^Taken for \d, "))).to_be_visible()


def test_a_picture_and_a_test_set_of_pictures(page: Page, server: Server) -> None:
    open_with(page, server, "a-network-for-pictures", LENET)
    train(page, 10)
    digits = arrays("digits")
    written = {}
    for at in range(5):
        levels = (255 * digits.inputs[at, 0]).astype("uint8")
        content = io.BytesIO()
        Image.fromarray(levels).resize((64, 64), Image.Resampling.NEAREST).save(content, "PNG")
        written[f"{at}.png"] = content.getvalue()
    open_tab(page, "Own input")
    page.get_by_role("radio", name="Upload").click()
    files = page.get_by_role("tabpanel").locator("input[type=file]")
    files.set_input_files({"name": "0.png", "mimeType": "image/png", "buffer": written["0.png"]})
    expect(page.get_by_text(re.compile("^Taken for 0, "))).to_be_visible()
    open_tab(page, "Test set")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in written.items():
            packed.writestr(name, content)
    page.get_by_role("tabpanel").locator("input[type=file]").set_input_files(
        {"name": "test.zip", "mimeType": "application/zip", "buffer": archive.getvalue()}
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Download submission.csv").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    labels = [DATA_SETS["digits"].target.names[each] for each in digits.targets[:5]]
    rows = [line.split(",") for line in text.splitlines()]
    assert rows[0] == ["id", "label"]
    assert [row[0] for row in rows[1:]] == ["0", "1", "2", "3", "4"]
    agree = sum(row[1] == label for row, label in zip(rows[1:], labels, strict=True))
    assert agree >= 4


@pytest.mark.parametrize(("data", "features", "outputs"), [("moons", 2, 2), ("line", 1, 1)])
def test_the_surface_moves_while_training_runs(
    page: Page, server: Server, data: str, features: int, outputs: int
) -> None:
    network_id = f"a-surface-of-{data}-that-moves"
    open_with(page, server, network_id, table(data, features, outputs))
    set_epochs(page, 5000)
    start(page)
    has_curves(page)
    figure = page.get_by_role("img", name=re.compile("^What the network"))
    expect(figure).to_have_attribute("aria-label", re.compile("after batch [1-9]"))
    seen: set[str] = set()

    def moved() -> bool:
        seen.add(figure.get_attribute("data-step") or "")
        return len(seen) >= 4

    wait_until(moved, "four surfaces")
    expect(page.get_by_role("button", name="Stop")).to_be_enabled()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text(re.compile("^Stopped: "))).to_be_visible()
    store = Store(folder=server.home)
    events = [json.loads(each) for each in store.load_events(store.list_runs(network_id)[0].id)]
    store.close()
    (last,) = [each["step"] for each in events if each["event"] == "surface"]
    page.reload()
    expect(curves(page)).to_be_visible()
    expect(figure).to_have_attribute("data-step", str(last))


def test_a_typed_row_and_a_test_set_of_rows(page: Page, server: Server) -> None:
    open_with(page, server, "a-table-of-irises-with-results", table("iris", 4, 3))
    train(page, 200)
    open_tab(page, "Own input")
    answer = page.get_by_text(re.compile("^Taken for "))
    expect(answer).to_contain_text("setosa")
    for name, value in (("petal length", "6.5"), ("petal width", "2.4")):
        field = page.get_by_role("spinbutton", name=name)
        field.fill(value)
        field.press("Enter")
    expect(answer).to_contain_text("virginica")
    open_tab(page, "Test set")
    head = "id,sepal length,sepal width,petal length,petal width"
    rows = "a,5.1,3.5,1.4,0.2\nb,6.5,3.0,6.0,2.2\n"
    files = page.get_by_role("tabpanel").locator("input[type=file]")
    files.set_input_files({"name": "t.csv", "mimeType": "text/csv", "buffer": b"one,two\n1,2\n"})
    expect(page.get_by_text(re.compile("^This table lacks sepal length"))).to_be_visible()
    files.set_input_files(
        {"name": "t.csv", "mimeType": "text/csv", "buffer": f"{head}\n{rows}".encode()}
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Download submission.csv").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text == "id,label\na,setosa\nb,virginica\n"
