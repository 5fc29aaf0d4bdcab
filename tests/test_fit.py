"""Does a network fit a data set: the reason when not, and what one click would do about it."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import pytest

from builder.catalogue import CATALOGUE
from builder.check import check
from builder.datasets import DATA_SETS
from builder.document import Block, Network, TensorType, Value, make_params
from builder.fit import advice, fit, remark
from builder.losses import LOSSES
from builder.operations import apply
from builder.templates import TEMPLATES

IMAGE = (1, 8, 8)
LOGITS = LOSSES["CrossEntropyLoss"]


def layer(block_id: str, kind: str, name: str | None = None, **values: Value) -> Block:
    return Block(block_id, kind, make_params(CATALOGUE[kind].initial | values), (), name)


def network(shape: tuple[int, ...], *blocks: Block, dtype: str = "float32") -> Network:
    return Network(TensorType(shape, dtype), blocks, 10)


FLAT = layer("b1", "Flatten")
SEVEN = layer("b2", "Linear", "fc", out_features=7)
SOFTMAX = layer("b3", "Softmax")
ENDS = "Digits 8×8 has 10 classes, so the network must end in N×10, but it ends in "
ADD = "Add Linear with 10 features at the end"

# Each: network, data set, then code, message and repair.
MISFITS: dict[str, tuple[Network, str, str, str, str | None]] = {
    "no layers": (
        network(IMAGE),
        "digits",
        "empty",
        "The network has no layers yet: add some on the Build page, or take a template.",
        None,
    ),
    "a fault": (
        network(IMAGE, SEVEN),
        "digits",
        "rank",
        "Linear expects features (N, F) or sequences (N, L, F), but N×1×8×8 comes in: flatten it "
        "first.",
        "Insert Flatten before it",
    ),
    "another input": (
        network((5,), layer("b1", "Linear", out_features=10)),
        "digits",
        "input",
        "The network's input is N×5, but a sample of Digits 8×8 is N×1×8×8.",
        "Set the input to Digits 8×8",
    ),
    "a picture for a table": (
        network(IMAGE, FLAT, layer("b2", "Linear", out_features=3)),
        "iris",
        "input",
        "The network's input is N×1×8×8, but a sample of Iris is N×4.",
        "Set the input to Iris",
    ),
    "another dtype": (
        network(IMAGE, replace(FLAT, bypassed=True), dtype="int64"),
        "digits",
        "input",
        "The network's input is N×1×8×8 in int64, but a sample of Digits 8×8 is N×1×8×8 in "
        "float32.",
        "Set the input to Digits 8×8",
    ),
    "seven classes": (
        network(IMAGE, FLAT, SEVEN, SOFTMAX),
        "digits",
        "output",
        f"{ENDS}N×7.",
        "Set out_features of Linear fc to 10",
    ),
    "three classes": (
        network((2,), layer("b1", "Linear", out_features=3)),
        "moons",
        "output",
        "Moons has 2 classes, so the network must end in N×2, but it ends in N×3.",
        "Set out_features of Linear to 2",
    ),
    "no last layer": (network(IMAGE, FLAT), "digits", "output", f"{ENDS}N×64.", ADD),
    "a last layer switched off": (
        network(IMAGE, FLAT, replace(SEVEN, bypassed=True)),
        "digits",
        "output",
        f"{ENDS}N×64.",
        ADD,
    ),
    "a last layer within a container": (
        network(IMAGE, FLAT, Block("b5", "Group", (), ((SEVEN,),))),
        "digits",
        "output",
        f"{ENDS}N×7.",
        ADD,
    ),
    "feature maps": (
        network(IMAGE, layer("b1", "Conv2d")),
        "digits",
        "output",
        f"{ENDS}N×16×6×6.",
        "Add Flatten and Linear with 10 features at the end",
    ),
    "a sequence": (
        network(IMAGE, layer("b1", "Flatten", start_dim=2), layer("b2", "Linear", out_features=10)),
        "digits",
        "output",
        f"{ENDS}N×1×10.",
        "Add Flatten and Linear with 10 features at the end",
    ),
    "nothing to learn": (
        network((1, 2, 5), FLAT),
        "digits",
        "no-parameters",
        "No layer has parameters, so there is nothing to train: add a Linear layer.",
        ADD,
    ),
}


@pytest.mark.parametrize(
    ("given", "data", "code", "message", "label"), MISFITS.values(), ids=MISFITS
)
def test_misfits(given: Network, data: str, code: str, message: str, label: str | None) -> None:
    issue = fit(check(given), DATA_SETS[data])
    assert issue is not None
    found = (issue.code, issue.message, issue.repair and issue.repair.label)
    assert found == (code, message, label)
    for operation in issue.repair.operations if issue.repair else ():
        given = apply(given, operation)
    after = fit(check(given), DATA_SETS[data])
    assert label is None or after is None or after.code != code


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 32, 32), (1, 28, 28), (64,)])
def test_images_fit_any_image_and_their_row_of_pixels(shape: tuple[int, ...]) -> None:
    given = network(shape, FLAT, layer("b2", "Linear", out_features=10))
    assert fit(check(given), DATA_SETS["digits"]) is None


def test_templates_fit() -> None:
    for template in TEMPLATES.values():
        if template.data:
            assert fit(check(template.network()), DATA_SETS[template.data]) is None


LAST = {
    "Softmax": ("b3", "Softmax"),
    "Softmax in a group": ("b3", "Softmax"),
    "Softmax with dropout switched off behind it": ("b3", "Softmax"),
    "Sigmoid": ("b3", "Sigmoid"),
}


@pytest.mark.parametrize("case", LAST)
def test_probabilities_before_cross_entropy_are_advised_against(case: str) -> None:
    block_id, kind = LAST[case]
    last = layer(block_id, kind)
    blocks = [FLAT, layer("b2", "Linear", out_features=10)]
    blocks.append(Block("b5", "Group", (), ((last,),)) if "group" in case else last)
    if "dropout" in case:
        blocks.append(replace(layer("b4", "Dropout"), bypassed=True))
    given = network(IMAGE, *blocks)
    report = check(given)
    assert fit(report, DATA_SETS["digits"]) is None, "it can be trained all the same"
    found = remark(report, DATA_SETS["digits"])
    assert found is not None
    assert found.code == "probabilities"
    assert found.message == (
        f"The network ends in {kind}, but CrossEntropyLoss turns its input into probabilities "
        "itself: with both, gradients become small and the loss can't come near 0. Leave it out, "
        "and apply it only to read probabilities afterwards."
    )
    assert found.repair is not None
    assert found.repair.label == f"Switch {kind} off"
    mended = reduce(apply, found.repair.operations, given)
    assert remark(check(mended), DATA_SETS["digits"]) is None


FROZEN = replace(layer("b2", "Linear", out_features=12), frozen=True)
HEAD = layer("b3", "Linear", "head", out_features=10)
ALL_FROZEN = {
    "each by itself": ((FLAT, FROZEN, replace(HEAD, frozen=True)), "Unfreeze Linear head"),
    "the last in a container": (
        (FLAT, FROZEN, Block("b5", "Group", (), ((replace(HEAD, frozen=True),),))),
        "Unfreeze Linear head",
    ),
    "a container": (
        (FLAT, FROZEN, Block("b5", "Group", (), ((HEAD,),), "end", frozen=True)),
        "Unfreeze Group end",
    ),
    "a container and what it holds": (
        (FLAT, Block("b5", "Group", (), ((FROZEN, replace(HEAD, frozen=True)),), frozen=True)),
        "Unfreeze Group",
    ),
    "with layers without parameters behind it": (
        (FLAT, replace(HEAD, frozen=True), replace(layer("b6", "ReLU"), frozen=True)),
        "Unfreeze Linear head",
    ),
    "a lane without parameters beside it": (
        (
            FLAT,
            FROZEN,
            layer("b6", "Dropout"),
            replace(HEAD, frozen=True),
            Block("b7", "Residual", (), ((layer("b8", "ReLU"),),), frozen=True),
        ),
        "Unfreeze Linear head",
    ),
    "the first lane of two": (
        (
            FLAT,
            layer("b9", "Unflatten", dim=1, unflattened_size=(1, 64)),
            Block(
                "b7",
                "Branches",
                make_params({"join": "add"}),
                ((layer("c1", "Flatten"), replace(HEAD, frozen=True)),),
            ),
        ),
        "Unfreeze Linear head",
    ),
}


@pytest.mark.parametrize("case", ALL_FROZEN)
def test_with_all_frozen_there_is_nothing_to_train(case: str) -> None:
    blocks, label = ALL_FROZEN[case]
    given = network(IMAGE, *blocks)
    report = check(given)
    assert report.ok
    assert (report.parameters > 0, report.trainable) == (True, 0)
    found = fit(report, DATA_SETS["digits"])
    assert found is not None
    assert (found.block, found.code) == (None, "frozen")
    assert found.message == (
        "All layers with parameters are frozen, so there is nothing to train: unfreeze some."
    )
    assert found.repair is not None
    assert found.repair.label == label
    mended = check(reduce(apply, found.repair.operations, given))
    assert mended.trainable > 0
    assert fit(mended, DATA_SETS["digits"]) is None


def test_one_layer_to_train_is_enough() -> None:
    assert fit(check(network(IMAGE, FLAT, FROZEN, HEAD)), DATA_SETS["digits"]) is None


def test_logits_need_no_advice() -> None:
    for blocks in ((), (FLAT,), (FLAT, layer("b2", "Linear", out_features=10))):
        assert advice(check(network(IMAGE, *blocks)), LOGITS) is None
    hidden = (FLAT, layer("b2", "Softmax"), layer("b3", "Linear", out_features=10))
    assert advice(check(network(IMAGE, *hidden)), LOGITS) is None


HIDDEN = layer("b1", "Linear", out_features=8)


def ending_in(data: str, size: int, *end: Block) -> Network:
    head = layer("b2", "Linear", "head", out_features=size)
    return network(DATA_SETS[data].input.shape, HIDDEN, head, *end)


# Each: data set, size of the output, loss (None: any), and the message, or None where all is well.
OUTPUTS: dict[str, tuple[str, int, str | None, str | None]] = {
    "a number": ("line", 1, None, None),
    "too many numbers": (
        "line",
        3,
        None,
        "Line has one number to predict (y), so the network must end in N×1, but it ends in N×3.",
    ),
    "two classes": ("moons", 2, None, None),
    "two classes by one logit": ("moons", 1, None, None),
    "one logit, for cross-entropy": (
        "moons",
        1,
        "CrossEntropyLoss",
        "Moons has 2 classes, so the network must end in N×2 for CrossEntropyLoss, but it ends in "
        "N×1.",
    ),
    "two logits, for one": (
        "moons",
        2,
        "BCEWithLogitsLoss",
        "Moons has 2 classes, so the network must end in N×1 for BCEWithLogitsLoss, but it ends "
        "in N×2.",
    ),
}


@pytest.mark.parametrize("case", OUTPUTS.values(), ids=OUTPUTS)
def test_the_output_that_a_loss_asks_for(case: tuple[str, int, str | None, str | None]) -> None:
    data, size, name, message = case
    data_set, given = DATA_SETS[data], ending_in(data, size)
    loss = LOSSES[name] if name else None
    found = fit(check(given), data_set, loss)
    assert (found.message if found else None) == message
    if found:
        assert found.repair
        mended = reduce(apply, found.repair.operations, given)
        assert fit(check(mended), data_set, loss) is None


def test_one_logit_needs_no_sigmoid() -> None:
    given = ending_in("moons", 1, layer("b3", "Sigmoid"))
    found = remark(check(given), DATA_SETS["moons"])
    assert found is not None
    assert found.message.startswith("The network ends in Sigmoid, but BCEWithLogitsLoss turns ")


def test_numbers_are_given_no_advice_about_probabilities() -> None:
    given = ending_in("line", 1, layer("b3", "Sigmoid"))
    assert remark(check(given), DATA_SETS["line"]) is None


@pytest.mark.parametrize(
    ("end", "label"),
    [((), "Add LogSoftmax"), ((SOFTMAX,), "Put LogSoftmax in place of Softmax")],
    ids=["logits", "probabilities"],
)
def test_logarithms_of_probabilities_are_asked_for(end: tuple[Block, ...], label: str) -> None:
    loss = LOSSES["NLLLoss"]
    given = ending_in("iris", 3, *end)
    found = advice(check(given), loss)
    assert found is not None
    assert found.code == "log-probabilities"
    assert found.repair is not None
    assert found.repair.label == label
    mended = check(reduce(apply, found.repair.operations, given))
    assert advice(mended, loss) is None
    assert fit(mended, DATA_SETS["iris"], loss) is None
