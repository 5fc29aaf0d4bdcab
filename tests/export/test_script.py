"""model.py and train.py as text: what golden files have, formatted, and the network itself."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from builder import schema
from builder.build import build
from builder.check import check
from builder.datasets import DATA_SETS, DataSet
from builder.document import Network, TensorType
from builder.export.calls import literal
from builder.export.script import TORCH, NotTrainable, model_source, train_source
from builder.lower import Faulty, lower
from builder.recipe import Recipe
from builder.templates import TEMPLATES, Template
from tests.export.networks import EVERYTHING, FAULTY, block, table_network
from tests.random_networks import random_network

each_template = pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)


def run_model(source: str) -> nn.Sequential:
    """The model that model.py makes, its weights drawn from seed 0."""
    namespace: dict[str, object] = {"__name__": "model"}
    torch.manual_seed(0)
    exec(compile(source, "model.py", "exec"), namespace)
    model = namespace["model"]
    assert isinstance(model, nn.Sequential)
    return model


def assert_same_model(network: Network) -> None:
    """The exported model has the keys and values that the app's own has for one seed."""
    report = check(network)
    exported = run_model(model_source(report))
    torch.manual_seed(0)
    built = build(lower(report))
    ours, theirs = built.state_dict(), exported.state_dict()
    assert list(ours) == list(theirs)
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    probe = torch.rand(2, *network.input.shape)
    assert torch.equal(built.eval()(probe), exported.eval()(probe))


@each_template
def test_templates_are_written_as_their_golden_files(
    template: Template, golden: Callable[[str, str], None]
) -> None:
    report = check(template.network())
    golden(f"{template.id}/model.py", model_source(report))
    if template.data:
        golden(f"{template.id}/train.py", train_source(report, Recipe(template.data), 2))


def test_containers_are_written_as_their_golden_files(golden: Callable[[str, str], None]) -> None:
    report = check(EVERYTHING)
    recipe = Recipe(
        optimiser="AdamW",
        arguments=(("betas", (0.8, 0.99)), ("weight_decay", 0.1)),
        batch_size=1,
        shuffle=False,
        device="cpu",
        normalise="standardise",
    )
    golden("everything/model.py", model_source(report))
    golden("everything/train.py", train_source(report, recipe))


@each_template
def test_templates_are_the_same_model(template: Template) -> None:
    assert_same_model(template.network())


def test_containers_are_the_same_model() -> None:
    assert_same_model(EVERYTHING)


