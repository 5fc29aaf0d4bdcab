"""Where networks, runs and their events are kept: SQLite, or any database SQLAlchemy knows.

StoreError          the store could not do it; the message says why and what is safe
└── Conflict        another tab saved a newer revision first
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Engine,
    ForeignKey,
    create_engine,
    delete,
    event,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from builder import schema
from builder.document import Network
from builder.home import home

VERSION = 3
BUSY = 5.0
"""Seconds to wait for another writer of a SQLite file."""
IDS_AT_ONCE = 500
"""How many runs one query names: databases limit how many values it may hold."""


MIGRATIONS = {
    2: (
        "ALTER TABLE runs ADD COLUMN number INTEGER DEFAULT '0' NOT NULL",
        "ALTER TABLE runs ADD COLUMN name VARCHAR DEFAULT '' NOT NULL",
        "ALTER TABLE runs ADD COLUMN sweep VARCHAR DEFAULT '' NOT NULL",
        "UPDATE runs SET number = (SELECT COUNT(*) FROM runs AS other"
        " WHERE other.network_id = runs.network_id AND (other.created < runs.created"
        " OR (other.created = runs.created AND other.id <= runs.id)))",
    ),
}
"""What makes tables of a version into those of the next."""


class StoreError(RuntimeError):
    """The store could not do what was asked; the message is for the person."""


class Conflict(StoreError):  # noqa: N818
    """The stored network has another revision than the one that was changed here."""


class Base(DeclarativeBase):
    """The tables."""


class MetaRow(Base):
    """Facts about the store itself, such as the version of its tables."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class NetworkRow(Base):
    """One network, as JSON, with a number that grows with every save."""

    __tablename__ = "networks"
    id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    document: Mapped[str]
    updated: Mapped[float]
    acknowledged: Mapped[str] = mapped_column(default="{}")


class RunRow(Base):
    """One run: what was trained and how, and how it went."""

    __tablename__ = "runs"
    id: Mapped[str] = mapped_column(primary_key=True)
    network_id: Mapped[str] = mapped_column(index=True)
    document: Mapped[str]
    recipe: Mapped[str]
    status: Mapped[str] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(default="")
    owner: Mapped[str] = mapped_column(default="")
    created: Mapped[float]
    finished: Mapped[float | None] = mapped_column(default=None)
    updated: Mapped[float] = mapped_column(default=0.0)
    number: Mapped[int] = mapped_column(default=0, server_default="0")
    name: Mapped[str] = mapped_column(default="", server_default="")
    sweep: Mapped[str] = mapped_column(default="", server_default="")


class EventRow(Base):
    """One event of a run, as JSON, in the order of ``seq``."""

    __tablename__ = "events"
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    payload: Mapped[str]


@dataclass(frozen=True)
class RunRecord:
    """A stored run; times in seconds since 1970, network and recipe as their JSON.

    ``updated`` is when its server last wrote of it, or that it still has it. ``number`` counts
    the runs of its network from 1, ``name`` is what a person calls it, and ``sweep`` what the runs
    have in common that were started together.
    """

    id: str
    network_id: str
    document: str
    recipe: str
    status: str
    created: float
    code: str = ""
    message: str = ""
    owner: str = ""
    finished: float | None = None
    updated: float = field(default=0.0, compare=False)
    number: int = 0
    name: str = ""
    sweep: str = ""

    @property
    def title(self) -> str:
        """What it is called: its number, and its name if it has one."""
        return f"Run {self.number} {self.name}".rstrip()


@dataclass(frozen=True)
class Outcome:
    """How a run stands: its status and, where there is one, the reason in words."""

    status: str
    code: str = ""
    message: str = ""
    finished: float | None = None


def default_url(folder: Path) -> str:
    """``$DATABASE_URL``, or a SQLite file in the folder."""
    file = URL.create("sqlite", database=str(folder / "stackyard.db"))
    return os.environ.get("DATABASE_URL") or file.render_as_string()


