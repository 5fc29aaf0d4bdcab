"""The Runs page: what it shows of stored runs, and what its buttons do to them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from builder.operations import SetParam, apply
from builder.recipe import Recipe
from builder.schema import dumps
from builder.store import Store
from builder.training.events import dumps as tell
from builder.training.runs import Runs
from components import session

from .runs import NETWORK, make_events, make_record

LINK = "network-of-a-test"
OTHER = apply(NETWORK, SetParam(NETWORK.blocks[-1].id, "bias", False))
RATES = [Recipe(epochs=4, arguments=(("lr", rate),)) for rate in (0.1, 0.01)]

Open = Callable[..., AppTest]


def _page() -> None:
    from components.pages.runs import runs_page

    runs_page()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the page sees, with the network."""
    found = Store()
    found.save_network(LINK, NETWORK, 0)
    monkeypatch.setattr(session, "store", lambda: found)
    yield found
    found.close()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, store: Store) -> Iterator[Runs]:
    """The runs that the page sees."""
    found = Runs(store, spare=False)
    monkeypatch.setattr(session, "runs", lambda: found)
    monkeypatch.setattr("components.pages.runs.link_to", lambda page, label: None)
    yield found
    found.close()


@pytest.fixture
def two(store: Store) -> None:
    """A run with a large learning rate, and one with a small one and another network."""
    store.create_run(make_record(1, RATES[0]))
    store.create_run(make_record(2, RATES[1], document=dumps(OTHER), name="careful"))
    for run_id, losses in (("run-1", (0.9, 0.8)), ("run-2", (0.7, 0.5, 0.4))):
        store.save_events(run_id, 0, [tell(each) for each in make_events(losses)])


@pytest.fixture
def open_page(runs: Runs) -> Open:
    """Open the page with these runs ticked."""

    def open_it(*ticked: str) -> AppTest:
        page = AppTest.from_function(_page, default_timeout=30)
        page.query_params["network"] = LINK
        page.session_state[f"kept-runs-{LINK}-chosen"] = set(ticked)
        page.run()
        assert not page.exception
        return page

    return open_it


def _press(page: AppTest, label: str) -> AppTest:
    page = next(each for each in page.button if each.label == label).click().run()
    assert not page.exception
    return page


def _buttons(page: AppTest) -> set[str]:
    return {each.label for each in page.button}


def test_before_the_first_run_it_says_what_will_be_here(open_page: Open) -> None:
    page = open_page()
    assert page.info[0].value.startswith("No runs yet.")
    assert not page.dataframe


@pytest.mark.usefixtures("two")
def test_the_newest_run_comes_first_and_the_page_says_what_to_do(open_page: Open) -> None:
    page = open_page()
    assert page.dataframe[0].value["Run"].tolist() == ["2 careful", "1"]
    assert page.dataframe[0].value["Best validation loss"].tolist() == [0.4, 0.8]
    assert page.caption[-1].value.startswith("Tick a run")
    assert _buttons(page) == set()


@pytest.mark.usefixtures("two")
def test_a_search_that_finds_nothing_says_so(open_page: Open) -> None:
    page = open_page()
    page.text_input[0].input("careful").run()
    assert page.dataframe[0].value["Run"].tolist() == ["2 careful"]
    page.text_input[0].input("nothing like it").run()
    assert page.info[0].value.startswith("No run is like that.")


@pytest.mark.usefixtures("two")
def test_one_ticked_run_can_be_restored_as_one_step(open_page: Open, store: Store) -> None:
    page = _press(open_page("run-2"), "Restore")
    workspace = page.session_state["workspace"]
    assert workspace.history.present == OTHER
    assert list(workspace.history.past) == [NETWORK]
    assert page.session_state["recipes"] == {LINK: RATES[1]}
    assert store.load_network(LINK) == (OTHER, 2)
    assert page.toast[0].value == "Network and settings are those of Run 2 careful again."


@pytest.mark.usefixtures("two")
def test_a_run_is_renamed(open_page: Open, runs: Runs) -> None:
    page = open_page("run-1")
    field = next(each for each in page.text_input if each.label == "Name or note")
    field.input("  too   fast ")
    _press(page, "Save")
    assert [each.title for each in runs.list_runs(LINK)] == ["Run 2 careful", "Run 1 too fast"]
    assert page.dataframe[0].value["Run"].tolist() == ["2 careful", "1 too fast"]


