"""Numbers about an output in words."""

from __future__ import annotations

from builder.see import Facts


def describe(facts: Facts) -> str:
    """The facts in one line."""
    numbers = [in_short(each) for each in (facts.mean, facts.deviation, facts.least, facts.largest)]
    mean, deviation, least, largest = numbers
    return (
        f"mean {mean} · deviation {deviation} · from {least} to {largest} · {facts.zeros:.0%} zeros"
    )


def in_short(value: float) -> str:
    """A number with three digits and a true minus."""
    return f"{value:.3g}".replace("-", "−")
