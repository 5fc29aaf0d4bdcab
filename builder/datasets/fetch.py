"""Download the files of a data set once: checked, resumed where it broke off, told as it goes."""

from __future__ import annotations

import http.client
import os
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from builder.datasets import kept
from builder.datasets.entry import DataError, DataSet, RemoteFile
from builder.home import data_folder

TIMEOUT = 20.0
"""Seconds of silence after which a server is taken to be gone."""
PIECE = 1 << 16

Tell = Callable[[int, int], None]
"""Told how many bytes there are, and how many there will be."""


def is_here(data_set: DataSet, file: RemoteFile) -> bool:
    """Whether a file has been downloaded, or put into the data set's folder by hand."""
    return (data_folder(data_set.id) / file.name).is_file()


def total(data_set: DataSet) -> int:
    """Bytes of all files of the data set."""
    return sum(file.size for file in data_set.files)


def fetch(data_set: DataSet, tell: Tell = lambda done, size: None) -> None:
    """Download what is missing, then read it, so that the data set can be used.

    Raises DataError with what to do; what has arrived is kept for the next try.
    """
    folder = data_folder(data_set.id)
    done, size = 0, total(data_set)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in data_set.files:
            _fetch_file(data_set, file, partial(_tell_more, tell, done, size))
            done += file.size
            tell(done, size)
    except OSError as error:
        raise DataError(
            f"The data could not be written to {folder}: {error.strerror or error}. "
            "Make room there, then try again."
        ) from None
    if data_set.prepare:
        data_set.prepare()


def _tell_more(tell: Tell, before: int, size: int, got: int) -> None:
    tell(before + got, size)


def address(data_set: DataSet, file: RemoteFile) -> str:
    """Where a file is fetched from; ``$STACKYARD_MIRROR`` holds ``<data set>/<file>`` instead."""
    mirror = os.environ.get("STACKYARD_MIRROR")
    return f"{mirror.rstrip('/')}/{data_set.id}/{file.name}" if mirror else file.url


def _fetch_file(data_set: DataSet, file: RemoteFile, tell: Callable[[int], None]) -> None:
    path = data_folder(data_set.id) / file.name
    if path.is_file() and kept.digest(path, "md5") == file.md5:
        return
    part = path.with_name(f"{file.name}.part")
    url = address(data_set, file)
    try:
        _download(url, part, tell)
    except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError) as e:
        raise DataError(_offline(data_set, url, e)) from None
    if part.stat().st_size < file.size:
        raise DataError(
            f"{url} broke off after {part.stat().st_size:,} of {file.size:,} bytes. Try again: "
            "what has arrived is kept."
        )
    if kept.digest(part, "md5") != file.md5:
        part.unlink()
        raise DataError(
            f"{url} is not the file that was expected: its checksum is another one. Nothing of it "
            f"was kept. {_by_hand(data_set)}"
        )
    part.replace(path)


def _download(url: str, part: Path, tell: Callable[[int], None]) -> None:
    """Append to the part what it lacks; from its beginning if the server can't do that."""
    start = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"} if start else {})
    try:
        reply = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        part.unlink()
        return _download(url, part, tell)
    with reply:
        resumed = reply.status == http.HTTPStatus.PARTIAL_CONTENT
        done = start if resumed else 0
        with part.open("ab" if resumed else "wb") as file:
            while piece := reply.read1(PIECE):
                file.write(piece)
                done += len(piece)
                tell(done)
    return None


def _offline(data_set: DataSet, url: str, error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    said = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return (
        f"{data_set.title} could not be downloaded from {url}: {said}. Look whether this machine "
        f"is online and try again; what has arrived is kept. {_by_hand(data_set)}"
    )


def _by_hand(data_set: DataSet) -> str:
    names = ", ".join(file.name for file in data_set.files)
    return f"Files fetched by hand serve too: put {names} into {data_folder(data_set.id)}."


@dataclass(frozen=True)
class Fetching:
    """How far a download is: bytes, whether it goes on, and what went wrong."""

    done: int
    size: int
    active: bool = True
    problem: str | None = None


class Fetches:
    """The downloads of a server: one for a data set at a time, each in a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, Fetching] = {}

    def view(self, data_set_id: str) -> Fetching | None:
        """How a download stands, or None when none was begun."""
        with self._lock:
            return self._found.get(data_set_id)

    def start(self, data_set: DataSet) -> None:
        """Begin to download a data set, unless that goes on already."""
        with self._lock:
            found = self._found.get(data_set.id)
            if found and found.active:
                return
            self._found[data_set.id] = Fetching(0, total(data_set))
        name = f"fetch-{data_set.id}"
        threading.Thread(target=self._work, args=(data_set,), name=name, daemon=True).start()

    def _work(self, data_set: DataSet) -> None:
        problem: str | None = "The download broke off; the server's log says why."
        try:
            fetch(data_set, lambda done, size: self._note(data_set, done=done))
            problem = None
        except DataError as error:
            problem = str(error)
        finally:
            self._note(data_set, active=False, problem=problem)

    def _note(self, data_set: DataSet, **changes: object) -> None:
        with self._lock:
            found = self._found[data_set.id]
            self._found[data_set.id] = replace(found, **changes)  # type: ignore[arg-type]
