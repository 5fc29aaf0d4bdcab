"""What the doctor looks at: the numbers of one run, however far it is, beside how it was made."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from builder.catalogue import CATALOGUE
from builder.check import Report
from builder.datasets import known
from builder.doctor.diagnosis import Diagnosis
from builder.document import Init
from builder.operations import Operation, Place, SetInit
from builder.places import Spot, locate
from builder.recipe import Recipe
from builder.training.curves import Curves
from builder.training.events import Epoch
from builder.training.tracks import PER_LAYER

WARM_UP = 64
"""So many samples show a loss that does not hang on which samples they are."""
RECENT = 64
"""Measurements of the layers that are looked at: the newest ones."""


@dataclass(frozen=True)
class Case:
    """A run so far: its network's report, its recipe, and what it has told.

    ``losses`` has the loss of each batch (float64, one after another). ``measured`` has for each
    name of ``PER_LAYER`` the newest measurements × the layers called ``paths``, made in ``steps``.
    It tells facts; what they mean, the ailments say.
    """

    report: Report
    recipe: Recipe
    losses: np.ndarray
    epochs: tuple[Epoch, ...] = ()
    validation_samples: int = 0
    paths: tuple[str, ...] = ()
    steps: tuple[int, ...] = ()
    measured: Mapping[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def of(cls, report: Report, recipe: Recipe, curves: Curves) -> Case:
        """The case of a run whose events are folded in ``curves``, as they are at this moment."""
        losses = np.array(curves.losses[:])  # of a copy: what is looked at here can't grow there
        case = cls(report, recipe, losses, tuple(curves.epochs))
        if (started := curves.started) is None:
            return case
        first, lines = max(0, curves.tracks.measurements - RECENT), range(len(started.layers))
        found = {name: curves.tracks.since(name, first, tuple(lines)) for name in PER_LAYER}
        return replace(
            case,
            validation_samples=started.validation_samples,
            paths=started.layers,
            steps=found["zeros"].steps,
            measured={name: np.array(track.values).T for name, track in found.items()},
        )

    @property
    def readable(self) -> bool:
        """Whether the data set is known and the network can be built, as when the run began."""
        return known(self.recipe.data) is not None and self.report.ok

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
        """How much less the loss is of late than at the start, as a share; NaN when unknown.

        What random weights add to the loss of guessing is no start: losing that is not learning.
        """
        target = self.recipe.data_set.target
        guessing = math.log(target.outputs) if target.kind == "classes" else math.inf
        start = min(self.start, guessing)
        return 1 - self.late / start if start > 0 else math.nan

    @cached_property
    def places(self) -> dict[str, Spot]:
        """The layer at each path of the built network, without containers, in order."""
        return {spot.path: spot for spot in locate(self.report) if not spot.block.lanes}

    def layer_values(self, name: str) -> Iterator[tuple[Spot, np.ndarray]]:
        """Each layer with what was measured in it of late (one of ``PER_LAYER``), in order."""
        for at, path in enumerate(self.paths):
            if self.steps and path in self.places:
                yield self.places[path], self.measured[name][:, at]

    @cached_property
    def update_ratio(self) -> float:
        """How far a step moves a layer's weights for their size: the middle one of late; or NaN."""
        ratios = self.measured.get("update_ratios", np.empty(0))
        finite = ratios[np.isfinite(ratios)]
        return float(np.median(finite)) if len(finite) else math.nan

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
