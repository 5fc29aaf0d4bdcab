"""A report becomes what the canvas draws: plain data for the browser."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from builder.catalogue import CATALOGUE, categories
from builder.check import BlockReport, Issue, Report
from builder.datasets import DATA_SETS, DataSet, known
from builder.document import Block, walk
from builder.fit import remark
from builder.history import History
from builder.schema import plain
from builder.templates import TEMPLATES

PROTOCOL = 1


@cache
def catalogue() -> tuple[str, dict[str, Any]]:
    """What never changes while the program runs, and its fingerprint: sent once to each page."""
    data = {
        "categories": [{"name": name, "kinds": kinds} for name, kinds in categories().items()],
        "kinds": {kind: spec.describe() for kind, spec in CATALOGUE.items()},
        "dataSets": [_data_set(each) for each in DATA_SETS.values()],
        "templates": [
            {"id": each.id, "title": each.title, "summary": each.summary}
            for each in TEMPLATES.values()
        ],
    }
    text = json.dumps(data, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16], data


def _data_set(entry: DataSet) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "label": str(entry.input),
        "shape": list(entry.input.shape),
        "dtype": entry.input.dtype,
    }


def _own(data: str | None) -> dict[str, Any]:
    """The data set under "own" where it is one that the catalogue does not list."""
    entry = known(data)
    return {"own": _data_set(entry)} if entry and entry.id not in DATA_SETS else {}


def view(history: History, report: Report) -> dict[str, Any]:
    """The network as the canvas shows it: cards in order, totals, and what can be undone.

    ``madds`` (multiply-adds) and ``activations`` (bytes) are for one sample; ``weights`` are bytes.
    ``trainable`` parameters are those that are not frozen.
    """
    network = report.network
    return {
        "protocol": PROTOCOL,
        "input": {
            "shape": list(network.input.shape),
            "dtype": network.input.dtype,
            "label": str(network.input),
            "data": network.data,
            **_own(network.data),
        },
        "cards": [_card(block, report) for block in network.blocks],
        "totals": _totals(report),
        "canUndo": bool(history.past),
        "canRedo": bool(history.future),
    }


def _totals(report: Report) -> dict[str, Any]:
    data_set = known(report.network.data)
    target = remark(report, data_set) if data_set and report.network.blocks else None
    return {
        "parameters": report.parameters,
        "trainable": report.trainable,
        "madds": report.madds,
        "weights": report.cost.weights,
        "activations": report.activations,
        "layers": sum(1 for block in walk(report.network.blocks) if not block.lanes),
        "output": None if report.output is None else str(report.output),
        "faults": len(report.issues),
        "target": _issue(target),
    }


def _issue(issue: Issue | None) -> dict[str, Any] | None:
    if issue is None:
        return None
    repair = issue.repair.label if issue.repair else None
    return {"code": issue.code, "message": issue.message, "repair": repair}


def _card(block: Block, report: Report) -> dict[str, Any]:
    found = report.blocks[block.id]
    lanes = [[_card(inner, report) for inner in lane] for lane in block.lanes]
    card = {
        "id": block.id,
        "kind": block.kind,
        "name": block.name,
        "bypassed": block.bypassed,
        "frozen": block.frozen,
        "params": {name: plain(value) for name, value in block.params},
        "filled": {name: plain(value) for name, value in found.filled.items()},
        "summary": summarise(found),
        "input": None if found.input is None else str(found.input),
        "output": None if found.output is None else str(found.output),
        "parameters": found.parameters,
        "trainable": found.trainable,
        "madds": found.madds,
        "activations": found.activations,
        "state": found.state,
        "issue": _issue(found.issue),
        "waitsFor": found.waits_for.label if found.waits_for else None,
        "lanes": lanes or None,
    }
    if inside := _inside(found):
        card["inside"] = inside
    return card


def _inside(found: BlockReport) -> str | None:
    """What a container's lanes are given, where that is not its own input."""
    lanes = CATALOGUE[found.block.kind].lanes
    if lanes is None or lanes.enter is None or found.input is None or found.state != "ok":
        return None
    return str(lanes.given(found.arguments, found.input))


def summarise(found: BlockReport) -> str:
    """The arguments that matter most, in one line; empty while some are unknown."""
    spec = CATALOGUE[found.block.kind]
    if len(found.arguments) < len(spec.parameters):
        return ""
    return spec.brief(found.arguments)
