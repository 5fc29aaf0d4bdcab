"""Rules for initial weights: torch's own functions, refused in words, written and read as JSON."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from torch import nn

from builder.catalogue.spec import Call, Required
from builder.document import ALL, Init, Network, TensorType, find
from builder.initialisers import INITIALISERS, call_of, parse_init
from builder.operations import Duplicate, Rejected, SetInit, apply
from builder.schema import SchemaError, dumps, from_dict, loads, to_dict
from tests.export.networks import EVERYTHING

EVERY = pytest.mark.parametrize("entry", INITIALISERS.values(), ids=list(INITIALISERS))
XAVIER = Init("xavier_uniform", (("gain", 2.0),))


@EVERY
def test_arguments_and_defaults_are_torchs(entry: Any) -> None:
    signature = inspect.signature(getattr(nn.init, entry.target.removeprefix("nn.init.")))
    torchs = {
        each.name: each.default
        for each in signature.parameters.values()
        if each.name not in ("tensor", "generator")
    }
    own = {
        each.name: inspect.Parameter.empty if isinstance(each.default, Required) else each.default
        for each in entry.parameters
    }
    assert own == torchs
    assert list(own) == list(torchs)


@EVERY
def test_a_rule_without_arguments_is_written_with_none(entry: Any) -> None:
    required = tuple(
        (each.name, 0.0) for each in entry.parameters if isinstance(each.default, Required)
    )
    assert call_of(parse_init(Init(entry.name))) == Call(entry.target, required)


def test_only_what_differs_is_written_in_torchs_order() -> None:
    given = (("nonlinearity", "relu"), ("mode", "fan_in"), ("a", 1))
    call = call_of(parse_init(Init("kaiming_normal", given)))
    assert call == Call("nn.init.kaiming_normal_", (("a", 1.0), ("nonlinearity", "relu")))


REFUSED = {
    "there is no way to initialise weights called 'magic'; there are ": Init("magic"),
    "normal has no argument 'gain'; it has mean, std": Init("normal", (("gain", 1),)),
    "normal: std must be at least 0.0, but is -1.0.": Init("normal", (("std", -1),)),
    "uniform: a must not be above b, but a=2 and b=1": Init("uniform", (("a", 2),)),
    "kaiming_normal: mode: expected one of fan_in, fan_out, got 'fan'": Init(
        "kaiming_normal", (("mode", "fan"),)
    ),
    "bias: expected a finite number, got inf": Init("normal", (), float("inf")),
    "constant: val must be at most 1,000,000": Init("constant", (("val", 1e9),)),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_can_not_be_is_refused_in_words(message: str) -> None:
    with pytest.raises(Rejected) as refusal:
        apply(EVERYTHING, SetInit(REFUSED[message]))
    assert str(refusal.value).startswith(f"Initial weights: {message}")


def test_rules_are_set_and_taken_away() -> None:
    made = apply(EVERYTHING, SetInit(XAVIER, kind="Linear"))
    made = apply(made, SetInit(Init("normal"), kind="Conv2d"))
    made = apply(made, SetInit(Init("orthogonal"), kind=ALL))
    assert made.inits == (
        (ALL, Init("orthogonal")),
        ("Linear", XAVIER),
        ("Conv2d", Init("normal")),
    )
    assert apply(made, SetInit(XAVIER, kind="Linear")) is made
    for kind in (ALL, "Linear", "Conv2d"):
        made = apply(made, SetInit(None, kind=kind))
    assert made == EVERYTHING
    assert apply(made, SetInit(None)) is made


def test_a_block_keeps_its_rule_and_its_copy_has_it_too() -> None:
    made = apply(EVERYTHING, SetInit(XAVIER, "b8"))
    block = find(made, "b8")
    assert block is not None
    assert block.init == XAVIER
    copied = apply(made, Duplicate("b8"))
    assert [each.init for each in find(copied, "b7").lanes[0]][:2] == [XAVIER, XAVIER]  # type: ignore[union-attr]
    assert apply(made, SetInit(None, "b8")) == EVERYTHING


@pytest.mark.parametrize("kind", ["Group", "Nonsense", "CombinedPool2d"])
def test_only_kinds_with_a_torch_class_of_their_own(kind: str) -> None:
    with pytest.raises(Rejected):
        apply(EVERYTHING, SetInit(XAVIER, kind=kind))
    with pytest.raises(Rejected):
        apply(EVERYTHING, SetInit(XAVIER, "b99"))


def test_json() -> None:
    made = apply(EVERYTHING, SetInit(Init("normal", (("std", 0.02),), 0.0), "b16"))
    made = apply(made, SetInit(XAVIER))
    written = to_dict(made)
    assert written["inits"] == {"*": {"method": "xavier_uniform", "params": {"gain": 2.0}}}
    assert written["blocks"][-1]["init"] == {
        "method": "normal",
        "params": {"std": 0.02},
        "bias": 0.0,
    }
    assert loads(dumps(made)) == made


def test_files_without_rules_are_read_and_written_as_before() -> None:
    assert "init" not in dumps(EVERYTHING)
    assert loads(dumps(Network(TensorType((3,))))).inits == ()


BROKEN: dict[str, dict[str, Any]] = {
    "inits: Initial weights: there is no way to initialise weights called 'magic'; there are "
    "xavier_uniform, xavier_normal, kaiming_uniform, kaiming_normal, normal, uniform, constant, "
    "orthogonal.": {"inits": {"*": {"method": "magic"}}},
    "inits: There is no layer called 'Nonsense'.": {"inits": {"Nonsense": {"method": "normal"}}},
    "inits.*.method: is missing.": {"inits": {"*": {}}},
    "inits.*.bias: expected a number.": {"inits": {"*": {"method": "normal", "bias": "0"}}},
    "inits.*: there is no key 'gain'.": {"inits": {"*": {"method": "normal", "gain": 1}}},
    "block 'b1': Initial weights: normal has no argument 'gain'; it has mean, std.": {
        "blocks": [
            {"id": "b1", "kind": "ReLU", "init": {"method": "normal", "params": {"gain": 1}}}
        ]
    },
}


@pytest.mark.parametrize("message", BROKEN)
def test_broken_rules_are_refused(message: str) -> None:
    given = {"stackyard": 1, "input": {"shape": [3]}, "blocks": []} | BROKEN[message]
    with pytest.raises(SchemaError) as refusal:
        from_dict(given)
    assert str(refusal.value) == message
