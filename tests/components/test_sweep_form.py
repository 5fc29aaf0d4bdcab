"""The form that tries several values of one setting."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from builder.recipe import Recipe


def _form() -> None:
    import streamlit as st

    from builder.recipe import Recipe
    from components.sweep_form import show_sweep

    def start(recipes: tuple[Recipe, ...], title: str) -> None:
        st.session_state["started"] = (recipes, title)

    show_sweep(Recipe(epochs=3), start, st.session_state.get("locked", False), "form")


def _open(**state: object) -> AppTest:
    page = AppTest.from_function(_form, default_timeout=30)
    for name, value in state.items():
        page.session_state[name] = value
    page.run()
    assert not page.exception
    return page


def _choose(page: AppTest, setting: str) -> AppTest:
    page.selectbox[0].select(setting).run()
    assert not page.exception
    return page


def _rates(*rates: float) -> tuple[Recipe, ...]:
    return tuple(Recipe(epochs=3, arguments=(("lr", rate),)) for rate in rates)


def test_a_list_of_learning_rates() -> None:
    page = _open()
    assert page.selectbox[0].options[:3] == ["Learning rate", "Batch size", "Optimiser"]
    assert not page.button
    page.text_input[0].input("0.1, 0.01, 0.001").run()
    assert [each.label for each in page.button] == ["Try 3 values"]
    page.button[0].click().run()
    assert page.session_state["started"] == (_rates(0.1, 0.01, 0.001), "Learning rate")


def test_a_range_begins_around_the_present_value() -> None:
    page = _open()
    page.button_group[0].set_value("Range").run()
    assert not page.exception
    assert page.caption[0].value == "Tries 0.0001, 0.0003162, 0.001, 0.003162, 0.01."
    page.toggle[0].set_value(False).run()
    next(each for each in page.number_input if each.label == "How many").set_value(3).run()
    page.button[0].click().run()
    assert page.session_state["started"][0] == _rates(0.0001, 0.00505, 0.01)


def test_words_are_picked() -> None:
    page = _choose(_open(), "optimiser")
    page.multiselect[0].select("SGD").select("Adam").run()
    assert "Each optimiser begins with torch's own settings." in page.caption[0].value
    page.button[0].click().run()
    started = (Recipe(epochs=3, optimiser="SGD"), Recipe(epochs=3))
    assert page.session_state["started"] == (started, "Optimiser")


def test_of_yes_and_no_both_are_tried() -> None:
    page = _choose(_open(), "shuffle")
    page.button[0].click().run()
    started = (Recipe(epochs=3, shuffle=True), Recipe(epochs=3, shuffle=False))
    assert page.session_state["started"] == (started, "Shuffle")


def test_wrong_values_are_refused_in_words() -> None:
    page = _open()
    for text, message in (
        ("fast", "expected a finite number"),
        ("0.1", "Choose two values or more."),
        ("0.1 -1", "must be at least 0"),
    ):
        page.text_input[0].input(text).run()
        assert message in page.caption[0].value
        assert not page.button


def test_more_values_than_may_wait_are_not_started() -> None:
    page = _choose(_open(), "seed")
    page.text_input[0].input(" ".join(map(str, range(21)))).run()
    assert page.caption[0].value == "At most 20 runs of a network may wait; these are 21."
    assert page.button[0].disabled


def test_while_a_run_goes_on_nothing_can_be_chosen() -> None:
    page = _open(locked=True)
    assert page.selectbox[0].disabled
    assert page.text_input[0].disabled
