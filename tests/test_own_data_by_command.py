"""Own data and downloads on the command line: trained on, exported, refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder import schema
from builder.cli import commands
from tests.export.networks import table_network

ROWS = "\n".join(f"{at},{at * at % 7},{'even' if at % 2 == 0 else 'odd'}" for at in range(40))
CSV = f"a,b,kind\n{ROWS}\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, [str(each) for each in arguments])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A network of two features and two classes, and a table for it."""
    network, table = tmp_path / "net.json", tmp_path / "mine.csv"
    network.write_text(schema.dumps(table_network(2, 2)), encoding="utf-8")
    table.write_text(CSV, encoding="utf-8")
    return network, table


def test_a_table_is_trained_on_and_the_script_repeats_it(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    network, table = files
    options = ("--data", table, "--epochs", 2, "--device", "cpu")
    ours = run("train", network, *options, "--json")
    assert ours.exit_code == 0, ours.output
    assert "2 features to predict 2 classes of kind, from mine.csv" in ours.stderr
    made = run("export", network, *options, "--out", tmp_path / "out")
    assert made.exit_code == 0, made.output
    shutil.copy(table, tmp_path / "out" / "data.csv")
    theirs = subprocess.run(
        [sys.executable, "-I", "-W", "error", "train.py"],
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in theirs.stdout.splitlines()]
    assert lines == [json.loads(line) for line in ours.stdout.splitlines()]
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gone.csv", "Can't read "),
        ("broken.zip", "This is no zip file, or a damaged one. Pack it again."),
        ("own-" + 32 * "0", "This own data is not here (any more). Upload the file again, or"),
        ("pets", "data: expected one of digits, "),
    ],
)
def test_data_that_cannot_be_used_is_refused(
    files: tuple[Path, Path], tmp_path: Path, name: str, said: str
) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK")
    data = tmp_path / name if "." in name else name
    for command in (("train",), ("export", "--out", tmp_path / "out")):
        done = run(command[0], files[0], "--data", data, *command[1:])
        assert (done.exit_code, said in done.stderr) == (2, True), done.stderr


def test_a_download_that_fails_is_refused(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STACKYARD_MIRROR", "http://127.0.0.1:1")
    done = run("train", files[0], "--data", "mnist")
    assert done.exit_code == 2
    assert "MNIST could not be downloaded from http://127.0.0.1:1/mnist/train-images" in done.stderr
    assert "Files fetched by hand serve too: put train-images-idx3-ubyte.gz" in done.stderr
