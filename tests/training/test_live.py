"""What is kept of a run while it goes on."""

from __future__ import annotations

import pytest

from builder import recipe as recipes
from builder import schema
from builder.recipe import Recipe
from builder.store import RunRecord, Store
from builder.templates import TEMPLATES
from builder.training import live
from builder.training.events import Batches, Failed, Finished, Surface, loads
from builder.training.live import LiveRun, look


@pytest.mark.parametrize("end", [Finished("done", None, ()), Failed("error", "It broke off.")])
def test_of_all_surfaces_the_last_is_written_down(end, monkeypatch):
    monkeypatch.setattr(live, "SAVE_INTERVAL", 0.0)
    store = Store()
    document, recipe = schema.dumps(TEMPLATES["mlp"].network()), recipes.dumps(Recipe())
    run = LiveRun(RunRecord("r1", "n1", document, recipe, "running", 0.0, "me"), store)
    for number in range(1, 4):
        run.take(Batches(number, (0.5,), (0.5,), 1.0, 1.0))
        run.take(Surface(number, (0.25,), (1,)))
        assert look(run.record, run.curves).surface == Surface(number, (0.25,), (1,))
    run.take(end)
    kept = [loads(payload) for payload in store.load_events("r1")]
    store.close()
    assert kept[-2:] == [Surface(3, (0.25,), (1,)), end]
    assert [type(each) for each in kept].count(Surface) == 1
