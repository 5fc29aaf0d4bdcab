"""The Inspect page in every state a person may find it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit
import torch
from safetensors.torch import save_file
from streamlit.testing.v1 import AppTest

from builder.build import build_network
from builder.document import Init, Network, TensorType, find
from builder.operations import Bypass, SetParam, apply
from builder.store import Store
from components import session
from tests.export.networks import EVERYTHING, FAULTY, block, table_network

from .runs import NETWORK, FakeRuns, make_finished

LINK = "network-of-a-test"
Open = Callable[..., AppTest]


class RunsWithWeights(FakeRuns):
    """One finished run with its weights in a file."""

    path: Path | None = None

    def weights(self, run_id: str, suffix: str = "safetensors") -> Path | None:
        return self.path


def _page() -> None:
    from components.pages.inspect import inspect_page

    inspect_page()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> RunsWithWeights:
    """The runs that the page sees."""
    fake = RunsWithWeights()
    monkeypatch.setattr(session, "runs", lambda: fake)
    monkeypatch.setattr("components.pages.inspect.link_to", lambda page, label: None)
    return fake


@pytest.fixture
def open_page(runs: RunsWithWeights, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open the page with this network."""
    store = Store()
    monkeypatch.setattr(session, "store", lambda: store)

    def open_it(network: Network = NETWORK) -> AppTest:
        store.save_network(LINK, network, 0)
        page = AppTest.from_function(_page, default_timeout=30)
        page.query_params["network"] = LINK
        page.run()
        assert not page.exception
        return page

    yield open_it
    store.close()


def _headings(page: AppTest) -> list[str]:
    return [each.value for each in page.markdown if ":gray-badge[" in each.value]


def test_every_layer_is_shown_in_order(open_page: Open) -> None:
    page = open_page()
    assert _headings(page) == [
        "**Input** :gray-badge[1×28×28]",
        "**Flatten** :gray-badge[784]",
        "**Linear** :gray-badge[512]",
        "**ReLU** :gray-badge[512]",
        "**Linear** :gray-badge[512]",
        "**ReLU** :gray-badge[512]",
        "**Linear** :gray-badge[10]",
    ]
    assert any(each.value.startswith("Label: **0**") for each in page.markdown)
    assert any(each.value.startswith("Output: **") for each in page.markdown)
    assert not any(each.value.startswith("Switched off") for each in page.caption)


def test_layers_that_are_switched_off_are_named(open_page: Open) -> None:
    page = open_page(apply(NETWORK, Bypass(NETWORK.blocks[2].id, True)))
    assert "Switched off, so passed by: ReLU." in [each.value for each in page.caption]


def test_containers_are_opened_and_the_turn_can_be_chosen(open_page: Open) -> None:
    page = open_page(EVERYTHING)
    assert "Repeat, turn 1 › Residual › **GELU** :gray-badge[12×8×8]" in _headings(page)
    assert "Branches, branch 2 › **ReLU** :gray-badge[4×8×8]" in _headings(page)
    page.number_input("inspect-turn-b6-3").set_value(3).run()
    assert not page.exception
    assert "Repeat, turn 3 › Residual › **GELU** :gray-badge[12×8×8]" in _headings(page)


def test_another_sample_and_seed_change_what_is_seen(open_page: Open) -> None:
    page = open_page(table_network(4, 3).__class__(TensorType((64,)), NETWORK.blocks[1:]))
    before = [each.value for each in page.caption]
    page.number_input("inspect-sample-digits").set_value(5).run()
    after = [each.value for each in page.caption]
    assert before != after
    page.number_input(f"inspect-seed-{LINK}").set_value(5).run()
    assert [each.value for each in page.caption] != after


