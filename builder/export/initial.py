"""The code that draws a network's initial weights where it asks for others than torch's own."""

from __future__ import annotations

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Required
from builder.check import Report
from builder.export.calls import argument, literal
from builder.export.layout import WIDTH, Node, write
from builder.initial_weights import Step, plan
from builder.initialisers import INITIALISERS, call_of

NAME_LIMIT = 30
"""A layer's name of up to so many letters is also that of its function."""


def initial_source(report: Report) -> str:
    """Functions and their use, in the order of the rules; empty when there are no rules."""
    return "\n\n\n".join("\n".join(_write_step(step)) for step in plan(report))


def _write_step(step: Step) -> list[str]:
    name = _name(step)
    lines = [f"def {name}(module):"]
    if step.kind is not None and _is_plain(step.kind):
        lines += [f"    if isinstance(module, nn.{_class(step.kind)}):"]
        lines += _write_plain(step, step.kind, 8)
    elif step.block is not None and _is_plain(step.block.kind):
        lines += _write_plain(step, step.block.kind, 4)
    else:
        lines += _write_any(step)
    return [*lines, "", "", *_write_use(step, name)]


def _name(step: Step) -> str:
    if step.block is not None:
        given = step.block.name or ""
        short = given.isascii() and 0 < len(given) <= NAME_LIMIT
        return f"initialise_{given if short else step.block.id.replace('-', '_')}"
    return "initialise" if step.kind is None else f"initialise_{step.kind.lower()}"


def _class(kind: str) -> str:
    return CATALOGUE[kind].target.removeprefix("nn.")


def _is_plain(kind: str) -> bool:
    """Whether a kind's module has one weight with two axes or more, and a bias or None."""
    spec = CATALOGUE[kind]
    sizes = ("in_features", "in_channels", "num_embeddings")
    return spec.compose is None and any(spec.parameter(name) for name in sizes)


def _write_plain(step: Step, kind: str, indent: int) -> list[str]:
    """``module.weight`` and ``module.bias``, which every such layer has."""
    lines = [*_write_call(step, "module.weight", indent)]
    if step.init.bias is not None and CATALOGUE[kind].parameter("bias"):
        margin = " " * indent
        lines += [f"{margin}if module.bias is not None:"]
        lines += [f"{margin}    nn.init.constant_(module.bias, {literal(step.init.bias)})"]
    return lines


def _write_any(step: Step) -> list[str]:
    """Whatever parameters a module has of its own."""
    axes = INITIALISERS[step.init.method].axes
    enough = f" and parameter.dim() >= {axes}" if axes > 1 else ""
    lines = [
        "    for name, parameter in module.named_parameters(recurse=False):",
        f'        if "weight" in name{enough}:',
        *_write_call(step, "parameter", 12),
    ]
    if step.init.bias is not None:
        lines += ['        elif "bias" in name:']
        lines += [f"            nn.init.constant_(parameter, {literal(step.init.bias)})"]
    return lines


def _write_call(step: Step, what: str, indent: int) -> list[str]:
    call = call_of(step.init)
    parameters = INITIALISERS[step.init.method].parameters
    required = [each.name for each in parameters if isinstance(each.default, Required)]
    items = [argument(None if name in required else name, value) for name, value in call.arguments]
    return list(write(Node(f"{call.target}(", (Node(what), *items), ")"), indent))


def _write_use(step: Step, name: str) -> list[str]:
    if step.block is None:
        if step.kind is None or _is_plain(step.kind):
            return [f"model.apply({name})"]
        return [
            "for module in model.modules():",
            f"    if isinstance(module, nn.{_class(step.kind)}):",
            f"        module.apply({name})",
        ]
    return call_at(step.paths, f"apply({name})")


def call_at(paths: tuple[str, ...], call: str) -> list[str]:
    """Lines that call a method of the model's modules at these paths."""
    if len(paths) == 1:
        line = f"model{_steps(paths[0])}.{call}"
        if len(line) <= WIDTH and line.isascii():
            return [line]
    items = tuple(Node(literal(path)) for path in paths)
    tail = ",):" if len(items) == 1 else "):"
    loop = list(write(Node("for path in (", items, tail)))
    return [*loop, f"    model.get_submodule(path).{call}"]


def _steps(path: str) -> str:
    """A path as a person writes it: ``[2].body[0]``; numbers are places in an nn.Sequential."""
    return "".join(f"[{step}]" if step.isdecimal() else f".{step}" for step in path.split("."))
