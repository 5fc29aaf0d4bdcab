"""A TensorBoard log, read back: the scalars are those of the events, the graph is the network."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from tensorboardX.proto.event_pb2 import Event as Entry
from tensorboardX.proto.graph_pb2 import GraphDef
from tensorboardX.record_writer import masked_crc32c

from builder.build import build_checked
from builder.check import check
from builder.document import Block, Network, TensorType
from builder.recipe import Recipe
from builder.store import RunRecord
from builder.templates import TEMPLATES
from builder.training.curves import Curves
from builder.training.events import Batches, Epoch, Finished, Started
from builder.training.live import RunView, look
from builder.training.tensorboard import make_graph, write_log, zip_logs

EVENTS = (
    Started("r1", 10, 100, 20, 2, 2, "cpu", 1),
    Batches(1, (1.5, 0.25), (0.5, 0.75), 640.0, 0.5, 0.01),
    Epoch(1, 2, 0.875, 0.625, 0.5, 0.6, 0.75),
    Batches(3, (0.125,), (1.0,), 640.0, 1.0, 0.005),
    Finished("stopped", None, ()),
)


def read(log: bytes) -> list[Entry]:
    """The entries of a log, their check sums judged."""
    found, at = [], 0
    while at < len(log):
        head = log[at : at + 8]
        (length,) = struct.unpack("<Q", head)
        data = log[at + 12 : at + 12 + length]
        sums = struct.unpack("<I", log[at + 8 : at + 12]) + struct.unpack(
            "<I", log[at + 12 + length : at + 16 + length]
        )
        assert sums == (masked_crc32c(head), masked_crc32c(data))
        found.append(Entry.FromString(data))
        at += 16 + length
    return found


def view(network: Network, recipe: Recipe | None = None) -> RunView:
    from builder import recipe as recipes
    from builder import schema

    curves = Curves()
    for event in EVENTS:
        curves.apply(event)
    halved = Recipe(
        arguments=(("lr", 0.01),),
        schedule="StepLR",
        schedule_arguments=(("gamma", 0.5), ("step_size", 1)),
    )
    chosen = recipes.dumps(recipe or halved)
    return look(RunRecord("r1", "n1", schema.dumps(network), chosen, "stopped", 1000.0), curves)


def scalars(entries: list[Entry]) -> dict[str, list[tuple[int, float, float]]]:
    found: dict[str, list[tuple[int, float, float]]] = {}
    for entry in entries:
        for value in entry.summary.value:
            if value.HasField("simple_value"):
                told = (entry.step, entry.wall_time - 1000, value.simple_value)
                found.setdefault(value.tag, []).append(told)
    return found


def test_scalars_are_those_of_the_events() -> None:
    entries = read(write_log(view(TEMPLATES["mlp"].network()), EVENTS, None))
    assert entries[0].file_version == "brain.Event:2"
    single = {
        tag: [(step, at, pytest.approx(value)) for step, at, value in told]
        for tag, told in {
            "learning_rate": [(1, 0.5, 0.01), (2, 0.5, 0.01), (3, 1.0, 0.005)],
            "loss/batch": [(1, 0.5, 1.5), (2, 0.5, 0.25), (3, 1.0, 0.125)],
            "accuracy/batch": [(1, 0.5, 0.5), (2, 0.5, 0.75), (3, 1.0, 1.0)],
            "loss/training": [(2, 0.75, 0.875)],
            "loss/validation": [(2, 0.75, 0.5)],
            "accuracy/training": [(2, 0.75, 0.625)],
            "accuracy/validation": [(2, 0.75, 0.6)],
        }.items()
    }
    assert scalars(entries) == single


def test_a_rate_that_followed_the_loss_is_the_one_that_was_told() -> None:
    plateau = Recipe(schedule="ReduceLROnPlateau")
    found = scalars(read(write_log(view(TEMPLATES["mlp"].network(), plateau), EVENTS, None)))
    assert found["learning_rate"] == [
        (2, 0.5, pytest.approx(0.01)),
        (3, 1.0, pytest.approx(0.005)),
    ]


def test_another_metric_has_its_own_name() -> None:
    begun = Started("r1", 10, 100, 20, 2, 2, "cpu", 1, "mean_absolute_error")
    log = write_log(view(TEMPLATES["mlp"].network()), (begun, *EVENTS[1:]), None)
    assert {"mean_absolute_error/batch", "mean_absolute_error/validation"} <= scalars(
        read(log)
    ).keys()


def test_histograms_are_of_the_final_weights(tmp_path: Path) -> None:
    network = TEMPLATES["lenet5"].network()
    state = dict(build_checked(check(network)).state_dict())
    name = next(iter(state))
    state[name] = torch.full_like(state[name], 2.0)
    state[name].view(-1)[0] = float("nan")
    state["counted"] = torch.tensor(3)
    save_file(state, tmp_path / "weights.safetensors")
    entries = read(write_log(view(network), EVENTS, tmp_path / "weights.safetensors"))
    found = {
        value.tag: (entry.step, value.histo)
        for entry in entries
        for value in entry.summary.value
        if value.HasField("histo")
    }
    assert found.keys() == {key.replace(".", "/") for key in state} - {"counted"}
    step, histogram = found[name.replace(".", "/")]
    assert (step, histogram.num, histogram.min, histogram.max) == (3, state[name].numel() - 1, 2, 2)
    for key, value in state.items():
        if key not in (name, "counted"):
            told = found[key.replace(".", "/")][1]
            assert told.num == value.numel()
            assert told.min == pytest.approx(value.min().item())
            assert told.sum == pytest.approx(value.double().sum().item(), abs=1e-4)


def edges(graph: GraphDef) -> dict[str, tuple[str, list[str]]]:
    return {node.name: (node.op, list(node.input)) for node in graph.node}


def test_the_graph_of_a_stack() -> None:
    blocks = (
        Block("b1", "Flatten"),
        Block("b2", "ReLU", bypassed=True),
        Block("b3", "Linear", (("out_features", 10),), name="last one"),
    )
    graph = make_graph(check(Network(TensorType((1, 8, 8)), blocks, 4)))
    assert edges(graph) == {
        "input": ("Input", []),
        "0_Flatten": ("Flatten", ["input"]),
        "2_Linear_last_one": ("Linear", ["0_Flatten"]),
        "output": ("Output", ["2_Linear_last_one"]),
    }
    linear = graph.node[2].attr
    assert linear["out_features"].s == b"10"
    (shape,) = linear["_output_shapes"].list.shape
    assert [each.size for each in shape.dim] == [-1, 10]


def test_containers_are_scopes_whose_lanes_are_joined() -> None:
    linear = (Block("b2", "Linear", (("out_features", 4),)),)
    blocks = (
        Block("b1", "Residual", lanes=(linear,)),
        Block("b3", "Branches", lanes=((Block("b4", "ReLU"),), (Block("b5", "Tanh"),))),
    )
    graph = make_graph(check(Network(TensorType((4,)), blocks, 6)))
    assert edges(graph) == {
        "input": ("Input", []),
        "0_Residual/0_Linear": ("Linear", ["input"]),
        "0_Residual/output": ("Residual", ["0_Residual/0_Linear", "input"]),
        "1_Branches/0/0_ReLU": ("ReLU", ["0_Residual/output"]),
        "1_Branches/1/0_Tanh": ("Tanh", ["0_Residual/output"]),
        "1_Branches/output": ("Branches", ["1_Branches/0/0_ReLU", "1_Branches/1/0_Tanh"]),
        "output": ("Output", ["1_Branches/output"]),
    }


@pytest.mark.parametrize("template", list(TEMPLATES))
def test_every_node_is_fed_by_nodes_before_it(template: str) -> None:
    graph = make_graph(check(TEMPLATES[template].network()))
    known: set[str] = set()
    for node in graph.node:
        assert set(node.input) <= known
        assert node.name not in known
        known.add(node.name)


def test_logs_are_packed_a_folder_for_each_run() -> None:
    packed = zip_logs({"Run 1 ../a b": b"one", "Run 2": b"two"})
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "Run_1_.._a_b/events.out.tfevents.stackyard": b"one",
            "Run_2/events.out.tfevents.stackyard": b"two",
        }
