"""Seconds until the app can be used: after its server's start, and for the next visitor.

    python benchmarks/start.py [--quick]

The app is started as people start it, and a browser opens the page as soon as the server takes
connections; the page counts as ready when the palette can be clicked and the network's input is
there. The second visitor is a browser context of its own, with nothing in its cache. Then how long
the palette takes to answer a search. Each round has a fresh server. The aims on two cores: 4 s and
1.5 s. The share of a bare Streamlit page, measured in the same rounds, is what no app can save.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from tests.e2e.board import Board  # noqa: E402
from tests.e2e.conftest import ARGUMENTS, DESKTOP, find_browser  # noqa: E402
from tests.e2e.server import Server  # noqa: E402

BARE = "import streamlit as st\n\nst.button('Ready')\n"


def visit(browser: Browser, server: Server) -> tuple[float, float]:
    """Seconds until the page of a new visitor is ready, and until a search has been answered."""
    context = browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    begun = time.perf_counter()
    board = Board(context.new_page(), server.url).open()
    ready = time.perf_counter() - begun
    begun = time.perf_counter()
    board.page.get_by_role("searchbox").fill("transf")
    board.item("Conv2d").wait_for(state="hidden")
    searched = time.perf_counter() - begun
    context.close()
    return ready, searched


def bare_page(browser: Browser, folder: Path) -> float:
    """Seconds from the start of a Streamlit server to the one button of its page."""
    script = folder / "bare.py"
    script.write_text(BARE)
    server = Server(folder / "bare", script=str(script))
    begun = time.perf_counter()
    server.start()
    try:
        page = browser.new_page()
        page.goto(server.url)
        page.get_by_role("button", name="Ready").wait_for()
        taken = time.perf_counter() - begun
        page.close()
    finally:
        server.stop()
    return taken


def main() -> None:
    """Print the medians and the worst of all rounds."""
    parser = argparse.ArgumentParser(description="Seconds until the app can be used")
    parser.add_argument("--quick", action="store_true", help="one round, to see that it runs")
    rounds = 1 if parser.parse_args().quick else 5
    found: dict[str, list[float]] = {
        "bare Streamlit page": [],
        "first": [],
        "next": [],
        "search": [],
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                found["bare Streamlit page"].append(bare_page(browser, Path(folder)))
                server = Server(Path(folder) / "home")
                begun = time.perf_counter()
                server.start()
                started = time.perf_counter() - begun
                try:
                    found["first"].append(started + visit(browser, server)[0])
                    ready, searched = visit(browser, server)
                    found["next"].append(ready)
                    found["search"].append(searched)
                finally:
                    server.stop()
        browser.close()
    names = {
        "bare Streamlit page": "a bare Streamlit page, from its start",
        "first": "the app, from its start",
        "next": "the next visitor",
        "search": "a search in the palette",
    }
    for key, times in found.items():
        middle, worst = statistics.median(times), max(times)
        print(f"{names[key]:<38} median {middle:5.2f} s   worst {worst:5.2f} s")
    ratio = statistics.median(found["first"]) / statistics.median(found["bare Streamlit page"])
    print(f"the app / a bare page: {ratio:.2f}")


if __name__ == "__main__":
    main()
