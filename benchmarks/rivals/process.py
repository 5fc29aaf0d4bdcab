"""A rival's process: tasks in, samples per second out, both as lines of JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from builder.training.worker import claim_output
from rivals import RIVALS
from rivals.task import Laps, Task

BENCHMARKS = Path(__file__).parents[1]


class RivalError(RuntimeError):
    """A rival that could not train; the message is the end of what it said."""


class RivalProcess:
    """One rival, alive for all rounds of a row so that it is imported once."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rivals.process", name],
            cwd=BENCHMARKS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            env=environment,
        )

    def train(self, task: Task) -> float:
        """Samples per second; raises RivalError."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(task)) + "\n")
        self._process.stdin.flush()
        if answer := self._process.stdout.readline():
            return float(answer)
        self._process.wait()
        self._said.seek(0)
        raise RivalError(self._said.read().decode(errors="replace")[-2000:])

    def close(self) -> None:
        """End it."""
        self._process.communicate()
        self._said.close()


def main(name: str) -> None:
    """Do tasks until there are no more."""
    output = claim_output()
    train = RIVALS[name].load()
    for line in sys.stdin:
        task, laps = Task(**json.loads(line)), Laps()
        train(task, laps)
        output.write(f"{laps.speed(len(task.split()[0]))}\n")
        output.flush()
    output.close()
    os._exit(0)  # some libraries take seconds to say goodbye


if __name__ == "__main__":
    main(sys.argv[1])
