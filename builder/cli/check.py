"""The command ``check``: what flows where, and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.cli.columns import align
from builder.cli.reading import read_network

if TYPE_CHECKING:
    from builder.check import BlockReport, Report
    from builder.document import TensorType

HEADER = ("layer", "input", "output", "parameters", "share", "madds", "memory", "")


@click.command()
@click.argument("network", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def check(network: Path, as_json: bool) -> None:
    """Show every layer's shapes, parameters and cost; exit status 1 when there are faults.

    Multiply-adds (madds) and the memory of outputs are for one sample.
    """
    from builder.check import check as check_network

    report = check_network(read_network(network))
    click.echo(json.dumps(describe(report), indent=2) if as_json else "\n".join(_lines(report)))
    if not report.ok:
        raise SystemExit(1)


def describe(report: Report) -> dict[str, Any]:
    """The report as plain data; shapes are lists without the batch axis, null where unknown.

    ``madds`` are multiply-adds and ``activations`` bytes of outputs, both for one sample;
    ``weights`` are bytes of parameters and buffers. ``trainable`` are the parameters that are not
    frozen.
    """
    return {
        "ok": report.ok,
        "parameters": report.parameters,
        "trainable": report.trainable,
        "madds": report.madds,
        "weights": report.cost.weights,
        "activations": report.activations,
        "output": _shape(report.output),
        "blocks": [_describe_block(found) for found in report.blocks.values()],
    }


def _describe_block(found: BlockReport) -> dict[str, Any]:
    issue = found.issue
    return {
        "id": found.block.id,
        "kind": found.block.kind,
        "name": found.block.name,
        "input": _shape(found.input),
        "output": _shape(found.output),
        "parameters": found.parameters,
        "trainable": found.trainable,
        "madds": found.madds,
        "activations": found.activations,
        "issue": {"code": issue.code, "message": issue.message} if issue else None,
    }


def _shape(given: TensorType | None) -> list[int] | None:
    return None if given is None else list(given.shape)


def _lines(report: Report) -> Iterator[str]:
    from builder.export.table import rows
    from builder.training.memory import words

    table = [HEADER]
    for row in rows(report):
        label = f"{'  ' * row.depth}{row.kind} {row.name}".rstrip()
        counts = (f"{row.parameters:,}", f"{row.share:.1%}") if row.parameters else ("", "")
        costs = (
            f"{row.madds:,}" if row.madds else "",
            words(row.activations) if row.activations else "",
        )
        note = "fault" if row.state == "fault" else row.note
        table.append((label, row.input, row.output, *counts, *costs, note))
    yield from align(table, right=(3, 4, 5, 6))
    yield ""
    frozen = f", {report.cost.frozen:,} of them frozen" if report.cost.frozen else ""
    output = f"output {report.output or 'unknown'}, {report.parameters:,} parameters{frozen}."
    yield f"Input {report.network.input}, {output}"
    yield (
        f"{report.madds:,} multiply-adds and {words(report.activations)} of outputs for a sample, "
        f"{words(report.cost.weights)} of weights."
    )
    for issue in report.issues:
        label = report.blocks[issue.block].block.label if issue.block else "The network"
        repair = f" Repair: {issue.repair.label}." if issue.repair else ""
        yield f"Fault in {label}: {issue.message}{repair}"
