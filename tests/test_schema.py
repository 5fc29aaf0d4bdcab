"""Networks as JSON: what is written is read back equal, up to the largest."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from builder.document import BLOCK_LIMIT, Block, Network, TensorType, make_params
from builder.operations import Insert, Remove, apply
from builder.schema import SchemaError, dumps, from_dict, loads, to_dict
from builder.templates import TEMPLATES
from tests.plain_networks import block, network
from tests.random_networks import random_network


def _many(count: int) -> list[dict[str, Any]]:
    return [{"id": f"b{n}", "kind": "ReLU", "name": f"act{n}"} for n in range(1, count + 1)]


def test_the_largest_network_is_read_without_delay() -> None:
    start = time.process_time()
    read = loads(json.dumps(network(blocks=_many(BLOCK_LIMIT))))
    assert len(read.blocks) == BLOCK_LIMIT
    with pytest.raises(SchemaError, match="The id 'b20000' is used twice"):
        from_dict(network(blocks=[*_many(BLOCK_LIMIT)[1:], _many(BLOCK_LIMIT)[-1]]))
    assert time.process_time() - start < 5


def test_the_block_limit_counts_nested_blocks() -> None:
    holder = {"id": "g", "kind": "Group", "lanes": [_many(BLOCK_LIMIT)]}
    with pytest.raises(SchemaError) as caught:
        from_dict(network(blocks=[holder]))
    assert str(caught.value) == "A network may hold at most 20,000 layers, not 20,001."


def test_encodings_that_editors_write() -> None:
    plain = TEMPLATES["lenet5"].network()
    text = dumps(plain)
    for given in ("\ufeff" + text, text.encode("utf-8-sig"), text.encode("utf-16"), text.encode()):
        assert loads(given) == plain


def test_what_is_written() -> None:
    blocks = (
        Block("b1", "Conv2d", make_params({"kernel_size": (3, 5), "out_channels": 4}), (), "c"),
        Block("b2", "Repeat", (), ((Block("b3", "ReLU", (), (), None, True),),), frozen=True),
    )
    assert to_dict(Network(TensorType((1, 8, 8)), blocks, 4, "digits")) == {
        "stackyard": 1,
        "input": {"shape": [1, 8, 8], "dtype": "float32"},
        "data": "digits",
        "blocks": [
            {
                "id": "b1",
                "kind": "Conv2d",
                "name": "c",
                "params": {"kernel_size": [3, 5], "out_channels": 4},
            },
            {
                "id": "b2",
                "kind": "Repeat",
                "frozen": True,
                "lanes": [[{"id": "b3", "kind": "ReLU", "bypassed": True}]],
            },
        ],
    }


def test_values_that_only_do_not_fit_are_kept() -> None:
    read = loads(json.dumps(block(kind="Conv2d", params={"kernel_size": 0, "stride": -3})))
    assert read.blocks[0].params == (("kernel_size", 0), ("stride", -3))


def test_ids_of_removed_blocks_are_not_given_again() -> None:
    grown = apply(Network(TensorType((4,))), Insert("ReLU"))
    shrunk = apply(grown, Remove("b1"))
    assert to_dict(shrunk)["next_id"] == 2
    assert loads(dumps(shrunk)) == shrunk
    assert apply(loads(dumps(shrunk)), Insert("ReLU")).blocks[0].id == "b2"


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_round_trip(name: str) -> None:
    made = TEMPLATES[name].network()
    assert loads(dumps(made)) == made


def test_random_networks_round_trip() -> None:
    for seed in range(200):
        made = random_network(seed, depth=2 * (seed % 2 == 0))
        assert loads(dumps(made)) == made
        assert dumps(loads(dumps(made))) == dumps(made)
