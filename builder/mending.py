"""Repairs for containers whose lanes do not join: set the lanes' own layers so that they do.

Where settings alone do not suffice, a body that must come back to its size is enlarged again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from builder.catalogue import CATALOGUE
from builder.catalogue.kinds import Sizes
from builder.catalogue.rules import spread
from builder.catalogue.spec import Arguments
from builder.document import Block, Network, Params, TensorType, make_params, walk
from builder.operations import Insert, Operation, Place, SetParam, SetParams, apply
from builder.report import Repair

Lane = tuple[Block, ...]
Follow = Callable[[Lane], TensorType | None]
Fits = Callable[[TensorType, TensorType], bool]

LANE_LIMIT = 200
"""Blocks of a lane up to which settings are tried out."""
KEEPING = make_params({"kernel_size": 3, "stride": 1, "padding": 1})
"""A pooling that keeps the size, as between the branches of GoogLeNet."""


def mend_join(
    block: Block, arguments: Arguments, given: TensorType, follow: Follow
) -> Repair | None:
    """Settings within the lanes with which the container's outputs join; None when none is found.

    ``follow`` tells what a lane makes of what it is given.
    """
    lanes = CATALOGUE[block.kind].lanes
    if lanes is None or sum(map(len, block.lanes)) > LANE_LIMIT:
        return None
    inner = lanes.given(arguments, given)

    def fits(output: TensorType, target: TensorType) -> bool:
        return isinstance(lanes.join(arguments, given, (output, target)), TensorType)

    outputs = [output for lane in block.lanes if (output := follow(lane)) is not None]
    returns = lanes.adds_input or lanes.enter is not None
    for target in [inner] if returns else [*outputs, inner]:
        settings: list[Operation] = []
        for index, lane in enumerate(block.lanes):
            found = _mend_lane(lane, inner, target, fits, follow, pooling=not returns)
            if found is None and returns:
                found = _enlarge(lane, inner, Place(block.id, index), fits, follow)
            if found is None:
                break
            settings += found
        else:
            return _repair(settings)
    return None


def _mend_lane(
    lane: Lane, given: TensorType, target: TensorType, fits: Fits, follow: Follow, pooling: bool
) -> list[Operation] | None:
    """The fewest settings with which the lane gives the target; None when these do not suffice.

    With ``pooling`` those of pooling layers may be among them.
    """
    padding, width = list(_keep_size(lane)), list(_set_width(lane, target))
    windows = list(_keep_size_in_pooling(lane)) if pooling else []
    tried: list[list[Operation]] = [[], [*padding], [*width], [*padding, *width]]
    if windows:
        tried += [[*settings, *windows] for settings in tried]
    for settings in tried:
        output = follow(_apply(given, lane, settings))
        if output is not None and fits(output, target):
            return settings
    return None


def _enlarge(
    lane: Lane, target: TensorType, place: Place, fits: Fits, follow: Follow
) -> list[Operation] | None:
    """An Upsample at the lane's end, and the last layer's width if need be; None if in vain."""
    for settings in ([], list(_set_width(lane, target))):
        changed = _apply(target, lane, settings)
        output = follow(changed)
        params = None if output is None else _enlargement(output, target)
        if params is None:
            continue
        output = follow(_apply(target, changed, [Insert("Upsample", Place(), params, "enlarged")]))
        if output is not None and fits(output, target):
            return [*settings, Insert("Upsample", place, params)]
    return None


def _enlargement(output: TensorType, target: TensorType) -> Params | None:
    """What Upsample needs to come back to the target's size: a factor where one does it."""
    axes = list(zip(output.shape[1:], target.shape[1:], strict=False))
    if output.rank != target.rank or not axes or any(small > large for small, large in axes):
        return None
    factors = {large / small for small, large in axes}
    if len(factors) == 1 and (factor := factors.pop()).is_integer():
        return make_params({"scale_factor": factor})
    return make_params({"scale_factor": None, "size": target.shape[1:]})


def _apply(given: TensorType, lane: Lane, operations: Sequence[Operation]) -> Lane:
    network = Network(given, lane)
    for operation in operations:
        network = apply(network, operation)
    return network.blocks


def _keep_size(lane: Lane) -> Iterator[SetParam]:
    """Padding 'same' for every layer of stride 1 that knows it."""
    for block in walk(lane):
        padding = CATALOGUE[block.kind].parameter("padding")
        if padding and isinstance(padding.kind, Sizes) and "same" in padding.kind.words:
            if set(spread(dict(block.params).get("stride", 1), 1)) == {1}:
                yield SetParam(block.id, "padding", "same")


def _keep_size_in_pooling(lane: Lane) -> Iterator[SetParams]:
    """A window of three with stride 1 for every pooling: its lane stays as large as it was."""
    for block in walk(lane):
        spec = CATALOGUE[block.kind]
        if spec.category == "Pooling" and all(spec.parameter(name) for name, _ in KEEPING):
            yield SetParams(block.id, KEEPING)


def _set_width(lane: Lane, target: TensorType) -> Iterator[SetParam]:
    """The target's channels or features for the last layer that sets them."""
    for block in reversed(lane):
        for name, axis in (("out_channels", 0), ("out_features", -1)):
            if CATALOGUE[block.kind].parameter(name) and not block.bypassed:
                yield SetParam(block.id, name, target.shape[axis])
                return


def _repair(operations: list[Operation]) -> Repair:
    settings = " and ".join(dict.fromkeys(filter(None, map(_setting, operations))))
    layers = (_layer(each) for each in operations if isinstance(each, Insert))
    label = " and ".join([*([f"set {settings}"] if settings else []), *dict.fromkeys(layers)])
    return Repair(f"{label[0].upper()}{label[1:]} inside it", tuple(operations))


def _setting(operation: Operation) -> str:
    match operation:
        case SetParam(_, name, value):
            return f"{name} to {value!r}"
        case SetParams(_, values):
            return "pooling to " + ", ".join(f"{name} {value}" for name, value in values)
        case _:
            return ""


def _layer(operation: Insert) -> str:
    size = dict(operation.params).get("size")
    to = f" to {'×'.join(map(str, size))}" if isinstance(size, tuple) else ""
    return f"add {operation.kind}{to}"
