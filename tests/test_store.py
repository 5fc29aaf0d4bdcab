"""The store keeps what it is given, refuses to overwrite newer work, and says what went wrong."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import event

from builder.document import Block, Network, TensorType
from builder.store import Conflict, Outcome, RunRecord, Store, StoreError, default_url, home

NETWORK = Network(TensorType((1, 8, 8)), (Block("b1", "Flatten"),), 2, "digits")
OTHER = Network(TensorType((4,)), (Block("b1", "ReLU", name="act"),), 2, "iris")
RUN = RunRecord("r1", "n1", "{}", "{}", "queued", 10.0, owner="me/1/2")


@pytest.fixture
def store(tmp_path):
    made = Store(f"sqlite:///{tmp_path / 'stackyard.db'}", tmp_path)
    yield made
    made.close()


def fill(store: Store) -> None:
    """From now on the database may not grow by a page, as on a full disk."""
    store.engine.dispose()

    def limit(connection, record):
        connection.execute("PRAGMA max_page_count = 1").close()

    event.listen(store.engine, "connect", limit)


def test_a_network_comes_back_as_it_was_saved(store):
    assert store.load_network("n1") is None
    assert store.save_network("n1", NETWORK, 0) == 1
    assert store.save_network("n1", OTHER, 1) == 2
    assert store.load_network("n1") == (OTHER, 2)


def test_a_restarted_server_finds_what_was_saved(tmp_path):
    for expected in (None, (NETWORK, 1)):
        store = Store(f"sqlite:///{tmp_path / 'a.db'}", tmp_path)
        assert store.load_network("n1") == expected
        if expected is None:
            store.save_network("n1", NETWORK, 0)
        store.close()


@pytest.mark.parametrize("revision", [0, 1, 3])
def test_saving_over_another_revision_is_refused(store, revision):
    store.save_network("n1", NETWORK, 0)
    store.save_network("n1", NETWORK, 1)
    with pytest.raises(Conflict, match="changed in another tab"):
        store.save_network("n1", OTHER, revision)
    assert store.load_network("n1") == (NETWORK, 2)


def test_saving_over_a_network_that_is_gone_is_refused(store):
    with pytest.raises(Conflict):
        store.save_network("n1", NETWORK, 7)


def test_of_many_tabs_that_save_at_once_exactly_one_wins(store):
    store.save_network("n1", NETWORK, 0)
    won, lost = [], []

    def save():
        try:
            won.append(store.save_network("n1", OTHER, 1))
        except Conflict as error:
            lost.append(error)

    threads = [threading.Thread(target=save) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (won, len(lost)) == ([2], 7)


@pytest.mark.parametrize("hostile", ["'; DROP TABLE networks; --", "../../etc/passwd", "", "é\n%_"])
def test_hostile_ids_are_ids_like_others(store, hostile):
    store.save_network("n1", NETWORK, 0)
    assert store.load_network(hostile) is None
    store.save_network(hostile, OTHER, 0)
    assert store.load_network(hostile) == (OTHER, 1)
    assert store.load_network("n1") == (NETWORK, 1)
    assert store.list_runs(hostile) == ()
    assert store.load_run(hostile) is None


@pytest.mark.parametrize("hostile", ["../x", "a/b", "", "a" * 65, "a\n", "."])
def test_a_run_id_that_is_no_name_of_a_folder_is_refused(store, hostile):
    with pytest.raises(StoreError, match="not the id of a run"):
        store.run_folder(hostile)


def test_a_stored_text_that_is_no_network_is_told(store):
    store.save_network("n1", NETWORK, 0)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE networks SET document = '{'")
    with pytest.raises(StoreError, match="stored network cannot be read"):
        store.load_network("n1")


def test_a_run_with_its_events(store):
    store.create_run(RUN)
    store.save_events("r1", 0, ["one", "two"], Outcome("running"))
    store.save_events("r1", 2, ["three"], Outcome("failed", "worker-died", "It died.", 12.5))
    assert store.load_events("r1") == ("one", "two", "three")
    expected = RunRecord(
        "r1", "n1", "{}", "{}", "failed", 10.0, "worker-died", "It died.", "me/1/2", 12.5
    )
    assert store.load_run("r1") == expected
    assert store.unfinished_runs() == ()
    kept = store.run_folder("r1") / "weights.pt"
    kept.parent.mkdir(parents=True)
    kept.touch()
    store.delete_run("r1")
    assert (store.load_run("r1"), store.load_events("r1")) == (None, ())
    assert not kept.parent.exists()
    store.delete_run("r1")


def test_events_are_saved_all_or_none(store):
    store.create_run(RUN)
    store.save_events("r1", 0, ["one"])
    with pytest.raises(StoreError, match="save the run's curves"):
        store.save_events("r1", 0, ["again", "two"], Outcome("done"))
    assert store.load_events("r1") == ("one",)
    assert store.load_run("r1") == RUN


def test_a_networks_runs_the_newest_first(store):
    later = RunRecord("r2", "n1", "{}", "{}", "done", 20.0)
    for record in (RUN, later, RunRecord("r3", "n2", "{}", "{}", "running", 15.0)):
        store.create_run(record)
    assert store.list_runs("n1") == (later, RUN)
    assert [record.id for record in store.unfinished_runs()] == ["r1", "r3"]


def test_deleting_a_network_takes_its_runs_along(store):
    store.save_network("n1", NETWORK, 0)
    store.create_run(RUN)
    store.save_events("r1", 0, ["one"])
    store.delete_network("n1")
    assert (store.load_network("n1"), store.load_run("r1"), store.load_events("r1")) == (
        None,
        None,
        (),
    )


def test_a_full_disk_is_told_and_costs_nothing_that_was_saved(store):
    store.save_network("n1", NETWORK, 0)
    fill(store)
    big = Network(NETWORK.input, tuple(Block(f"b{i}", "ReLU") for i in range(2000)), 2000)
    message = "Could not save the network: the disk is full. Make room on it; "
    with pytest.raises(StoreError, match=message):
        store.save_network("n1", big, 1)
    assert store.load_network("n1") == (NETWORK, 1)


def test_a_store_held_by_another_program_is_told(store, monkeypatch):
    store.save_network("n1", NETWORK, 0)
    monkeypatch.setattr("builder.store.BUSY", 0.01)
    impatient = Store(str(store.engine.url), store.folder)
    with store.engine.connect() as holder:
        holder.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"another program is using the store\. Try again"):
            impatient.save_network("n1", OTHER, 1)
        holder.rollback()
    assert impatient.save_network("n1", OTHER, 1) == 2
    impatient.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Could not open the store"):
        Store(None, tmp_path / "file" / "below")


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "a.db").write_text("not a database " * 100)
    with pytest.raises(StoreError, match="Could not open the store"):
        Store(f"sqlite:///{tmp_path / 'a.db'}", tmp_path)


def test_a_store_of_a_newer_version_is_left_alone(store):
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '4'")
    with pytest.raises(StoreError, match="written by a newer Stackyard"):
        Store(str(store.engine.url), store.folder)


def test_a_store_of_an_older_version_is_left_alone_and_named(store):
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '1'")
        connection.exec_driver_sql("ALTER TABLE runs DROP COLUMN updated")
    with pytest.raises(StoreError) as caught:
        Store(str(store.engine.url), store.folder)
    assert str(caught.value) == (
        "The store was written by an older Stackyard (tables of version 1, this one knows 3). "
        f"Move {store.engine.url.database} and the files beside it that begin with its name to "
        "another folder, and start again."
    )


def age(store: Store) -> str:
    """Make a store's tables those of version 2; its address."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '2'")
        for column in ("number", "name", "sweep"):
            connection.exec_driver_sql(f"ALTER TABLE runs DROP COLUMN {column}")
    store.close()
    return str(store.engine.url)