def test_a_run_brings_its_weights(open_page: Open, runs: RunsWithWeights, tmp_path: Path) -> None:
    torch.manual_seed(9)
    runs.shown, runs.path = make_finished(), tmp_path / "weights.safetensors"
    save_file(build_network(NETWORK).state_dict(), runs.path)
    page = open_page()
    assert page.selectbox[0].value == "r1"
    said = [each.value for each in page.caption]
    assert any(each.startswith("In this run the sample was ") for each in said)
    assert not any("changed since this run" in each for each in said)
    page.selectbox[0].select("untrained").run()
    assert [each.value for each in page.caption] != said


def test_a_run_of_an_older_network_says_so(
    open_page: Open, runs: RunsWithWeights, tmp_path: Path
) -> None:
    runs.shown, runs.path = make_finished(), tmp_path / "weights.safetensors"
    save_file(build_network(NETWORK).state_dict(), runs.path)
    page = open_page(apply(NETWORK, SetParam(NETWORK.blocks[-1].id, "out_features", 3)))
    assert any("changed since this run" in each.value for each in page.caption)
    assert _headings(page)[-1] == "**Linear** :gray-badge[10]"


def test_damaged_weights_are_told(open_page: Open, runs: RunsWithWeights, tmp_path: Path) -> None:
    runs.shown, runs.path = make_finished(), tmp_path / "weights.safetensors"
    runs.path.write_bytes(b"nothing")
    said = [each.value for each in open_page().warning]
    assert len(said) == 1
    assert said[0].startswith("The weights of this run can't be read: ")


def test_faults_are_named(open_page: Open) -> None:
    page = open_page(FAULTY)
    assert [each.value for each in page.warning] == [
        "The network has faults, so no sample can go through it yet."
    ]
    assert any(each.value.startswith("- **Linear lost**: Linear expects") for each in page.markdown)


def test_an_empty_network(open_page: Open) -> None:
    page = open_page(replace(NETWORK, blocks=()))
    assert [each.value for each in page.info] == [
        "There is nothing to see yet: the network has no layers."
    ]


@pytest.mark.parametrize(
    "shape", [(5,), (3, 20), (20, 3), (2, 9, 9), (4, 3, 5, 6)], ids=lambda shape: f"{len(shape)}"
)
def test_any_input_is_shown_with_random_numbers(open_page: Open, shape: tuple[int, ...]) -> None:
    page = open_page(Network(TensorType(shape), (block("b1", "Tanh"),)))
    badge = ":gray-badge[" + "×".join(map(str, shape)) + "]"
    assert _headings(page) == [f"**Input** {badge}", f"**Tanh** {badge}"]
    assert any("it is given random numbers instead" in each.value for each in page.caption)


def test_a_layer_with_many_channels_shows_the_first_of_them(open_page: Open) -> None:
    wide = block("b1", "Conv2d", out_channels=300, kernel_size=3)
    page = open_page(Network(TensorType((1, 8, 8)), (wide,)))
    assert "The first 16 of 300 channels, row by row." in [each.value for each in page.caption]
    page.toggle("inspect-all-b1").set_value(True).run()
    assert "The first 256 of 300 channels, row by row." in [each.value for each in page.caption]


