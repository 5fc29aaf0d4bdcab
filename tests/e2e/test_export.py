"""Taking the network away: what is downloaded runs by itself and does what the app did."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from builder import schema
from builder.templates import TEMPLATES
from tests.e2e.server import Server
from tests.e2e.test_train import SLOW, build, go_to_train, set_epochs, start


def take(page: Page, label: str, folder: Path) -> Path:
    """Press a download button and keep the file."""
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download {label}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def run(*arguments: str, folder: Path) -> str:
    """Run Python alone: without this project, in an empty folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    found = subprocess.run(
        [sys.executable, "-P", "-W", "error", *arguments],
        cwd=folder,
        env=kept,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_code_and_weights_of_a_run(page: Page, server: Server, tmp_path: Path) -> None:
    build(page, server, "lenet5")
    go_to_train(page)
    set_epochs(page, 2)
    start(page)
    done = page.get_by_text(re.compile(r"Done: .*validation accuracy")).first
    expect(done).to_be_visible(timeout=SLOW)
    accuracy = re.search(r"validation accuracy ([\d.]+)", done.inner_text())
    assert accuracy
    page.get_by_role("link", name="Take code and weights").click()
    expect(page.get_by_role("tab", name="model.py")).to_be_visible()
    choose_run(page)
    open_tab(page, "train.py")
    expect(page.get_by_text("manual_seed").first).to_be_visible()
    take(page, "train.py", tmp_path)
    lines = [json.loads(line) for line in run("train.py", folder=tmp_path).splitlines()]
    epochs = [line for line in lines if "epoch" in line]
    assert [line["epoch"] for line in epochs] == [1, 2]
    assert f"{epochs[-1]['val_accuracy']:.1%}" == f"{accuracy[1]}%"

    open_tab(page, "model.py")
    expect(page.get_by_text("nn.Sequential").first).to_be_visible()
    take(page, "model.py", tmp_path)
    open_tab(page, "Weights")
    take(page, "weights.pt", tmp_path)
    take(page, "weights.safetensors", tmp_path)
    (tmp_path / "use.py").write_text(USE, encoding="utf-8")
    assert run("-c", USE, folder=tmp_path).split() == ["61706", "(3,", "10)", "True"]


USE = """
import sys; sys.path.insert(0, ".")
import torch
from safetensors.torch import load_file
from model import model
state = torch.load("weights.pt", weights_only=True)
model.load_state_dict(state)
model.eval()
other = load_file("weights.safetensors")
print(sum(each.numel() for each in model.parameters()))
print(tuple(model(torch.zeros(3, 1, 32, 32)).shape))
print(state.keys() == other.keys() and all(torch.equal(state[key], other[key]) for key in state))
"""


def choose_run(page: Page) -> None:
    """Choose the newest run of the network instead of the network as it is now."""
    chooser = page.get_by_role("combobox", name="What to export")
    expect(chooser).to_be_visible()
    if (chooser.input_value() or "").startswith("Run "):
        return
    chooser.click()
    page.get_by_role("option", name=re.compile("^Run 1 of")).first.click()
    expect(chooser).to_have_value(re.compile("^Run 1 of"))


def test_network_diagram_and_table(page: Page, server: Server, tmp_path: Path) -> None:
    build(page, server, "small-resnet")
    page.get_by_role("link", name="Export", exact=True).click()
    open_tab(page, "Network (JSON)")
    path = take(page, "network.json", tmp_path)
    template = TEMPLATES["small-resnet"].network()
    assert schema.loads(path.read_bytes()).blocks == template.blocks
    open_tab(page, "Diagram")
    expect(page.get_by_test_id("stGraphVizChart").locator("svg")).to_be_visible()
    for kind, magic in {"SVG": b"<?xml", "PNG": b"\x89PNG", "PDF": b"%PDF"}.items():
        assert take(page, kind, tmp_path).read_bytes().startswith(magic)
    open_tab(page, "Layers")
    table = take(page, "layers.csv", tmp_path).read_text(encoding="utf-8").splitlines()
    assert len(table) > 20


def test_faulty_network_has_no_code(page: Page, server: Server) -> None:
    board = build(page, server, "mlp")
    board.card("Flatten").locator("[data-drag-card]").first.click()
    board.tool("Delete").click()
    expect(board.page.get_by_role("button", name="1 fault")).to_be_visible()
    board.settled()
    page.get_by_role("link", name="Export", exact=True).click()
    expect(page.get_by_text("The network has faults, so there is no code")).to_be_visible()


@pytest.mark.parametrize("target", ["train", "export"])
def test_pages_of_an_empty_network(
    open_page: Callable[..., Page], server: Server, target: str
) -> None:
    page = open_page()
    page.goto(f"{server.url}/{target}")
    page.get_by_role("link", name="Go to the Build page").click()
    expect(page.get_by_role("button", name="Conv2d", exact=True)).to_be_visible()
