"""The command line as a person or a script uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder import recipe, schema
from builder.catalogue import CATALOGUE
from builder.cli import commands
from builder.datasets import DATA_SETS
from builder.document import Network
from builder.operations import Freeze, apply
from builder.templates import TEMPLATES
from tests.export.networks import EVERYTHING, FAULTY, table_network


def run(*arguments: object, given: str | None = None) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(commands, list(map(str, arguments)), input=given)


def write(network: Network, folder: Path) -> Path:
    """The network as a file."""
    path = folder / "net.json"
    path.write_text(schema.dumps(network), encoding="utf-8")
    return path


def assert_refused(result: Result, *words: str) -> None:
    """Exit status 2, one sentence on standard error, nothing on standard output."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("Error: ")
    assert lines[0].endswith(".")
    for word in words:
        assert word in lines[0]


def test_layers_are_the_catalogue() -> None:
    found = json.loads(run("layers", "--json").stdout)
    assert list(found["kinds"]) == list(CATALOGUE)
    assert found["kinds"]["Conv2d"] == json.loads(json.dumps(CATALOGUE["Conv2d"].describe()))
    assert [kind for each in found["categories"] for kind in each["kinds"]] == list(CATALOGUE)
    listed = run("layers").stdout.splitlines()
    assert [line.split()[0] for line in listed] == list(CATALOGUE)


def test_new_lists_the_templates() -> None:
    result = run("new")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == list(TEMPLATES)


