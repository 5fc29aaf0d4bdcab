"""The filters of every convolution, as drawn at the start and as saved at the end."""

from __future__ import annotations

import numpy as np
import torch
from safetensors.torch import load_file

from builder.build import build_network
from builder.recipe import Recipe
from builder.results.filters import LIMIT, convolutions, read_filters
from tests.results.trained import LENET, table, trained


def test_filters_before_and_after(tmp_path):
    query = trained(LENET, Recipe("digits", epochs=1, seed=7), tmp_path)
    paths = [spot.path for spot in convolutions(query)]
    assert paths[:2] == ["conv1", "conv2"]
    torch.manual_seed(7)
    initial = build_network(LENET)
    saved = load_file(query.weights)
    for path in paths[:2]:
        found = read_filters(query, path)
        before = initial.get_parameter(f"{path}.weight").detach()
        assert np.array_equal(found.before, before.reshape(-1, 5, 5).numpy()[:LIMIT])
        assert np.array_equal(found.after, saved[f"{path}.weight"].reshape(-1, 5, 5)[:LIMIT])
        assert found.total == before.shape[0] * before.shape[1]
        assert found.change > 0.01


def test_a_table_has_none(tmp_path):
    assert convolutions(trained(table("iris", 4, 3), Recipe("iris", epochs=1), tmp_path)) == ()
