"""The mark of a process tells it from every other one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from builder.training.process import is_alive, this_process

HOST = socket.gethostname()


def test_this_process_lives():
    assert is_alive(this_process())


def test_a_process_that_lives_and_then_does_not():
    code = "from builder.training.process import this_process as t; print(t(), flush=True); input()"
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        mark = child.stdout.readline().strip()
        assert is_alive(mark)
    assert not is_alive(mark)


@pytest.mark.parametrize(
    "mark",
    ["", "x", f"{HOST}/x/1", f"{HOST}/{os.getpid()}/1", f"{HOST}/1/-1"],
    ids=["empty", "no mark", "no number", "other start", "no time"],
)
def test_marks_of_no_living_process(mark):
    assert not is_alive(mark)


def test_a_process_on_another_machine_is_taken_to_live():
    assert is_alive(f"not-{HOST}/1/1")
