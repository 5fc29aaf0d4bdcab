"""A network becomes a report: what flows where, how many parameters, and the fault on its layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import (
    Arguments,
    Before,
    Change,
    Fix,
    Problem,
    Recast,
    Reset,
    Spec,
    Swap,
)
from builder.cost import FREE, Cost, total
from builder.document import Block, BlockId, Network, TensorType, walk
from builder.layers import Outcome, check_layer, entry_problem, layer_call, resolve, value_problem
from builder.mending import mend_join
from builder.operations import (
    Insert,
    Operation,
    Place,
    Replace,
    SetInput,
    SetParam,
    UnsetParam,
)
from builder.repetition import repetition_problems
from builder.report import BlockReport, Issue, Repair, Report, State

__all__ = [
    "BlockReport",
    "Issue",
    "Outcome",
    "Repair",
    "Report",
    "State",
    "check",
    "check_layer",
    "layer_call",
    "resolve",
]

Home = tuple[BlockId | None, int]
"""The lane that a block lies in: its container (None: the stack itself) and the lane's number."""


class _Flow(NamedTuple):
    """What leaves a lane: a type, or nothing because of a block that has a fault."""

    output: TensorType | None
    fault: Block | None = None
    cost: Cost = FREE


@dataclass(frozen=True)
class _Walk:
    """One check under way: its network, what was refused at the start, what is found so far.

    ``repairs`` is False for a check that a search for repairs makes: a search within a search
    would double the work with every container that lies in another.
    """

    network: Network
    refused: Mapping[BlockId, Problem]
    repairs: bool = True
    frozen: bool = False
    found: dict[BlockId, BlockReport] = field(default_factory=dict)


def check(network: Network) -> Report:
    """Follow one sample's type through the network.

    Faults are found, not raised: the block that causes one carries an Issue, the blocks before
    it keep their shapes, and those after it wait.
    """
    under_way, flow = _go(network, repairs=True)
    found = MappingProxyType(under_way.found)
    return Report(network, found, flow.output, flow.cost)


def _go(network: Network, repairs: bool) -> tuple[_Walk, _Flow]:
    under_way = _Walk(network, repetition_problems(network.blocks), repairs)
    return under_way, _check_lane(under_way, network.blocks, _Flow(network.input), (None, 0))


def _check_lane(under_way: _Walk, lane: tuple[Block, ...], flow: _Flow, home: Home) -> _Flow:
    given, fault, found = flow.output, flow.fault, under_way.found
    costs: list[Cost] = []
    for block in lane:
        if block.bypassed:
            _switch_off(under_way, block, _Flow(given, fault))
            continue
        if block.lanes:
            report, fault = _check_container(under_way, block, _Flow(given, fault), home)
        elif given is None:
            report = found[block.id] = _wait(block, fault)
        else:
            report = found[block.id] = _check_block(under_way, block, given, home)
            fault = block if report.issue else None
        costs.append(report.cost)
        given = report.output
    return _Flow(given, fault, total(costs))


def _switch_off(under_way: _Walk, block: Block, flow: _Flow) -> None:
    """What comes in goes past a bypassed block; nothing reaches the blocks within it."""
    for each in walk((block,)):
        known = check_layer(each.kind, each.params, None)
        under_way.found[each.id] = BlockReport(each, "bypassed", arguments=known.arguments)
    report = under_way.found[block.id]
    under_way.found[block.id] = report._replace(
        input=flow.output, output=flow.output, waits_for=flow.fault
    )


def _wait(block: Block, fault: Block | None) -> BlockReport:
    arguments = check_layer(block.kind, block.params, None).arguments
    return BlockReport(block, "waiting", waits_for=fault, arguments=arguments)


def _check_block(under_way: _Walk, block: Block, given: TensorType, home: Home) -> BlockReport:
    done = check_layer(block.kind, block.params, given)
    cost = done.cost.freeze() if block.frozen or under_way.frozen else done.cost
    issue = _issue(under_way, block, home, done.problem) if done.problem else None
    return BlockReport(
        block,
        "fault" if issue else "ok",
        given,
        done.output,
        cost,
        issue,
        None,
        done.arguments,
        done.filled,
    )


def _check_container(
    under_way: _Walk, block: Block, flow: _Flow, home: Home
) -> tuple[BlockReport, Block | None]:
    """Check a container's lanes, then what joins them; give its report and the block at fault."""
    spec = CATALOGUE[block.kind]
    arguments = resolve(spec, block.params, flow.output)[0]
    under_way.found[block.id] = BlockReport(block, "waiting")  # keeps document order
    problem = under_way.refused.get(block.id) or _container_problem(spec, block, arguments, flow)
    inner = _enter(spec, arguments, flow, block, problem)
    within = replace(under_way, frozen=True) if block.frozen else under_way
    flows = _check_lanes(within, block, inner, arguments if problem is None else None)
    fault = flow.fault or next((each.fault for each in flows if each.fault), None)
    output: TensorType | None = None
    issue: Issue | None = None
    if flow.output is not None:
        if problem is None and fault is None:
            output, problem = _join(block, arguments, flow.output, flows)
        issue = _issue(under_way, block, home, problem) if problem else None
    if issue and issue.code == "join" and flow.output is not None and under_way.repairs:
        assert inner.output is not None
        repair = mend_join(block, arguments, flow.output, _follow(inner.output))
        issue = replace(issue, repair=repair)
    own = _own_cost(spec, arguments, flow.output, output)
    report = under_way.found[block.id] = BlockReport(
        block,
        "fault" if issue else "ok" if output is not None else "waiting",
        flow.output,
        output,
        total((*(each.cost for each in flows), own)),
        issue,
        None if issue else fault,
        arguments,
    )
    return report, block if issue else fault


