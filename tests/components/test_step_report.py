"""A step made alone is told in the words of its five parts."""

from __future__ import annotations

import math
from dataclasses import replace

from builder.training.events import Started, Stepped
from components.step_report import describe_step

STARTED = Started("r1", 9, 8, 2, 1, 2, "cpu", 1, layers=("0", "out"), kinds=("ReLU", "Linear"))
STEPPED = Stepped(2, 1500, 2.28412, 0.21258, 0.3099, "out", 0.17151, 0.0272, 0.001)


def test_the_five_parts_are_told_in_their_order() -> None:
    assert describe_step(STEPPED, STARTED) == [
        "1. **Feed**: 1,500 samples went through the network.",
        "2. **Loss**: how far its answers were from the targets: 2.284.",
        "3. **zero_grad**: threw away the gradients of the batch before, of norm 0.2126: none are "
        "left.",
        "4. **backward**: computed new ones, of norm 0.3099.",
        "5. **step**: with a learning rate of 0.001, Linear out changed most for its size: by "
        "0.1715, which is 2.7 % of its weights.",
    ]


def test_the_first_batch_finds_no_gradients() -> None:
    first = describe_step(replace(STEPPED, former_gradient=math.nan), STARTED)
    assert first[2] == "3. **zero_grad**: there were no gradients yet to throw away."


def test_numbers_that_are_not_finite_are_said_to_be() -> None:
    broken = replace(STEPPED, loss=math.inf, ratio=math.nan, layer="a*b")
    told = describe_step(broken, STARTED)
    assert told[1].endswith("targets: a number that is not finite.")
    assert r"a\*b changed most" in told[4]
    assert "an unknown share of its weights" in told[4]
