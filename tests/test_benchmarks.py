"""The benchmarks run; how fast is for a person to read, not for a test to judge."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_editing_runs_and_prints_its_ratios() -> None:
    command = [sys.executable, "benchmarks/editing.py", "--quick"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert [line.split(" layers")[0].split() for line in lines[1:]] == [
        ["Linear", "10"],
        ["Linear", "100"],
        ["Conv2d", "10"],
        ["Conv2d", "100"],
        ["ResNet", "152"],
        ["Repeat", "1000"],
    ]
    assert all("rival" in line and "cold check" in line and "edit" in line for line in lines[1:])


def test_training_runs_and_prints_its_ratios() -> None:
    options = ["--quick", "--models", "linear-regression", "--batches", "512"]
    command = [sys.executable, "benchmarks/training.py", *options, "--rivals", "tensors,loader"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    head, row, aims, start = done.stdout.splitlines()
    assert head.split() == [
        "samples/s",
        "batch",
        "app",
        *["÷", "quiet", "÷", "tensors", "÷", "loader"],
        "rounds",
    ]
    assert re.fullmatch(r"linear-regression +512 +[\d,]+ +[\d.]+ +[\d.]+ +[\d.]+ +[12]", row)
    assert aims.startswith("aims: ")
    assert re.fullmatch(r"Start to first point: median [\d.]+ s, worst [\d.]+ s .*", start)


def test_a_rival_that_is_unknown_is_refused_with_those_that_there_are() -> None:
    command = [sys.executable, "benchmarks/training.py", "--rivals", "tensors,x"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "'x'; there are tensors, loader, workers, lightning, skorch, keras" in done.stderr


def test_a_rival_that_is_not_installed_is_left_out_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    training = importlib.import_module("training")
    absent = replace(training.RIVALS["skorch"], package="no_such_package")
    monkeypatch.setitem(training.RIVALS, "skorch", absent)
    assert training.choose_rivals(["tensors", "skorch"]) == ["tensors"]
    said = "skorch is left out: python -m pip install -r requirements-bench.txt\n"
    assert capsys.readouterr().out == said
