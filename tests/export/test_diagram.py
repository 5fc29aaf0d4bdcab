"""The drawing: shapes on edges, frames around containers, faults marked, text escaped."""

from __future__ import annotations

import re
import shutil

import pytest

from builder.check import check
from builder.document import Network, TensorType
from builder.export.diagram import DiagramError, draw, render
from builder.export.palette import DARK, LIGHT
from builder.templates import TEMPLATES
from tests.export.networks import EVERYTHING, FAULTY, block

needs_dot = pytest.mark.skipif(not shutil.which("dot"), reason="needs graphviz's dot")


def edges(source: str) -> list[tuple[str, str, str]]:
    """Each edge of a drawing: from, to, label."""
    found = re.findall(r'^\t(\w+) -> (\w+) \[label="([^"]*)"', source, re.MULTILINE)
    return [(tail, head, label.strip()) for tail, head, label in found]


def test_edges_carry_shapes() -> None:
    blocks = (block("b1", "Flatten"), block("b2", "Linear", out_features=3))
    drawn = draw(check(Network(TensorType((2, 2)), blocks)))
    assert edges(drawn.source) == [
        ("in", "b_b1", "N×2×2"),
        ("b_b1", "b_b2", "N×4"),
        ("b_b2", "out", "N×3"),
    ]


def test_containers_fork_join_and_skip() -> None:
    found = edges(draw(check(EVERYTHING)).source)
    assert found[:8] == [
        ("in", "b_b1", "N×1×8×8"),
        ("b_b1", "b_b3", "N×4×8×8"),
        ("b_b1", "b_b4", "N×4×8×8"),
        ("b_b4", "b_b5", "N×4×8×8"),
        ("b_b1", "e_b2_2", "N×4×8×8"),
        ("b_b3", "j_b2", "N×4×8×8"),
        ("b_b5", "j_b2", "N×4×8×8"),
        ("e_b2_2", "j_b2", "N×4×8×8"),
    ]
    assert ("j_b2", "j_b7", "N×12×8×8") in found
    frames = re.findall(r"subgraph cluster_(\w+)", draw(check(EVERYTHING)).source)
    assert frames == ["b2", "b6", "b7", "b11"]


def test_faults_are_marked_and_what_follows_is_dotted() -> None:
    source = draw(check(FAULTY)).source
    assert "✗ Linear expects features" in source
    marked = [line for line in source.splitlines() if LIGHT.fault in line]
    assert len(marked) == 1
    assert "b_b3" in marked[0]
    assert edges(source)[-1] == ("b_b4", "out", "")
    assert source.count("style=dotted") == 3


def test_light_and_dark() -> None:
    report = check(EVERYTHING)
    assert f'bgcolor="{LIGHT.paper}"' in draw(report).source
    assert f'bgcolor="{DARK.paper}"' in draw(report, dark=True).source


def test_text_means_nothing_to_graphviz() -> None:
    odd = Network(TensorType((4,)), (block("b1", "ReLU", name='<b>\\N "x" \\G'),))
    source = draw(check(odd)).source
    assert r'label="ReLU <b>\\N \"x\" \\G"' in source


def test_ids_never_collide_with_the_drawings_own_nodes() -> None:
    blocks = (block("in", "ReLU"), block("out", "ReLU"))
    assert edges(draw(check(Network(TensorType((4,)), blocks))).source) == [
        ("in", "b_in", "N×4"),
        ("b_in", "b_out", "N×4"),
        ("b_out", "out", "N×4"),
    ]


@needs_dot
@pytest.mark.parametrize(
    ("suffix", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_pictures(suffix: str, start: bytes) -> None:
    for network in (EVERYTHING, FAULTY, TEMPLATES["small-resnet"].network()):
        assert render(check(network), suffix).startswith(start)


def test_without_dot_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DiagramError, match="apt install graphviz"):
        render(check(FAULTY), "svg")


def test_other_formats_are_refused() -> None:
    with pytest.raises(ValueError, match="expected one of svg, png, pdf, got 'exe'"):
        render(check(FAULTY), "exe")
