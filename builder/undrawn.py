"""Modules without numbers: what only needs their shapes skips drawing and filling their weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor
from torch.overrides import TorchFunctionMode

FILLING = frozenset(
    {"fill_", "zero_", "normal_", "uniform_", "kaiming_uniform_", "xavier_uniform_", "constant_"}
)
"""What torch's layers call on new parameters; it writes into a tensor and returns it."""


class Undrawn(TorchFunctionMode):
    """Within it, layers that are made leave their parameters as they are.

    On the meta device there is nothing to fill, and torch would first import the better part of
    its compiler (a second's work) to draw a normal distribution there.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        given = kwargs or {}
        if func.__name__ not in FILLING:
            return func(*args, **given)
        filled = args[0] if args else given["tensor"]
        assert isinstance(filled, Tensor)
        return filled
