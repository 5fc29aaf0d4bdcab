"""Data sets that are fetched: real formats from a server on this machine, and what goes wrong."""

from __future__ import annotations

import gzip
import hashlib
import inspect
import os
import threading
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
import torch

import builder.datasets
from builder.datasets import (
    DATA_SETS,
    DataError,
    DataSet,
    absence,
    arrays,
    fetch,
    fetched,
    present,
    readers,
)
from builder.home import data_folder
from tests.training.waiting import wait_until

from .files import (
    CLASSES,
    IMAGES,
    PHOTO_CLASSES,
    PHOTOS,
    cifar_file,
    mnist_files,
    put,
    small,
    write_idx,
)
from .mirror import Mirror, serving

FIRST = "train-images-idx3-ubyte.gz"


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    """A server with MNIST and CIFAR-10, both small."""
    files = {f"/{name}": data for name, data in mnist_files().items()}
    with serving(files | {"/cifar.tar.gz": cifar_file()}) as found:
        yield found


@pytest.fixture
def mnist(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> DataSet:
    """MNIST as that server has it, in the place of the real one."""
    return replace_entry(small(fetched.MNIST, mnist_files(), 7, mirror.url), monkeypatch)


def replace_entry(entry: DataSet, monkeypatch: pytest.MonkeyPatch) -> DataSet:
    """Let every look-up find this entry."""
    entries = {**DATA_SETS, entry.id: entry}
    monkeypatch.setattr(builder.datasets, "DATA_SETS", entries)
    return entry


def test_a_download_is_told_checked_and_kept(mnist: DataSet, mirror: Mirror) -> None:
    assert absence(mnist) == "MNIST is not on this machine yet: download it first."
    with pytest.raises(DataError, match=r"^MNIST is not on this machine yet: download it first"):
        arrays("mnist")
    told: list[tuple[int, int]] = []
    fetch.fetch(mnist, lambda done, size: told.append((done, size)))
    assert absence(mnist) is None
    total = sum(file.size for file in mnist.files)
    assert told[-1] == (total, total)
    assert told == sorted(told)
    loaded = arrays("mnist")
    expected = (IMAGES.astype(np.float32) / np.float32(255))[:, None]
    assert np.array_equal(loaded.inputs, expected)
    assert (loaded.inputs.dtype, loaded.targets.dtype) == (np.float32, np.int64)
    assert loaded.targets.tolist() == CLASSES.tolist()
    with pytest.raises(ValueError, match="read-only"):
        loaded.inputs[0] = 0
    mirror.asked.clear()
    fetch.fetch(mnist)
    assert mirror.asked == []


def test_cifar_is_read_from_its_archive(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = small(fetched.CIFAR10, {"cifar.tar.gz": cifar_file()}, 12, mirror.url)
    fetch.fetch(replace_entry(entry, monkeypatch))
    loaded = arrays("cifar10")
    assert np.array_equal(loaded.inputs, PHOTOS.astype(np.float32) / np.float32(255))
    assert loaded.targets.tolist() == PHOTO_CLASSES.tolist()


def test_a_download_that_broke_off_goes_on_where_it_was(mnist: DataSet, mirror: Mirror) -> None:
    mirror.breaks_after = 100
    with pytest.raises(DataError, match=r"broke off after 100 of .* bytes\. Try again: what has"):
        fetch.fetch(mnist)
    mirror.breaks_after = None
    mirror.asked.clear()
    fetch.fetch(mnist)
    assert mirror.asked[0] == (f"/{FIRST}", "bytes=100-")
    assert np.array_equal(arrays("mnist").targets, CLASSES)


def test_a_server_that_cannot_resume_begins_anew(mnist: DataSet, mirror: Mirror) -> None:
    mirror.ranges = False
    put(data_folder("mnist"), {f"{FIRST}.part": b"other bytes"})
    fetch.fetch(mnist)
    assert np.array_equal(arrays("mnist").targets, CLASSES)


def test_a_part_as_long_as_the_file_begins_anew(mnist: DataSet, mirror: Mirror) -> None:
    put(data_folder("mnist"), {f"{FIRST}.part": bytes(mnist.files[0].size)})
    fetch.fetch(mnist)
    assert [wanted for _, wanted in mirror.asked[:2]] == [f"bytes={mnist.files[0].size}-", None]
    assert np.array_equal(arrays("mnist").targets, CLASSES)


def test_another_file_than_expected_is_not_kept(mnist: DataSet, mirror: Mirror) -> None:
    mirror.files[f"/{FIRST}"] = bytes(mnist.files[0].size)
    with pytest.raises(DataError, match=r"its checksum is another one\. Nothing of it was kept"):
        fetch.fetch(mnist)
    assert list(data_folder("mnist").iterdir()) == []
    assert absence(mnist)


def test_a_server_without_the_file_is_told(mnist: DataSet, mirror: Mirror) -> None:
    del mirror.files[f"/{FIRST}"]
    with pytest.raises(DataError, match=rf"^MNIST could not be downloaded from {mirror.url}.*Not"):
        fetch.fetch(mnist)


def test_offline_the_folder_for_files_fetched_by_hand_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = small(fetched.MNIST, mnist_files(), 7, "http://127.0.0.1:1/")
    replace_entry(entry, monkeypatch)
    with pytest.raises(DataError) as told:
        fetch.fetch(entry)
    folder = data_folder("mnist")
    assert "http://127.0.0.1:1/train-images-idx3-ubyte.gz: Connection refused." in str(told.value)
    assert str(told.value).endswith(
        "Files fetched by hand serve too: put train-images-idx3-ubyte.gz, "
        "train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz into "
        f"{folder}."
    )
    put(folder, mnist_files())
    fetch.fetch(entry)
    assert np.array_equal(arrays("mnist").targets, CLASSES)


def test_a_mirror_of_ones_own_is_asked_instead(
    mnist: DataSet, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror.files = {f"/here/mnist/{name}": data for name, data in mnist_files().items()}
    monkeypatch.setenv("STACKYARD_MIRROR", f"{mirror.url}here")
    fetch.fetch(mnist)
    assert mirror.asked[0] == (f"/here/mnist/{FIRST}", None)


def test_downloads_of_a_server_are_followed(mnist: DataSet, mirror: Mirror) -> None:
    mirror.gate = threading.Event()
    fetches = fetch.Fetches()
    assert fetches.view("mnist") is None
    fetches.start(mnist)
    fetches.start(mnist)
    wait_until(lambda: fetches.view("mnist").done > 0, "the download")  # type: ignore[union-attr]
    assert fetches.view("mnist").active  # type: ignore[union-attr]
    mirror.gate.set()
    wait_until(lambda: not fetches.view("mnist").active, "the download")  # type: ignore[union-attr]
    total = fetch.total(mnist)
    assert fetches.view("mnist") == fetch.Fetching(total, total, False, None)
    assert len(mirror.asked) == 4
    del mirror.files[f"/{FIRST}"]
    (data_folder("mnist") / FIRST).unlink()
    fetches.start(mnist)
    wait_until(lambda: not fetches.view("mnist").active, "the download")  # type: ignore[union-attr]
    assert "could not be downloaded" in fetches.view("mnist").problem  # type: ignore


@pytest.mark.parametrize("spoil", ["cut", "changed", "gone"])
def test_samples_that_were_changed_after_they_were_kept_are_refused(
    mnist: DataSet, spoil: str
) -> None:
    fetch.fetch(mnist)
    path = data_folder("mnist") / "inputs.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    match spoil:
        case "cut":
            path.write_bytes(data[:-10])
        case "changed":
            path.write_bytes(data)
        case "gone":
            path.unlink()
    with pytest.raises(DataError, match="are gone" if spoil == "gone" else "damaged or were chang"):
        arrays("mnist")
    assert present("mnist") is None


def test_samples_that_were_only_copied_serve_still(mnist: DataSet) -> None:
    fetch.fetch(mnist)
    os.utime(data_folder("mnist") / "inputs.npy", (1, 1))
    assert np.array_equal(arrays("mnist").targets, CLASSES)


HEAD = b"\0\0\x08\x01\0\0\0\x02"
BROKEN = {
    "no gzip": (b"12345678", "Not a gzipped file"),
    "cut within gzip": (write_idx(IMAGES)[:60], "ended before"),
    "empty": (gzip.compress(b""), "is no IDX file of bytes"),
    "another kind of numbers": (gzip.compress(b"\0\0\x0d\x01"), "is no IDX file of bytes"),
    "a head cut off": (gzip.compress(HEAD[:6]), "ends within its head"),
    "too few": (gzip.compress(HEAD + b"a"), "has 1 bytes, not 2"),
    "too many": (gzip.compress(HEAD + b"abc"), "has 3 bytes, not 2"),
    "sizes beyond all": (gzip.compress(b"\0\0\x08\x02" + b"\xff" * 8), "has 0 bytes, not"),
}


@pytest.mark.parametrize(("data", "said"), BROKEN.values(), ids=BROKEN)
def test_broken_idx_files_are_told(data: bytes, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files = mnist_files() | {FIRST: data}
    entry = replace_entry(small(fetched.MNIST, files, 7), monkeypatch)
    put(data_folder("mnist"), files)
    with pytest.raises(DataError, match=rf"^The files of MNIST can't be read: .*{said}"):
        fetch.fetch(entry)
    assert absence(entry)


def test_files_that_do_not_belong_together_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    files = mnist_files() | {FIRST: write_idx(IMAGES[:4])}
    put(data_folder("mnist"), files)
    with pytest.raises(DataError, match=r"hold images of 6×1×28×28 and 7 classes, not 7×1×28×28"):
        fetch.fetch(replace_entry(small(fetched.MNIST, files, 7), monkeypatch))
    files = mnist_files() | {"train-labels-idx1-ubyte.gz": write_idx(CLASSES[:5] + 6)}
    put(data_folder("mnist"), files)
    with pytest.raises(DataError, match=r"hold a class 15\."):
        fetch.fetch(replace_entry(small(fetched.MNIST, files, 7), monkeypatch))


@pytest.mark.parametrize("cut", [0, 20, 3000])
def test_broken_archives_are_told(cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"cifar.tar.gz": cifar_file()[:cut]}
    entry = replace_entry(small(fetched.CIFAR10, files, 12), monkeypatch)
    put(data_folder("cifar10"), files)
    with pytest.raises(DataError, match=r"^The files of CIFAR-10 can't be read: "):
        fetch.fetch(entry)


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "cifar10"])
def test_an_exported_script_reads_the_same(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cifar = name == "cifar10"
    files = {"cifar-10-binary.tar.gz": cifar_file()} if cifar else mnist_files()
    entry = replace_entry(small(DATA_SETS[name], files, 12 if cifar else 7), monkeypatch)
    put(data_folder(name), files)
    fetch.fetch(entry)
    put(tmp_path / "data" / name, files)
    monkeypatch.chdir(tmp_path)
    source = entry.source
    for real, ours in zip(DATA_SETS[name].files, entry.files, strict=True):
        assert real.md5 in source
        source = source.replace(real.md5, ours.md5)
    namespace: dict[str, object] = {"np": np, "torch": torch}
    functions = [inspect.getsource(getattr(readers, name)) for name in entry.readers]
    exec("\n".join([*entry.imports, *functions, source]), namespace)
    made = [namespace[name].numpy() for name in ("inputs", "targets")]  # type: ignore[attr-defined]
    for one, other in zip(made, astuple(arrays(name)), strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


def test_a_script_downloads_what_is_absent_and_refuses_what_is_damaged(
    mirror: Mirror, tmp_path: Path
) -> None:
    good = hashlib.md5(mnist_files()[FIRST]).hexdigest()
    folder = tmp_path / "data"
    found = readers.fetch(f"{mirror.url}{FIRST}", good, str(folder))
    assert np.array_equal(readers.read_idx(found), IMAGES[:5])
    readers.fetch(f"{mirror.url}{FIRST}", good, str(folder))
    assert len(mirror.asked) == 1
    found.write_bytes(b"cut")
    with pytest.raises(ValueError, match="is damaged: delete it and try again"):
        readers.fetch(f"{mirror.url}{FIRST}", good, str(folder))
