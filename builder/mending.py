"""Repairs for containers whose lanes do not join: set the lanes' own layers so that they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from builder.catalogue import CATALOGUE
from builder.catalogue.kinds import Sizes
from builder.catalogue.rules import spread
from builder.catalogue.spec import Arguments
from builder.document import Block, Network, TensorType
from builder.operations import SetParam, apply
from builder.report import Repair

Lane = tuple[Block, ...]
Follow = Callable[[Lane], TensorType | None]
Fits = Callable[[TensorType, TensorType], bool]

LANE_LIMIT = 200
"""Blocks of a lane up to which settings are tried out."""


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
    for target in [inner] if lanes.adds_input or lanes.enter else outputs:
        settings: list[SetParam] = []
        for lane in block.lanes:
            found = _mend_lane(lane, inner, target, fits, follow)
            if found is None:
                break
            settings += found
        else:
            return _repair(settings)
    return None


def _mend_lane(
    lane: Lane, given: TensorType, target: TensorType, fits: Fits, follow: Follow
) -> list[SetParam] | None:
    """The fewest settings with which the lane gives the target; None when these do not suffice."""
    padding, width = list(_keep_size(lane)), list(_set_width(lane, target))
    for settings in ([], padding, width, padding + width):
        network = Network(given, lane)
        for setting in settings:
            network = apply(network, setting)
        output = follow(network.blocks)
        if output is not None and fits(output, target):
            return settings
    return None


def _keep_size(lane: Lane) -> Iterator[SetParam]:
    """Padding 'same' for every layer of stride 1 that knows it."""
    for block in lane:
        padding = CATALOGUE[block.kind].parameter("padding")
        if padding and isinstance(padding.kind, Sizes) and "same" in padding.kind.words:
            if set(spread(dict(block.params).get("stride", 1), 1)) == {1}:
                yield SetParam(block.id, "padding", "same")


def _set_width(lane: Lane, target: TensorType) -> Iterator[SetParam]:
    """The target's channels or features for the last layer that sets them."""
    for block in reversed(lane):
        for name, axis in (("out_channels", 0), ("out_features", -1)):
            if CATALOGUE[block.kind].parameter(name) and not block.bypassed:
                yield SetParam(block.id, name, target.shape[axis])
                return


def _repair(settings: list[SetParam]) -> Repair:
    words = dict.fromkeys(f"{each.name} to {each.value!r}" for each in settings)
    return Repair(f"Set {' and '.join(words)} inside it", tuple(settings))
