"""Commands reach a run between two of its steps."""

from __future__ import annotations

import threading

import pytest

from builder.training.control import Control
from tests.training.waiting import wait_until


def test_a_run_that_is_not_paused_does_not_wait():
    assert Control().wait() is False


def test_each_step_asked_for_is_made_alone():
    control = Control(paused=True)
    control.obey("step")
    control.obey("step")
    assert (control.wait(), control.wait(), control.paused) == (True, True, True)


def test_a_step_asked_of_a_run_that_goes_on_pauses_it():
    control = Control()
    control.obey("step")
    assert (control.paused, control.wait()) == (True, True)


@pytest.mark.parametrize(("word", "stops"), [("resume", False), ("stop", True)])
def test_a_paused_run_waits_for_a_word(word, stops):
    control, found = Control(), []
    control.obey("pause")
    waiting = threading.Thread(target=lambda: found.append(control.wait()))
    waiting.start()
    assert found == []
    control.obey(word)
    wait_until(lambda: found, "the end of the wait")
    waiting.join()
    assert (found, control.should_stop()) == ([False], stops)


def test_going_on_forgets_steps_that_were_not_made():
    control = Control(paused=True)
    control.obey("step")
    control.obey("resume")
    control.obey("pause")
    control.obey("stop")
    assert control.wait() is False


def test_a_word_that_is_no_command_is_refused():
    with pytest.raises(ValueError, match=r"received the command 'jump', expected pause, step"):
        Control().obey("jump")
