"""What a built model holds, as tables: modules by path, parameters with their numbers."""

from __future__ import annotations

import pandas as pd
from torch import Tensor, nn

MODULES = ("path", "class", "own", "parameters")
PARAMETERS = ("name", "shape", "count", "trained", "dtype", "mean", "std", "min", "max")


def module_table(model: nn.Module) -> pd.DataFrame:
    """A row for each of ``named_modules``: its own parameters, and those of all that it holds."""
    rows = [
        (
            path or "(the model)",
            type(module).__name__,
            sum(each.numel() for each in module.parameters(recurse=False)),
            sum(each.numel() for each in module.parameters()),
        )
        for path, module in model.named_modules()
    ]
    return pd.DataFrame(rows, columns=list(MODULES))


def parameter_table(model: nn.Module) -> pd.DataFrame:
    """A row for each of ``named_parameters``, in their order; std is NaN for a single number.

    ``trained`` is False where the layer is frozen.
    """
    rows = [(name, *_describe(value)) for name, value in model.named_parameters()]
    return pd.DataFrame(rows, columns=list(PARAMETERS))


def _describe(parameter: Tensor) -> tuple[str, int, bool, str, float, float, float, float]:
    value = parameter.detach()
    deviation = value.std().item() if value.numel() > 1 else float("nan")
    return (
        "×".join(map(str, value.shape)),
        value.numel(),
        parameter.requires_grad,
        str(value.dtype).removeprefix("torch."),
        value.mean().item(),
        deviation,
        value.min().item(),
        value.max().item(),
    )