class Store:
    """Opens the database and makes its tables if they are missing; safe to use from any thread."""

    def __init__(self, url: str | None = None, folder: Path | None = None) -> None:
        self.folder = folder or home()
        with _plainly("open the store"):
            self.folder.mkdir(parents=True, exist_ok=True)
            self.engine = _connect(url or default_url(self.folder))
        try:
            with _plainly("open the store"):
                Base.metadata.create_all(self.engine)
                self._check_version()
        except StoreError:
            self.close()
            raise

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def run_folder(self, run_id: str) -> Path:
        """Where a run's weights and log lie; raises StoreError for what is no run's id."""
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", run_id):
            raise StoreError(f"{run_id[:40]!r} is not the id of a run")
        return self.folder / "runs" / run_id

    def load_network(self, network_id: str) -> tuple[Network, int] | None:
        """The network and its revision, or None if there is none; raises StoreError."""
        with self._session("read the network") as session:
            row = session.get(NetworkRow, network_id)
            found = (row.document, row.revision) if row else None
        if found is None:
            return None
        try:
            return schema.loads(found[0]), found[1]
        except schema.SchemaError as error:
            raise StoreError(f"The stored network cannot be read: {error}") from error

    def revision(self, network_id: str) -> int:
        """The revision of the stored network, 0 if there is none; raises StoreError."""
        statement = select(NetworkRow.revision).where(NetworkRow.id == network_id)
        with self._session("read the network") as session:
            return session.scalar(statement) or 0

    def acknowledged(self, network_id: str) -> dict[str, int]:
        """The last request of each browser that the stored network holds; raises StoreError."""
        statement = select(NetworkRow.acknowledged).where(NetworkRow.id == network_id)
        with self._session("read the network") as session:
            found: dict[str, int] = json.loads(session.scalar(statement) or "{}")
        return found

    def save_network(
        self,
        network_id: str,
        network: Network,
        revision: int,
        acknowledged: Mapping[str, int] | None = None,
    ) -> int:
        """Save over the given revision (0 for a new network); the new revision.

        ``acknowledged`` says which requests of which browser the network holds: saved together,
        they let a server that starts anew do none of them twice. Raises Conflict when the stored
        revision is another one.
        """
        document, now = schema.dumps(network), time.time()
        acks = json.dumps(dict(acknowledged or {}))
        with self._session("save the network") as session:
            if revision == 0:
                row = NetworkRow(
                    id=network_id, revision=1, document=document, updated=now, acknowledged=acks
                )
                _insert(session, row)
                return 1
            statement = (
                update(NetworkRow)
                .where(NetworkRow.id == network_id, NetworkRow.revision == revision)
                .values(revision=revision + 1, document=document, updated=now, acknowledged=acks)
            )
            if session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
                raise _conflict()
            session.commit()
        return revision + 1

    def delete_network(self, network_id: str) -> None:
        """Forget a network and the runs that belong to it."""
        with self._session("delete the network") as session:
            runs = select(RunRow.id).where(RunRow.network_id == network_id)
            session.execute(delete(EventRow).where(EventRow.run_id.in_(runs)))
            session.execute(delete(RunRow).where(RunRow.network_id == network_id))
            session.execute(delete(NetworkRow).where(NetworkRow.id == network_id))
            session.commit()

    def create_run(self, record: RunRecord) -> None:
        """Write down a new run."""
        with self._session("save the run") as session:
            session.add(RunRow(**{**vars(record), "updated": time.time()}))
            session.commit()

    def load_run(self, run_id: str) -> RunRecord | None:
        """A run without its events, or None."""
        with self._session("read the run") as session:
            row = session.get(RunRow, run_id)
            return _record(row) if row else None

    def list_runs(self, network_id: str) -> tuple[RunRecord, ...]:
        """The runs of a network, the newest first."""
        query = select(RunRow).where(RunRow.network_id == network_id)
        with self._session("read the runs") as session:
            rows = session.scalars(query.order_by(RunRow.created.desc(), RunRow.id))
            return tuple(map(_record, rows))

    def unfinished_runs(self) -> tuple[RunRecord, ...]:
        """The runs that are written down as waiting or running."""
        query = select(RunRow).where(RunRow.status.in_(("queued", "running")))
        with self._session("read the runs") as session:
            return tuple(map(_record, session.scalars(query.order_by(RunRow.created))))

    def save_events(
        self, run_id: str, first: int, payloads: Sequence[str], outcome: Outcome | None = None
    ) -> None:
        """Add a run's next events, numbered from ``first``, and how it stands, all or nothing."""
        with self._session("save the run's curves") as session:
            numbered = enumerate(payloads, first)
            rows = [EventRow(run_id=run_id, seq=seq, payload=text) for seq, text in numbered]
            session.add_all(rows)
            if outcome:
                values = {**vars(outcome), "updated": time.time()}
                session.execute(update(RunRow).where(RunRow.id == run_id).values(values))
            session.commit()

    def keep_alive(self, run_ids: Sequence[str]) -> None:
        """Note that the server of these runs still has them."""
        with self._session("save the runs") as session:
            statement = update(RunRow).where(RunRow.id.in_(run_ids)).values(updated=time.time())
            session.execute(statement)
            session.commit()

    def load_events(self, run_id: str) -> tuple[str, ...]:
        """A run's events in their order, each as JSON."""
        query = select(EventRow.payload).where(EventRow.run_id == run_id).order_by(EventRow.seq)
        with self._session("read the run's curves") as session:
            return tuple(session.scalars(query))

    def load_marks(self, run_ids: Sequence[str], kinds: Sequence[str]) -> dict[str, list[str]]:
        """Of these runs, the events whose JSON begins with one of these texts, in their order."""
        begins = or_(*(EventRow.payload.startswith(kind, autoescape=True) for kind in kinds))
        query = select(EventRow.run_id, EventRow.payload).where(begins)
        found: dict[str, list[str]] = {run_id: [] for run_id in run_ids}
        with self._session("read the runs' curves") as session:
            for start in range(0, len(run_ids), IDS_AT_ONCE):
                some = EventRow.run_id.in_(run_ids[start : start + IDS_AT_ONCE])
                rows = query.where(some).order_by(EventRow.seq)
                for run_id, payload in session.execute(rows):
                    found[run_id].append(payload)
        return found

    def rename_run(self, run_id: str, name: str) -> None:
        """Call a run something else, or nothing but its number."""
        with self._session("rename the run") as session:
            session.execute(update(RunRow).where(RunRow.id == run_id).values(name=name))
            session.commit()

    def delete_run(self, run_id: str) -> None:
        """Forget a run, its events and its files."""
        with self._session("delete the run") as session:
            session.execute(delete(EventRow).where(EventRow.run_id == run_id))
            session.execute(delete(RunRow).where(RunRow.id == run_id))
            session.commit()
        with _plainly("delete the run's files"), suppress(FileNotFoundError):
            shutil.rmtree(self.run_folder(run_id))

    def _check_version(self) -> None:
        with Session(self.engine) as session:
            row = session.get(MetaRow, "version")
            if row is None:
                session.merge(MetaRow(key="version", value=str(VERSION)))
                session.commit()
                return
            found = int(row.value)
        while found in MIGRATIONS:
            self._migrate(found)
            found += 1
        if found != VERSION:
            raise StoreError(_other_version(found, self.engine.url))

    def _migrate(self, found: int) -> None:
        """Bring tables of this version to the next, unless another server has just done so."""
        step = update(MetaRow).where(MetaRow.key == "version", MetaRow.value == str(found))
        with Session(self.engine) as session:
            if session.execute(step.values(value=str(found + 1))).rowcount == 1:  # type: ignore[attr-defined]
                for statement in MIGRATIONS[found]:
                    session.execute(text(statement))
            session.commit()

    @contextmanager
    def _session(self, doing: str) -> Iterator[Session]:
        with _plainly(doing), Session(self.engine) as session:
            yield session


