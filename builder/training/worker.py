"""The process that trains: one job in, events out, both as lines of JSON.

``python -m builder.training.worker`` warms itself up, waits for its job on standard input, writes
each event to standard output and ends. A line such as ``{"command": "stop"}`` tells the run what to
do: pause, step, resume or stop. When standard input closes, whoever wanted the run is gone and the
process ends at once.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from builder.training.control import Control

LOG = "log.txt"
NICENESS = 5
"""How far a run stands behind the pages of the server; on a machine with idle cores, not at all."""


@dataclass(frozen=True)
class Job:
    """What a worker needs to know; network and recipe as JSON, the folder for what it keeps.

    A ``paused`` run waits before its first step; ``live`` tells what happens in the layers too.
    """

    run: str
    network: str
    recipe: str
    folder: str
    threads: int | None = None
    paused: bool = False
    live: bool = True

    def dumps(self) -> str:
        """The job as one line."""
        return json.dumps(asdict(self))


class Inbox:
    """Reads standard input in a thread: the first line is the job, later ones are commands."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.control = Control()
        threading.Thread(target=self._read, daemon=True).start()

    def job(self) -> Job:
        """Wait for the job."""
        return Job(**json.loads(self._jobs.get()))

    def _read(self) -> None:
        if first := sys.stdin.readline():
            self.control.paused = json.loads(first).get("paused", False)
            self._jobs.put(first)
        for line in sys.stdin:
            self.control.obey(json.loads(line)["command"])
        os._exit(0)


def warm() -> None:
    """Import what every run needs and make one step, so that a job begins without delay."""
    import sklearn.datasets  # noqa: F401
    import torch

    from builder.training import job  # noqa: F401

    layers = (torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.Flatten())
    model = torch.nn.Sequential(*layers, torch.nn.Linear(72, 2))
    loss = torch.nn.functional.cross_entropy(model(torch.zeros(2, 1, 8, 8)), torch.tensor([0, 1]))
    loss.backward()  # type: ignore[no-untyped-call]
    torch.optim.Adam(model.parameters()).step()


def claim_output() -> TextIO:
    """Standard output for events alone: whatever else prints goes to standard error."""
    events = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    return events


def log_to(folder: Path) -> None:
    """Send standard error and the log to a file in the run's folder, if it can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        opened = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError:
        opened = os.open(os.devnull, os.O_WRONLY)
    os.dup2(opened, 2)
    os.dup2(opened, 1)
    os.close(opened)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)


def give_way() -> None:
    """Leave the processor to whoever looks at the page: training takes what is left."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def main() -> None:
    """Do one job."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    output = claim_output()
    inbox = Inbox()
    warm()
    given = inbox.job()
    give_way()
    log_to(Path(given.folder))

    from builder import recipe, schema
    from builder.training import events, job

    def send(event: events.Event) -> None:
        output.write(events.dumps(event) + "\n")
        output.flush()

    network = schema.loads(given.network)
    wanted = recipe.loads(given.recipe)
    folder, threads = Path(given.folder), given.threads
    job.train(
        network,
        wanted,
        send,
        inbox.control,
        run=given.run,
        threads=threads,
        folder=folder,
        live=given.live,
    )
    output.close()
    os._exit(0)


if __name__ == "__main__":
    main()
