"""Samples per second of the app's training against other ways to train the same network.

    python benchmarks/training.py [--quick] [--spin] [--models a,b] [--batches 64,512]
                                  [--rivals a,b]

For each network and batch size the app and its rivals (``rivals/__init__.py`` lists them) take
turns, each in a process of its own: the app's worker with its events, the store, and a reader that
asks for new points as an open page does. All train by the same recipe on the same samples and test
the validation part after each epoch; the first epoch, in which all warm up, is left out. "quiet"
is the app without the live views of the layers. A ratio above 1 means that the app is faster; it
is taken within a round, and the median is shown. The aim is 1.0 or more against the hand-written
loop over tensors, and above 1.0 against each of the others, on every row. Then: seconds from Start
to the first point, with a warm spare.

Lightning, skorch and Keras come with ``pip install -r requirements-bench.txt``; one that is not
there is left out. All ways let torch's threads sleep while they wait, as the app does. With
--spin the rivals spin as torch does by default, which is ten times slower on a busy machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from builder.store import Store
from builder.templates import TEMPLATES
from builder.training.process import THREADS_REST
from builder.training.runs import Runs, RunView
from rivals import RIVALS
from rivals.pictures import keep_noise
from rivals.process import RivalError, RivalProcess
from rivals.task import Task

MODELS = {
    "linear-regression": 0,
    "mlp": 10_240,
    "fashion-cnn": 10_240,
    "lenet5": 10_240,
    "cifar10-cnn": 2_560,
    "small-resnet": 2_560,
}
"""The networks, and how many pictures each learns from; 0: the points of the data set "line"."""
BATCHES = (64, 512)
PILOT = 3
"""Epochs by which it is found how many fill a turn."""
QUICK = 4
"""How many times fewer pictures there are in a quick run."""
LOOK = 0.15
"""Seconds between two looks of an open page."""


@dataclass(frozen=True)
class Effort:
    """How long is measured: seconds of a way in a round, and of a row; the least and most rounds.

    A network so slow that an epoch takes longer is measured for an epoch a round.
    """

    turn: float
    row: float
    least: int
    most: int


THOROUGH, BRIEF = Effort(1.0, 40.0, 3, 7), Effort(0.2, 5.0, 1, 2)


def watch(runs: Runs, run_id: str, until: Callable[[RunView], bool], pause: float) -> RunView:
    """Ask for new points, as an open page does, until the run is as wanted."""
    batch = epoch = 0
    while True:
        view = runs.view(run_id)
        points = runs.since(run_id, batch, epoch)
        assert view is not None
        assert points is not None
        batch, epoch = batch + len(points.losses), epoch + len(points.epochs)
        if until(view) or not view.active:
            return view
        time.sleep(pause)


def run_app(runs: Runs, task: Task) -> float:
    """Samples per second of the app's worker, from the end of its first epoch to the last's."""
    run_id = runs.start(TEMPLATES[task.model_id].network(), task.recipe, "bench")
    view = watch(runs, run_id, lambda view: False, LOOK)
    assert view.status == "done", view.message
    assert view.started is not None
    first, last = view.epochs[0], view.epochs[-1]
    return view.started.samples * (last.epoch - first.epoch) / (last.seconds - first.seconds)


def measure_row(
    apps: dict[str, Runs], task: Task, processes: dict[str, RivalProcess], effort: Effort
) -> dict[str, list[float]]:
    """Speeds of the app and its rivals, round by round; each for as many epochs as fill a turn."""
    samples = len(task.split()[0])
    speeds = {name: process.train(task) for name, process in processes.items()}
    paces = {**dict.fromkeys(apps, max(speeds.values())), **speeds}
    tasks = {
        name: replace(task, epochs=1 + max(1, round(effort.turn * pace / samples)))
        for name, pace in paces.items()
    }
    found: dict[str, list[float]] = {name: [] for name in paces}
    begun = time.monotonic()
    for turn in range(effort.most):
        if turn >= effort.least and time.monotonic() - begun > effort.row:
            break
        names, at = list(paces), turn % len(paces)
        for name in names[at:] + names[:at]:
            process = processes.get(name)
            found[name].append(
                process.train(tasks[name]) if process else run_app(apps[name], tasks[name])
            )
    return found


def compare(
    apps: dict[str, Runs], task: Task, names: list[str], effort: Effort, spin: bool
) -> None:
    """Print a row: the app's speed and its ratio to each rival."""
    environment = {**({} if spin else THREADS_REST), **os.environ}
    processes = {name: RivalProcess(name, environment) for name in names}
    try:
        speeds = measure_row(apps, task, processes, effort)
    finally:
        for process in processes.values():
            process.close()
    shown = f"{task.model_id:<18}{task.batch:>5}{statistics.median(speeds['app']):>11,.0f}"
    for name in ("quiet", *names):
        pairs = zip(speeds["app"], speeds[name], strict=True)
        shown += f"{statistics.median(mine / other for mine, other in pairs):>13.3f}"
    print(f"{shown}{len(speeds['app']):>8}", flush=True)


