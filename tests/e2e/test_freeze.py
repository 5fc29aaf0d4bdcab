"""Freezing in the browser: a button, totals and undo; what is frozen is not trained."""

from __future__ import annotations

import json
import re

import torch
from playwright.sync_api import Page, expect
from safetensors.torch import load_file

from builder import schema
from builder.build import build_network
from builder.store import Store
from tests.e2e.board import CARDS, Board
from tests.e2e.server import Server
from tests.e2e.test_train import SLOW, build, go_to_train, set_epochs, start


def freeze_first_linear(board: Board) -> None:
    board.card("Linear").first.locator("[data-drag-card]").first.click()
    settings = board.page.get_by_role("complementary", name="Layer settings")
    settings.get_by_role("button", name="Freeze").click()


def test_freeze_by_button_and_key_and_undo(page: Page, server: Server) -> None:
    board = build(page, server, "mlp")
    total = board.total("Parameters")
    before = total.inner_text()
    name = board.card("Linear").first.get_attribute("aria-label")
    freeze_first_linear(board)
    expect(total).to_have_text(re.compile(rf"^{before} \([\d,]+ frozen\)$"))
    expect(board.network.locator(CARDS).nth(1)).to_have_accessible_name(f"{name} frozen")
    expect(board.tool("Freeze")).to_have_attribute("aria-pressed", "true")
    board.tool("Undo").click()
    expect(total).to_have_text(before)
    expect(board.network.locator(CARDS).nth(1)).to_have_accessible_name(str(name))
    board.network.locator(CARDS).first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("f")
    expect(total).to_have_text(f"{before} ({before} frozen)")
    board.settled()
    go_to_train(page)
    expect(page.get_by_text("All layers with parameters are frozen")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_disabled()
    page.get_by_role("button", name=re.compile("^Unfreeze Linear")).click()
    expect(page.get_by_role("button", name="Start")).to_be_enabled()


def test_what_is_frozen_keeps_its_weights_through_a_run(page: Page, server: Server) -> None:
    board = build(page, server, "mlp")
    freeze_first_linear(board)
    expect(board.total("Parameters")).to_contain_text("frozen")
    board.settled()
    network_id = board.network_id
    go_to_train(page)
    set_epochs(page, 1)
    start(page)
    expect(page.get_by_text(re.compile("^Done: "))).to_be_visible(timeout=SLOW)
    store = Store(folder=server.home)
    try:
        run = store.list_runs(network_id)[0]
        weights = load_file(store.run_folder(run.id) / "weights.safetensors")
    finally:
        store.close()
    torch.manual_seed(json.loads(run.recipe)["seed"])
    model = build_network(schema.loads(run.document))
    drawn = dict(model.named_parameters())
    stayed = {name for name in drawn if torch.equal(drawn[name], weights[name])}
    assert stayed == {name for name in drawn if not drawn[name].requires_grad}
    assert len(stayed) == 2
