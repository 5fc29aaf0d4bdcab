"""Does a network fit a data set: its input, and an output that the target can be compared with."""

from __future__ import annotations

from builder.catalogue import CATALOGUE
from builder.check import Issue, Repair, Report
from builder.datasets import DataSet, Target, fits
from builder.document import Block, make_params, walk
from builder.losses import LOSSES, LossSpec, suggest, taking
from builder.operations import Bypass, Freeze, Insert, Operation, Place, SetInput, SetParam


def fit(report: Report, data_set: DataSet, loss: LossSpec | None = None) -> Issue | None:
    """Why the network can't be trained on this data set, with a repair; None when it can.

    Without a loss it is enough that there is one.
    """
    network = report.network
    if not network.blocks:
        message = "The network has no layers yet: add some on the Build page, or take a template."
        return Issue(None, "empty", message)
    if report.issues:
        return report.issues[0]
    if not fits(data_set, network.input):
        return Issue(
            None,
            "input",
            f"The network's input is {network.input} in {network.input.dtype}, but a sample of "
            f"{data_set.title} is {data_set.input} in {data_set.input.dtype}."
            if network.input.dtype != data_set.input.dtype
            else f"The network's input is {network.input}, but a sample of {data_set.title} is "
            f"{data_set.input}.",
            Repair(
                f"Set the input to {data_set.title}",
                (SetInput(data_set.input, data_set.id),),
            ),
        )
    if issue := output_issue(report, data_set, loss):
        return issue
    if report.parameters == 0:
        message = "No layer has parameters, so there is nothing to train: add a Linear layer."
        assert report.output is not None
        return Issue(None, "no-parameters", message, _end_in(report, report.output.shape[0]))
    return None if report.trainable else _frozen_issue(report)


def _frozen_issue(report: Report) -> Issue:
    """All parameters are frozen: which block to train, the one nearest to the output."""
    last = _last_frozen(report, report.network.blocks)
    message = "All layers with parameters are frozen, so there is nothing to train: unfreeze some."
    operations = tuple(Freeze(each.id, False) for each in walk((last,)) if each.frozen)
    return Issue(None, "frozen", message, Repair(f"Unfreeze {last.label}", operations))


def _last_frozen(report: Report, lane: tuple[Block, ...]) -> Block:
    """The last block that is frozen itself and holds parameters; all that hold some are frozen."""
    last = [block for block in lane if report.blocks[block.id].parameters][-1]
    if last.frozen:
        return last
    within = [inner for inner in last.lanes if any(report.blocks[b.id].parameters for b in inner)]
    return _last_frozen(report, within[-1])


def output_issue(report: Report, data_set: DataSet, loss: LossSpec | None = None) -> Issue | None:
    """Why the output can't be compared with the data set's target, or None.

    Without a loss, an output is right that any loss could compare.
    """
    if report.output is None:
        return None
    target = data_set.target
    losses = (loss,) if loss else (suggest(target), *taking(target))
    sizes = [size for each in losses if (size := each.outputs(target)) is not None]
    if report.output.shape in {(size,) for size in sizes}:
        return None
    wanted = sizes[0]
    message = (
        f"{data_set.title} has {_describe(target)}, so the network must end in N×{wanted}"
        f"{_for_loss(target, loss, wanted)}, but it ends in {report.output}."
    )
    return Issue(None, "output", message, _end_in(report, wanted))


def _describe(target: Target) -> str:
    if target.kind == "classes":
        return f"{target.outputs} classes"
    if target.outputs == 1:
        return f"one number to predict ({target.names[0]})"
    return f"{target.outputs} numbers to predict ({', '.join(target.names)})"


def _for_loss(target: Target, loss: LossSpec | None, wanted: int) -> str:
    """Which loss wants this size, where others want another."""
    others = {each.outputs(target) for each in taking(target)} - {wanted}
    return f" for {loss.name}" if loss and others else ""