@pytest.mark.parametrize("template", TEMPLATES)
def test_new_writes_a_template_that_checks_clean(template: str, tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    assert run("new", template, "--out", path).exit_code == 0
    assert schema.loads(path.read_text(encoding="utf-8")) == TEMPLATES[template].network()
    assert run("new", template).stdout == path.read_text(encoding="utf-8")
    assert run("check", path).exit_code == 0


def test_new_refuses_what_it_does_not_have() -> None:
    assert_refused(run("new", "vgg"), "no template 'vgg'", "mlp, lenet5")
    assert_refused(run("new", "mlp", "--out", "/nowhere/net.json"), "No such file or directory")


def test_check_as_json(tmp_path: Path) -> None:
    result = run("check", write(EVERYTHING, tmp_path), "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert {name: found[name] for name in ("ok", "parameters", "output")} == {
        "ok": True,
        "parameters": 9382,
        "output": [10],
    }
    assert [each["id"] for each in found["blocks"]] == [f"b{n}" for n in range(1, 17)]
    assert found["blocks"][0] == {
        "id": "b1",
        "kind": "Conv2d",
        "name": "stem",
        "input": [1, 8, 8],
        "output": [4, 8, 8],
        "parameters": 64,
        "trainable": 64,
        "madds": 3840,
        "activations": 1024,
        "issue": None,
    }


def test_check_of_faults_as_json(tmp_path: Path) -> None:
    result = run("check", write(FAULTY, tmp_path), "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    totals = {"parameters": 40, "trainable": 40, "madds": 1296, "weights": 160, "activations": 576}
    assert list(found) == ["ok", *totals, "output", "blocks"]
    assert {name: found[name] for name in totals} == totals
    assert (found["ok"], found["parameters"], found["output"]) == (False, 40, None)
    costs = ["parameters", "trainable", "madds", "activations"]
    keys = ["id", "kind", "name", "input", "output", *costs, "issue"]
    assert [list(each) for each in found["blocks"]] == [keys] * 4
    issues = [each["issue"] for each in found["blocks"]]
    assert [issue and list(issue) for issue in issues] == [None, None, ["code", "message"], None]
    assert found["blocks"][2]["input"] == [4, 6, 6]
    assert found["blocks"][3]["input"] is None


def test_check_tells_what_is_frozen(tmp_path: Path) -> None:
    path = write(apply(EVERYTHING, Freeze("b1", True)), tmp_path)
    found = json.loads(run("check", path, "--json").stdout)
    assert (found["parameters"], found["trainable"]) == (9382, 9318)
    assert (found["blocks"][0]["parameters"], found["blocks"][0]["trainable"]) == (64, 0)
    lines = run("check", path).stdout.splitlines()
    assert lines[1].split()[:2] == ["Conv2d", "stem"]
    assert lines[1].endswith("  frozen")
    assert "Input N×1×8×8, output N×10, 9,382 parameters, 64 of them frozen." in lines


def test_check_as_a_table(tmp_path: Path) -> None:
    result = run("check", write(FAULTY, tmp_path))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].split() == [
        "layer",
        "input",
        "output",
        "parameters",
        "share",
        "madds",
        "memory",
    ]
    counts = ["40", "100.0%", "1,296", "576", "bytes"]
    assert lines[1].split() == ["Conv2d", "stem", "N×1×8×8", "N×4×6×6", *counts]
    assert lines[3].split() == ["Linear", "lost", "N×4×6×6", "fault"]
    assert lines[6] == "Input N×1×8×8, output unknown, 40 parameters."
    assert lines[7] == (
        "1,296 multiply-adds and 576 bytes of outputs for a sample, 160 bytes of weights."
    )
    assert lines[8].startswith("Fault in Linear lost: Linear expects features")
    assert " Repair: " in lines[8]


def test_check_reads_standard_input() -> None:
    assert run("check", "-", given=schema.dumps(FAULTY)).exit_code == 1


HOSTILE = {
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "a deep list": "[" * 100_000,
    "a huge number": '{"stackyard": ' + "9" * 5000 + "}",
    "not finite": '{"stackyard": NaN}',
    "too large": " " * 10_000_000,
    "another program's": '{"model": 1}',
    "from the future": '{"stackyard": 99}',
    "unknown layer": '{"stackyard":1,"input":{"shape":[1]},"blocks":[{"id":"a","kind":"os"}]}',
    "half a letter": '{"stackyard":1,"input":{"shape":[1]},"blocks":[],"data":"\\ud800"}',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("command", ["check", "train", "export"])
def test_hostile_files_are_refused(command: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text(text, encoding="utf-8")
    more = ["--out", tmp_path / "out"] if command == "export" else []
    result = run(command, path, *more)
    assert_refused(result)
    assert not (tmp_path / "out").exists()


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    assert_refused(run("check", tmp_path / "none.json"), "No such file or directory")
    assert_refused(run("check", tmp_path), "Is a directory")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00\x80")
    assert_refused(run("check", tmp_path / "bytes"))


def test_export_writes_both_scripts(tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    result = run("export", write(EVERYTHING, tmp_path), "--out", out, "--epochs", 3, "--lr", 0.5)
    assert (result.exit_code, result.stdout) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == ["model.py", "train.py"]
    text = (out / "train.py").read_text(encoding="utf-8")
    assert "\nepochs = 3\nlearning_rate = 0.5\nseed = 0\n" in text


def test_export_takes_the_data_that_fits(tmp_path: Path) -> None:
    run("export", write(table_network(4, 3), tmp_path), "--out", tmp_path)
    assert "load_iris" in (tmp_path / "train.py").read_text(encoding="utf-8")


def test_export_without_data_writes_the_model_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("export", write(table_network(5, 3), tmp_path), "--out", out)
    assert result.exit_code == 0
    assert "There is no train.py: The network's input is N×5" in result.stderr
    assert [path.name for path in out.iterdir()] == ["model.py"]


def test_export_leaves_no_older_script_beside_a_new_model(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("export", write(table_network(4, 3), tmp_path), "--out", out)
    before = {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}
    result = run("export", write(table_network(5, 3), tmp_path), "--out", out)
    assert_refused(result, "There can be no train.py: The network's input is N×5", "remove it")
    assert {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()} == before


def test_export_refuses(tmp_path: Path) -> None:
    faulty = write(FAULTY, tmp_path)
    assert_refused(run("export", faulty, "--out", tmp_path / "out"), "Linear lost")
    assert not (tmp_path / "out").exists()
    sound = write(table_network(4, 3), tmp_path)
    assert_refused(run("export", sound, "--out", sound), "Can't write")
    assert_refused(run("export", sound, "--out", tmp_path, "--data", "moons"), "N×2")
    assert_refused(run("export", sound, "--out", tmp_path, "--data", "mars"), "'mars'")


@pytest.mark.parametrize("name", ["epochs", "seed", "batch_size", "optimiser", "device"])
def test_help_tells_the_settings_defaults(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replace(recipe.SETTINGS[name], default="of a test")
    monkeypatch.setattr(recipe, "SETTINGS", {**recipe.SETTINGS, name: changed})
    lines = " ".join(run("train", "--help").stdout.split())
    assert lines.count("[default: of a test]") == 1


def test_train_prints_null_for_a_loss_that_is_not_finite(tmp_path: Path) -> None:
    path = write(table_network(4, 3), tmp_path)
    line = ("train", path, "--data", "iris", "--epochs", 1, "--device", "cpu", "--json")
    result = run(*line, "--optimiser", "SGD", "--lr", 1e30)
    found = json.loads(result.stdout, parse_constant=pytest.fail)
    assert (found["train_loss"], found["val_loss"]) == (None, None)


def test_train_prints_a_line_of_json_for_each_epoch(tmp_path: Path) -> None:
    path = write(table_network(4, 3), tmp_path)
    line = ("train", path, "--data", "iris", "--epochs", 3, "--seed", 1, "--device", "cpu")
    result = run(*line, "--json", "--out", tmp_path / "weights")
    assert result.exit_code == 0
    found = [json.loads(each, parse_constant=pytest.fail) for each in result.stdout.splitlines()]
    keys = ["epoch", "train_loss", "train_accuracy", "val_loss", "val_accuracy"]
    assert [list(each) for each in found] == [keys] * 3
    assert [each["epoch"] for each in found] == [1, 2, 3]
    assert sorted(each.name for each in (tmp_path / "weights").iterdir()) == [
        "weights.pt",
        "weights.safetensors",
    ]
    assert run(*line, "--json").stdout == result.stdout
    readable = run(*line).stdout.splitlines()
    assert len(readable) == 4
    assert "samples to train" in readable[0]
    assert readable[1].startswith("epoch   1  training loss ")


def test_train_refuses(tmp_path: Path) -> None:
    path = write(table_network(4, 3), tmp_path)
    assert_refused(run("train", path), "--data", ", ".join(DATA_SETS))
    assert_refused(run("train", path, "--data", "mars"), "'mars'")
    assert_refused(run("train", path, "--data", "moons"), "N×4", "N×2")
    iris = ("train", path, "--data", "iris")
    assert_refused(run(*iris, "--epochs", 0), "epochs", "at least 1")
    assert_refused(run(*iris, "--batch-size", -1), "batch_size")
    assert_refused(run(*iris, "--seed", -1), "seed")
    assert_refused(run(*iris, "--lr", "nan"), "lr")
    assert_refused(run(*iris, "--optimiser", "Lion"), "'Lion'")
    assert_refused(run(*iris, "--device", "abacus"), "'abacus'")
    assert_refused(run(*iris, "--out", path), "Can't write")
    assert_refused(run("train", write(FAULTY, tmp_path), "--data", "digits"), "Linear")


def test_train_refuses_what_memory_cannot_hold(tmp_path: Path) -> None:
    text = (
        '{"stackyard":1,"input":{"shape":[4]},"blocks":['
        '{"id":"a","kind":"Linear","params":{"out_features":1000000000}},'
        '{"id":"b","kind":"Linear","params":{"out_features":1000000000}},'
        '{"id":"c","kind":"Linear","params":{"out_features":3}}]}'
    )
    path = tmp_path / "net.json"
    path.write_text(text, encoding="utf-8")
    assert run("check", path).exit_code == 0
    assert_refused(run("train", path, "--data", "iris"), "of memory or more")


def in_shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which ``builder`` is the command line."""
    line = line.replace("builder", f"{sys.executable} -m builder")
    return subprocess.run(line, shell=True, capture_output=True, text=True, check=False)


def test_a_broken_pipe_is_quiet(tmp_path: Path) -> None:
    done = in_shell("builder layers --json | head -1")
    assert (done.stdout, done.stderr) == ("{\n", "")
    path = write(table_network(4, 3), tmp_path)
    done = in_shell(f"builder train {path} --data iris --epochs 100000 --json | head -1")
    assert done.stdout.startswith('{"epoch": 1,')
    assert done.stderr == ""


def test_layers_and_new_start_without_torch() -> None:
    code = (
        "import sys; from builder.cli import commands\n"
        "for line in (['layers', '--json'], ['layers'], ['new'], ['new', 'mlp']):\n"
        "    commands(line, standalone_mode=False)\n"
        "heavy = {'torch', 'pandas', 'sklearn', 'graphviz', 'streamlit'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_traceback_whatever_happens() -> None:
    code = (
        "import sys, builder.cli\n"
        "from builder.templates import Template\n"
        "Template.network = lambda self: 1 / 0\n"
        "sys.argv = ['builder', 'new', 'mlp']\n"
        "builder.cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "Error: This is a fault of Stackyard itself: ZeroDivisionError: division by zero\n"
    )


def test_help_teaches_by_examples() -> None:
    text = run("--help").stdout
    assert "python -m builder new lenet5 --out net.json" in text
    assert "Exit status:" in text