@pytest.fixture
def open_initial(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open the page where its third tab is open: a test cannot click on tabs."""

    class Tab:
        def __init__(self, tab: object, is_open: bool) -> None:
            self.tab, self.open = tab, is_open

        def __enter__(self) -> object:
            return self.tab.__enter__()  # type: ignore[attr-defined]

        def __exit__(self, *error: object) -> None:
            self.tab.__exit__(*error)  # type: ignore[attr-defined]

    own = streamlit.tabs

    def tabs(titles: list[str], **options: object) -> list[Tab]:
        made = own(titles, **options)
        return [Tab(each, at == 2) for at, each in enumerate(made)]

    monkeypatch.setattr("components.pages.inspect.st.tabs", tabs)
    return open_page


def _select(page: AppTest, label: str, choice: str) -> None:
    box = next(each for each in page.selectbox if each.label == label)
    box.select_index(box.options.index(choice)).run()
    assert not page.exception


def _press(page: AppTest, label: str) -> None:
    next(each for each in page.button if each.label == label).click().run()
    assert not page.exception


def test_a_rule_is_chosen_applied_and_taken_away(open_initial: Open) -> None:
    page = open_initial(EVERYTHING)
    assert next(each for each in page.selectbox if each.label == "Weights of").options == [
        "The whole network",
        "Every Linear (1)",
        "Every Conv2d (2)",
        "Every LayerNorm (1)",
        "Every GroupNorm (1)",
        "Layer Conv2d stem",
        "Layer Conv2d 2 of 2",
        "Layer GroupNorm",
        "Layer LayerNorm",
        "Layer Linear",
    ]
    apply_button = next(each for each in page.button if each.label == "Apply")
    assert apply_button.disabled
    _select(page, "Weights of", "Every Conv2d (2)")
    _select(page, "Method", "Kaiming normal")
    _select(page, "Nonlinearity", "relu")
    page.checkbox[0].check().run()
    assert any("With the rules: deviation" in each.value for each in page.caption)
    _press(page, "Apply")
    rule = Init("kaiming_normal", (("nonlinearity", "relu"),), 0.0)
    stored = session.store().load_network(LINK)
    assert stored is not None
    assert stored[0].inits == (("Conv2d", rule),)
    assert page.dataframe[0].value.to_numpy().tolist() == [
        ["Every Conv2d (2)", "Kaiming normal(nonlinearity=relu), biases 0"]
    ]
    _press(page, "Take all rules away")
    stored = session.store().load_network(LINK)
    assert stored is not None
    assert stored[0] == EVERYTHING
    assert not page.dataframe


def test_weights_of_one_axis_are_offered_only_what_suits_them(open_initial: Open) -> None:
    page = open_initial(EVERYTHING)
    _select(page, "Weights of", "Layer LayerNorm")
    methods = next(each for each in page.selectbox if each.label == "Method")
    assert methods.options == ["No rule of its own", "Normal", "Uniform", "Constant"]
    _select(page, "Method", "Constant")
    _press(page, "Apply")
    stored = session.store().load_network(LINK)
    assert stored is not None
    assert find(stored[0], "b13").init == Init("constant", (("val", 0.0),))  # type: ignore[union-attr]


def test_bounds_that_contradict_each_other_are_told(open_initial: Open) -> None:
    page = open_initial(EVERYTHING)
    _select(page, "Method", "Uniform")
    page.number_input[-2].set_value(5.0).run()
    assert [each.value for each in page.error] == [
        "uniform: a must not be above b, but a=5 and b=1."
    ]
    assert next(each for each in page.button if each.label == "Apply").disabled


def test_a_long_network_shows_its_first_layers_unasked(open_page: Open) -> None:
    page = open_page(Network(TensorType((4,)), tuple(block(f"b{n}", "Tanh") for n in range(45))))
    assert len(_headings(page)) == 1 + 40
    page.toggle("inspect-rest").set_value(True).run()
    assert len(_headings(page)) == 1 + 45


def test_what_is_too_large_is_refused_in_words(open_page: Open) -> None:
    wide = block("b1", "Conv2d", out_channels=64, kernel_size=3)
    page = open_page(Network(TensorType((3, 2000, 2000)), (wide,)))
    assert [each.value for each in page.warning] == [
        "What the layers make of one sample takes 1.0 GB; up to 100.0 MB can be shown. Make the "
        "input or the layers smaller."
    ]


def test_only_zeros_are_pointed_out(open_page: Open) -> None:
    dead = (block("b1", "Sigmoid"), block("b2", "Threshold", threshold=2, value=0))
    page = open_page(Network(TensorType((4,)), dead))
    said = [each.value for each in page.caption]
    assert ":orange[Every number is 0: nothing goes on from here.]" in said
    assert "`1` · mean 0 · deviation 0 · from 0 to 0 · 100% zeros" in said
