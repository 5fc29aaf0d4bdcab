"""What a rival is given: a network, its samples and a recipe, and a watch for its epochs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter

import torch
from torch import nn
from torch.utils.data import TensorDataset

from builder.build import build_network
from builder.recipe import Recipe
from builder.templates import TEMPLATES
from builder.training.samples import Part, split


@dataclass(frozen=True)
class Task:
    """Train this template on this data for so many epochs; loss and rate are the recipe's."""

    model_id: str
    data: str
    batch: int
    epochs: int

    @cached_property
    def recipe(self) -> Recipe:
        """The app's recipe, from which all others take their settings."""
        return Recipe(data=self.data, batch_size=self.batch, epochs=self.epochs)

    @property
    def rate(self) -> float:
        """The learning rate of Adam."""
        return float(self.recipe.optimiser_arguments["lr"])  # type: ignore[arg-type]

    @property
    def classifies(self) -> bool:
        """Whether classes are predicted and not numbers."""
        return self.recipe.data_set.target.kind == "classes"

    def build(self) -> nn.Module:
        """The network with new weights."""
        torch.manual_seed(self.recipe.seed)
        return build_network(TEMPLATES[self.model_id].network())

    def criterion(self) -> nn.Module:
        """The loss that the app takes for these targets."""
        return nn.CrossEntropyLoss() if self.classifies else nn.MSELoss()

    def split(self) -> tuple[Part, Part]:
        """Training and validation part, as the app prepares them."""
        given = TEMPLATES[self.model_id].network().input
        generator = torch.Generator().manual_seed(self.recipe.seed)
        return split(self.recipe, given, generator, torch.device("cpu"))

    def data_sets(self) -> tuple[TensorDataset, TensorDataset]:
        """The same for those that take data sets."""
        training, validation = self.split()
        return (
            TensorDataset(training.inputs, training.targets),
            TensorDataset(validation.inputs, validation.targets),
        )


@dataclass
class Laps:
    """When each epoch was over, its validation included."""

    times: list[float] = field(default_factory=list)

    def __call__(self) -> None:
        """An epoch is over."""
        self.times.append(perf_counter())

    def speed(self, samples: int) -> float:
        """Samples per second, the first epoch left out: in it all libraries warm up."""
        return samples * (len(self.times) - 1) / (self.times[-1] - self.times[0])
