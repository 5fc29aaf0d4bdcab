"""The command ``train``: a run in this process."""

from __future__ import annotations

import json
import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.cli.data import ready
from builder.cli.options import make_recipe, recipe_options
from builder.cli.reading import read_network
from builder.cli.refusal import Refusal, unwritable
from builder.metrics import METRICS

if TYPE_CHECKING:
    from builder.training.control import Control
    from builder.training.events import Epoch, Event, Started


def report(event: Epoch, metric: str) -> dict[str, float]:
    """What is written of an epoch, as an exported train.py writes it too."""
    return {
        "epoch": event.epoch,
        "train_loss": event.train_loss,
        f"train_{metric}": event.train_metric,
        "val_loss": event.val_loss,
        f"val_{metric}": event.val_metric,
    }


@click.command()
@click.argument("network", type=click.Path(path_type=Path))
@recipe_options
@click.option("--out", type=click.Path(path_type=Path), help="A folder for the weights.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each epoch.")
def train(network: Path, out: Path | None, as_json: bool, **settings: Any) -> None:
    """Train a network and show the losses of each epoch."""
    from builder.datasets import DATA_SETS

    document = read_network(network)
    settings["data"] = settings["data"] or document.data
    if settings["data"] is None:
        raise Refusal(f"Say with --data what to train on: one of {', '.join(DATA_SETS)}.")
    settings["data"] = ready(settings["data"])
    recipe = make_recipe(settings)
    if out is not None:
        _claim(out)
    from builder.training.control import Control
    from builder.training.job import train as run

    console = Console(as_json, Control())
    run(document, recipe, console.show, console.control, folder=out, live=False)
    console.finish(out)


def _claim(folder: Path) -> None:
    """Make the folder and write something in it, before hours are spent on weights for it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise unwritable(folder, error) from None


class Console:
    """Shows what a run tells; a reader that has gone away (``| head``) ends the run."""

    def __init__(self, as_json: bool, control: Control) -> None:
        self.as_json = as_json
        self.problem: str | None = None
        self.gone: BrokenPipeError | None = None
        self.control = control
        self.metric = METRICS["accuracy"]

    def show(self, event: Event) -> None:
        """Print what an event means to a person, or the epochs as JSON."""
        from builder.training.events import ENDINGS, Epoch, Failed, Finished, Started

        match event:
            case Started():
                self._start(event)
            case Epoch():
                self._print(self._epoch(event))
            case Finished():
                self.problem = event.warning
                if words := ENDINGS.get(event.reason):
                    click.echo(words, err=True)
            case Failed():
                self.problem = event.message

    def finish(self, out: Path | None) -> None:
        """Say where the weights are; raises Refusal for what went wrong."""
        if self.gone:
            raise self.gone
        if self.problem:
            raise Refusal(self.problem)
        if out is not None:
            click.echo(f"The weights are in {out}.", err=True)

    def _start(self, event: Started) -> None:
        self.metric = METRICS[event.metric]
        if event.warning:
            click.echo(event.warning, err=True)
        if not self.as_json:
            self._print(
                f"{event.parameters:,} parameters, {event.samples:,} samples to train and "
                f"{event.validation_samples:,} to test, on {event.device}"
            )

    def _epoch(self, event: Epoch) -> str:
        if self.as_json:
            values = report(event, self.metric.name)
            finite = {name: x if math.isfinite(x) else None for name, x in values.items()}
            return json.dumps(finite, allow_nan=False)
        return (
            f"epoch {event.epoch:3}  training loss {event.train_loss:.4f}, "
            f"{self.metric.title} {self.metric.words(event.train_metric)}  "
            f"validation loss {event.val_loss:.4f}, "
            f"{self.metric.title} {self.metric.words(event.val_metric)}  {event.seconds:.1f} s"
        )

    def _print(self, line: str) -> None:
        try:
            click.echo(line)
        except BrokenPipeError as error:
            self.gone = error
            self.control.obey("stop")
