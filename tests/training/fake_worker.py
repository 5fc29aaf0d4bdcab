"""Stands in for a worker where its arithmetic does not matter: says by the seed what it will do.

It needs no torch, so a test has it at once. Seed 0: one epoch, done. 1: steps until it is
stopped. 2: deaf, steps for ever. 3: a step, then killed. 4: no job is ever done, status 7.
5: a line that is no event. 6: fails in plain words. 7: not finite. 8: waits for a file "go" in
the run's folder, then done. 9: warns, and ends early after an epoch. 10: obeys, and every step it
makes while paused is told of.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from builder import recipe
from builder.training.control import Control
from builder.training.events import Batches, Epoch, Failed, Finished, Started, Stepped, dumps
from builder.training.worker import Inbox


def send(event) -> None:
    sys.stdout.write(dumps(event) + "\n")
    sys.stdout.flush()


def step(number: int, loss: float = 0.5) -> None:
    send(Batches(number, (loss,), (0.25,), 640.0, number / 10))


def go_on(inbox: Inbox, deaf: bool) -> None:
    number = 0
    while deaf or not inbox.control.should_stop():
        number += 1
        step(number)
        time.sleep(0.01)
    send(Finished("stopped", None, ()))


def obey(control: Control) -> None:
    number = 0
    while True:
        alone = control.wait()
        if control.should_stop():
            break
        number += 1
        step(number)
        if alone:
            send(Stepped(number, 64, 0.5, 1.5, 1.25, "out", 0.25, 0.125, 0.01))
        time.sleep(0.01)
    send(Finished("stopped", None, ()))


def main() -> None:
    inbox = Inbox()
    job = inbox.job()
    seed = recipe.loads(job.recipe).seed
    if seed == 4:
        os._exit(7)
    send(Started(job.run, 10, 8, 2, 1, 2, "cpu", 1))
    match seed:
        case 0:
            step(1)
            send(Epoch(1, 1, 0.5, 0.25, 0.75, 0.125, 0.2))
            send(Finished("done", job.folder, ((1, 0), (0, 1))))
        case 1 | 2:
            go_on(inbox, seed == 2)
        case 3:
            step(1)
            sys.stdout.write('{"event": "batches", "first": 2, "los')
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        case 9:
            send(Started(job.run, 10, 8, 2, 1, 2, "cpu", 1, "accuracy", "No sample of b."))
            step(1)
            send(Epoch(1, 1, 0.5, 0.25, 0.75, 0.125, 0.2))
            send(Finished("early", job.folder, ((1, 0), (0, 1))))
        case 5:
            print("no event", flush=True)
            time.sleep(600)
        case 6:
            send(Failed("out-of-memory", "The memory ran out."))
        case 7:
            step(1, float("nan"))
            step(2, float("inf"))
            send(Finished("done", None, ()))
        case 8:
            while not (Path(job.folder) / "go").exists():
                time.sleep(0.01)
            send(Finished("done", None, ()))
        case 10:
            obey(inbox.control)
    os._exit(0)


if __name__ == "__main__":
    main()
