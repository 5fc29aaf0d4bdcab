"""Every layer of the catalogue against torch: a new entry is tested without writing a test."""

from __future__ import annotations

import inspect
import warnings
from dataclasses import replace
from itertools import chain
from typing import get_overloads

import pytest
import torch
from torch import nn

from builder.build import build_network
from builder.catalogue import CATALOGUE, categories
from builder.catalogue.spec import RANKS, Required, Spec
from builder.check import BlockReport, Issue, check
from builder.document import Block, Network, TensorType, make_params
from builder.infer import Failure, Inferred, infer
from builder.layers import check_layer, layer_call
from builder.operations import apply
from builder.schema import dumps, loads
from tests.catalogue.values import (
    SHAPES,
    edge_values,
    extremes,
    fresh,
    inputs,
    settings,
    wrong_values,
)

LAYERS = {kind: spec for kind, spec in CATALOGUE.items() if spec.lanes is None}
PLAIN = {kind: spec for kind, spec in LAYERS.items() if spec.gives}
CONTAINERS = {kind: spec for kind, spec in CATALOGUE.items() if spec.lanes is not None}

each_layer = pytest.mark.parametrize("spec", LAYERS.values(), ids=LAYERS)
each_entry = pytest.mark.parametrize("spec", CATALOGUE.values(), ids=CATALOGUE)


def found(block: Block, given: TensorType) -> BlockReport:
    return check(Network(given, (block,), 2)).blocks["b1"]


def assert_repaired(network: Network, issue: Issue) -> None:
    """The repair takes this fault away; it may leave another one, of another kind."""
    assert issue.repair is not None
    for operation in issue.repair.operations:
        network = apply(network, operation)
    after = check(network).blocks[issue.block or ""].issue
    assert after is None or after.code != issue.code, (issue, after)


def torchs_signature(spec: Spec) -> inspect.Signature:
    """The constructor's; that of a recurrent layer stands in its first overload."""
    make = getattr(nn, spec.target.removeprefix("nn."))
    overloads = get_overloads(make.__init__)
    return inspect.signature(overloads[0] if overloads else make)


def torchs_default(argument: inspect.Parameter) -> object:
    """The default; the function that stands for an activation by its name."""
    if argument.default is inspect.Parameter.empty:
        return Required
    return argument.default.__name__ if callable(argument.default) else argument.default


OF_TORCH = {kind: spec for kind, spec in LAYERS.items() if spec.target.startswith("nn.")}


@pytest.mark.parametrize("spec", OF_TORCH.values(), ids=OF_TORCH)
def test_signature_is_torchs(spec: Spec) -> None:
    theirs = [
        (name, torchs_default(argument))
        for name, argument in torchs_signature(spec).parameters.items()
        if name not in ("self", "device", "dtype")
        and not name.startswith("_")
        and argument.kind not in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD)
    ]
    ours = [
        (each.name, Required if isinstance(each.default, Required) else each.default)
        for each in spec.parameters
        if not each.own
    ]
    assert ours == theirs
    assert [type(default) for _, default in ours] == [type(default) for _, default in theirs]


@each_entry
def test_entry_describes_itself(spec: Spec) -> None:
    assert spec.summary.endswith(".")
    assert len(spec.summary) <= 90
    assert spec.accepts.ranks
    assert set(spec.accepts.ranks) <= set(RANKS)
    assert (len(spec.accepts.ranks) < len(RANKS)) <= (spec.accepts.words != "any shape")
    for parameter in spec.parameters:
        assert parameter.help.endswith("."), parameter.name
        if isinstance(parameter.default, Required) and not parameter.follows:
            assert not isinstance(parameter.initial, Required), parameter.name
    assert spec.kind in categories()[spec.category]


@each_entry
def test_defaults_and_initials_are_values_their_kinds_allow(spec: Spec) -> None:
    for parameter in spec.parameters:
        for value in (parameter.default, parameter.initial):
            if not isinstance(value, Required):
                assert parameter.kind.parse(value) == value
                assert parameter.kind.problem(value) is None


@each_entry
def test_json_round_trip(spec: Spec) -> None:
    pinned = (
        fresh(spec, **{parameter.name: value})
        for parameter in spec.parameters
        for value in chain(edge_values(parameter), wrong_values(parameter))
    )
    for block in (fresh(spec), *pinned):
        network = Network(TensorType((4, 9, 10)), (block,), 2)
        assert loads(dumps(network)) == network


@each_layer
def test_check_agrees_with_a_real_forward_pass(spec: Spec) -> None:
    ran = 0
    for given in inputs(spec):
        for block in settings(spec):
            report = found(block, given)
            if report.state == "fault":
                assert report.issue is not None
                assert report.issue.code not in ("torch", "value"), report.issue
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of arguments that torch keeps for old code
                module = build_network(Network(given, (block,), 2))
            assert sum(p.numel() for p in module.parameters()) == report.parameters
            assert sum(b.numel() for b in module.buffers()) == report.buffers
            assert _forward(module, given) == report.output, (block, given)
            ran += 1
    assert ran >= len(inputs(spec))


@pytest.mark.parametrize("spec", PLAIN.values(), ids=PLAIN)
def test_what_is_given_without_asking_torch_is_what_torch_gives(spec: Spec) -> None:
    """Shapes, dtypes, counts and failures, on every rank, at edge values and beyond all memory."""
    assert spec.gives is not None
    asked = 0
    for rank in spec.accepts.ranks:
        for shape in (tuple(range(2, 2 + rank)), (1,) * rank, (8,) * rank):
            given = TensorType(shape, spec.accepts.dtype or "float32")
            for block in [*settings(spec), *extremes(spec)]:
                outcome = check_layer(spec.kind, block.params, given)
                if outcome.problem and outcome.problem.code != "too-large":
                    continue
                call = layer_call(spec, outcome.arguments)
                torchs = infer(call, given)
                ours = infer(call, given, spec.gives(outcome.arguments, given))
                assert _without_words(ours) == _without_words(torchs), (block, given)
                asked += 1
    assert asked >= len(spec.accepts.ranks)


