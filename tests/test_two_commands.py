"""``make run`` and ``make test``: what they need is pinned, named, and the same for CI."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKE = shutil.which("make")

pytestmark = pytest.mark.skipif(MAKE is None, reason="make is not installed")


def make(
    *arguments: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    assert MAKE
    kept = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        [MAKE, "--no-print-directory", *arguments],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_help_names_the_commands() -> None:
    found = make()
    named = re.findall(r"^make ([\w-]+)", found.stdout, re.MULTILINE)
    assert named == ["run", "test", "lint", "bench", "test-fast"]


def test_everything_is_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            assert re.fullmatch(r"#.*|-e \.|-r requirements\.txt|[\w.-]+==[\w.]+", line), line


def test_run_opens_the_app_where_it_is_told() -> None:
    assert "streamlit run app.py\n" in make("-n", "run").stdout.replace(" \n", "\n")
    assert "streamlit run app.py --server.port 8650\n" in make("-n", "run", PORT="8650").stdout


def test_ci_calls_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "exec make test"


def test_an_old_python_is_named(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).touch()
    binaries = tmp_path / "bin"
    binaries.mkdir()
    for name in ("python3", "python"):
        (binaries / name).write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        (binaries / name).chmod(0o755)
    for name in ("sh", "sed", "rm"):
        found = shutil.which(name)
        assert found
        (binaries / name).symlink_to(found)
    found = make("run", folder=tmp_path, PATH=str(binaries))
    assert found.returncode != 0
    assert "Stackyard needs Python 3.11 or newer" in found.stdout
    assert not (tmp_path / ".venv").exists()


def test_what_tests_need_is_named(tmp_path: Path) -> None:
    """Without the rights to install, the person reads what to install and how."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    (binaries / "id").write_text("#!/bin/sh\necho 1000\n", encoding="utf-8")
    (binaries / "id").chmod(0o755)
    for name in ("sh", "node"):
        if found := shutil.which(name):
            (binaries / name).symlink_to(found)
    found = make("needs", PATH=str(binaries))
    assert found.returncode != 0
    assert "The tests need: chromium graphviz" in found.stdout
    assert "sudo apt install chromium graphviz" in found.stdout
    node = binaries / "node"
    node.unlink(missing_ok=True)
    found = make("needs-node", PATH=str(binaries))
    assert found.returncode != 0
    assert "need Node 20.19 or newer" in found.stdout
