"""A worker process seen from the server: started, given its job, listened to, ended."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from builder.home import home
from builder.training.worker import Job

PROJECT = Path(__file__).parents[2]
THREADS_REST = {"OMP_WAIT_POLICY": "PASSIVE"}
"""Torch's threads sleep while they wait for one another. By default they spin, which on a machine
that has more to do than cores makes a step ten times slower and takes the cores from all others."""
SILENCE = 30.0
"""Seconds after which a process on another machine that writes nothing is taken to be gone."""
COMMAND = (sys.executable, "-m", "builder.training.worker")


class WorkerProcess:
    """One worker; it ends when its standard input closes, so also when this process is killed."""

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        environment = {**THREADS_REST, **os.environ, "STACKYARD_HOME": str(home())}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT, env=environment
        )
        self._writing = threading.Lock()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def give(self, job: Job) -> bool:
        """Hand it its job; False when it is dead."""
        return self._write(job.dumps())

    def command(self, word: str) -> None:
        """Ask it to pause, step, resume or stop its run; stopped, it keeps what it has."""
        self._write(json.dumps({"command": word}))

    def lines(self) -> Iterator[str]:
        """Its complete output lines until it ends; a line cut short by its death is left out."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith(b"\n"):
                yield line.decode()

    def kill(self) -> None:
        """End it at once, losing what it has."""
        self._process.kill()

    def close(self, patience: float = 5.0) -> int:
        """Close its pipes and wait until it is gone; its exit status (negative: a signal)."""
        with self._writing, contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        try:
            status = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        return status

    def release(self) -> None:
        """Close the reading end, once nobody reads any more."""
        if self._process.stdout:
            self._process.stdout.close()

    def _write(self, line: str) -> bool:
        assert self._process.stdin is not None
        with self._writing:
            try:
                self._process.stdin.write(line.encode() + b"\n")
                self._process.stdin.flush()
            except (OSError, ValueError):
                return False
        return True


def this_process() -> str:
    """A mark of this process that no other one has, also not after a restart of the machine."""
    return f"{socket.gethostname()}/{os.getpid()}/{_born(os.getpid())}"


def is_alive(mark: str, heard: float) -> bool:
    """Whether the process of this mark still lives, last heard of at ``heard`` (since 1970).

    One on another machine, which cannot be asked, lives until it was silent for ``SILENCE``.
    """
    host, number, born = [*mark.split("/"), "", ""][:3]
    if not number.isdigit():
        return False
    if host != socket.gethostname():
        return time.time() - heard < SILENCE
    pid = int(number)
    if pid == os.getpid():
        return mark == this_process()
    if os.name != "posix":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _born(pid) == born


def _born(pid: int) -> str:
    """When a process began, in the kernel's own count; empty where there is no /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