def test_sources_need_no_formatting_and_have_no_faults(tmp_path: Path) -> None:
    networks = [random_network(seed, depth=2) for seed in range(150)]
    wide = block("b1", "Linear", name="名" * 30, out_features=10)
    huge = block("b2", "Unflatten", dim=1, unflattened_size=(10, *[1] * 7), name="a" * 60)
    networks.append(Network(TensorType((3,)), (wide, huge)))
    networks.append(Network(TensorType((3,))))
    for number, network in enumerate([*networks, EVERYTHING]):
        if (report := check(network)).ok:
            (tmp_path / f"model_{number}.py").write_text(model_source(report), encoding="utf-8")
    for template in TEMPLATES.values():
        report = check(template.network())
        data = template.data
        text = train_source(report, Recipe(data), 2) if data else model_source(report)
        (tmp_path / f"{template.id}.py").write_text(text, encoding="utf-8")
    for optimiser in ("SGD", "Adam", "AdamW"):
        recipe = Recipe(optimiser=optimiser, device="cuda", shuffle=False, batch_size=1)
        text = train_source(check(EVERYTHING), recipe)
        (tmp_path / f"train_{optimiser}.py").write_text(text, encoding="utf-8")
    for entry in DATA_SETS.values():
        blocks = (block("b1", "Flatten"), block("b2", "Linear", out_features=entry.target.outputs))
        text = train_source(check(Network(entry.input, blocks)), Recipe(data=entry.id))
        (tmp_path / f"train_{entry.id}.py").write_text(text, encoding="utf-8")
    for command in ("format --check", "check", "check --select E,W,F,I,B,UP,SIM,C4"):
        line = [sys.executable, "-m", "ruff", *command.split(), "--isolated"]
        done = subprocess.run(
            [*line, "--line-length", "88", tmp_path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_faulty_networks_have_no_source() -> None:
    with pytest.raises(Faulty, match=r"^The network can't be built\. Linear lost: "):
        model_source(check(FAULTY))


def test_a_network_that_does_not_fit_the_data_has_no_train_source() -> None:
    report = check(table_network(features=4, classes=3))
    with pytest.raises(NotTrainable, match="a sample of Digits 8×8 is N×1×8×8"):
        train_source(report, Recipe(data="digits"))


@pytest.mark.parametrize("entry", DATA_SETS.values(), ids=DATA_SETS)
def test_every_data_set_can_be_written(entry: DataSet) -> None:
    blocks = (
        block("b1", "Flatten"),
        block("b2", "Linear", out_features=len(entry.target.names)),
    )
    text = train_source(check(Network(entry.input, blocks)), Recipe(data=entry.id))
    assert entry.source in text
    ast.parse(text)


def test_repeats_of_repeats_stay_short() -> None:
    inner = block("b2", "Repeat", (block("b3", "Linear", out_features=4),), times=9)
    network = Network(TensorType((4,)), (block("b1", "Repeat", (inner,), times=8),))
    source = model_source(check(network))
    assert source.count("nn.Linear(4, 4)") == 1
    assert source.count("for _ in range(") == 2
    assert_same_model(network)


HOSTILE = (
    '"); import os; os.system("true") #',
    "conv\n1",
    "__import__('os')",
    "x'); print('owned",
    '"""',
    "{{ 7 * 7 }}",
    "\\",
    "\u2028",
    "\ud800",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_never_reaches_a_source(text: str) -> None:
    plain = schema.to_dict(EVERYTHING)
    places = [
        lambda data: data["blocks"][0].update(name=text),
        lambda data: data["blocks"][0].update(kind=text),
        lambda data: data["blocks"][0]["params"].update(padding=text),
        lambda data: data["blocks"][0]["params"].update({text: 1}),
        lambda data: data["blocks"][0]["params"].update(out_channels=text),
        lambda data: data["blocks"][0]["params"].update(padding_mode=text),
        lambda data: data["blocks"][1]["params"].update(join=text),
        lambda data: data["input"].update(dtype=text),
    ]
    for put in places:
        data = json.loads(json.dumps(plain))
        put(data)
        with pytest.raises(schema.SchemaError):
            schema.from_dict(data)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_data_set_of_any_name_never_reaches_a_source(text: str) -> None:
    network = Network(EVERYTHING.input, EVERYTHING.blocks, data=text)
    sources = (model_source(check(network)), train_source(check(network), Recipe()))
    plain = (model_source(check(EVERYTHING)), train_source(check(EVERYTHING), Recipe()))
    assert sources == plain


@pytest.mark.parametrize(
    "value", [None, True, -3, 1e-05, 0.1, "same", (1, None, 2), (7,), *HOSTILE], ids=repr
)
def test_literals_mean_their_value(value: object) -> None:
    assert ast.literal_eval(literal(value)) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1], object(), b"x"])
def test_what_is_no_value_has_no_literal(value: object) -> None:
    with pytest.raises(ValueError, match="can't be written as source"):
        literal(value)  # type: ignore[arg-type]


def test_the_script_names_the_torch_that_is_pinned() -> None:
    pinned = Path("requirements.txt").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith(f"torch=={TORCH}.") for line in pinned)
    source = train_source(check(TEMPLATES["mlp"].network()), Recipe("digits"))
    assert f"Needs torch (written for {TORCH})" in source
