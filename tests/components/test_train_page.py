"""The Train page in every state a person may find it in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from builder.check import Issue
from builder.datasets import DATA_SETS, DataSet
from builder.datasets.fetch import Fetching
from builder.document import Network, TensorType
from builder.operations import SetInput, SetParam, apply
from builder.recipe import Recipe
from builder.schedules import SCHEDULES
from builder.store import Store, StoreError
from builder.training.curves import Curves
from builder.training.events import ENDINGS
from components import session

from .runs import NETWORK, FakeRuns, make_curves, make_finished, make_stepped, make_view

LINK = "network-of-a-test"
RECIPE = f"recipe-{LINK}"
LAST = NETWORK.blocks[-1].id

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
    """Open the page with this network and this run."""

    def open_it(network: Network = NETWORK, **changes: object) -> AppTest:
        for name, value in changes.items():
            setattr(runs, name, value)
        store.save_network(LINK, network, 0)
        page = AppTest.from_function(_page, default_timeout=30)
        page.query_params["network"] = LINK
        return page.run()

    return open_it


def _button(page: AppTest, label: str) -> object:
    return next(each for each in page.button if each.label == label)


def _enabled(page: AppTest) -> set[str]:
    """Of the four buttons of a run and any others, those that can be pressed."""
    return {each.label for each in page.button if not each.disabled}


def _cards(page: AppTest) -> list[str]:
    """The titles of what the doctor has to say."""
    lead = ":orange[:material/stethoscope:] **"
    titles = [each.value for each in page.markdown if each.value.startswith(lead)]
    return [each.removeprefix(lead).removesuffix("**") for each in titles]


def _captions(page: AppTest) -> list[str]:
    return [each.value for each in page.caption]


def _progress(page: AppTest) -> str:
    return str(page.get("progress")[0].proto.text)


def _sent(page: AppTest) -> dict[str, object]:
    return dict(json.loads(page.get("bidi_component")[0].proto.json))


def test_a_network_that_fits_can_be_started(open_page: Open, runs: FakeRuns) -> None:
    page = open_page()
    assert not page.exception
    assert _enabled(page) == {"Start", "Step"}
    assert _progress(page) == "Not started yet"
    _button(page, "Start").click().run()
    assert runs.started == [(NETWORK, Recipe(), LINK)]
    assert _enabled(page) == {"Stop"}
    assert _progress(page) == "Waiting: this run is the next to start"


def test_a_network_for_unknown_data_begins_with_the_first_data_set(open_page: Open) -> None:
    page = open_page(replace(NETWORK, data="of-a-newer-version"))
    assert not page.exception
    assert _enabled(page) == {"Start", "Step"}


def test_an_empty_network_is_not_started(open_page: Open) -> None:
    page = open_page(Network(TensorType((1, 8, 8)), data="digits"))
    assert _enabled(page) == set()
    assert [each.value for each in page.warning] == [
        "The network has no layers yet: add some on the Build page, or take a template."
    ]


def test_faults_are_named_with_their_layer(open_page: Open) -> None:
    page = open_page(apply(NETWORK, SetParam(LAST, "in_features", 7)))
    assert [each.value for each in page.warning] == [
        "The network has a fault:\n- **Linear**: in_features is pinned to 7, but N×512 comes in, "
        "which has 512 features."
    ]
    _button(page, "Unpin in_features, so that it is 512").click().run()
    assert not page.warning
    assert _enabled(page) == {"Start", "Step"}


def test_a_wrong_output_is_refused_and_repaired(open_page: Open, store: Store) -> None:
    page = open_page(apply(NETWORK, SetParam(LAST, "out_features", 7)))
    assert _cards(page) == ["The output has another size than the target"]
    assert (
        "Digits 8×8 has 10 classes, so the network must end in N×10, but it ends in N×7."
        in _captions(page)
    )
    repair = next(each for each in page.button if each.label.startswith("Set "))
    assert repair.label == "Set out_features of Linear to 10"
    repair.click().run()
    assert _enabled(page) == {"Start", "Step"}
    assert store.load_network(LINK) == (NETWORK, 2)


def test_an_input_that_does_not_fit_is_refused(open_page: Open) -> None:
    page = open_page(apply(NETWORK, SetInput(TensorType((5,)), None)))
    assert _cards(page) == ["The input is not what the data give"]
    said = "The network's input is N×5, but a sample of Digits 8×8 is N×1×8×8."
    assert said in _captions(page)
    assert any("this does not fit" in each.value for each in page.caption)


def test_a_refusal_at_the_last_moment_is_told(open_page: Open, runs: FakeRuns) -> None:
    page = open_page(refusal=Issue(None, "queue-full", "5 runs wait. Stop one of them first."))
    _button(page, "Start").click().run()
    assert [each.value for each in page.warning] == ["5 runs wait. Stop one of them first."]
    assert runs.started == []


def test_a_run_goes_on_after_a_refresh_and_can_be_stopped(open_page: Open, runs: FakeRuns) -> None:
    view = make_view(seconds_left=2.4)
    page = open_page(shown=view)
    assert _enabled(page) == {"Pause", "Step", "Stop"}
    assert _progress(page) == "Epoch 3 of 4 · 2 s left · 5,000 samples per second"
    assert _sent(page)["series"]["loss"][:2] == [2.0, 1.0]  # type: ignore[index]
    assert all(each.disabled for each in page.number_input)
    _button(page, "Stop").click().run()
    assert runs.stopped == ["r1"]
    assert _progress(page) == "Stopped: 2 epochs in 2 s, validation accuracy 75.0%"


def test_a_run_is_started_paused_and_gone_through(open_page: Open, runs: FakeRuns) -> None:
    page = open_page()
    _button(page, "Step").click().run()
    assert (len(runs.started), runs.paused) == (1, True)
    runs.shown = make_view("paused", Curves())
    page.run()
    assert _enabled(page) == {"Resume", "Step", "Stop"}
    assert _progress(page) == "Paused before the first batch"
    assert [each.value.split(" tells")[0] for each in page.info] == [
        "**Step** trains on one batch and"
    ]
    _button(page, "Step").click().run()
    assert runs.commands == ["step"]
    runs.shown = make_view("paused", make_stepped())
    page.run()
    assert "**What happened in batch 20**" in [each.value for each in page.markdown]
    _button(page, "Resume").click().run()
    assert runs.commands == ["step", "resume"]


def test_a_run_that_goes_on_is_paused(open_page: Open, runs: FakeRuns) -> None:
    page = open_page(shown=make_view())
    _button(page, "Pause").click().run()
    assert runs.commands == ["pause"]


def test_each_number_of_the_layers_has_a_chart(open_page: Open) -> None:
    curves = make_stepped()
    page = open_page(shown=make_view("running", curves), curves=curves)
    assert _sent(page)["track"] is None
    page.segmented_control("live-view").set_value("Speed").run()
    assert _sent(page)["track"]["lines"] == ["Samples per second"]  # type: ignore[index]
    page.segmented_control("live-view").set_value("Layers").run()
    assert _sent(page)["track"]["lines"] == ["Linear 0", "Linear out"]  # type: ignore[index]
    page.selectbox("live-quantity").select("Zeros in output").run()
    track = _sent(page)["track"]
    assert track["lines"] == ["Linear 0", "ReLU 1", "Linear out"]  # type: ignore[index]
    assert (track["steps"], track["values"]) == ([1], [[0.0], [0.5], [0.0]])  # type: ignore[index]
    page.multiselect("live-layers-r1-zeros").select(1).run()
    assert _sent(page)["track"]["key"] == "zeros/1"  # type: ignore[index]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (1, "Waiting: this run is the next to start"),
        (2, "Waiting: 1 run before this one"),
        (4, "Waiting: 3 runs before this one"),
    ],
)
def test_a_waiting_run_tells_its_place(open_page: Open, place: int, said: str) -> None:
    page = open_page(shown=make_view("queued", Curves(), place=place), curves=Curves())
    assert _progress(page) == said


def test_a_run_that_is_done_shows_its_results(open_page: Open) -> None:
    page = open_page(shown=make_finished())
    assert _progress(page) == "Done: 2 epochs in 2 s, validation accuracy 75.0%"
    assert [each.value for each in page.subheader] == ["Results"]
    assert "#### Confusion matrix" in [each.value for each in page.markdown]
    assert "The weights are saved." in [each.value for each in page.caption]
    assert _enabled(page) == {"Start", "Step"}
    table = page.dataframe[0].value
    assert table["Epoch"].tolist() == [2, 1]
    assert _sent(page)["ended"] is True


@pytest.mark.parametrize("status", ["failed", "interrupted"])
def test_a_run_that_ended_badly_says_why(open_page: Open, status: str) -> None:
    page = open_page(shown=make_view(status, message="The memory ran out. Make it smaller."))
    said = page.error if status == "failed" else page.info
    assert [each.value for each in said] == ["The memory ran out. Make it smaller."]
    assert _progress(page) == f"{status.capitalize()} after 2 epochs"
    assert _enabled(page) == {"Start", "Step"}


def test_a_run_of_an_older_network_says_so(open_page: Open) -> None:
    page = open_page(apply(NETWORK, SetParam(LAST, "bias", False)), shown=make_finished())
    assert "The network has changed since this run." in [each.value for each in page.caption]


def test_settings_are_kept_and_used(open_page: Open, runs: FakeRuns) -> None:
    page = open_page()
    page.number_input(f"{RECIPE}-epochs").set_value(3).run()
    page.selectbox(f"{RECIPE}-optimiser").select("SGD").run()
    page.number_input(f"{RECIPE}-SGD-lr").set_value(0.1).run()
    page.number_input(f"{RECIPE}-SGD-momentum").set_value(0.9).run()
    _button(page, "Start").click().run()
    expected = Recipe(epochs=3, optimiser="SGD", arguments=(("lr", 0.1), ("momentum", 0.9)))
    assert [recipe for _, recipe, _ in runs.started] == [expected]


def test_settings_that_contradict_each_other_cannot_be_started(open_page: Open) -> None:
    page = open_page()
    page.selectbox(f"{RECIPE}-optimiser").select("SGD").run()
    page.checkbox(f"{RECIPE}-SGD-nesterov").check().run()
    assert [each.value for each in page.error] == [
        "SGD: nesterov needs a momentum above 0 and no dampening."
    ]
    assert _enabled(page) == set()


def _started(page: AppTest, runs: FakeRuns) -> Recipe:
    assert not page.exception
    _button(page, "Start").click().run()
    return runs.started[-1][1]


def test_every_group_of_settings_reaches_the_run(open_page: Open, runs: FakeRuns) -> None:
    page = open_page()
    page.selectbox(f"{RECIPE}-classes-3-loss").select("CrossEntropyLoss").run()
    page.number_input(f"{RECIPE}-CrossEntropyLoss-label_smoothing").set_value(0.1).run()
    page.selectbox(f"{RECIPE}-schedule").select("StepLR").run()
    page.number_input(f"{RECIPE}-StepLR-step_size").set_value(2).run()
    page.selectbox(f"{RECIPE}-clipping").select("norm").run()
    page.number_input(f"{RECIPE}-clip_at").set_value(0.5).run()
    page.number_input(f"{RECIPE}-patience").set_value(4).run()
    page.number_input(f"{RECIPE}-min_delta").set_value(0.25).run()
    page.number_input(f"{RECIPE}-time_limit").set_value(90.0).run()
    page.selectbox(f"{RECIPE}-normalise").select("standardise").run()
    page.selectbox(f"{RECIPE}-precision").select("bfloat16").run()
    assert _started(page, runs) == Recipe(
        loss="CrossEntropyLoss",
        loss_arguments=(("label_smoothing", 0.1),),
        schedule="StepLR",
        schedule_arguments=(("step_size", 2),),
        clipping="norm",
        clip_at=0.5,
        patience=4,
        min_delta=0.25,
        time_limit=90,
        normalise="standardise",
        precision="bfloat16",
    )


def test_what_belongs_to_a_choice_that_is_off_is_not_asked(open_page: Open) -> None:
    page = open_page()
    asked = {each.key for each in page.number_input}
    assert not asked & {f"{RECIPE}-clip_at", f"{RECIPE}-min_delta"}


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_is_drawn_before_the_run(open_page: Open, name: str) -> None:
    page = open_page()
    before = len(page.get("plotly_chart"))
    page.selectbox(f"{RECIPE}-schedule").select(name).run()
    assert not page.exception
    drawn = len(page.get("plotly_chart")) - before
    told = "What it does depends on the run, so it can't be drawn beforehand."
    expected = (0, True) if name == "ReduceLROnPlateau" else (1, False)
    assert (drawn, told in [each.value for each in page.caption]) == expected


def test_other_data_bring_another_loss_and_metric(open_page: Open) -> None:
    page = open_page()
    page.selectbox(f"{RECIPE}-classes-3-loss").select("NLLLoss").run()
    page.selectbox(f"{RECIPE}-data").select("line").run()
    assert not page.exception
    loss = next(each for each in page.selectbox if each.label == "Loss")
    assert loss.value == "auto"
    assert loss.options == [
        "Suggested: MSELoss",
        "MSELoss",
        "L1Loss",
        "SmoothL1Loss",
        "HuberLoss",
    ]
    assert _sent(page)["metric"] == {"title": "mean absolute error", "share": False}


@pytest.mark.parametrize("reason", ENDINGS)
def test_a_run_that_ended_by_itself_says_why(open_page: Open, reason: str) -> None:
    page = open_page(shown=make_view("done", code=reason, message=ENDINGS[reason]))
    assert [each.value for each in page.info] == [ENDINGS[reason]]
    assert _progress(page).startswith("Done: 2 epochs in ")


@pytest.mark.parametrize("data", [name for name, each in DATA_SETS.items() if not each.files])
def test_every_data_set_is_shown(open_page: Open, data: str) -> None:
    page = open_page()
    page.selectbox(f"{RECIPE}-data").select(data).run()
    assert not page.exception
    assert len(page.get("plotly_chart")) + len(page.dataframe) == 1


def test_the_axis_is_empty_and_as_long_as_the_recipe_before_a_run(open_page: Open) -> None:
    page = open_page()
    page.number_input(f"{RECIPE}-epochs").set_value(7).run()
    assert _sent(page)["total"] == {"batches": 0, "epochs": 7, "batches_per_epoch": 1}


def test_a_loss_that_is_not_finite_reaches_the_browser_as_a_gap(open_page: Open) -> None:
    curves = make_curves()
    curves.losses[3] = float("nan")
    page = open_page(shown=make_view(), curves=curves)
    assert _sent(page)["series"]["loss"][3] is None  # type: ignore[index]


def test_a_store_that_cannot_be_read_is_told(
    open_page: Open, runs: FakeRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(network_id: str) -> None:
        raise StoreError("The runs cannot be read: the disk is gone.")

    monkeypatch.setattr(runs, "list_runs", fail)
    page = open_page()
    assert [each.value for each in page.error] == ["The runs cannot be read: the disk is gone."]
    assert not page.exception


@pytest.mark.parametrize("name", ["view", "since"])
def test_a_store_that_is_lost_while_a_run_is_watched_is_told(
    open_page: Open, runs: FakeRuns, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    original, lost = getattr(runs, name), [name == "since"]

    def fail_later(*arguments: object) -> object:
        if lost[0]:
            raise StoreError("The run cannot be read: the disk is *gone*.")
        lost[0] = True
        return original(*arguments)

    monkeypatch.setattr(runs, name, fail_later)
    page = open_page(shown=make_view())
    assert not page.exception
    said = {each.value for each in page.error}
    assert said == {r"The run cannot be read: the disk is \*gone\*."}


def test_a_run_that_cannot_be_stopped_is_told(
    open_page: Open, runs: FakeRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(run_id: str) -> None:
        raise StoreError("The run cannot be read: the disk is gone.")

    monkeypatch.setattr(runs, "stop", fail)
    page = open_page(shown=make_view())
    _button(page, "Stop").click().run()
    assert not page.exception
    assert [each.value for each in page.error] == ["The run cannot be read: the disk is gone."]


def test_another_network_in_the_same_page_has_its_own_settings(
    open_page: Open, store: Store
) -> None:
    page = open_page()
    page.number_input(f"{RECIPE}-epochs").set_value(7).run()
    page.selectbox(f"{RECIPE}-optimiser").select("SGD").run()
    store.save_network("network-of-another-test", NETWORK, 0)
    page.query_params["network"] = "network-of-another-test"
    page.run()
    assert page.number_input("recipe-network-of-another-test-epochs").value == 10
    assert page.selectbox("recipe-network-of-another-test-optimiser").value == "Adam"
    page.query_params["network"] = LINK
    page.run()
    assert page.number_input(f"{RECIPE}-epochs").value == 7


def test_messages_are_text_and_no_markdown(open_page: Open) -> None:
    told = "No file ![x](http://a/b.png)"
    page = open_page(shown=make_view("failed", message=told, warning=told))
    escaped = r"No file !\[x\](http\://a/b.png)"
    assert [each.value for each in page.error] == [escaped]
    assert [each.value for each in page.warning] == [escaped]


def test_a_later_visit_begins_with_the_settings_of_the_newest_run(open_page: Open) -> None:
    page = open_page(shown=make_finished())
    assert page.number_input(f"{RECIPE}-epochs").value == 4
    page.number_input(f"{RECIPE}-epochs").set_value(6).run()
    assert page.number_input(f"{RECIPE}-epochs").value == 6


def test_several_values_are_tried_as_runs_of_one_sweep(open_page: Open, runs: FakeRuns) -> None:
    page = open_page()
    next(each for each in page.text_input if each.label == "Numbers").input("0.1 0.01").run()
    _button(page, "Try 2 values").click().run()
    assert not page.exception
    recipes = [recipe for _, recipe, _ in runs.started]
    assert recipes == [Recipe(arguments=(("lr", rate),)) for rate in (0.1, 0.01)]
    assert runs.sweeps == ["Learning rate"]
    assert _enabled(page) == {"Stop"}


def test_a_sweep_that_is_refused_says_why(open_page: Open) -> None:
    page = open_page(refusal=Issue(None, "queue-full", "Too many runs are waiting."))
    next(each for each in page.text_input if each.label == "Numbers").input("0.1 0.01").run()
    _button(page, "Try 2 values").click().run()
    assert [each.value for each in page.warning] == ["Too many runs are waiting."]


def test_runs_that_wait_behind_the_one_on_show_are_told_and_stopped_first(
    open_page: Open, runs: FakeRuns
) -> None:
    waiting = tuple(make_view("queued", Curves(), id=each) for each in ("r3", "r2"))
    page = open_page(shown=make_view(), waiting=waiting)
    assert "2 more runs wait for this one to end." in [each.value for each in page.caption]
    assert _progress(page).startswith("Epoch ")
    _button(page, "Stop all").click().run()
    assert runs.stopped == ["r3", "r2", "r1"]
    assert "Stop all" not in [each.label for each in page.button]


def test_data_that_is_not_here_is_offered_for_download(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetches = FakeFetches()
    monkeypatch.setattr(session, "fetches", lambda: fetches)
    page = open_page()
    page.selectbox(f"{RECIPE}-data").select("mnist").run()
    said = "MNIST is not on this machine yet: download it first."
    assert [each.value for each in page.warning] == [said]
    assert _enabled(page) == {"Download (11.6 MB)"}
    _button(page, "Download (11.6 MB)").click().run()
    assert fetches.started == ["mnist"]
    assert str(page.get("progress")[0].proto.text) == "2.0 MB of 8.0 MB"
    assert page.get("progress")[0].proto.value == 25
    fetches.found = Fetching(2_000_000, 8_000_000, False, "MNIST could not be [downloaded].")
    page.run()
    assert [each.value for each in page.error] == [r"MNIST could not be \[downloaded\]."]
    assert not page.exception


class FakeFetches:
    """Downloads that stand still."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.found: Fetching | None = None

    def start(self, data_set: DataSet) -> None:
        self.started.append(data_set.id)
        self.found = Fetching(2_000_000, 8_000_000)

    def view(self, data_set_id: str) -> Fetching | None:
        return self.found


def test_own_data_that_is_gone_is_told(open_page: Open) -> None:
    gone = "own-" + 32 * "0"
    page = open_page(
        replace(NETWORK, data=gone), shown=replace(make_finished(), recipe=Recipe(gone))
    )
    assert not page.exception
    told = "This data is not here any more. Upload the file again, or choose other data."
    assert told in [each.value for each in page.error]
    assert "Start" not in _enabled(page)
    assert [each.value for each in page.warning] == [
        "This own data is not here (any more). Upload the file again, or choose other data."
    ]
