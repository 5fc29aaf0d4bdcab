"""A Stackyard server of one's own: a free port, an empty home, gone without a trace at the end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 90
"""Seconds that a start may take on a busy machine."""


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """``streamlit run`` of the app, its work in ``home`` and its output in ``home/server.log``."""

    home: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    script: str = "app.py"
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the Build page."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """All that the server has printed."""
        path = self.home / "server.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def start(self) -> None:
        """Start, and wait until pages are served."""
        self.home.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "streamlit", "run", self.script]
        options = {"headless": "true", "address": "127.0.0.1", "port": str(self.port)}
        for name, value in options.items():
            command += [f"--server.{name}", value]
        environment = os.environ | {"STACKYARD_HOME": str(self.home), "PYTHONFAULTHANDLER": "1"}
        environment |= self.environment
        environment.pop("DATABASE_URL", None)
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.wait()

    def stop(self, kill: bool = False) -> None:
        """Stop (or kill) the server and wait until it and all that it started are gone."""
        if self.process is None:
            return
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # writes down where each thread stands
            self.process.wait(20)
            raise TimeoutError(f"the server did not stop:\n{self.log}") from None
        finally:
            self.process = None
        deadline = time.monotonic() + 10
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not left, f"still there after the server stopped: {left}"

    def processes(self) -> dict[int, str]:
        """The processes that work in this home, by their ids (on Linux; elsewhere none)."""
        mark = f"STACKYARD_HOME={self.home}".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = (
                        (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    )
            except OSError:
                continue
        return found

    def wait(self) -> None:
        """Wait until pages are served."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, f"the server ended:\n{self.log}"
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(f"no page after {PATIENCE} s:\n{self.log}")
