"""A checked network becomes a tree of constructor calls, which build and export interpret."""

from __future__ import annotations

from builder.catalogue import CATALOGUE
from builder.catalogue.spec import Call
from builder.check import Report, check_layer, layer_call, resolve
from builder.document import Block, TensorType


class Faulty(ValueError):  # noqa: N818
    """The network has faults, so there is nothing to build; ``report`` has them."""

    def __init__(self, report: Report) -> None:
        first = report.issues[0]
        block = report.blocks[first.block].block if first.block else None
        where = f"{block.label}: " if block else ""
        super().__init__(f"The network can't be built. {where}{first.message}")
        self.report = report


def lower(report: Report) -> Call:
    """The network as calls: the root is an ``nn.Sequential``, bypassed blocks are left out.

    Raises Faulty when the report has faults.
    """
    if not report.ok:
        raise Faulty(report)
    return _lower_lane(report.network.blocks, report.network.input)[0]


def name_children(lane: tuple[Block, ...]) -> list[tuple[str, Block]]:
    """The blocks of a lane that are built, each with its module's name in the ``nn.Sequential``."""
    built = (block for block in lane if not block.bypassed)
    return [(block.name or str(at), block) for at, block in enumerate(built)]


def _lower_lane(lane: tuple[Block, ...], given: TensorType) -> tuple[Call, TensorType]:
    """The lane as an ``nn.Sequential``, and the type that leaves it."""
    children: list[tuple[str, Call]] = []
    for name, block in name_children(lane):
        call, given = _lower_block(block, given)
        children.append((name, call))
    return Call("nn.Sequential", (), tuple(children)), given


def _lower_block(block: Block, given: TensorType) -> tuple[Call, TensorType]:
    spec = CATALOGUE[block.kind]
    if spec.lanes is None:
        outcome = check_layer(block.kind, block.params, given)
        assert outcome.output is not None
        return layer_call(spec, outcome.arguments), outcome.output
    arguments = resolve(spec, block.params, given)[0]
    bodies, outputs = [], []
    for lane in block.lanes:
        flowing = spec.lanes.given(arguments, given)
        for _ in range(spec.lanes.times(arguments)):
            body, flowing = _lower_lane(lane, flowing)
            bodies.append(body)
        outputs.append(flowing)
    output = spec.lanes.join(arguments, given, tuple(outputs))
    assert isinstance(output, TensorType)
    return spec.lanes.arrange(arguments, tuple(bodies)), output
