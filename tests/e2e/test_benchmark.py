"""The round-trip benchmark runs; how fast is for a person to read, not for a test to judge."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.e2e.server import ROOT


def test_round_trip_prints_its_ratio() -> None:
    command = [sys.executable, "benchmarks/round_trip.py", "--quick"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    lines = found.stdout.splitlines()
    time = r"median +[\d.]+ ms   p95 +[\d.]+ ms"
    assert re.fullmatch(rf"alone +5 drops   {time}", lines[0])
    assert re.fullmatch(rf"with 3 other sessions +5 drops   {time}", lines[1])
    assert re.fullmatch(rf"the other sessions +\d+ edits   {time}", lines[2])
    assert re.fullmatch(r"with others / alone: [\d.]+", lines[3])
    assert re.fullmatch(r"ten drops in [\d.]+ s: none lost, order kept", lines[4])
