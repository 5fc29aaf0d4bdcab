"""The app as Streamlit runs it: which network a visit gets, and what the canvas is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from builder.store import Store
from builder.templates import TEMPLATES

APP = Path(__file__).parents[2] / "app.py"
TIMEOUT = 60


pytestmark = pytest.mark.usefixtures("fresh_server")


def visit(network_id: str | None = None) -> AppTest:
    """Open the Build page."""
    app = AppTest.from_file(APP, default_timeout=TIMEOUT)
    if network_id is not None:
        app.query_params["network"] = network_id
    app.run()
    assert not app.exception, app.exception
    return app


def canvas_data(app: AppTest) -> dict[str, Any]:
    """What the canvas is sent."""
    (canvas,) = [
        each
        for each in app.main
        if getattr(getattr(each, "proto", None), "component_name", "") == "components.canvas"
    ]
    data: dict[str, Any] = json.loads(canvas.proto.json or canvas.proto.mixed.json)
    return data


def test_a_first_visit_gets_a_blank_network_of_its_own() -> None:
    first, second = visit(), visit()
    data = canvas_data(first)
    assert (data["cards"], data["input"]["label"]) == ([], "N×1×8×8")
    assert data["revision"] == 0
    one, other = first.query_params["network"], second.query_params["network"]
    assert one != other
    assert min(len(one), len(other)) >= 16


def test_a_link_opens_its_network() -> None:
    store = Store()
    store.save_network("lenet-of-mine", TEMPLATES["lenet5"].network(), 0)
    store.close()
    data = canvas_data(visit("lenet-of-mine"))
    assert [card["output"] for card in data["cards"]][-1] == "N×10"
    assert (data["totals"]["parameters"], data["totals"]["faults"]) == (61_706, 0)
    assert (data["client"], data["ack"], data["revision"]) == (None, 0, 1)


def test_the_page_runs_again_without_a_trace() -> None:
    app = visit()
    before = canvas_data(app)
    app.run()
    assert not app.exception
    after = canvas_data(app)
    assert after == before


def test_new_leaves_the_network_at_its_link() -> None:
    app = visit()
    old = app.query_params["network"]
    next(button for button in app.button if button.label == "New").click().run()
    assert not app.exception
    new = app.query_params["network"]
    assert new != old


def test_a_damaged_network_is_told_on_the_page() -> None:
    store = Store()
    store.save_network("damaged-network", TEMPLATES["mlp"].network(), 0)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("update networks set document = '[]'")
    store.close()
    app = visit("damaged-network")
    assert not app.exception
    (error,) = app.error
    assert "cannot be read" in error.value
    assert app.query_params["network"] == "damaged-network"
    assert [button.label for button in app.button] == ["Try again", "Begin a new network"]
    app.button[1].click().run()
    assert not app.exception
    assert canvas_data(app)["cards"] == []
