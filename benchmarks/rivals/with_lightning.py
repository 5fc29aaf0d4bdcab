"""Lightning, without its progress bar, logger, checkpoints and summary."""

from __future__ import annotations

import logging
import warnings

import lightning
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from rivals.task import Laps, Task

warnings.filterwarnings("ignore")  # it warns of the worker processes that it is not given
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


class Module(lightning.LightningModule):
    """The network with its loss, a metric on the validation part, and Adam."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.model, self.criterion, self.task = task.build(), task.criterion(), task

    def training_step(self, batch: tuple[Tensor, Tensor]) -> Tensor:
        """The loss of a batch; its mean over the epoch is kept."""
        x, y = batch
        loss: Tensor = self.criterion(self.model(x), y)
        self.log("loss", loss, on_step=False, on_epoch=True)
        return loss

    def validation_step(self, batch: tuple[Tensor, Tensor]) -> None:
        """Loss and metric of a batch."""
        x, y = batch
        outputs = self.model(x)
        metric = outputs.argmax(1) == y if self.task.classifies else (outputs - y).abs()
        self.log("val_loss", self.criterion(outputs, y))
        self.log("val_metric", metric.float().mean())

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Adam with torch's defaults."""
        return torch.optim.Adam(self.parameters(), lr=self.task.rate)


class Clock(lightning.Callback):
    """Notes the end of each epoch, which comes after its validation."""

    def __init__(self, lap: Laps) -> None:
        self.lap = lap

    def on_train_epoch_end(self, trainer: lightning.Trainer, module: nn.Module) -> None:
        """Validation has run by now."""
        self.lap()


def train(task: Task, lap: Laps) -> None:
    """Fit with a trainer on the CPU."""
    training, validation = task.data_sets()
    trainer = lightning.Trainer(
        accelerator="cpu",
        devices=1,
        max_epochs=task.epochs,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        callbacks=[Clock(lap)],
    )
    trainer.fit(
        Module(task),
        DataLoader(training, batch_size=task.batch, shuffle=True),
        DataLoader(validation, batch_size=len(validation)),
    )
