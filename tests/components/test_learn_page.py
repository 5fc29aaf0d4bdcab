"""The Learn page: every layer of the catalogue opens, and follows what the person asks."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from builder.catalogue import CATALOGUE


def _page() -> None:
    from components.pages.learn import learn_page

    learn_page()


def _open(kind: str | None = None) -> AppTest:
    page = AppTest.from_function(_page, default_timeout=60)
    if kind:
        page.query_params["layer"] = kind
    return page.run()


def _says(page: AppTest) -> str:
    return "\n".join(str(each.value) for each in (*page.markdown, *page.caption))


def _asks(page: AppTest, name: str, kind: str = "Conv2d") -> str:
    return f"learn-{kind}-{name}"


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_every_layer_opens(kind: str) -> None:
    page = _open(kind)
    assert not page.exception
    assert not page.warning
    assert CATALOGUE[kind].lanes or page.code[-2].language == "python"
    if CATALOGUE[kind].parameters:
        shown = page.table[0].value
        assert len(shown) == len(CATALOGUE[kind].parameters)


def test_the_first_layer_is_in_the_address() -> None:
    page = _open()
    assert page.query_params["layer"] == "Conv2d"


def test_an_unknown_layer_in_the_address_is_not_followed() -> None:
    page = _open("Nonsense")
    assert not page.exception
    assert page.query_params["layer"] == "Conv2d"


def test_choosing_a_layer_changes_the_address() -> None:
    page = _open("Conv2d")
    page.selectbox[0].set_value("GELU").run()
    assert page.query_params["layer"] == "GELU"
    assert "nn.GELU()" in page.code[-2].value


def test_a_changed_argument_is_in_the_code_and_the_sum() -> None:
    page = _open("Conv2d")
    page.text_input(_asks(page, "kernel_size")).set_value("2, 1").run()
    assert "nn.Conv2d(1, 2, kernel_size=(2, 1), padding=1)" in page.code[-2].value
    assert "sum of 2 products" in _says(page)


def test_the_position_moves_and_the_sum_follows() -> None:
    page = _open("Conv2d")
    before = page.code[0].value
    next(each for each in page.slider if each.label == "Row").set_value(0).run()
    assert page.code[0].value != before
    assert "by hand" in page.code[-1].value


def test_wrong_arguments_are_told_in_the_catalogues_words() -> None:
    page = _open("Conv2d")
    page.number_input(_asks(page, "groups")).set_value(3).run()
    assert [each.value for each in page.warning] == [
        "groups=3 must divide both channel counts, but 1 channel comes in and 2 go out."
    ]
    assert not page.exception


def test_a_wrong_argument_is_mended_by_a_click() -> None:
    page = _open("Conv2d")
    page.number_input(_asks(page, "groups")).set_value(3).run()
    next(each for each in page.button if each.label == "Set groups to 1").click().run()
    assert not page.warning
    assert page.number_input(f"{_asks(page, 'groups')}-1").value == 1
    page.selectbox[0].set_value("ReLU").run()
    page.selectbox[0].set_value("Conv2d").run()
    assert page.number_input(f"{_asks(page, 'groups')}-1").value == 1


def test_what_is_too_large_to_draw_is_told() -> None:
    page = _open("Conv2d")
    page.number_input(_asks(page, "out_channels")).set_value(2_000_000_000).run()
    assert "take 64 at most" in page.warning[0].value
    page = _open("Conv2d")
    page.text_input(_asks(page, "padding")).set_value("100000").run()
    assert "take 64 at most" in page.warning[0].value


def test_what_torch_refuses_is_told() -> None:
    page = _open("Embedding")
    page.number_input(_asks(page, "num_embeddings", "Embedding")).set_value(2).run()
    assert not page.exception
    assert "Torch refuses" in page.warning[0].value


def test_arguments_are_kept_when_another_layer_is_looked_at() -> None:
    page = _open("Conv2d")
    page.text_input(_asks(page, "stride")).set_value("2").run()
    page.selectbox[0].set_value("ReLU").run()
    page.selectbox[0].set_value("Conv2d").run()
    assert page.text_input(_asks(page, "stride")).value == "2"
