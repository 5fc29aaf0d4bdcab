"""Samples per second of the app's training against loops that a person writes by hand.

    python benchmarks/training.py [--quick] [--spin]

Four ways to train the same network by the same recipe take turns, each in a process of its own:
the app's worker with its events, the store and a reader that asks for new points, with the live
views of the layers and without ("quiet"); a plain loop over tensors; and a loop over a DataLoader.
All test the validation part after each epoch. A ratio above 1 means that the app with its live
views is faster; it is taken within a round, and the median is shown. Then: seconds from Start to
the first point, with a warm spare process.

All ways let torch's threads sleep while they wait, as the app does. With --spin the rivals spin
as torch does by default, which is ten times slower on a machine that is busy with other things.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from builder.recipe import Recipe
from builder.store import Store
from builder.templates import TEMPLATES
from builder.training.process import THREADS_REST
from builder.training.runs import Runs, RunView

MODELS = {"mlp": "MLP", "lenet5": "LeNet-5", "fashion-cnn": "Fashion net"}
BATCH = 64
SPIN = "--spin" in sys.argv


def train_by_hand(model_id: str, epochs: int, loader: bool) -> float:
    """A rival: samples per second of a plain loop, over tensors or over a DataLoader."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    from builder.build import build_network
    from builder.training.samples import split

    network = TEMPLATES[model_id].network()
    model = build_network(network)
    generator = torch.Generator().manual_seed(0)
    training, validation = split(Recipe(), network.input, generator, torch.device("cpu"))
    x, y, vx, vy = training.inputs, training.targets, validation.inputs, validation.targets
    batches = DataLoader(TensorDataset(x, y), batch_size=BATCH, shuffle=True)
    criterion, optimizer = nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters())
    begun = time.perf_counter()
    for _ in range(epochs):
        model.train()
        total = 0.0
        if loader:
            for xb, yb in batches:
                loss = criterion(model(xb), yb)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.item()
        else:
            order = torch.randperm(len(x))
            for start in range(0, len(x), BATCH):
                index = order[start : start + BATCH]
                loss = criterion(model(x[index]), y[index])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.item()
        model.eval()
        with torch.no_grad():
            outputs = model(vx)
            criterion(outputs, vy).item()
            (outputs.argmax(1) == vy).float().mean().item()
    return epochs * len(x) / (time.perf_counter() - begun)


def run_rival(model_id: str, epochs: int, kind: str) -> float:
    """Samples per second of a rival in a process of its own."""
    command = [sys.executable, __file__, "--rival", kind, "--model", model_id]
    done = subprocess.run(
        [*command, "--epochs", str(epochs)],
        check=True,
        capture_output=True,
        text=True,
        env={**({} if SPIN else THREADS_REST), **os.environ},
    )
    return float(json.loads(done.stdout))


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


def run_app(runs: Runs, model_id: str, epochs: int) -> float:
    """Samples per second of the app's worker, from its first step to the end of its last epoch."""
    run_id = runs.start(TEMPLATES[model_id].network(), Recipe(epochs=epochs), "bench")
    view = watch(runs, run_id, lambda view: False, 0.2)
    assert view.status == "done", view.message
    assert view.started is not None
    return view.started.samples * epochs / view.epochs[-1].seconds


def compare(runs: Runs, quiet: Runs, model_id: str, seconds: float, rounds: int) -> None:
    """Let the four ways take turns and print their speeds and the app's ratios."""
    pilot = run_rival(model_id, 3, "tensors")
    epochs = max(3, round(pilot * seconds / 1437))
    ways: dict[str, Callable[[], float]] = {
        "app": lambda: run_app(runs, model_id, epochs),
        "quiet": lambda: run_app(quiet, model_id, epochs),
        "tensors": lambda: run_rival(model_id, epochs, "tensors"),
        "loader": lambda: run_rival(model_id, epochs, "loader"),
    }
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds):
        names = list(ways)
        for name in names[turn % 4 :] + names[: turn % 4]:
            speeds[name].append(ways[name]())
    medians = {name: statistics.median(found) for name, found in speeds.items()}
    ratios = {
        name: statistics.median(
            mine / other for mine, other in zip(speeds["app"], speeds[name], strict=True)
        )
        for name in ("quiet", "tensors", "loader")
    }
    print(
        f"{MODELS[model_id]:<12}"
        + "".join(f"{medians[name]:>10,.0f}" for name in ways)
        + "".join(f"{ratio:>12.3f}" for ratio in ratios.values())
        + f"   {rounds} rounds of {epochs} epochs",
        flush=True,
    )


def measure_start(store: Store, rounds: int) -> None:
    """Print the seconds from Start to the first point, with a spare process that is warm."""
    found = []
    with_spare = Runs(store, workers=1, spare=True)
    for _ in range(rounds):
        time.sleep(6)  # the spare warms up while a person looks at the page
        begun = time.perf_counter()
        run_id = with_spare.start(TEMPLATES["lenet5"].network(), Recipe(epochs=1000), "bench")
        watch(with_spare, run_id, lambda view: view.step > 0, 0.01)
        found.append(time.perf_counter() - begun)
        with_spare.stop(run_id)
        watch(with_spare, run_id, lambda view: False, 0.01)
    with_spare.close()
    print(
        f"Start to first point: median {statistics.median(found):.2f} s, worst {max(found):.2f} s"
    )


def main() -> None:
    """Compare all three networks, or be a rival."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="few and short rounds")
    parser.add_argument("--spin", action="store_true", help="rivals with torch's own waiting")
    parser.add_argument("--rival", choices=("tensors", "loader"), help=argparse.SUPPRESS)
    parser.add_argument("--model", choices=tuple(MODELS), help=argparse.SUPPRESS)
    parser.add_argument("--epochs", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.rival:
        print(json.dumps(train_by_hand(given.model, given.epochs, given.rival == "loader")))
        return
    seconds, rounds = (1.5, 3) if given.quick else (3.0, 7)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}", Path(folder))
        runs = Runs(store, workers=1, spare=False)
        quiet = Runs(store, workers=1, spare=False, live=False)
        print(f"{'samples/s':<12}{'app':>10}{'quiet':>10}{'tensors':>10}{'loader':>10}", end="")
        print(f"{'÷ quiet':>12}{'÷ tensors':>12}{'÷ loader':>12}")
        for model_id in MODELS:
            compare(runs, quiet, model_id, seconds, rounds)
        runs.close()
        quiet.close()
        measure_start(store, 2 if given.quick else 5)
        store.close()


if __name__ == "__main__":
    main()
