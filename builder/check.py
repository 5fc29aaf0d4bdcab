"""A network becomes a report: what flows where, how many parameters, and the fault on its layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import (
    Before,
    Call,
    Change,
    Fix,
    Problem,
    Required,
    Reset,
    Spec,
    Swap,
)
from builder.document import Block, BlockId, Network, Params, TensorType
from builder.infer import Failure, infer
from builder.operations import (
    Insert,
    Operation,
    Place,
    Replace,
    SetParam,
    UnsetParam,
)
from builder.ranks import rank_problem

State = Literal["ok", "fault", "waiting", "bypassed"]


@dataclass(frozen=True)
class Repair:
    """Operations that one click applies, and the words on the button."""

    label: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Issue:
    """What is wrong, on which block (None: the network as a whole), and what would mend it."""

    block: BlockId | None
    code: str
    message: str
    repair: Repair | None = None


@dataclass(frozen=True)
class BlockReport:
    """What the check found out about one block.

    ``arguments`` has every argument that is known, defaults and followed sizes included;
    ``filled`` has the sizes that follow from the input, also where they are pinned otherwise.
    """

    block: Block
    state: State
    input: TensorType | None = None
    output: TensorType | None = None
    parameters: int = 0
    buffers: int = 0
    issue: Issue | None = None
    waits_for: Block | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    filled: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """Every block's report by id, in document order, and the totals of the network."""

    network: Network
    blocks: Mapping[BlockId, BlockReport]
    output: TensorType | None
    parameters: int
    buffers: int

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All faults, in document order."""
        return tuple(each.issue for each in self.blocks.values() if each.issue)

    @property
    def ok(self) -> bool:
        """Whether the network can be built."""
        return not any(each.state == "fault" for each in self.blocks.values())


@dataclass(frozen=True)
class Outcome:
    """What one layer does with one input type; shared by all layers that are set alike."""

    arguments: Mapping[str, Any]
    filled: Mapping[str, Any]
    output: TensorType | None = None
    parameters: int = 0
    buffers: int = 0
    problem: Problem | None = None


@dataclass(frozen=True)
class _Flow:
    """What leaves a lane: a type, or nothing because of a block that has a fault."""

    output: TensorType | None
    fault: Block | None = None
    parameters: int = 0
    buffers: int = 0


def check(network: Network) -> Report:
    """Follow one sample's type through the network.

    Faults are found, not raised: the block that causes one carries an Issue, the blocks before
    it keep their shapes, and those after it wait.
    """
    found: dict[BlockId, BlockReport] = {}
    flow = _check_lane(network.blocks, _Flow(network.input), (None, 0), found)
    return Report(network, MappingProxyType(found), flow.output, flow.parameters, flow.buffers)


def _check_lane(
    lane: tuple[Block, ...],
    flow: _Flow,
    home: tuple[BlockId | None, int],
    found: dict[BlockId, BlockReport],
) -> _Flow:
    parameters = buffers = 0
    for block in lane:
        if block.bypassed:
            _switch_off(block, flow, found)
            continue
        if block.lanes:
            report, fault = _check_container(block, flow, home, found)
        else:
            report = found[block.id] = _check_block(block, flow, home)
            fault = block if report.state == "fault" else flow.fault
        parameters += report.parameters
        buffers += report.buffers
        flow = _Flow(report.output, fault if report.output is None else None)
    return replace(flow, parameters=parameters, buffers=buffers)


def _switch_off(block: Block, flow: _Flow, found: dict[BlockId, BlockReport]) -> None:
    arguments = resolve(CATALOGUE[block.kind], block.params, None)[0]
    found[block.id] = BlockReport(
        block, "bypassed", flow.output, flow.output, arguments=arguments, waits_for=flow.fault
    )
    for inner in _inside(block):
        inner_arguments = resolve(CATALOGUE[inner.kind], inner.params, None)[0]
        found[inner.id] = BlockReport(inner, "bypassed", arguments=inner_arguments)


def _inside(block: Block) -> Iterator[Block]:
    for lane in block.lanes:
        for inner in lane:
            yield inner
            yield from _inside(inner)


def _check_block(block: Block, flow: _Flow, home: tuple[BlockId | None, int]) -> BlockReport:
    if flow.output is None:
        arguments, filled = resolve(CATALOGUE[block.kind], block.params, None)
        return BlockReport(
            block, "waiting", waits_for=flow.fault, arguments=arguments, filled=filled
        )
    outcome = check_layer(block.kind, block.params, flow.output)
    issue = _issue(block, home, outcome.problem)
    return BlockReport(
        block,
        "fault" if issue else "ok",
        flow.output,
        outcome.output,
        outcome.parameters,
        outcome.buffers,
        issue,
        arguments=outcome.arguments,
        filled=outcome.filled,
    )


def _check_container(
    block: Block,
    flow: _Flow,
    home: tuple[BlockId | None, int],
    found: dict[BlockId, BlockReport],
) -> tuple[BlockReport, Block | None]:
    """Check a container's lanes, then what joins them; give its report and the block at fault."""
    spec = CATALOGUE[block.kind]
    lanes = spec.lanes
    assert lanes is not None
    arguments = resolve(spec, block.params, flow.output)[0]
    found[block.id] = report = BlockReport(block, "waiting", flow.output, arguments=arguments)
    problem = _value_problem(spec, block.params, arguments)
    times = 1 if problem else lanes.times(arguments)
    flows = [
        _check_repeated(lane, times, flow, (block.id, index), found)
        for index, lane in enumerate(block.lanes)
    ]
    output: TensorType | None = None
    fault = flow.fault or next((each.fault for each in flows if each.fault), None)
    if flow.output is not None and not problem and not fault:
        outputs = tuple(each.output for each in flows if each.output is not None)
        joined = lanes.join(arguments, flow.output, outputs)
        output, problem = (None, joined) if isinstance(joined, Problem) else (joined, None)
    issue = _issue(block, home, problem)
    report = replace(
        report,
        state="fault" if issue else "ok" if output is not None else "waiting",
        output=output,
        parameters=sum(each.parameters for each in flows),
        buffers=sum(each.buffers for each in flows),
        issue=issue,
        waits_for=None if issue else fault,
    )
    found[block.id] = report
    return report, block if issue else fault


