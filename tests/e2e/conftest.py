"""A server, a browser and a page for each test, and what no page may ever show."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.e2e.board import Board
from tests.e2e.server import ROOT, Server

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: Any = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


def find_browser() -> str:
    """The installed Chromium, or that of $CHROMIUM."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise FileNotFoundError("No Chromium found: install it, or name it in $CHROMIUM")
    return found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that the tests of one process share; each test has its own network on it."""
    made = Server(tmp_path_factory.mktemp("server"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server for one test alone, which it may stop, kill and start."""
    made = Server(tmp_path / "own")
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens pages, each as if on a computer of its own; looks at them when the test is over."""
    contexts: list[BrowserContext] = []
    pages: list[Page] = []
    faults: list[str] = []

    apart = "own_server" in request.fixturenames

    def note(text: str) -> None:
        if not (apart and _is_about_absence(text)):
            faults.append(text)

    def hear(message: ConsoleMessage) -> None:
        if _is_ours(message):
            note(message.text)

    def watch(page: Page) -> None:
        pages.append(page)
        page.on("console", hear)
        page.on("request", lambda request: _is_abroad(request.url) and note(request.url))
        page.on("pageerror", lambda error: note(str(error)))

    def open_one(context: BrowserContext | None = None, **options: Any) -> Page:
        if context is None:
            context = browser.new_context(**{"viewport": DESKTOP} | options)
            context.on("page", watch)
            contexts.append(context)
        return context.new_page()

    yield open_one
    failed = request.node.stash.get(FAILED, True)
    if failed:
        _photograph(pages, request.node.name)
    shown = [] if failed else [text for page in pages for text in _exceptions(page)]
    for context in contexts:
        context.close()
    assert (shown, faults if not failed else []) == ([], [])


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """One page."""
    return open_page()


@pytest.fixture
def board(page: Page, server: Server) -> Iterator[Board]:
    """The Build page with a new network."""
    before = len(server.log)
    yield Board(page, server.url).open()
    assert "Traceback" not in server.log[before:]


def _is_abroad(url: str) -> bool:
    """Whether a page asks another server than its own, which no page of the app may."""
    return url.startswith(("http:", "https:")) and "//127.0.0.1:" not in url


def _is_ours(message: ConsoleMessage) -> bool:
    """Whether an error is one of the app, and not of Streamlit's search for its server."""
    return message.type == "error" and "/_stcore/" not in message.location.get("url", "")


ABSENCE = (
    "disconnected from server",
    "server endpoint",
    "server is not responding",
    "dynamically imported module",
    "ERR_CONN",
    "WebSocket",
)


def _is_about_absence(text: str) -> bool:
    """Whether Streamlit says that its server is away."""
    return any(words in text for words in ABSENCE)


def _exceptions(page: Page) -> list[str]:
    if page.is_closed():
        return []
    found = page.locator("[data-testid=stException]").all_inner_texts()
    return found + re.findall(r"Traceback \(most recent.*", page.locator("body").inner_text())


def _photograph(pages: list[Page], name: str) -> None:
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    plain = re.sub(r"[^\w-]+", "_", name)
    for number, page in enumerate(pages):
        if not page.is_closed():
            page.screenshot(path=folder / f"{plain}-{number}.png")