def _without_words(result: Inferred | Failure) -> Inferred | Failure:
    return replace(result, message="") if isinstance(result, Failure) else result


def _forward(module: nn.Module, given: TensorType) -> TensorType:
    x: torch.Tensor
    if given.dtype == "int64":
        x = torch.zeros(2, *given.shape, dtype=torch.int64)
    else:
        x = torch.randn(2, *given.shape, requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y = module(x.clone())  # some layers overwrite their input
    (y * torch.randn(y.shape)).sum().backward()
    for each in (x, *module.parameters()) if x.requires_grad else module.parameters():
        assert each.grad is not None
        assert torch.isfinite(each.grad.to_dense()).all(), module
    return TensorType(tuple(y.shape[1:]), str(y.dtype).removeprefix("torch."))


@each_layer
def test_fresh_layer_fits_every_input_it_accepts(spec: Spec) -> None:
    assert inputs(spec)
    for given in inputs(spec):
        assert found(fresh(spec), given).state == "ok"


@each_layer
def test_wrong_number_of_axes(spec: Spec) -> None:
    for rank in set(RANKS) - set(spec.accepts.ranks):
        given = TensorType(SHAPES.get(rank, (2,) * rank), spec.accepts.dtype or "float32")
        network = Network(given, (fresh(spec),), 2)
        issue = check(network).blocks["b1"].issue
        assert issue is not None
        assert issue.code == "rank"
        start = f"{spec.kind} expects {spec.accepts.words}, but {given} comes in: "
        assert issue.message.startswith(start)
        assert_repaired(network, issue)


@each_layer
def test_wrong_dtype(spec: Spec) -> None:
    if spec.accepts.dtype is None:
        given = replace(inputs(spec)[0], dtype="int64")
        assert found(fresh(spec), given).output.dtype == "int64"
        return
    for given in inputs(spec):
        wrong = "int64" if spec.accepts.dtype == "float32" else "float32"
        network = Network(replace(given, dtype=wrong), (fresh(spec),), 2)
        assert check(network).blocks["b1"].issue is not None
        issue = check(network).issues[0]
        assert issue.code == "dtype"
        words = {"float32": "real", "int64": "whole"}[spec.accepts.dtype]
        assert issue.message.startswith(
            f"{spec.kind} expects {words} numbers (dtype {spec.accepts.dtype}), "
            f"but {given} of {wrong} comes in: "
        )
        assert_repaired(network, issue)


@each_entry
def test_values_outside_their_limits(spec: Spec) -> None:
    for parameter in spec.parameters:
        for value in wrong_values(parameter):
            network = Network(inputs(spec)[0], (fresh(spec, **{parameter.name: value}),), 2)
            issue = check(network).blocks["b1"].issue
            assert issue is not None
            assert issue.code == "value"
            assert issue.message.startswith(f"{parameter.name} m")
            assert_repaired(network, issue)


@each_layer
def test_missing_arguments(spec: Spec) -> None:
    for parameter in spec.parameters:
        if not isinstance(parameter.default, Required) or parameter.follows:
            continue
        kept = {name: value for name, value in spec.initial.items() if name != parameter.name}
        network = Network(inputs(spec)[0], (Block("b1", spec.kind, make_params(kept)),), 2)
        issue = check(network).blocks["b1"].issue
        assert issue is not None
        assert issue.code == "missing"
        assert issue.message == f"{parameter.name} is not set, and torch has no default for it."
        assert_repaired(network, issue)


@each_layer
def test_pinned_sizes(spec: Spec) -> None:
    """A size that follows from the input may be pinned; pinned to another size it is a fault."""
    for parameter in spec.parameters:
        if parameter.follows is None:
            continue
        for given in inputs(spec):
            actual = parameter.follows.value(given)
            assert found(fresh(spec, **{parameter.name: actual}), given).state == "ok"
            wrong = (97,) if isinstance(actual, tuple) else 97
            network = Network(given, (fresh(spec, **{parameter.name: wrong}),), 2)
            issue = check(network).blocks["b1"].issue
            assert issue is not None
            assert issue.code == "pinned"
            start = f"{parameter.name} is pinned to {wrong}, but {given} comes in, which "
            assert issue.message.startswith(start)
            assert_repaired(network, issue)


@each_layer
def test_extreme_sizes_never_reach_torchs_own_words(spec: Spec) -> None:
    for block in extremes(spec):
        for given in inputs(spec):
            report = found(block, given)
            assert report.issue is None or report.issue.code != "torch", report.issue


@pytest.mark.parametrize("spec", CONTAINERS.values(), ids=CONTAINERS)
def test_containers_take_every_number_of_axes_that_they_accept(spec: Spec) -> None:
    for rank in spec.accepts.ranks:
        given = TensorType((2,) * rank)
        relu = Block("b2", "ReLU")
        assert spec.lanes is not None
        block = replace(fresh(spec), lanes=((relu,), *fresh(spec).lanes[1:]))
        network = Network(given, (block,), 3)
        report = check(network)
        assert report.issues == ()
        module = build_network(network)
        assert tuple(module(torch.ones(2, *given.shape)).shape[1:]) == report.output.shape