def remark(report: Report, data_set: DataSet) -> Issue | None:
    """What a person who builds for this data set should know: a misfit, or else an advice."""
    return output_issue(report, data_set) or advice(report, _likely(report, data_set.target))


def _likely(report: Report, target: Target) -> LossSpec:
    """The loss that a network seems to be built for: the suggested one, or one for its output."""
    last = _last_layer(report.network.blocks)
    if last and last.kind == "LogSoftmax" and target.kind == "classes":
        return LOSSES["NLLLoss"]
    suggested = suggest(target)
    shape = report.output.shape if report.output else None
    fitting = (each for each in taking(target) if shape == (each.outputs(target),))
    return suggested if shape == (suggested.outputs(target),) else next(fitting, suggested)


def advice(report: Report, loss: LossSpec) -> Issue | None:
    """What would train badly with this loss though it can be trained, or None."""
    last = _last_layer(report.network.blocks)
    if last is None or report.output is None:
        return None
    match loss.given:
        case "logits" | "logit" if CATALOGUE[last.kind].probabilities:
            return _twice(last, loss)
        case "log-probabilities" if last.kind != "LogSoftmax":
            return _no_logarithm(last, loss)
        case _:
            return None


def _twice(last: Block, loss: LossSpec) -> Issue:
    """The loss applies a softmax or a sigmoid itself: one before it flattens the gradients."""
    message = (
        f"The network ends in {last.label}, but {loss.name} turns its input into "
        "probabilities itself: with both, gradients become small and the loss can't come near 0. "
        "Leave it out, and apply it only to read probabilities afterwards."
    )
    repair = Repair(f"Switch {last.label} off", (Bypass(last.id, True),))
    return Issue(None, "probabilities", message, repair)


def _no_logarithm(last: Block, loss: LossSpec) -> Issue:
    """Without logarithms of probabilities the loss can fall for ever and means nothing."""
    message = (
        f"{loss.name} expects logarithms of probabilities, as LogSoftmax gives them, but the "
        f"network ends in {last.label}: the loss can then fall below 0 without anything being "
        "learnt. End in LogSoftmax, or choose CrossEntropyLoss, which applies it itself."
    )
    added = Insert("LogSoftmax", Place(), make_params({"dim": 1}))
    if not CATALOGUE[last.kind].probabilities:
        return Issue(None, "log-probabilities", message, Repair("Add LogSoftmax", (added,)))
    instead = Repair(f"Put LogSoftmax in place of {last.label}", (Bypass(last.id, True), added))
    return Issue(None, "log-probabilities", message, instead)


def _last_layer(blocks: tuple[Block, ...]) -> Block | None:
    """The layer that what comes out of the network has gone through last, if it is just one."""
    for block in reversed(blocks):
        if block.bypassed or (len(block.lanes) == 1 and not block.lanes[0]):
            continue
        return _last_layer(block.lanes[0]) if len(block.lanes) == 1 else block
    return None


def _end_in(report: Report, size: int) -> Repair:
    """Change the layer that decides the output's size, or put one at the end."""
    if last := _deciding(report):
        return Repair(
            f"Set out_features of {last.label} to {size}",
            (SetParam(last.id, "out_features", size),),
        )
    linear: Operation = Insert("Linear", Place(), make_params({"out_features": size}))
    assert report.output is not None
    if report.output.rank == 1:
        return Repair(f"Add Linear with {size} features at the end", (linear,))
    label = f"Add Flatten and Linear with {size} features at the end"
    return Repair(label, (Insert("Flatten"), linear))


def _deciding(report: Report) -> Block | None:
    """The last layer of the stack, activations and the like left aside, if it sets the features."""
    for block in reversed(report.network.blocks):
        found = report.blocks[block.id]
        if CATALOGUE[block.kind].parameter("out_features"):
            single_row = found.output is not None and found.output.rank == 1
            return block if single_row and not block.bypassed else None
        if found.input != found.output:
            return None
    return None