def _check_repeated(
    lane: tuple[Block, ...],
    times: int,
    flow: _Flow,
    home: tuple[BlockId | None, int],
    found: dict[BlockId, BlockReport],
) -> _Flow:
    """Check a lane that is gone through several times; the first time is what its cards show."""
    after = _check_lane(lane, flow, home, found)
    parameters, buffers = after.parameters, after.buffers
    for turn in range(2, times + 1):
        if after.output is None:
            break
        if after.output == flow.output:  # a fixed point: all further turns are the same
            rest = times - turn + 1
            parameters += rest * after.parameters
            buffers += rest * after.buffers
            break
        flow = after
        again: dict[BlockId, BlockReport] = {}
        after = _check_lane(lane, _Flow(flow.output), home, again)
        parameters += after.parameters
        buffers += after.buffers
        if after.fault:
            found.update(_in_turn(again, turn))
    return _Flow(after.output, after.fault, parameters, buffers)


def _in_turn(found: dict[BlockId, BlockReport], turn: int) -> dict[BlockId, BlockReport]:
    """The same reports, their faults saying in which repetition they are."""
    return {
        block_id: replace(
            report,
            issue=replace(report.issue, message=f"In repetition {turn}: {report.issue.message}"),
        )
        if report.issue
        else report
        for block_id, report in found.items()
    }


