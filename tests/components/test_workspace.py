"""One page's work kept in step with the store: nothing is lost, and what goes wrong is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.document import Block, Network, TensorType
from builder.history import History
from builder.operations import Insert, Place, Rejected, Remove
from builder.store import Store, StoreError
from builder.templates import TEMPLATES
from components.canvas.receive import OVERTAKEN, Outbox, read_outbox
from components.workspace import BLANK, BOTH_KEPT, OTHER_TAB, Workspace, new_id, open_workspace


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(folder=tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def workspace(store: Store) -> Workspace:
    return Workspace("n" * 16, History(BLANK))


def outbox(*operations: dict[str, Any], client: str = "x1", first: int = 1) -> Outbox:
    return Outbox(client, None, tuple(enumerate(operations, first)))


def insert(block_id: str, kind: str = "ReLU", **place: Any) -> dict[str, Any]:
    return {"op": "insert", "id": block_id, "kind": kind, **place}


def ids(workspace: Workspace) -> list[str]:
    return [block.id for block in workspace.history.present.blocks]


def stored(store: Store, workspace: Workspace) -> Network:
    found = store.load_network(workspace.network_id)
    assert found is not None
    return found[0]


class FullStore(Store):
    """A store whose disk is full for as long as ``full`` says so."""

    full = True

    def save_network(
        self,
        network_id: str,
        network: Network,
        revision: int,
        acknowledged: Mapping[str, int] | None = None,
    ) -> int:
        if self.full:
            raise StoreError("Could not save the network: the disk is full.")
        return super().save_network(network_id, network, revision, acknowledged)


def test_ids_are_secret_and_differ() -> None:
    made = {new_id() for _ in range(100)}
    assert len(made) == 100
    assert min(map(len, made)) >= 16


def test_every_edit_is_saved(workspace: Workspace, store: Store) -> None:
    workspace.take(outbox(insert("c1"), insert("c2")), store)
    assert ids(workspace) == ["c1", "c2"]
    assert stored(store, workspace).blocks == workspace.history.present.blocks
    again = open_workspace(workspace.network_id, store)
    assert again.history.present.blocks == workspace.history.present.blocks
    assert again.revision == workspace.revision


def test_the_whole_queue_sent_again_is_done_once(workspace: Workspace, store: Store) -> None:
    workspace.take(outbox(insert("c1")), store)
    workspace.take(outbox(insert("c1"), insert("c2")), store)
    workspace.take(outbox({"op": "undo"}, first=3), store)
    workspace.take(outbox({"op": "undo"}, first=3), store)
    assert ids(workspace) == ["c1"]
    assert workspace.acknowledged == {"x1": 3}


def test_a_server_that_starts_anew_does_nothing_twice(workspace: Workspace, store: Store) -> None:
    queue = outbox(insert("c1"), {"op": "duplicate", "block": "c1"})
    workspace.take(queue, store)
    again = open_workspace(workspace.network_id, store)
    again.take(queue, store)
    assert ids(again) == ["c1", "b1"]
    again.take(outbox({"op": "duplicate", "block": "c1"}, first=3), store)
    assert ids(again) == ["c1", "b2", "b1"]


def test_an_older_queue_that_overtakes_is_left_out(workspace: Workspace, store: Store) -> None:
    workspace.take(outbox(insert("c1"), insert("c2"), insert("c3")), store)
    workspace.take(outbox(insert("c1"), insert("c2")), store)
    assert (ids(workspace), workspace.acknowledged) == (["c1", "c2", "c3"], {"x1": 3})


def test_clients_are_numbered_apart(workspace: Workspace, store: Store) -> None:
    workspace.take(outbox(insert("c1"), insert("c2"), client="x1"), store)
    workspace.take(outbox(insert("d1"), client="x2"), store)
    assert (ids(workspace), workspace.acknowledged) == (["c1", "c2", "d1"], {"x1": 2, "x2": 1})


def test_a_refusal_is_told_and_acknowledged(workspace: Workspace, store: Store) -> None:
    workspace.take(outbox(insert("c1", "Nothing")), store)
    assert workspace.notice is not None
    assert (workspace.notice.kind, workspace.notice.text) == (
        "warning",
        "There is no layer called 'Nothing'.",
    )
    assert workspace.acknowledged == {"x1": 1}


def test_both_tabs_edits_are_kept_and_told(workspace: Workspace, store: Store) -> None:
    workspace.take(outbox(insert("c1")), store)
    other = open_workspace(workspace.network_id, store)
    other.take(outbox(insert("d1"), client="x2"), store)
    workspace.take(outbox(insert("c2"), first=2), store)
    assert ids(workspace) == ["c1", "d1", "c2"]
    assert workspace.notice is not None
    assert workspace.notice.text == BOTH_KEPT
    other.refresh(store)
    assert ids(other) == ["c1", "d1", "c2"]
    assert other.notice is not None
    assert other.notice.text == OTHER_TAB
    assert [block.id for block in stored(store, workspace).blocks] == ["c1", "d1", "c2"]


def test_an_edit_on_what_another_tab_removed(workspace: Workspace, store: Store) -> None:
    workspace.take(outbox(insert("c1"), insert("c2")), store)
    other = open_workspace(workspace.network_id, store)
    other.apply((Remove("c1"),), store)
    workspace.take(
        outbox({"op": "set", "block": "c1", "name": "inplace", "value": True}, first=3), store
    )
    assert ids(workspace) == ["c2"]
    assert workspace.notice is not None


def test_undo_after_another_tabs_edit_takes_that_back(workspace: Workspace, store: Store) -> None:
    workspace.take(outbox(insert("c1")), store)
    open_workspace(workspace.network_id, store).apply((Insert("Tanh", Place(), (), "d1"),), store)
    workspace.refresh(store)
    assert ids(workspace) == ["c1", "d1"]
    workspace.take(outbox({"op": "undo"}, first=2), store)
    assert ids(workspace) == ["c1"]


def test_refresh_without_news_changes_nothing(workspace: Workspace, store: Store) -> None:
    workspace.take(outbox(insert("c1")), store)
    before = workspace.history
    workspace.refresh(store)
    assert (workspace.history, workspace.notice) == (before, None)


def test_full_disk_keeps_the_edit_and_the_next_one_saves_all(tmp_path: Path) -> None:
    store = FullStore(folder=tmp_path)
    workspace = Workspace("n" * 16, History(BLANK))
    workspace.take(outbox(insert("c1")), store)
    assert ids(workspace) == ["c1"]
    assert workspace.unsaved == "Could not save the network: the disk is full."
    store.full = False
    workspace.take(outbox(insert("c1"), insert("c2")), store)
    assert (ids(workspace), workspace.unsaved) == (["c1", "c2"], None)
    assert [block.id for block in stored(store, workspace).blocks] == ["c1", "c2"]
    store.close()


def test_what_is_not_saved_survives_another_tabs_save(tmp_path: Path) -> None:
    store = FullStore(folder=tmp_path)
    store.full = False
    workspace = Workspace("n" * 16, History(BLANK))
    workspace.take(outbox(insert("c1")), store)
    other = open_workspace(workspace.network_id, store)
    store.full = True
    workspace.take(outbox(insert("c2"), first=2), store)
    store.full = False
    other.take(outbox(insert("d1"), client="x2"), store)
    workspace.take(outbox(insert("c3"), first=3), store)
    assert set(ids(workspace)) == {"c1", "c2", "c3", "d1"}
    store.close()


def test_undo_does_not_take_back_what_another_tab_did(workspace: Workspace, store: Store) -> None:
    workspace.take(outbox(insert("c1"), insert("c2")), store)
    other = open_workspace(workspace.network_id, store)
    other.take(outbox(insert("d1"), client="x2"), store)
    workspace.take(outbox({"op": "undo"}, first=3), store)
    assert ids(workspace) == ["c1", "c2", "d1"]
    assert workspace.notice is not None
    assert workspace.notice.text == OVERTAKEN
    workspace.take(outbox({"op": "undo"}, first=4), store)
    assert ids(workspace) == ["c1", "c2"]


def test_a_template_gives_no_layer_an_id_of_those_it_replaces(
    workspace: Workspace, store: Store
) -> None:
    workspace.take(outbox({"op": "template", "template": "mlp"}), store)
    before = set(ids(workspace))
    workspace.take(outbox({"op": "template", "template": "lenet5"}, first=2), store)
    assert len(ids(workspace)) == 12
    assert not before & set(ids(workspace))


def test_what_was_meant_for_another_network_is_left_out(workspace: Workspace, store: Store) -> None:
    message = {"client": "x1", "epoch": "o" * 16, "operations": [{"seq": 1, **insert("c1")}]}
    elsewhere = read_outbox(message)
    here = read_outbox(message | {"epoch": workspace.network_id})
    assert elsewhere is not None
    assert here is not None
    workspace.take(elsewhere, store)
    assert ids(workspace) == []
    workspace.take(here, store)
    assert ids(workspace) == ["c1"]


def test_notices_of_two_pages_differ(workspace: Workspace) -> None:
    again = Workspace(workspace.network_id, workspace.history)
    workspace.tell("first")
    time.sleep(0.002)
    again.tell("second")
    assert workspace.notice is not None
    assert again.notice is not None
    assert workspace.notice.id != again.notice.id


def test_a_broken_link_opens_a_new_network(store: Store) -> None:
    for bad in (None, "", "x", "../../etc/passwd", "n" * 5000, "'; drop table networks", "日本"):
        workspace = open_workspace(bad, store)
        assert workspace.history.present == BLANK
        workspace.apply((Insert("ReLU", Place(), (), "c1"),), store)
        assert [block.id for block in stored(store, workspace).blocks] == ["c1"]


def test_a_damaged_network_is_told_and_kept(workspace: Workspace, store: Store) -> None:
    workspace.take(outbox(insert("c1")), store)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("update networks set document = '{broken'")
    with pytest.raises(StoreError, match="cannot be read"):
        open_workspace(workspace.network_id, store)
    with store.engine.begin() as connection:
        rows = connection.exec_driver_sql("select id, document from networks").all()
    assert dict(map(tuple, rows))[workspace.network_id] == "{broken"


def test_apply_is_one_step_and_refuses(workspace: Workspace, store: Store) -> None:
    workspace.apply(
        (Insert("Flatten", Place(), (), "c1"), Insert("Linear", Place(), (), "c2")), store
    )
    assert (ids(workspace), len(workspace.history.past)) == (["c1", "c2"], 1)
    with pytest.raises(Rejected):
        workspace.apply((Remove("c1"), Remove("c1")), store)
    assert ids(workspace) == ["c1", "c2"]


def test_replace_can_be_undone(workspace: Workspace, store: Store) -> None:
    workspace.take(outbox(insert("c1")), store)
    network = TEMPLATES["lenet5"].network()
    workspace.replace(network, store)
    assert workspace.history.present == network
    workspace.take(outbox({"op": "undo"}, first=2), store)
    assert ids(workspace) == ["c1"]


def test_report_is_of_the_present_network(workspace: Workspace, store: Store) -> None:
    assert workspace.report.network is workspace.history.present
    first = workspace.report
    assert workspace.report is first
    workspace.take(outbox(insert("c1", "Flatten")), store)
    assert workspace.report.output == TensorType((64,))


def test_ids_stay_free_after_another_tabs_edit(workspace: Workspace, store: Store) -> None:
    """Copies made in two tabs at once get ids of their own."""
    block = Block("b1", "ReLU")
    workspace.replace(replace(BLANK, blocks=(block,), next_id=2), store)
    other = open_workspace(workspace.network_id, store)
    copy = {"op": "duplicate", "block": "b1"}
    workspace.take(outbox(copy), store)
    other.take(outbox(copy, client="x2"), store)
    assert len(set(ids(other))) == 3


def test_two_runs_of_one_page_at_once(workspace: Workspace, store: Store) -> None:
    """A run that looks for other tabs' edits while another saves sees no other tab."""
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            workspace.refresh(store)

    looker = threading.Thread(target=look)
    looker.start()
    for number in range(1, 41):
        workspace.take(outbox(insert(f"c{number}"), first=number), store)
    done.set()
    looker.join()
    assert (len(ids(workspace)), workspace.notice) == (40, None)