def _connect(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _other_version(found: int, url: URL) -> str:
    tables = f"(tables of version {found}, this one knows {VERSION})"
    if found > VERSION:
        return (
            f"The store was written by a newer Stackyard {tables}. Update Stackyard or use "
            "another folder."
        )
    if url.get_backend_name() != "sqlite":
        return f"The store was written by an older Stackyard {tables}. Use an empty database."
    return (
        f"The store was written by an older Stackyard {tables}. Move {url.database} and the files "
        "beside it that begin with its name to another folder, and start again."
    )


def _prepare_sqlite(connection: Any, record: object) -> None:
    """Readers and one writer side by side; a power cut may cost the last save, never the file."""
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _insert(session: Session, row: NetworkRow) -> None:
    session.add(row)
    try:
        session.commit()
    except IntegrityError:
        raise _conflict() from None


def _conflict() -> Conflict:
    return Conflict("This network was changed in another tab. What is stored is that newer one.")


def _record(row: RunRow) -> RunRecord:
    names = RunRecord.__dataclass_fields__
    return RunRecord(**{name: getattr(row, name) for name in names})


@contextmanager
def _plainly(doing: str) -> Iterator[None]:
    """Turn the database's errors into plain words."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise StoreError(f"Could not {doing}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    words = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    lowered = words.lower()
    if "full" in lowered or "no space" in lowered:
        return "the disk is full. Make room on it; what was saved before is safe."
    if "locked" in lowered:
        return "another program is using the store. Try again; what was saved before is safe."
    if "readonly" in lowered or "permission" in lowered or "unable to open" in lowered:
        return f"its folder cannot be written ({words[:200]})."
    return f"{words[:200]}."
