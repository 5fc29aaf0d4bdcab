"""skorch, with its own callbacks except the one that prints."""

from __future__ import annotations

import torch
from skorch import NeuralNetClassifier, NeuralNetRegressor
from skorch.callbacks import Callback
from skorch.helper import predefined_split

from rivals.task import Laps, Task


class Clock(Callback):  # type: ignore[misc]
    """Notes the end of each epoch."""

    def __init__(self, lap: Laps) -> None:
        self.lap = lap

    def on_epoch_end(self, net: object, **more: object) -> None:
        """Validation has run by now."""
        self.lap()


def train(task: Task, lap: Laps) -> None:
    """Fit a classifier or a regressor."""
    training, validation = task.data_sets()
    kind = NeuralNetClassifier if task.classifies else NeuralNetRegressor
    net = kind(
        task.build(),
        criterion=task.criterion(),
        optimizer=torch.optim.Adam,
        lr=task.rate,
        batch_size=task.batch,
        iterator_train__shuffle=True,
        iterator_valid__batch_size=len(validation),
        max_epochs=task.epochs,
        train_split=predefined_split(validation),
        callbacks=[Clock(lap)],
        verbose=0,
    )
    net.fit(training, y=None)
