"""The mark of a process tells it from every other one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import pytest

from builder.training.process import SILENCE, is_alive, this_process

HOST = socket.gethostname()
NEVER = 0.0


def test_this_process_lives():
    assert is_alive(this_process(), NEVER)


def test_a_process_that_lives_and_then_does_not():
    code = "from builder.training.process import this_process as t; print(t(), flush=True); input()"
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        mark = child.stdout.readline().strip()
        assert is_alive(mark, NEVER)
    assert not is_alive(mark, NEVER)


@pytest.mark.parametrize(
    "mark",
    ["", "x", f"{HOST}/x/1", f"{HOST}/{os.getpid()}/1", f"{HOST}/1/-1"],
    ids=["empty", "no mark", "no number", "other start", "no time"],
)
def test_marks_of_no_living_process(mark):
    assert not is_alive(mark, NEVER)


def test_a_process_on_another_machine_lives_until_it_was_silent():
    """It cannot be asked, and a container made anew has another name: its old runs must end."""
    mark = f"not-{HOST}/1/1"
    assert is_alive(mark, time.time())
    assert is_alive(mark, time.time() - SILENCE / 2)
    assert not is_alive(mark, time.time() - SILENCE)
