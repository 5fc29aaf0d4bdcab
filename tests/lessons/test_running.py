"""The code that is shown gives, in a clean interpreter, the numbers that are drawn."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from builder.catalogue import CATALOGUE
from builder.document import Value
from builder.lessons import (
    activations,
    convolution,
    dropout,
    influence,
    lesson_of,
    linear,
    normalisation,
    padding,
    pooling,
)
from builder.lessons.running import Refused, run, too_large
from builder.lessons.samples import BATCHES, DIGIT, FLOWERS, PHOTO, ROWS, Sample

from .settings import must


def _shown(kind: str, sample: Sample, **values: Value) -> tuple[str, str]:
    """The code and what it has printed, of the lesson that shows this kind."""
    found = must(kind, sample, **values)
    spec, arguments = found.spec, found.arguments
    place = tuple(size // 2 for size in found.output.shape)
    match lesson_of(spec):
        case convolution.LESSON:
            lesson = convolution.teach(spec, arguments, sample, place[0], place[1:], "edges")
        case pooling.LESSON:
            lesson = pooling.teach(spec, arguments, sample, place[0], place[1:])
        case padding.LESSON:
            lesson = padding.teach(spec, arguments, sample, place).influence
        case activations.LESSON:
            lesson = activations.teach(spec, arguments, 0.7)
        case normalisation.LESSON:
            lesson = normalisation.teach(spec, arguments, sample)
        case linear.LESSON:
            lesson = linear.teach(spec, arguments, sample)
        case dropout.LESSON:
            lesson = dropout.teach(spec, arguments, sample, 3)
        case _:
            lesson = influence.teach(spec, arguments, sample, place)
    return lesson.source, lesson.printed


SETTINGS: list[tuple[str, Sample, dict[str, Value]]] = [
    ("Conv2d", PHOTO, {"out_channels": 3, "groups": 3, "dilation": 2, "padding_mode": "reflect"}),
    ("MaxPool2d", DIGIT, {"padding": 1}),
    ("CircularPad2d", PHOTO, {"padding": 2}),
    ("SELU", activations.CURVE, {}),
    ("GroupNorm", BATCHES[0], {"num_groups": 2}),
    ("Linear", FLOWERS, {"out_features": 3}),
    ("AlphaDropout", ROWS, {}),
    ("LSTM", ROWS, {"hidden_size": 3, "output": "last"}),
    ("AvgMaxPool2d", DIGIT, {"join": "concatenate"}),
]


CLEAN = """
import contextlib, io, json, runpy, sys
printed = []
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        runpy.run_path(path)
    printed.append(out.getvalue())
print(json.dumps([printed, "builder" in sys.modules]))
"""
"""Runs each file by itself, all in one interpreter, as importing torch takes seconds."""


def test_the_code_runs_by_itself_and_prints_the_same(tmp_path: Path) -> None:
    padded = must("ZeroPad2d", DIGIT, padding=2)
    compared = (
        normalisation.compare(),
        padding.compare(padded.spec, padded.arguments, DIGIT),
    )
    shown = [_shown(kind, sample, **values) for kind, sample, values in SETTINGS]
    shown += [(lesson.source, lesson.printed) for lesson in compared]
    paths = []
    for at, (source, _) in enumerate(shown):
        paths.append(tmp_path / f"lesson{at}.py")
        paths[-1].write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-c", CLEAN, *map(str, paths)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    printed, has_builder = json.loads(done.stdout)
    assert printed == [each for _, each in shown]
    assert all(printed)
    assert not has_builder


@pytest.mark.parametrize(("kind", "sample", "values"), SETTINGS)
def test_the_code_needs_nothing_of_this_program(
    kind: str, sample: Sample, values: dict[str, Value]
) -> None:
    tree = ast.parse(_shown(kind, sample, **values)[0])
    froms = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert froms <= {"torch", "sklearn.datasets"}


def test_what_torch_refuses_is_told() -> None:
    with pytest.raises(Refused, match=r"^a bad number$"):
        run("raise ValueError('a bad number\\nand more')")


def test_what_is_too_large_is_told() -> None:
    assert too_large({"padding": (1, 65)}, 1, 1) == (
        "padding is more than a lesson can draw: take 64 at most."
    )
    assert too_large({"padding": 64, "bias": True, "eps": 1e9}, 1, 1) is None
    assert "parameters" in (too_large({}, 200_000, 1) or "")
    assert "output values" in (too_large({}, 1, 200_000) or "")


def test_every_layer_has_a_lesson_with_an_input() -> None:
    for spec in CATALOGUE.values():
        lesson = lesson_of(spec)
        assert (lesson is None) == (spec.lanes is not None)
        assert lesson is None or lesson.samples_for(spec), spec.kind
