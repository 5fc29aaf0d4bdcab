"""Measures what a step does in each layer: in few steps, by hooks that are there for these alone.

A step that is measured computes what it would compute otherwise, bit for bit: outputs are read as
soon as they are made, before a layer may write into them, and no random number is drawn. On a GPU
nothing waits for the device: what was measured is read together with the losses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from builder.check import Report
from builder.places import locate
from builder.training.events import Batches, Event, Layers, Stepped
from builder.training.making import rate_of
from builder.training.step import Step

INTERVAL = 0.25
"""Seconds between two measured steps, at least."""
SHARE = 0.015
"""How much of a run's time measuring may take."""
SPREAD = 400
"""In a long run they are as far apart as this part of its time, so that they stay few thousands."""
LOOKED_AT = 1 << 18
"""Of an output with more numbers than this, the first samples of the batch alone are measured."""


def watched_layers(report: Report) -> tuple[tuple[str, str], ...]:
    """Path and kind of each layer that is no container, in the order of the document."""
    return tuple((spot.path, spot.block.kind) for spot in locate(report) if not spot.block.lanes)


class Statistics:
    """Passes events on, and after some of those about steps what was measured in the layers.

    ``single`` asks for the next step to be measured, and to be told of on its own.
    """

    def __init__(
        self, send: Callable[[Event], None], model: nn.Module, layers: Sequence[str]
    ) -> None:
        self.single = False
        self._send, self._names = send, tuple(layers)
        self._modules = [model.get_submodule(path) for path in layers]
        self._step, self._due, self._begun = 0, 0.0, perf_counter()
        self._taken: list[_Sample] = []

    def watch(
        self,
        step: Step,
        optimiser: torch.optim.Optimizer,
        scaler: torch.amp.GradScaler | None = None,
    ) -> Step:
        """The same step, measured now and then; ``scaler`` is what enlarges its gradients."""
        self._begun = perf_counter()

        def watched(inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
            self._step += 1
            if perf_counter() < self._due and not self.single:
                return step(inputs, targets)
            sample = _Sample(self._step, self.single, self._modules, rate_of(optimiser), scaler)
            try:
                loss, outputs = step(inputs, targets)
            finally:
                sample.release()
            sample.finish(loss, len(targets))
            self._taken.append(sample)
            self.single = False
            self._set_due(sample.cost)
            return loss, outputs

        return watched

    def pass_on(self, event: Event) -> None:
        """Send an event on; after one about steps also what was measured in these."""
        self._send(event)
        if isinstance(event, Batches):
            taken, self._taken = self._taken, []
            for sample in taken:
                for told in sample.read(self._names):
                    self._send(told)

    def _set_due(self, cost: float) -> None:
        now = perf_counter()
        self._due = now + max(INTERVAL, cost / SHARE, (now - self._begun) / SPREAD)


Key = tuple[str, int]
"""What a number is of, and of which parameter or layer."""


class _Sample:
    """One measured step, from hooking the layers to the events about it."""

    def __init__(
        self,
        step: int,
        single: bool,
        modules: Sequence[nn.Module],
        rate: float,
        scaler: torch.amp.GradScaler | None,
    ) -> None:
        begun = perf_counter()
        self._step, self._single, self._rate, self._samples = step, single, rate, 0
        self._numbers: dict[Key, Tensor] = {}
        owned = [(at, each) for at, module in enumerate(modules) for each in module.parameters()]
        self._owners = [at for at, _ in owned]
        self._parameters = [each for _, each in owned]
        self._before = [each.detach().clone() for each in self._parameters]
        if single:
            self._note_gradients("former")
        if scaler is not None and self._parameters:
            one = torch.ones((), device=self._parameters[0].device)
            self._numbers["scale", 0] = scaler.scale(one)
        self._handles: list[RemovableHandle] = [
            module.register_forward_hook(self._output_hook(at)) for at, module in enumerate(modules)
        ]
        for at, each in enumerate(self._parameters):
            if each.requires_grad:
                hook: Any = each.register_post_accumulate_grad_hook
                self._handles.append(hook(self._gradient_hook(at)))
        self.cost = perf_counter() - begun

    def release(self) -> None:
        """Take the hooks off."""
        for handle in self._handles:
            handle.remove()

    def finish(self, loss: Tensor, samples: int) -> None:
        """Measure what the step has changed; on a GPU nothing is read yet."""
        begun = perf_counter()
        self._samples = samples
        self._numbers["loss", 0] = loss.detach().float()
        if self._before:
            self._note("weight", torch._foreach_norm(self._before))
            torch._foreach_sub_(self._before, [each.detach() for each in self._parameters])
            self._note("change", torch._foreach_norm(self._before))
            self._before = []
        self._values = torch.stack([*self._numbers.values()])
        self.cost += perf_counter() - begun

    def read(self, names: Sequence[str]) -> Iterator[Event]:
        """The events about this step; waits for the device."""
        found = dict(zip(self._numbers, self._values.tolist(), strict=True))
        scale = found.get(("scale", 0), 1.0)
        gradients = [each / scale for each in self._by_layer(found, "gradient", len(names))]
        weights = self._by_layer(found, "weight", len(names))
        changes = self._by_layer(found, "change", len(names))
        ratios = [_divide(change, weight) for change, weight in zip(changes, weights, strict=True)]
        yield Layers(
            self._step,
            _round(gradients),
            _round(weights),
            _round(ratios),
            *(
                _round(found.get((kind, at), math.nan) for at in range(len(names)))
                for kind in ("mean", "deviation", "zeros")
            ),
        )
        if self._single:
            most = max(range(len(names)), key=lambda at: _or_zero(ratios[at]), default=None)
            yield Stepped(
                self._step,
                self._samples,
                found["loss", 0],
                _norm_of(each for (kind, _), each in found.items() if kind == "former"),
                _norm_of(each for each in gradients if not math.isnan(each)),
                "" if most is None else names[most],
                math.nan if most is None else changes[most],
                math.nan if most is None else ratios[most],
                self._rate,
            )

    def _by_layer(self, found: Mapping[Key, float], kind: str, layers: int) -> list[float]:
        """The norms of each layer's parameters as one."""
        parts: list[list[float]] = [[] for _ in range(layers)]
        for at, owner in enumerate(self._owners):
            if (kind, at) in found:
                parts[owner].append(found[kind, at])
        return [_norm_of(each) for each in parts]

    def _output_hook(self, at: int) -> Callable[..., None]:
        def note(module: nn.Module, inputs: object, output: object) -> None:
            begun = perf_counter()
            values = output[0] if isinstance(output, tuple) else output
            if isinstance(values, Tensor) and values.is_floating_point() and values.numel():
                self._note_output(at, values.detach())
            self.cost += perf_counter() - begun

        return note

    def _note_output(self, at: int, values: Tensor) -> None:
        kept = max(1, LOOKED_AT * len(values) // values.numel())
        shown = values[:kept].float()
        deviation, mean = torch.std_mean(shown, correction=0)
        self._numbers["mean", at] = mean
        self._numbers["deviation", at] = deviation
        self._numbers["zeros", at] = 1 - shown.count_nonzero() / shown.numel()

    def _gradient_hook(self, at: int) -> Callable[[Tensor], None]:
        def note(parameter: Tensor) -> None:
            begun = perf_counter()
            self._note_gradient("gradient", at, parameter)
            self.cost += perf_counter() - begun

        return note

    def _note_gradients(self, kind: str) -> None:
        for at, parameter in enumerate(self._parameters):
            self._note_gradient(kind, at, parameter)

    def _note_gradient(self, kind: str, at: int, parameter: Tensor) -> None:
        gradient = parameter.grad
        if gradient is None:
            return
        values = gradient.coalesce().values() if gradient.is_sparse else gradient
        self._numbers[kind, at] = torch.linalg.vector_norm(values, dtype=torch.float32)

    def _note(self, kind: str, values: Iterable[Tensor]) -> None:
        self._numbers.update({(kind, at): value.float() for at, value in enumerate(values)})


def _norm_of(norms: Iterable[float]) -> float:
    """The norm of parts whose norms are these; NaN of none."""
    found = [*norms]
    return math.hypot(*found) if found else math.nan


def _divide(change: float, weight: float) -> float:
    return change / weight if weight else math.nan


def _or_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def _round(values: Iterable[float]) -> tuple[float, ...]:
    """Five digits are more than a chart shows."""
    return tuple(float(f"{value:.5g}") for value in values)
