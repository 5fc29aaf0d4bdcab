"""From the drop of a layer to its new shape on the screen, in a real browser.

    python benchmarks/round_trip.py [--quick]

The app runs as people run it; Chromium shows a network of 50 layers; a mouse drags layers from
the palette to places all over the stack. The page itself measures, from the release of the mouse
to the first frame after the new card's shape has appeared. Each drop is undone before the next.
In turns of five drops: alone, and while 20 other sessions edit networks of their own once a
second (``crowd.py``). Last ten drops within a second, which must all arrive, in order. The
aim on two cores, alone: a median of 60 ms, 95 of 100 under 120 ms.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, expect, sync_playwright  # noqa: E402

from builder.document import Block, Network, TensorType  # noqa: E402
from builder.store import Store  # noqa: E402
from tests.e2e.board import CARDS, Board  # noqa: E402
from tests.e2e.conftest import ARGUMENTS, DESKTOP, find_browser  # noqa: E402
from tests.e2e.server import Server  # noqa: E402

LAYERS = 50
PEOPLE = 20
KINDS = ("ReLU", "Conv2d", "BatchNorm2d", "Tanh", "MaxPool2d")
NETWORK_ID = "round-trip-network"

WATCH = """() => {
  const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean);
  const area = roots.map((root) => root.querySelector("[data-area]")).find(Boolean)
    ?? document.querySelector("[data-area]");
  const ids = () => new Set([...area.querySelectorAll("[data-id]")].map((e) => e.dataset.id));
  const bench = window.bench = { known: ids(), begun: 0, times: [] };
  addEventListener("pointerup", () => { bench.begun = performance.now(); }, true);
  new MutationObserver(() => {
    if (!bench.begun) return;
    for (const card of area.querySelectorAll("[data-id]")) {
      if (bench.known.has(card.dataset.id) || card.classList.contains("touched")) continue;
      if (!card.querySelector(":scope > .connector .shape, .fault-note")) continue;
      const begun = bench.begun;
      bench.begun = 0;
      requestAnimationFrame(() => bench.times.push(performance.now() - begun));
      return;
    }
  }).observe(area, { subtree: true, childList: true, attributes: true, characterData: true });
  bench.again = () => { bench.known = ids(); bench.begun = 0; };
}"""


def make_network() -> Network:
    """50 layers of a picture's network: convolutions that keep the size, norms, activations."""
    blocks = []
    for number in range(1, LAYERS + 1):
        kind = ("Conv2d", "BatchNorm2d", "ReLU")[number % 3]
        params: tuple[tuple[str, Any], ...] = ()
        if kind == "Conv2d":
            params = (("kernel_size", 3), ("out_channels", 8 + number), ("padding", 1))
        blocks.append(Block(f"b{number}", kind, params))
    return Network(TensorType((3, 64, 64)), tuple(blocks), LAYERS + 1)


def measure(board: Board) -> list[float]:
    """Milliseconds of a drop of each kind."""
    page, cards = board.page, board.network.locator(CARDS)
    page.evaluate("() => window.bench.times.splice(0)")
    for number, kind in enumerate(KINDS):
        anchor = cards.nth((number + 1) * 9)
        anchor.scroll_into_view_if_needed()
        page.evaluate("() => window.bench.again()")
        board.drag(board.take(kind), board.above(anchor))
        page.wait_for_function(f"() => window.bench.times.length > {number}")
        board.settled()
        page.keyboard.press("Control+z")
        expect(cards).to_have_count(LAYERS)
        board.settled()
    return list(page.evaluate("() => window.bench.times"))


def take_turns(
    board: Board, url: str, rounds: int, people: int
) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of drops alone, of drops in company, and of the others' edits, in turns."""
    alone: list[float] = []
    loaded: list[float] = []
    others: list[float] = []
    for _ in range(rounds):
        alone += measure(board)
        with crowd(url, people) as found:
            loaded += measure(board)
        others += found
    return alone, loaded, others


@contextlib.contextmanager
def crowd(url: str, people: int) -> Iterator[list[float]]:
    """Other sessions at work meanwhile; afterwards the milliseconds of each of their edits."""
    command = [sys.executable, str(Path(__file__).with_name("crowd.py")), url, str(people)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout
    found: list[float] = []
    try:
        assert process.stdout.readline() == "ready\n", "the other sessions did not come to work"
        yield found
    finally:
        rest, _ = process.communicate(timeout=60)
    found += json.loads(rest)


def drop_ten(page: Page, url: str) -> float:
    """Ten drops as fast as a mouse goes; seconds they took. Raises when one is lost or moved."""
    board = Board(page, url).open("ten-drops-network")
    kinds = ["ReLU", "Tanh", "Sigmoid", "GELU", "Softmax"] * 2
    mouse, (x, y) = page.mouse, board.end()
    begun = time.perf_counter()
    for kind in kinds:
        mouse.move(*board.take(kind))
        mouse.down()
        mouse.move(x, y)
        mouse.move(x, DESKTOP["height"] - 20)
        mouse.up()
    seconds = time.perf_counter() - begun
    board.shows(*[f"{kind} N×1×8×8" for kind in kinds])
    page.reload()
    board.ready().shows(*[f"{kind} N×1×8×8" for kind in kinds])
    return seconds


def report(name: str, what: str, times: list[float]) -> float:
    """Print the median and the 95th percentile; the median."""
    ordered = sorted(times)
    median, p95 = statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
    print(f"{name:<24} {len(times):>4} {what}   median {median:6.1f} ms   p95 {p95:6.1f} ms")
    return median


def main() -> None:
    """Print the times alone and with others, their ratio, and what became of ten quick drops."""
    parser = argparse.ArgumentParser(description="Milliseconds from drop to new shape")
    parser.add_argument("--quick", action="store_true", help="a few drops, to see that it runs")
    rounds, people = (1, 3) if parser.parse_args().quick else (10, PEOPLE)
    expect.set_options(timeout=60_000)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        store = Store(folder=home)
        store.save_network(NETWORK_ID, make_network(), 0)
        store.close()
        server = Server(home)
        server.start()
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        try:
            page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
            board = Board(page, server.url).open(NETWORK_ID)
            expect(board.network.locator(CARDS)).to_have_count(LAYERS)
            page.evaluate(WATCH)
            measure(board)  # each layer once: torch imports more at its first use
            alone, loaded, others = take_turns(board, server.url, rounds, people)
            first = report("alone", "drops", alone)
            second = report(f"with {people} other sessions", "drops", loaded)
            report("the other sessions", "edits", others)
            print(f"with others / alone: {second / first:.2f}")
            print(f"ten drops in {drop_ten(page, server.url):.2f} s: none lost, order kept")
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