@pytest.mark.usefixtures("two")
def test_several_ticked_runs_are_deleted_with_their_files(open_page: Open, store: Store) -> None:
    folder = store.run_folder("run-1")
    folder.mkdir(parents=True)
    (folder / "weights.pt").touch()
    page = open_page("run-1", "run-2")
    assert "Restore" not in _buttons(page)
    page = _press(page, "Delete 2 runs")
    assert store.list_runs(LINK) == ()
    assert not folder.exists()
    assert page.info[0].value.startswith("No runs yet.")


def test_a_run_that_waits_is_stopped_and_not_deleted(open_page: Open, store: Store) -> None:
    from builder.training.process import this_process

    record = make_record(1, status="queued", owner=this_process())
    store.create_run(record)
    page = open_page("run-1")
    popover = next(each for each in page.button if each.label.startswith("Delete"))
    assert "Stop" in _buttons(page)
    assert "Look again" in _buttons(page)
    assert popover.disabled
    assert store.load_run("run-1") == record


@pytest.mark.usefixtures("two")
def test_two_ticked_runs_are_compared_by_their_curves(open_page: Open) -> None:
    page = open_page("run-1", "run-2")
    loss, accuracy = (json.loads(each.proto.spec) for each in page.get("plotly_chart"))
    assert [each["name"] for each in loss["data"]] == [
        "Run 1, learning rate 0.1",
        "Run 2 careful, learning rate 0.01",
    ]
    assert loss["layout"]["yaxis"]["title"]["text"] == "Loss"
    assert accuracy["layout"]["yaxis"]["title"]["text"] == "Accuracy"
    assert len(accuracy["data"]) == 2
    for label in ("Training too", "Every batch", "Logarithmic loss"):
        next(each for each in page.toggle if each.label == label).set_value(True).run()
    assert not page.exception
    loss, _ = (json.loads(each.proto.spec) for each in page.get("plotly_chart"))
    assert [len(each["x"]) if isinstance(each["x"], list) else 0 for each in loss["data"]]
    assert len(loss["data"]) == 4
    assert loss["layout"]["yaxis"]["type"] == "log"


def _tab(page: AppTest, name: str) -> AppTest:
    page.session_state["runs-comparison"] = name
    page.run()
    assert not page.exception
    return page


@pytest.mark.usefixtures("two")
def test_settings_line_by_line(open_page: Open) -> None:
    page = _tab(open_page("run-1", "run-2"), "Settings")
    table = page.dataframe[1].value
    assert table.to_dict("list") == {
        "Setting": ["Learning rate"],
        "Run 1": ["0.1"],
        "Run 2 careful": ["0.01"],
    }
    next(each for each in page.toggle if each.label == "Only what differs").set_value(False).run()
    table = page.dataframe[1].value
    assert table["Setting"][0] == "≠ Learning rate"
    assert table.set_index("Setting").loc["Data"].tolist() == ["Digits 8×8", "Digits 8×8"]


@pytest.mark.usefixtures("two")
def test_networks_line_by_line(open_page: Open) -> None:
    page = _tab(open_page("run-1", "run-2"), "Networks")
    lines = page.code[0].value.splitlines()
    assert [line[0] for line in lines if "bias=False" in line] == ["+"]
    next(each for each in page.selectbox if each.label == "To").select("run-1").run()
    assert not page.code
    assert page.caption[-1].value == "Both runs trained the same network."


@pytest.mark.usefixtures("two")
def test_settings_and_results_on_parallel_axes(open_page: Open) -> None:
    page = _tab(open_page("run-1", "run-2"), "What leads to what")
    figure = json.loads(page.get("plotly_chart")[0].proto.spec)
    assert figure["layout"]["xaxis"]["ticktext"] == [
        "Learning<br>rate",
        "Best<br>validation<br>loss",
        "Best<br>accuracy",
    ]


@pytest.mark.usefixtures("two", "runs")
def test_the_log_of_two_runs_is_a_zip_of_two_folders(runs: Runs) -> None:
    from components.run_actions import pack_logs

    packed = pack_logs(runs.summaries(LINK))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert [name.split("/")[0] for name in archive.namelist()] == ["Run_2_careful", "Run_1"]
        assert all(archive.getinfo(name).file_size > 1000 for name in archive.namelist())
