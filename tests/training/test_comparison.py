"""Two networks line by line."""

from __future__ import annotations

from builder.document import Block, Network, TensorType
from builder.operations import SetParam, apply
from builder.templates import TEMPLATES
from builder.training.comparison import compare, outline

LENET = TEMPLATES["lenet5"].network()


def test_a_changed_argument_is_two_lines() -> None:
    conv = next(block for block in LENET.blocks if block.kind == "Conv2d")
    changed = apply(LENET, SetParam(conv.id, "bias", False))
    assert [line for line in compare(LENET, changed, context=0) if "Conv2d" in line] == [
        '-            ("conv1", nn.Conv2d(1, 6, kernel_size=5)),  # N×6×28×28',
        '+            ("conv1", nn.Conv2d(1, 6, kernel_size=5, bias=False)),  # N×6×28×28',
    ]


def test_equal_networks_give_nothing() -> None:
    assert compare(LENET, LENET) == []


def test_a_network_with_faults_has_a_line_that_says_so() -> None:
    faulty = Network(TensorType((4,)), (Block("b1", "Conv2d", (("out_channels", 1),)),), 2)
    assert len(outline(faulty)) == 1
    assert outline(faulty)[0].startswith("# ")
    assert "Conv2d" in outline(faulty)[0]