def _own_cost(
    spec: Spec, arguments: Arguments, given: TensorType | None, output: TensorType | None
) -> Cost:
    """What a container costs beyond what it holds: the tensors that it makes itself."""
    if spec.lanes is None or given is None or output is None:
        return FREE
    return Cost(activations=spec.lanes.makes(arguments, given, output))


def _container_problem(
    spec: Spec, block: Block, arguments: Arguments, flow: _Flow
) -> Problem | None:
    if flow.output is None:
        return value_problem(spec, block.params, arguments)
    return entry_problem(spec, block.params, arguments, flow.output)


def _enter(
    spec: Spec, arguments: Arguments, flow: _Flow, block: Block, problem: Problem | None
) -> _Flow:
    """What a container's lanes are given; a wrong argument hides it only where it counts."""
    assert spec.lanes is not None
    if problem is not None and (spec.lanes.enter or problem.code == "too-many-layers"):
        return _Flow(None, block)
    if flow.output is None:
        return flow
    return _Flow(spec.lanes.given(arguments, flow.output))


def _check_lanes(
    under_way: _Walk, block: Block, flow: _Flow, arguments: Arguments | None
) -> list[_Flow]:
    """Check each lane as often as the arguments say; once when these are wrong."""
    lanes = CATALOGUE[block.kind].lanes
    times = lanes.times(arguments) if lanes and arguments is not None else 1
    return [
        _check_repeated(under_way, lane, times, flow, (block.id, index))
        for index, lane in enumerate(block.lanes)
    ]


def _join(
    block: Block, arguments: Arguments, given: TensorType, flows: list[_Flow]
) -> tuple[TensorType | None, Problem | None]:
    lanes = CATALOGUE[block.kind].lanes
    assert lanes is not None
    outputs = tuple(each.output for each in flows if each.output is not None)
    joined = lanes.join(arguments, given, outputs)
    return (None, joined) if isinstance(joined, Problem) else (joined, None)


def _follow(given: TensorType) -> Callable[[tuple[Block, ...]], TensorType | None]:
    return lambda lane: _go(Network(given, lane), repairs=False)[1].output


def _check_repeated(
    under_way: _Walk, lane: tuple[Block, ...], times: int, flow: _Flow, home: Home
) -> _Flow:
    """Check a lane that is gone through several times; the first time is what its cards show."""
    after = _check_lane(under_way, lane, flow, home)
    costs = [after.cost]
    for turn in range(2, times + 1):
        if after.output is None:
            break
        if after.output == flow.output:  # a fixed point: all further turns are the same
            costs.append(after.cost.times(times - turn + 1))
            break
        flow = after
        again = replace(under_way, found={})
        after = _check_lane(again, lane, _Flow(flow.output), home)
        costs.append(after.cost)
        if after.fault:
            under_way.found.update(_in_turn(again.found, turn))
    return _Flow(after.output, after.fault, total(costs))


def _holds_for_all_turns(issue: Issue) -> bool:
    """Another kind of layer for a later turn would not take what comes in at the first."""
    operations = issue.repair.operations if issue.repair else ()
    return not any(isinstance(operation, Replace) for operation in operations)


def _in_turn(found: dict[BlockId, BlockReport], turn: int) -> dict[BlockId, BlockReport]:
    """The same reports, their faults saying in which repetition they are."""
    told = {}
    for block_id, report in found.items():
        issue = report.issue
        if issue is not None:
            repair = issue.repair if _holds_for_all_turns(issue) else None
            message = f"In repetition {turn}: {issue.message}"
            report = report._replace(issue=replace(issue, message=message, repair=repair))
        told[block_id] = report
    return told


def _issue(under_way: _Walk, block: Block, home: Home, problem: Problem) -> Issue:
    repair = None
    fix = problem.fix
    if isinstance(fix, Recast) and _first_to_mind(under_way.network.blocks) != block.id:
        return Issue(block.id, problem.code, problem.message)  # a layer before it needs the other
    if under_way.repairs and fix is not None and problem.label is not None:
        operation = _operation(under_way.network, block.id, home, fix)
        repair = Repair(problem.label, (operation,))
    return Issue(block.id, problem.code, problem.message, repair)


def _first_to_mind(blocks: tuple[Block, ...]) -> BlockId | None:
    """The first block that takes one dtype only."""
    for block in blocks:
        if block.bypassed:
            continue
        if CATALOGUE[block.kind].accepts.dtype is not None:
            return block.id
        for lane in block.lanes:
            if found := _first_to_mind(lane):
                return found
    return None


def _operation(network: Network, block_id: BlockId, home: Home, fix: Fix) -> Operation:
    match fix:
        case Before(kind, params):
            return Insert(kind, Place(home[0], home[1], block_id), params)
        case Change(name, value):
            return SetParam(block_id, name, value)
        case Reset(name):
            return UnsetParam(block_id, name)
        case Swap(kind):
            return Replace(block_id, kind)
        case Recast(dtype):
            return SetInput(replace(network.input, dtype=dtype), network.data)
