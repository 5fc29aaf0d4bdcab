"""A run as a TensorBoard log: scalars, histograms of the final weights, and the network's graph.

The graph is written from the document: a trace would show torch's operations and not the layers,
and needs TensorBoard's own package.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from builder.catalogue import CATALOGUE
from builder.check import Report, check
from builder.document import Block, TensorType
from builder.metrics import METRICS
from builder.training.events import Batches, Epoch, Event, Started
from builder.training.live import RunView
from builder.training.preview import step_rates

BINS = 64
"""How many buckets a histogram of weights has."""


def zip_logs(logs: Mapping[str, bytes]) -> bytes:
    """A zip with a folder for each log, as TensorBoard wants them, by the folder's name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, log in logs.items():
            archive.writestr(f"{_clean(name)}/events.out.tfevents.stackyard", log)
    return packed.getvalue()


def write_log(view: RunView, events: Iterable[Event], weights: Path | None) -> bytes:
    """The file of events of a run; ``weights`` is its file of safetensors, if there is one.

    A step of the log is a step of the run, an epoch's numbers stand at its last step, and times
    are those at which the numbers were told.
    """
    from tensorboardX.proto.event_pb2 import Event as Entry
    from tensorboardX.record_writer import RecordWriter

    with TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        writer = RecordWriter(str(path))
        for entry in _entries(Entry, view, events, weights):
            writer.write(entry.SerializeToString())
        writer.close()
        return path.read_bytes()


def _entries(
    entry: Any, view: RunView, events: Iterable[Event], weights: Path | None
) -> Iterator[Any]:
    from tensorboardX.proto.summary_pb2 import Summary

    yield entry(wall_time=view.created, file_version="brain.Event:2")
    graph = make_graph(check(view.network)).SerializeToString()
    yield entry(wall_time=view.created, graph_def=graph)
    step, seconds = 0, 0.0
    for step, seconds, scalars in _scalars(view, events):
        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in scalars.items()]
        yield entry(wall_time=view.created + seconds, step=step, summary=Summary(value=values))
    if weights:
        for summary in _histograms(weights):
            yield entry(wall_time=view.created + seconds, step=step, summary=summary)


def _scalars(
    view: RunView, events: Iterable[Event]
) -> Iterator[tuple[int, float, dict[str, float]]]:
    """Each step's number, its seconds since the first, and its numbers by their tags."""
    metric, rates = "", None
    for event in events:
        match event:
            case Started():
                metric = METRICS[event.metric].name
                rates = step_rates(view.recipe, event.batches_per_epoch, view.step)
            case Batches():
                last = len(event.losses) - 1
                for at, pair in enumerate(zip(event.losses, event.metrics, strict=True)):
                    told = {"loss/batch": pair[0], f"{metric}/batch": pair[1]}
                    if rates:
                        told["learning_rate"] = rates[event.first + at - 1]
                    elif at == last and event.lr is not None:
                        told["learning_rate"] = event.lr
                    yield event.first + at, event.seconds, told
            case Epoch():
                yield (
                    event.step,
                    event.seconds,
                    {
                        "loss/training": event.train_loss,
                        "loss/validation": event.val_loss,
                        f"{metric}/training": event.train_metric,
                        f"{metric}/validation": event.val_metric,
                    },
                )


def _histograms(weights: Path) -> Iterator[Any]:
    """One for each tensor of real numbers; what is not finite has no place in a histogram."""
    import numpy as np
    from safetensors.numpy import load_file
    from tensorboardX.summary import histogram

    for name, values in load_file(weights).items():
        finite = values.ravel()[np.isfinite(values.ravel())]
        if values.dtype.kind == "f" and finite.size:
            yield histogram(name.replace(".", "/"), finite, BINS)


def make_graph(report: Report) -> Any:
    """The network as TensorBoard's GraphDef: layers are nodes, containers are scopes."""
    from tensorboardX.proto.graph_pb2 import GraphDef
    from tensorboardX.proto.versions_pb2 import VersionDef

    graph = _Graph(report)
    graph.add("input", "Input", (), report.network.input, {})
    end = graph.lane(report.network.blocks, "input", "")
    graph.add("output", "Output", (end,), None, {})
    return GraphDef(node=graph.nodes, versions=VersionDef(producer=22))


class _Graph:
    """Adds node after node; each method gives the name of the node that its lane ends in."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.nodes: list[Any] = []

    def add(
        self,
        name: str,
        kind: str,
        inputs: Iterable[str],
        output: TensorType | None,
        arguments: Mapping[str, Any],
    ) -> str:
        """A node with its arguments; the shape of its output, N unknown, is what edges show."""
        from tensorboardX.proto.attr_value_pb2 import AttrValue
        from tensorboardX.proto.node_def_pb2 import NodeDef
        from tensorboardX.proto.tensor_shape_pb2 import TensorShapeProto

        attributes = {key: AttrValue(s=str(value).encode()) for key, value in arguments.items()}
        if output:
            sizes = [TensorShapeProto.Dim(size=size) for size in (-1, *output.shape)]
            listed = AttrValue.ListValue(shape=[TensorShapeProto(dim=sizes)])
            attributes["_output_shapes"] = AttrValue(list=listed)
        self.nodes.append(NodeDef(name=name, op=kind, input=inputs, attr=attributes))
        return name

    def lane(self, blocks: tuple[Block, ...], tail: str, scope: str) -> str:
        """The blocks one after another; those that are switched off let everything pass."""
        for number, block in enumerate(blocks):
            if not block.bypassed:
                name = f"{scope}{number}_{_clean(block.label)}"
                tail = (
                    self._container(block, tail, name)
                    if block.lanes
                    else self._layer(block, tail, name)
                )
        return tail

    def _layer(self, block: Block, tail: str, name: str) -> str:
        found = self.report.blocks[block.id]
        return self.add(name, block.kind, (tail,), found.output, dict(found.arguments))

    def _container(self, block: Block, tail: str, name: str) -> str:
        found, lanes = self.report.blocks[block.id], CATALOGUE[block.kind].lanes
        assert lanes is not None
        several = len(block.lanes) > 1
        scopes = [f"{name}/{f'{at}/' if several else ''}" for at in range(len(block.lanes))]
        ends = [
            self.lane(lane, tail, scope) for lane, scope in zip(block.lanes, scopes, strict=True)
        ]
        inputs = (*ends, *((tail,) if lanes.adds_input else ()))
        arguments = dict(found.arguments)
        return self.add(f"{name}/output", block.kind, inputs, found.output, arguments)


def _clean(name: str) -> str:
    """The name in the letters that TensorBoard and file systems take."""
    return re.sub(r"[^A-Za-z0-9.-]+", "_", name).strip("_.") or "unnamed"
