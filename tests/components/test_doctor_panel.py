"""What the Train page says of a run that ails, and what a click on the change does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from builder.document import Network, make_params
from builder.operations import Bypass, Insert, apply
from builder.recipe import Recipe
from builder.store import Store
from builder.training.curves import Curves
from builder.training.events import Batches, Epoch, Started
from builder.training.runs import RunView
from components import session

from .runs import NETWORK, FakeRuns, make_curves, make_view

LINK = "network-of-a-test"
FAST = Recipe(epochs=4, arguments=(("lr", 1e3),))
Open = Callable[..., AppTest]


def _page() -> None:
    from components.pages.train import train_page

    train_page()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> FakeRuns:
    """The runs that the page sees."""
    fake = FakeRuns()
    monkeypatch.setattr(session, "runs", lambda: fake)
    monkeypatch.setattr("components.pages.train.link_to", lambda page, label: None)
    return fake


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the page sees."""
    found = Store()
    monkeypatch.setattr(session, "store", lambda: found)
    yield found
    found.close()


@pytest.fixture
def open_page(runs: FakeRuns, store: Store) -> Open:
    """Open the page with this run of this network."""

    def open_it(shown: RunView | None, curves: Curves, network: Network = NETWORK) -> AppTest:
        runs.shown, runs.curves = shown, curves
        store.save_network(LINK, network, 0)
        page = AppTest.from_function(_page, default_timeout=30)
        page.query_params["network"] = LINK
        return page.run()

    return open_it


def exploding() -> Curves:
    """Twenty batches whose loss doubles with each, from 2 on."""
    curves = Curves()
    curves.apply(Started("r1", 1000, 640, 160, 10, 4, "cpu", 1))
    curves.apply(Batches(1, tuple(2.0 ** (at + 1) for at in range(20)), (0.1,) * 20, 5000.0, 2.0))
    curves.apply(Epoch(1, 10, 200.0, 0.1, 1000.0, 0.1, 1.0))
    return curves


def _titles(page: AppTest) -> list[str]:
    return [each.value.split("**")[1] for each in page.markdown if "stethoscope" in each.value]


def _seen(page: AppTest) -> list[str]:
    return [each.value for each in page.markdown if each.value.startswith("It was")]


def _line(page: AppTest) -> str:
    lead = ":material/stethoscope: "
    (found,) = (each.value for each in page.caption if each.value.startswith(lead))
    return str(found.removeprefix(lead))


def _button(page: AppTest, label: str):
    return next(each for each in page.button if each.label == label)


def test_an_ailment_is_told_with_its_evidence_and_mended_by_a_click(
    open_page: Open, runs: FakeRuns
) -> None:
    page = open_page(make_view("done", exploding(), recipe=FAST), exploding())
    assert not page.exception
    assert _titles(page) == ["The loss explodes"]
    assert _seen(page) == [
        "It was 2 at the start, 1e6 at batch 20, and is 49,152 of late, with a learning rate of "
        "1,000."
    ]
    _button(page, "Set the learning rate to 0.01").click().run()
    assert not page.exception
    assert [each.value for each in page.markdown if "Start again" in each.value] == [
        ":green[:material/check:] Changed. Start again to see the difference."
    ]
    _button(page, "Start").click().run()
    ((network, recipe, _),) = runs.started
    assert (network, recipe) == (NETWORK, replace(FAST, arguments=(("lr", 0.01),)))


def test_the_form_shows_the_changed_recipe_and_keeps_other_choices(open_page: Open) -> None:
    page = open_page(make_view("done", exploding(), recipe=FAST), exploding())
    page.number_input(f"recipe-{LINK}-epochs").set_value(9).run()
    _button(page, "Set the learning rate to 0.01").click().run()
    assert page.number_input(f"recipe-{LINK}-1-Adam-lr").value == 0.01
    assert page.number_input(f"recipe-{LINK}-1-epochs").value == 9


def test_a_click_while_the_run_goes_on_stops_it(open_page: Open, runs: FakeRuns) -> None:
    page = open_page(make_view("running", exploding(), recipe=FAST), exploding())
    assert page.get("popover")
    _button(page, "Set the learning rate to 0.01").click().run()
    assert runs.stopped == ["r1"]
    assert not page.exception


def test_an_operation_changes_the_network(open_page: Open, store: Store) -> None:
    network = apply(NETWORK, Insert("Softmax", params=make_params({"dim": 1})))
    view = make_view("done", network=network)
    page = open_page(view, make_curves(), network)
    assert _titles(page) == ["Probabilities are made twice"]
    assert not page.info, "the doctor has said it"
    _button(page, "Switch Softmax off").click().run()
    found = store.load_network(LINK)
    assert found == (apply(network, Bypass(network.blocks[-1].id, True)), 2)
    assert any("Start again" in each.value for each in page.markdown)


@pytest.mark.parametrize(
    ("status", "epochs", "said"),
    [
        ("running", 1, "Nothing wrong found so far; the doctor goes on looking."),
        ("running", 3, "Nothing wrong found."),
        ("done", 2, "Nothing wrong found."),
        ("stopped", 0, "The run was too short to say whether anything is wrong."),
    ],
)
def test_a_healthy_run_has_one_line(open_page: Open, status: str, epochs: int, said: str) -> None:
    curves = make_curves(10 * epochs, epochs) if epochs else Curves()
    page = open_page(make_view(status, curves), curves)
    assert (_line(page), _titles(page)) == (said, [])


def test_the_line_has_its_place_before_a_run(open_page: Open) -> None:
    page = open_page(None, Curves())
    assert _line(page) == "The doctor looks at every run while it goes on."
    helps = [each.help for each in page.caption if "stethoscope" in each.value]
    assert helps[0].startswith("The doctor looks for: a loss that is NaN or explodes, ")


def test_a_run_of_data_that_are_gone_is_left_alone(open_page: Open) -> None:
    gone = Recipe("own-" + 32 * "0")
    page = open_page(make_view("done", exploding(), recipe=gone), exploding())
    assert not page.exception
    assert _titles(page) == []