def resolve(
    spec: Spec, params: Params, given: TensorType | None
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Every argument that is known, and the sizes that follow from the input.

    Nothing follows from an input that is unknown, or has a rank that the layer does not take.
    """
    values = dict(params)
    arguments: dict[str, Any] = {}
    filled: dict[str, Any] = {}
    known = given if given is not None and given.rank in spec.accepts.ranks else None
    for parameter in spec.parameters:
        if parameter.follows and known is not None:
            filled[parameter.name] = parameter.follows.value(known)
        if parameter.name in values:
            arguments[parameter.name] = values[parameter.name]
        elif parameter.name in filled:
            arguments[parameter.name] = filled[parameter.name]
        elif not isinstance(parameter.default, Required):
            arguments[parameter.name] = parameter.default
    return MappingProxyType(arguments), MappingProxyType(filled)


@lru_cache(maxsize=50_000)
def check_layer(kind: str, params: Params, given: TensorType) -> Outcome:
    """What a layer with these arguments makes of this input, or why it can't; remembered."""
    spec = CATALOGUE[kind]
    arguments, filled = resolve(spec, params, given)
    problem = _value_problem(spec, params, arguments) or _input_problem(spec, params, given)
    if problem is None:
        problem = next(filter(None, (rule(arguments, given) for rule in spec.rules)), None)
    if problem is not None:
        return Outcome(arguments, filled, problem=problem)
    result = infer(layer_call(spec, arguments), given)
    if isinstance(result, Failure):
        problem = Problem("torch", f"{kind} can't take {given}: {result.message}.")
        return Outcome(arguments, filled, problem=problem)
    return Outcome(arguments, filled, result.output, result.parameters, result.buffers)


def layer_call(spec: Spec, arguments: Mapping[str, Any]) -> Call:
    """The constructor call of a layer, with only what differs from torch's defaults."""
    written = (
        (parameter.name, arguments[parameter.name])
        for parameter in spec.parameters
        if isinstance(parameter.default, Required) or arguments[parameter.name] != parameter.default
    )
    return Call(spec.target, tuple(written))


def _value_problem(spec: Spec, params: Params, arguments: Mapping[str, Any]) -> Problem | None:
    """A value outside its limits, or a missing one that nothing fills."""
    for name, value in params:
        parameter = spec.parameter(name)
        assert parameter is not None
        if (wrong := parameter.kind.problem(value)) is not None:
            nearest = parameter.kind.nearest(value)
            label = None if nearest is None else f"Set {name} to {nearest}"
            fix = None if nearest is None else Change(name, nearest)
            return Problem("value", f"{name} {wrong}.", label, fix)
    for parameter in spec.parameters:
        if parameter.name in arguments or parameter.follows:
            continue
        initial = parameter.initial
        assert not isinstance(initial, Required)
        return Problem(
            "missing",
            f"{parameter.name} is not set, and torch has no default for it.",
            f"Set {parameter.name} to {initial}",
            Change(parameter.name, initial),
        )
    return None


def _input_problem(spec: Spec, params: Params, given: TensorType) -> Problem | None:
    """An input of the wrong rank or dtype, or one that a pinned size does not agree with."""
    if problem := rank_problem(spec, given):
        return problem
    if given.dtype != spec.accepts.dtype:
        return Problem("dtype", f"{spec.kind} expects {spec.accepts.dtype} but gets {given.dtype}.")
    for name, value in params:
        parameter = spec.parameter(name)
        follows = parameter.follows if parameter else None
        if follows is None or follows.fits(value, given):
            continue
        actual = follows.value(given)
        return Problem(
            "pinned",
            f"{name} is pinned to {value}, but {given} comes in, which has {actual} "
            f"{follows.noun}.",
            f"Unpin {name}, so that it is {actual}",
            Reset(name),
        )
    return None


def _issue(block: Block, home: tuple[BlockId | None, int], problem: Problem | None) -> Issue | None:
    if problem is None:
        return None
    repair = None
    if problem.fix is not None and problem.label is not None:
        repair = Repair(problem.label, (_operation(block.id, home, problem.fix),))
    return Issue(block.id, problem.code, problem.message, repair)


def _operation(block_id: BlockId, home: tuple[BlockId | None, int], fix: Fix) -> Operation:
    match fix:
        case Before(kind, params):
            return Insert(kind, Place(home[0], home[1], block_id), params)
        case Change(name, value):
            return SetParam(block_id, name, value)
        case Reset(name):
            return UnsetParam(block_id, name)
        case Swap(kind):
            return Replace(block_id, kind)
