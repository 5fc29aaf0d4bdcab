"""What the doctor looks at: the numbers of one run, however far it is, beside how it was made."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from builder.catalogue import CATALOGUE
from builder.check import Report
from builder.doctor.diagnosis import Diagnosis
from builder.document import Init
from builder.operations import Operation, Place, SetInit
from builder.places import Spot, locate
from builder.recipe import Recipe
from builder.training.curves import Curves
from builder.training.events import Epoch, Layers

WARM_UP = 64
"""So many samples show a loss that does not hang on which samples they are."""


@dataclass(frozen=True)
class Case:
    """A run so far: its network's report, its recipe, and what it has told.

    ``losses`` has the loss of each batch (float64, one after another), ``layers`` the newest
    measurements in the layers called ``paths``. It tells facts; what they mean, the ailments say.
    """

    report: Report
    recipe: Recipe
    losses: np.ndarray
    epochs: tuple[Epoch, ...] = ()
    paths: tuple[str, ...] = ()
    layers: tuple[Layers, ...] = ()
    validation_samples: int = 0

    @classmethod
    def of(cls, report: Report, recipe: Recipe, curves: Curves) -> Case:
        """The case of a run whose events are folded in ``curves``, as they are at this moment."""
        losses = np.array(curves.losses[:])  # of a copy: what is looked at here can't grow there
        started, told = curves.started, (tuple(curves.epochs), tuple(curves.recent))
        paths, held = (started.layers, started.validation_samples) if started else ((), 0)
        return cls(report, recipe, losses, told[0], paths, told[1], held)

    @property
    def rate(self) -> float:
        """The learning rate that the recipe begins with."""
        return float(self.recipe.optimiser_arguments["lr"])  # type: ignore[arg-type]

    @property
    def usual_rate(self) -> float:
        """The learning rate that the optimiser has by default."""
        parameter = self.recipe.spec.parameter("lr")
        assert parameter is not None
        return float(parameter.default)  # type: ignore[arg-type]

    @cached_property
    def smooth(self) -> np.ndarray:
        """The loss as the mean over batches of ``WARM_UP`` samples together, one after another."""
        count = min(math.ceil(WARM_UP / self.recipe.batch_size), max(1, len(self.losses) // 10))
        whole = len(self.losses) // count * count
        means: np.ndarray = self.losses[:whole].reshape(-1, count).mean(axis=1)
        return means

    @property
    def start(self) -> float:
        """The loss before anything was learnt, NaN as long as it is unknown."""
        return float(self.smooth[0]) if len(self.smooth) else math.nan

    @cached_property
    def late(self) -> float:
        """The training loss of late: the middle of the last tenth of the batches."""
        last = self.losses[-max(10, len(self.losses) // 10) :]
        return float(np.median(last)) if len(last) else math.nan

    @property
    def fall(self) -> float:
        """Which share of the loss at the start is gone of late."""
        return 1 - self.late / self.start if self.start > 0 else math.nan

    @cached_property
    def places(self) -> dict[str, Spot]:
        """The layer at each path of the built network, without containers, in order."""
        return {spot.path: spot for spot in locate(self.report) if not spot.block.lanes}

    def layer_values(self, what: str) -> Iterator[tuple[Spot, np.ndarray]]:
        """Each layer with what was measured in it of late (a field of ``Layers``), in order."""
        for at, path in enumerate(self.paths):
            if path in self.places:
                yield self.places[path], np.array([getattr(each, what)[at] for each in self.layers])

    @cached_property
    def update_ratio(self) -> float:
        """How far a step moves a layer's weights for their size: the middle one of late; or NaN."""
        ratios = [each for told in self.layers for each in told.update_ratios]
        finite = [each for each in ratios if math.isfinite(each)]
        return float(np.median(finite)) if finite else math.nan

    @cached_property
    def weighted(self) -> tuple[Spot, ...]:
        """The layers that have parameters, in order, normalisations left aside."""
        return tuple(
            spot
            for spot in self.places.values()
            if self.report.blocks[spot.block.id].parameters
            and CATALOGUE[spot.block.kind].category != "Normalisation"
        )


@dataclass(frozen=True)
class Ailment:
    """One entry: what is looked for, in words, and how it is found.

    ``hides`` names ailments that are mere consequences of this one and are not told beside it.
    """

    id: str
    looked_for: str
    find: Callable[[Case], Diagnosis | None]
    hides: tuple[str, ...] = ()


def before(spot: Spot) -> Place:
    """The place right before a layer, in the lane that it lies in."""
    if not spot.inside:
        return Place(before=spot.block.id)
    around = spot.inside[-1]
    return Place(around.container, around.lane, spot.block.id)


def rules_where(case: Case, matches: Callable[[Init], bool]) -> tuple[Operation, ...]:
    """The operations that take away the rules for initial weights that match."""
    network = case.report.network
    own = [each.block for each in case.places.values()]
    found = {each.id: SetInit(None, each.id) for each in own if each.init and matches(each.init)}
    general = (SetInit(None, kind=kind) for kind, init in network.inits if matches(init))
    return *found.values(), *general