def measure_start(store: Store, rounds: int) -> None:
    """Print the seconds from Start to the first point, with a spare process that is warm."""
    found = []
    with_spare = Runs(store, workers=1, spare=True)
    task = Task("lenet5", "digits", 64, 1000)
    for _ in range(rounds):
        time.sleep(6)  # the spare warms up while a person looks at the page
        begun = time.perf_counter()
        run_id = with_spare.start(TEMPLATES[task.model_id].network(), task.recipe, "bench")
        watch(with_spare, run_id, lambda view: view.step > 0, 0.01)
        found.append(time.perf_counter() - begun)
        with_spare.stop(run_id)
        watch(with_spare, run_id, lambda view: False, 0.01)
    with_spare.close()
    print(
        f"Start to first point: median {statistics.median(found):.2f} s, "
        f"worst {max(found):.2f} s (aim: under 1)"
    )


def choose_rivals(wanted: list[str]) -> list[str]:
    """Those that are installed; of the others it says how to install them."""
    for name in wanted:
        if not RIVALS[name].is_here:
            print(f"{name} is left out: python -m pip install -r requirements-bench.txt")
    return [name for name in wanted if RIVALS[name].is_here]


def _several(known: list[str]) -> Callable[[str], list[str]]:
    """Reads names with commas between them."""

    def read(text: str) -> list[str]:
        names = text.split(",")
        if unknown := [name for name in names if name not in known]:
            raise argparse.ArgumentTypeError(f"{unknown[0]!r}; there are {', '.join(known)}")
        return names

    return read


def read_arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="few and short rounds")
    parser.add_argument("--spin", action="store_true", help="rivals with torch's own waiting")
    for option, known in (
        ("--models", list(MODELS)),
        ("--batches", [*map(str, BATCHES)]),
        ("--rivals", list(RIVALS)),
    ):
        parser.add_argument(option, type=_several(known), default=known, help=",".join(known))
    return parser.parse_args()


def main() -> None:
    """Compare the app with its rivals, row by row, then measure the start."""
    given = read_arguments()
    names, effort = choose_rivals(given.rivals), BRIEF if given.quick else THOROUGH
    with tempfile.TemporaryDirectory() as folder:
        os.environ["STACKYARD_HOME"] = folder
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}", Path(folder))
        apps = {
            name: Runs(store, workers=1, spare=False, live=name == "app")
            for name in ("app", "quiet")
        }
        titles = "".join(f"{'÷ ' + name:>13}" for name in ("quiet", *names))
        print(f"{'samples/s':<18}{'batch':>5}{'app':>11}{titles}  rounds", flush=True)
        for model_id in given.models:
            pictures = MODELS[model_id] // (QUICK if given.quick else 1)
            shape = TEMPLATES[model_id].network().input.shape
            data = keep_noise(shape, pictures) if pictures else "line"
            for batch in map(int, given.batches):
                try:
                    compare(apps, Task(model_id, data, batch, PILOT), names, effort, given.spin)
                except RivalError as error:
                    print(f"{model_id} {batch}: a rival broke off. {error}", flush=True)
        print("aims: ÷ tensors 1.0 or more, all others above 1.0, on every row")
        for runs in apps.values():
            runs.close()
        measure_start(store, 1 if given.quick else 5)
        store.close()


if __name__ == "__main__":
    main()
