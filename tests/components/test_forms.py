"""Every kind of parameter has a widget, and what is typed comes back as the kind's own value."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from builder.catalogue import CATALOGUE
from builder.catalogue.kinds import Number
from builder.catalogue.spec import Parameter
from builder.optimisers import OPTIMISERS
from components.forms import name_field, read, step_of, write


def _show_adamw() -> None:
    import streamlit as st

    from builder.optimisers import OPTIMISERS
    from components.forms import show_field

    for each in OPTIMISERS["AdamW"].parameters:
        st.session_state[f"got-{each.name}"] = show_field(each, each.default, each.name)


def test_an_optimisers_arguments_come_back_as_they_went_in() -> None:
    page = AppTest.from_function(_show_adamw).run()
    got = {p.name: page.session_state[f"got-{p.name}"] for p in OPTIMISERS["AdamW"].parameters}
    assert got == {p.name: p.default for p in OPTIMISERS["AdamW"].parameters}


def test_typed_rates_are_read() -> None:
    page = AppTest.from_function(_show_adamw).run()
    page.text_input("betas").input("(0.5, 0.9)").run()
    assert page.session_state["got-betas"] == (0.5, 0.9)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0.5", ":red[expected 2 numbers, got '0.5'.]"),
        ("0.5, 2", ":red[This must each be at least 0 and below 1, but are (0.5, 2.0).]"),
        ("![x](y)", r":red[expected 2 numbers, got '!\[x\](y'.]"),
        ("", ":red[expected 2 numbers, got 'None'.]"),
    ],
)
def test_what_cannot_be_used_is_refused_and_the_value_kept(typed: str, said: str) -> None:
    page = AppTest.from_function(_show_adamw).run()
    page.text_input("betas").input(typed).run()
    assert [each.value for each in page.caption] == [said]
    assert page.session_state["got-betas"] == (0.9, 0.999)


def _show_all(kind: str) -> None:
    import streamlit as st

    from builder.catalogue import CATALOGUE
    from builder.catalogue.spec import Required
    from components.forms import show_field

    for each in CATALOGUE[kind].parameters:
        start = each.initial if isinstance(each.default, Required) else each.default
        if not isinstance(start, Required):
            st.session_state[f"got-{each.name}"] = show_field(each, start, each.name)


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_every_layers_arguments_have_a_widget(kind: str) -> None:
    page = AppTest.from_function(_show_all, args=(kind,)).run()
    assert not page.exception
    assert not page.caption


def test_a_flag_that_may_be_none_begins_as_none() -> None:
    page = AppTest.from_function(_show_all, args=("Upsample",)).run()
    assert page.session_state["got-align_corners"] is None
    page.selectbox("align_corners").select(True).run()
    assert page.session_state["got-align_corners"] is True


@pytest.mark.parametrize("value", [None, 3, 0.5, "same", (3, 5), (0.9, 0.999), (None, 4)])
def test_what_is_written_is_read_back(value: object) -> None:
    assert read(write(value)) == value  # type: ignore[arg-type]


def test_names_are_words() -> None:
    names = [name_field(each) for each in OPTIMISERS["Adam"].parameters if not each.more]
    assert names == ["Learning rate", "Weight decay"]


@pytest.mark.parametrize(
    ("default", "step"), [(0.001, 0.001), (0.9, 0.1), (64.0, 10.0), (0.0, 0.01), (None, 0.01)]
)
def test_steps_suit_the_default(default: float | None, step: float) -> None:
    assert step_of(Parameter("x", Number(), default)) == pytest.approx(step)
