"""Own data in the browser: a table and a zip of pictures are handed in and trained on."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from builder.document import Network, TensorType
from builder.store import Store
from components.workspace import new_id
from tests.e2e.server import Server
from tests.export.networks import block

SLOW = 120_000


def open_train(page: Page, server: Server, network: Network) -> None:
    """The Train page of a new network."""
    network_id = new_id()
    store = Store(folder=server.home)
    store.save_network(network_id, network, 0)
    store.close()
    page.goto(f"{server.url}/train?network={network_id}")
    expect(page.get_by_role("button", name="Start")).to_be_visible(timeout=SLOW)


def hand_in(page: Page, path: Path) -> None:
    """Upload a file and use it."""
    page.get_by_text("Use data of your own").click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Use this data").click(timeout=SLOW)


def train(page: Page) -> None:
    """Start, and wait for the end."""
    page.get_by_role("button", name="Start").click()
    done = page.get_by_text(re.compile(r"Done: .*validation accuracy")).first
    expect(done).to_be_visible(timeout=SLOW)


def test_a_table_is_handed_in_and_trained_on(page: Page, server: Server, tmp_path: Path) -> None:
    rows = "\n".join(f"{at},{at % 7},{'red' if at % 2 else 'blue'}," for at in range(3))
    rows += "\n" + "\n".join(
        f"{at},{at % 7},{'red' if at % 2 else 'blue'},{'odd' if at % 2 else 'even'}"
        for at in range(60)
    )
    (tmp_path / "mine.csv").write_text(f"at,rest,colour,kind\n{rows}\n", encoding="utf-8")
    network = Network(TensorType((4,)), (block("b1", "Linear", out_features=2),))
    open_train(page, server, network)
    hand_in(page, tmp_path / "mine.csv")
    expect(page.get_by_text("Classes (samples): even (30), odd (30)")).to_be_visible()
    expect(
        page.get_by_text("4 features to predict 2 classes of kind, from mine.csv")
    ).to_be_visible()
    train(page)
    page.reload()
    expect(page.get_by_text("Classes (samples): even (30), odd (30)")).to_be_visible()
    page.get_by_role("link", name="Build", exact=True).click()
    chosen = page.get_by_label("Input data").locator("option:checked")
    expect(chosen).to_have_text("mine.csv")


def test_pictures_are_handed_in_and_trained_on(page: Page, server: Server, tmp_path: Path) -> None:
    random = np.random.RandomState(0)
    with zipfile.ZipFile(tmp_path / "sky.zip", "w") as archive:
        for name, base in (("day", 150), ("night", 0)):
            for number in range(30):
                written = io.BytesIO()
                pixels = (base + random.randint(0, 100, (9, 8, 3))).astype(np.uint8)
                Image.fromarray(pixels).save(written, "PNG")
                archive.writestr(f"{name}/{number}.png", written.getvalue())
    blocks = (block("b1", "Flatten"), block("b2", "Linear", out_features=2))
    open_train(page, server, Network(TensorType((3, 9, 8)), blocks))
    hand_in(page, tmp_path / "sky.zip")
    expect(page.get_by_text("Classes (samples): day (30), night (30)")).to_be_visible()
    train(page)
    expect(page.get_by_role("heading", name="Confusion matrix")).to_be_visible()
