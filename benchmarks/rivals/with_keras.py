"""Keras on torch: the same module, wrapped, with Keras's own loop, loss and Adam."""

from __future__ import annotations

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras

from rivals.task import Laps, Task


def train(task: Task, lap: Laps) -> None:
    """Compile and fit."""
    training, validation = task.split()
    model = keras.Sequential(
        [
            keras.Input(training.inputs.shape[1:]),
            keras.layers.TorchModuleWrapper(task.build()),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(task.rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        if task.classifies
        else "mse",
        metrics=["accuracy" if task.classifies else "mae"],
    )
    model.fit(
        training.inputs.numpy(),
        training.targets.numpy(),
        batch_size=task.batch,
        epochs=task.epochs,
        shuffle=True,
        validation_data=(validation.inputs.numpy(), validation.targets.numpy()),
        validation_batch_size=len(validation),
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: lap())],
        verbose=0,
    )
