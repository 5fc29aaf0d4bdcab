"""The benchmarks run; how fast is for a person to read, not for a test to judge."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
