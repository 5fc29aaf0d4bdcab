"""Runs in every state, made up for tests of the pages."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from builder import recipe as recipes
from builder import schema
from builder.check import Issue
from builder.document import Network
from builder.recipe import Recipe
from builder.store import RunRecord
from builder.templates import TEMPLATES
from builder.training.curves import Curves, Points
from builder.training.events import Batches, Epoch, Event, Finished, Layers, Started, Stepped
from builder.training.runs import Refused, RunSummary, RunView
from builder.training.summary import summarise
from builder.training.tracks import Track

NETWORK = TEMPLATES["mlp"].network()
RECIPE = Recipe(epochs=4)


def make_curves(batches: int = 20, epochs: int = 2) -> Curves:
    """Ten batches an epoch, of a run of four epochs."""
    curves = Curves()
    curves.apply(Started("r1", 1000, 640, 160, 10, 4, "cpu", 1))
    losses = tuple(2.0 / (at + 1) for at in range(batches))
    curves.apply(Batches(1, losses, (0.5,) * batches, 5000.0, 2.0))
    for number in range(1, epochs + 1):
        curves.apply(Epoch(number, number * 10, 0.5, 0.8, 0.6, 0.75, float(number)))
    return curves


def make_stepped() -> Curves:
    """Those of a run of three layers, which were measured, and whose last step was made alone."""
    curves = make_curves()
    layers, nan = ("0", "1", "out"), math.nan
    curves.apply(replace(curves.started, layers=layers, kinds=("Linear", "ReLU", "Linear")))
    norms = (0.5, nan, 2.0)
    curves.apply(Layers(1, norms, norms, norms, (0.0,) * 3, (1.0,) * 3, (0.0, 0.5, 0.0)))
    curves.apply(Stepped(20, 64, 2.3, 1.5, 1.25, "out", 0.25, 0.125, 0.01))
    return curves


def make_view(status: str = "running", curves: Curves | None = None, **changes: Any) -> RunView:
    """A run of the MLP on digits that stands like this."""
    facts = (curves or make_curves()).facts()
    view = RunView(
        id="r1",
        network_id="n1",
        status=status,
        code="",
        message="",
        warning=None,
        place=None,
        network=NETWORK,
        recipe=RECIPE,
        created=0.0,
        **facts,
    )
    return replace(view, **changes)


def make_finished(status: str = "done") -> RunView:
    """A run that has ended in order, with its confusion matrix."""
    matrix = tuple(tuple(16 * (row == column) for column in range(10)) for row in range(10))
    return make_view(status, finished=Finished(status, "/weights", matrix), seconds_left=None)


def make_record(number: int, recipe: Recipe = RECIPE, **changes: Any) -> RunRecord:
    """A stored run of the MLP with this number, which has ended."""
    record = RunRecord(
        f"run-{number}",
        "network-of-a-test",
        schema.dumps(NETWORK),
        recipes.dumps(recipe),
        "done",
        float(number),
        number=number,
    )
    return replace(record, **changes)


def make_events(
    losses: tuple[float, ...] = (0.6,),
    metrics: tuple[float, ...] = (0.75,),
    metric: str = "accuracy",
) -> tuple[Event, ...]:
    """The events of a run with this validation loss and metric in each epoch of a second."""
    started = Started("r1", 1000, 640, 160, 10, 4, "cpu", 1, metric)
    epochs = max(len(losses), len(metrics))
    told: list[Event] = [started]
    for at in range(epochs):
        loss, value = losses[min(at, len(losses) - 1)], metrics[min(at, len(metrics) - 1)]
        told.append(Batches(10 * at + 1, (loss,) * 10, (value,) * 10, 640.0, at + 1.0))
        told.append(Epoch(at + 1, 10 * at + 10, loss, value, loss, value, at + 1.0))
    return tuple(told)


def make_summary(
    number: int,
    recipe: Recipe,
    losses: tuple[float, ...] = (0.6,),
    metrics: tuple[float, ...] = (0.75,),
    metric: str = "accuracy",
    started: bool = True,
    **changes: Any,
) -> RunSummary:
    """A run in a line."""
    events = make_events(losses, metrics, metric) if started else ()
    return summarise(
        make_record(number, recipe, **changes),
        next((each for each in events if isinstance(each, Started)), None),
        [each for each in events if isinstance(each, Epoch)],
    )


@dataclass
class FakeRuns:
    """Stands in for ``Runs``: shows one run, notes what it is asked to do."""

    shown: RunView | None = None
    waiting: tuple[RunView, ...] = ()
    curves: Curves = field(default_factory=make_curves)
    refusal: Issue | None = None
    started: list[tuple[Network, Recipe, str]] = field(default_factory=list)
    sweeps: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    paused: bool = False
    saved: Path | None = None

    def list_runs(self, network_id: str) -> tuple[RunView, ...]:
        return (*self.waiting, *((self.shown,) if self.shown else ()))

    def view(self, run_id: str) -> RunView | None:
        return self.shown

    def since(self, run_id: str, batch: int = 0, epoch: int = 0) -> Points:
        return self.curves.since(run_id, batch, epoch)

    def track(self, run_id: str, name: str, first: int, lines: tuple[int, ...]) -> Track:
        return self.curves.tracks.since(name, first, lines)

    def command(self, run_id: str, word: str) -> None:
        self.commands.append(word)

    def read(self, run_id: str, look: Callable[[Curves], Any]) -> Any:
        return look(self.curves)

    def start(self, network: Network, recipe: Recipe, network_id: str, paused: bool = False) -> str:
        self.paused = paused
        if self.refusal:
            raise Refused(self.refusal)
        self.started.append((network, recipe, network_id))
        self.shown = make_view("queued", Curves(), place=1)
        return "r1"

    def start_all(
        self, network: Network, chosen: tuple[Recipe, ...], network_id: str, sweep: str = ""
    ) -> tuple[str, ...]:
        self.sweeps.append(sweep)
        return tuple(self.start(network, recipe, network_id) for recipe in chosen)

    def weights(self, run_id: str, suffix: str = "safetensors") -> Path | None:
        return self.saved

    def stop(self, run_id: str) -> None:
        self.stopped.append(run_id)
        if self.shown and run_id == self.shown.id:
            self.shown = make_finished("stopped")
        self.waiting = tuple(each for each in self.waiting if each.id != run_id)