def columns(store: Store) -> list[tuple[object, ...]]:
    query = "SELECT name, type, \"notnull\", dflt_value FROM pragma_table_info('runs')"
    with store.engine.connect() as connection:
        return sorted(tuple(row) for row in connection.exec_driver_sql(query))


def test_a_store_of_version_2_is_brought_up_to_date(store):
    expected = columns(store)
    for run_id, network, created in (("b", "n1", 20.0), ("a", "n1", 10.0), ("c", "n2", 15.0)):
        store.create_run(replace(RUN, id=run_id, network_id=network, created=created))
    url = age(store)
    for _ in range(2):
        migrated = Store(url, store.folder)
        numbered = [(r.id, r.number, r.name, r.sweep) for r in migrated.list_runs("n1")]
        assert numbered == [("b", 2, "", ""), ("a", 1, "", "")]
        assert [r.number for r in migrated.list_runs("n2")] == [1]
        assert columns(migrated) == expected
        migrated.close()


def test_several_servers_bring_a_store_up_to_date_once(store):
    store.create_run(RUN)
    url, opened = age(store), []
    threads = [
        threading.Thread(target=lambda: opened.append(Store(url, store.folder))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [[run.number for run in each.list_runs("n1")] for each in opened] == [[1]] * 4
    for each in opened:
        each.close()


def test_a_run_is_renamed(store):
    store.create_run(replace(RUN, number=4, sweep="Seed (from run 4)"))
    store.rename_run("r1", "with dropout")
    assert store.load_run("r1") == replace(
        RUN, number=4, sweep="Seed (from run 4)", name="with dropout"
    )
    assert store.load_run("r1").title == "Run 4 with dropout"


def test_the_marks_of_several_runs_at_once(store):
    for run_id in ("r1", "r2", "r3"):
        store.create_run(replace(RUN, id=run_id))
    store.save_events("r1", 0, ['{"event": "started"}', '{"event": "batches"}'])
    store.save_events("r1", 2, ['{"event": "epoch", "epoch": 1}', '{"event": "epoch_"}'])
    store.save_events("r2", 0, ['{"event": "epoch", "epoch": 7}'])
    assert store.load_marks(["r1", "r2", "x"], ['{"event": "started"', '{"event": "epoch"']) == {
        "r1": ['{"event": "started"}', '{"event": "epoch", "epoch": 1}'],
        "r2": ['{"event": "epoch", "epoch": 7}'],
        "x": [],
    }
    assert store.load_marks([], ["{"]) == {}


def test_a_run_tells_when_it_was_last_written_of(store):
    store.create_run(RUN)
    created = store.load_run("r1").updated
    store.save_events("r1", 0, [], Outcome("running"))
    saved = store.load_run("r1").updated
    store.keep_alive(["r1"])
    assert 10.0 < created <= saved <= store.load_run("r1").updated <= time.time()


def test_sqlite_lets_readers_and_a_writer_work_side_by_side(store):
    with store.engine.connect() as connection:
        modes = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in modes]
    assert found == ["wal", 1, 1, 5000]


def test_where_the_store_lies(monkeypatch, tmp_path):
    monkeypatch.setenv("STACKYARD_HOME", str(tmp_path / "kept"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert home() == tmp_path / "kept"
    assert default_url(home()) == f"sqlite:///{tmp_path / 'kept' / 'stackyard.db'}"
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    assert default_url(home()) == "postgresql://somewhere/else"
