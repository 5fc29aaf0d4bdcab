"""Wait for what must become true, not for a time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

DEADLINE = 120.0


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Return as soon as the condition holds; fail when it does not within two minutes."""
    end = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    """Whether a process has ended (one that only waits to be collected has)."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return True
    return state == "Z"


def children(pid: int) -> set[int]:
    """The processes that this one has started and not yet collected.

    The server and the browser that the browser tests keep open in the same process do not count.
    """
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    found = {int(child) for task in tasks for child in _read(task).split()}
    return {child for child in found if not _is_for_the_browser(child)}


def _read(task: Path) -> str:
    """A thread may have ended since it was listed."""
    try:
        return task.read_text()
    except OSError:
        return ""


def _is_for_the_browser(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"streamlit" in command or b"playwright" in command
