"""A run from beginning to end in this process: check, build, train, save; needs torch."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import torch
from safetensors.torch import save_file
from torch import nn

from builder.build import build_checked
from builder.check import check
from builder.datasets import DataError, arrays
from builder.document import Network
from builder.recipe import Recipe
from builder.training import loop
from builder.training.admission import Refused, refusal
from builder.training.control import Control
from builder.training.events import Event, Failed, Finished, Started
from builder.training.measure import measure_of
from builder.training.recorder import Recorder
from builder.training.samples import Part, absent_classes, refuse_gaps, split
from builder.training.statistics import Statistics, watched_layers

LAST_TEST = 0.5
"""Seconds that a stopped run may still take to test what it has learnt."""

log = logging.getLogger(__name__)


class TrainingError(RuntimeError):
    """A run that cannot go on; ``code`` names the reason, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def train(
    network: Network,
    recipe: Recipe,
    on_event: Callable[[Event], None],
    control: Control | None = None,
    *,
    run: str = "",
    threads: int | None = None,
    folder: Path | None = None,
    live: bool = True,
) -> nn.Module | None:
    """Train a network and tell what happens by events; the trained model, or None if it failed.

    The last event is Finished or Failed: nothing that goes wrong in a run is raised, and
    tracebacks go to the log alone. ``control`` pauses and stops it. ``threads`` None means torch's
    own number; with ``folder`` the weights are saved there as ``weights.safetensors`` and
    ``weights.pt``; ``live`` tells what happens in the layers too.
    """
    try:
        return _train(network, recipe, on_event, control or Control(), run, threads, folder, live)
    except Exception as error:
        log.info("the run failed", exc_info=True)
        on_event(explain(error))
        return None


def _train(
    network: Network,
    recipe: Recipe,
    on_event: Callable[[Event], None],
    control: Control,
    run: str,
    threads: int | None,
    folder: Path | None,
    live: bool,
) -> nn.Module:
    report = check(network)
    if issue := refusal(report, recipe):
        raise Refused(issue)
    device = choose_device(recipe.device)
    torch.set_num_threads(threads or torch.get_num_threads())
    torch.manual_seed(recipe.seed)
    model = build_checked(report).to(device)
    generator = torch.Generator().manual_seed(recipe.seed)
    refuse_gaps(recipe.data_set, arrays(recipe.data))
    training, validation = split(recipe, network.input, generator, device)
    layers = watched_layers(report) if live else ()
    paths = tuple(path for path, _ in layers)
    on_event(
        Started(
            run=run,
            parameters=sum(each.numel() for each in model.parameters()),
            samples=len(training),
            validation_samples=len(validation),
            batches_per_epoch=len(recipe.batch_starts(len(training))),
            epochs=recipe.epochs,
            device=str(device),
            threads=torch.get_num_threads(),
            metric=recipe.metric.name,
            warning=absent_classes(recipe.data_set, training, validation),
            layers=paths,
            kinds=tuple(kind for _, kind in layers),
        )
    )
    statistics = Statistics(on_event, model, paths)
    recorder = Recorder(
        statistics.pass_on, measure_of(recipe.loss_spec), at_once=device.type == "cpu"
    )
    reason, found = loop.run_epochs(
        model,
        training,
        validation,
        recipe,
        generator,
        recorder,
        control.should_stop,
        statistics if live else None,
        make_hold(control, recorder, statistics),
    )
    warning = save_weights(model, folder) if folder else None
    if found is None:
        found = _test_briefly(model, validation, recipe)
    kept = str(folder) if folder and not warning else None
    on_event(Finished(reason, kept, found.confusion if found else (), warning))
    return model


def make_hold(control: Control, recorder: Recorder, statistics: Statistics) -> Callable[[], object]:
    """What is done before each step: while the run is paused, wait for a word."""

    def hold() -> None:
        if control.paused:
            statistics.single = recorder.rest(control.wait)

    return hold


def _test_briefly(model: nn.Module, part: Part, recipe: Recipe) -> loop.Validation | None:
    limit = perf_counter() + LAST_TEST
    return loop.validate(model, part, recipe, lambda: perf_counter() > limit)


def choose_device(wanted: str) -> torch.device:
    """The device of this name; "auto" takes a GPU if there is one. Raises TrainingError."""
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        wanted = next((name for name, found in present.items() if found), "cpu")
    if not present.get(wanted, True):
        raise TrainingError(
            "no-device", f"This machine has no {wanted} device. Choose auto or cpu instead."
        )
    return torch.device(wanted)


def save_weights(model: nn.Module, folder: Path) -> str | None:
    """Write the state_dict in both formats; what went wrong in plain words, or None."""
    state = {name: value.cpu().contiguous() for name, value in model.state_dict().items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_file(state, folder / "weights.safetensors")
        torch.save(state, folder / "weights.pt")
    except Exception as error:  # each writer has its own kinds of errors for a full disk
        log.info("the weights were not saved", exc_info=True)
        return f"The weights could not be saved: {_one_line(error)}"
    return None


def explain(error: BaseException) -> Failed:
    """What an exception means to the person who trains."""
    match error:
        case Refused():
            return Failed(error.issue.code, error.issue.message)
        case DataError():
            return Failed("data", str(error))
        case TrainingError():
            return Failed(error.code, str(error))
        case MemoryError() | torch.OutOfMemoryError():
            return _out_of_memory()
        case RuntimeError() if "memory" in str(error).lower():
            return _out_of_memory()
        case _:
            return Failed("error", f"Training broke off: {_one_line(error)}")


def _out_of_memory() -> Failed:
    message = "The memory ran out. Make the batch, the layers or the input smaller."
    return Failed("out-of-memory", message)


def _one_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
