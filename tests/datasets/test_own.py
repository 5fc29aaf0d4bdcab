"""Own data: what is found in a file, how it is kept, and that a script reads the same."""

from __future__ import annotations

import inspect
import io
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from builder.check import check
from builder.datasets import (
    DataError,
    absence,
    archive,
    arrays,
    find,
    known,
    own,
    pictures,
    readers,
    stored,
    table,
)
from builder.datasets.own import Plan
from builder.document import Network, TensorType
from builder.export.script import train_source
from builder.home import data_folder
from builder.recipe import Recipe
from tests.export.networks import block

CSV = b"""\xef\xbb\xbfid,height,colour,weight,kind
1,1.5,red,,cat
2,2.5,blue,10,dog
3,,red,20,cat
4,4.5,?,30,dog
5,5.5,red,40,
6,6.5,"blue",50,bird
"""


def zipped(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return written.getvalue()


def picture(value: int, size: tuple[int, int] = (6, 4), form: str = "PNG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, (value, 255 - value, 7)).save(written, form)
    return written.getvalue()


FOLDERS = zipped(
    {
        "pets/": b"",
        "pets/cat/2.png": picture(20),
        "pets/cat/1.jpg": picture(10, form="JPEG"),
        "pets/dog/a.png": picture(200, (12, 8)),
        "__MACOSX/pets/dog/._a.png": b"rubbish",
        "pets/readme.txt": b"nothing",
    }
)
LABELLED = zipped(
    {
        "labels.csv": b"name,label\na,cat\nb.png,dog\nc,cat\n",
        "train/a.png": picture(1),
        "train/b.png": picture(2),
        "train/c.png": picture(3),
        "test/d.png": picture(4),
    }
)


def npz(**given: np.ndarray) -> bytes:
    written = io.BytesIO()
    np.savez(written, **given)
    return written.getvalue()


STORED = npz(
    x=np.arange(4 * 5 * 6 * 3, dtype=np.uint8).reshape(4, 5, 6, 3), y=np.array([3, 7, 3, 9])
)


def table_plan(data: bytes = CSV, fill: bool = True, target: str = "kind") -> Plan:
    found = table.look(data)
    if fill and target == found.columns[-1].name:
        return table.suggest_plan(found, "pets.csv")
    uses = {each.name: each.use for each in found.columns}
    kind = table.suggest_kind(found, target)
    return table.make_plan(found, "pets.csv", target, kind, uses, fill)


def folders_plan(data: bytes = FOLDERS) -> Plan:
    return pictures.make_plan(pictures.look(data), "pets.zip", (4, 6), True)


PLANS: dict[str, tuple[bytes, Callable[[], Plan]]] = {
    "table, gaps filled": (CSV, table_plan),
    "table, rows with gaps left out": (
        CSV.replace(b"4,4.5,?", b"4,4.5,red").replace(b"1.5,red,,", b"1.5,red,3,"),
        lambda: table_plan(
            CSV.replace(b"4,4.5,?", b"4,4.5,red").replace(b"1.5,red,,", b"1.5,red,3,"), False
        ),
    ),
    "numbers to predict": (
        b"a;b\n1,5;2,5\n2;3,5\n3;4,5\n",
        lambda: table_plan(b"a;b\n1,5;2,5\n2;3,5\n3;4,5\n", target="b"),
    ),
    "folders": (FOLDERS, folders_plan),
    "labelled": (
        LABELLED,
        lambda: pictures.make_plan(pictures.look(LABELLED), "x.zip", (3, 3), False),
    ),
    "arrays": (STORED, lambda: stored.look(STORED, "mine.npz")),
    "arrays of floats": (
        npz(inputs=np.ones((4, 2)), targets=np.ones(4)),
        lambda: stored.look(npz(inputs=np.ones((4, 2)), targets=np.ones(4)), "mine.npz"),
    ),
}
EVERY = pytest.mark.parametrize(("data", "make"), PLANS.values(), ids=PLANS)


def test_a_table_is_looked_at() -> None:
    found = table.look(CSV)
    assert (found.sep, found.header, found.decimal, found.encoding) == (",", True, ".", "utf-8-sig")
    assert [astuple(each) for each in found.columns] == [
        ("id", "unused", 0, 6, True),
        ("height", "number", 1, 5, True),
        ("colour", "text", 1, 2, False),
        ("weight", "number", 1, 5, True),
        ("kind", "text", 1, 3, False),
    ]
    assert table.suggest_target(found) == "kind"


def test_a_table_becomes_numbers_and_gaps_are_filled() -> None:
    plan = table_plan()
    assert plan.features == ("height", "weight", "colour = blue", "colour = red")
    assert plan.told == (
        "1 rows without kind are left out.",
        "Gaps in height, weight are filled with the column's median.",
        "Gaps in colour are filled with the column's most frequent word.",
        "colour becomes 2 columns of 0 and 1, one for each word.",
    )
    loaded = own.read(plan, CSV)
    assert loaded.inputs.tolist() == [
        [1.5, 25, 0, 1],
        [2.5, 10, 1, 0],
        [3.5, 20, 0, 1],
        [4.5, 30, 1, 0],
        [6.5, 50, 1, 0],
    ]
    assert plan.target.names == ("bird", "cat", "dog")
    assert loaded.targets.tolist() == [1, 2, 1, 2, 0]


def test_rows_with_gaps_may_be_left_out() -> None:
    plan = table_plan(CSV + b"7,1,red,1,cat\n", fill=False)
    assert plan.told[1] == "3 rows with gaps in height, weight, colour are left out."
    assert own.read(plan, CSV + b"7,1,red,1,cat\n").targets.tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("data", "sep", "header", "columns"),
    [
        (b"a;b\n1,5;x\n2,5;y\n3,5;x\n", ";", True, ["a", "b"]),
        (b"1\t2\n3\t4\n", "\t", False, ["0", "1"]),
        (b"a|b\n1|2\n", "|", True, ["a", "b"]),
        ("grün,süß\n1,2\n".encode("cp1252"), ",", True, ["grün", "süß"]),
    ],
)
def test_delimiter_header_and_encoding_are_found(
    data: bytes, sep: str, header: bool, columns: list[str]
) -> None:
    found = table.look(data)
    assert (found.sep, found.header) == (sep, header)
    assert [each.name for each in found.columns] == columns


def test_what_is_predicted_is_suggested() -> None:
    rows = "\n".join(f"{at},{at % 3},{at / 7}" for at in range(50))
    found = table.look(f"many,few,fraction\n{rows}\n".encode())
    kinds = [table.suggest_kind(found, each) for each in ("many", "few", "fraction")]
    assert kinds == ["numbers", "classes", "numbers"]
    assert table.list_classes(found, "few") == ("0", "1", "2")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b"a,b\n", "has no rows below its header"),
        (b"a,b\n1,x\n2,x\n", "'b' has 1 different values"),
        (b"a,b\n,x\n,y\n", "No column is left to learn from"),
        (b'a,b\n1,x\n"2,y\n', "can't be read"),
        (b"a,b\n1,x\n2,y\n", "has 2 samples; training needs 3"),
        (b"a,b\n1e39,x\n2,y\n3,y\n", "larger than 3.4e38"),
    ],
)
def test_tables_that_cannot_be_learnt_from_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said):
        own.read(table_plan(data, target="b") if b"b" in data else table_plan(data), data)


def test_pictures_in_folders_are_looked_at() -> None:
    found = pictures.look(FOLDERS)
    assert found.counts == {"cat": 2, "dog": 1}
    assert (found.size, found.colour, found.unlabelled) == ((4, 6), True, ())
    loaded = own.read(folders_plan(), FOLDERS)
    assert loaded.inputs.shape == (3, 3, 4, 6)
    assert loaded.targets.tolist() == [0, 0, 1]
    assert np.array_equal(
        loaded.inputs[1, :, 0, 0], np.array([20, 235, 7], np.float32) / np.float32(255)
    )


def test_labelled_pictures_keep_those_without_a_label_as_a_test_set() -> None:
    found = pictures.look(LABELLED)
    assert (found.table, found.ids, found.label) == ("labels.csv", "name", "label")
    assert found.counts == {"cat": 2, "dog": 1}
    assert found.unlabelled == ("test/d.png",)
    plan = pictures.make_plan(found, "x.zip", (3, 3), False)
    test = pictures.read_test(found, LABELLED, plan)
    kept_id = own.keep(plan, LABELLED, test)
    with np.load(data_folder(kept_id) / own.TEST, allow_pickle=False) as file:
        assert file["ids"].tolist() == ["d"]
        assert file["inputs"].shape == (1, 1, 3, 3)
    assert arrays(kept_id).targets.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.txt": b"x"}, "has no pictures"),
        ({"a.png": picture(1), "b.png": picture(2)}, "'a.png' lies in no folder"),
        ({"one/a.png": picture(1)}, "are of 1 classes"),
        ({"one/a.png": picture(1), "two/b.png": b"x"}, "'two/b.png' in the zip file is no picture"),
        ({"one/a.png": picture(1), "l.csv": b"id,label\nz,1\n"}, "'l.csv' names none of the pict"),
        ({"../a.png": picture(1)}, "'../a.png', which lies outside its own folder"),
        ({"/etc/a.png": picture(1)}, "'/etc/a.png', which lies outside its own folder"),
        ({"a/b.png": bytes(2_000_000)}, "times larger; at most 300 times is read"),
    ],
)
def test_zip_files_that_cannot_be_learnt_from_are_refused(
    files: dict[str, bytes], said: str
) -> None:
    with pytest.raises(DataError, match=said):
        pictures.look(zipped(files))


def test_limits_hold_before_anything_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*given: object) -> None:
        raise AssertionError("unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    monkeypatch.setattr(archive, "COUNT_LIMIT", 3)
    with pytest.raises(DataError, match="has 6 files; at most 3 are read"):
        archive.list_files(FOLDERS)
    monkeypatch.setattr(archive, "COUNT_LIMIT", 100)
    monkeypatch.setattr(archive, "UNPACKED_LIMIT", 100)
    with pytest.raises(DataError, match=r"would unpack to 0\.0 GB"):
        archive.list_files(FOLDERS)
    monkeypatch.setattr(archive, "SIZE_LIMIT", 10)
    with pytest.raises(DataError, match="at most 0 MB are taken"):
        archive.list_files(FOLDERS)
    with pytest.raises(DataError, match="no zip file"):
        archive.list_files(b"PK\3\4")


def test_a_picture_of_too_many_pixels_is_refused_by_its_head(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "PIXELS_LIMIT", 20)
    with pytest.raises(DataError, match="has 6×4 pixels; at most 20"):
        pictures.look(FOLDERS)


def test_arrays_are_arranged_as_networks_take_them() -> None:
    plan = stored.look(STORED, "mine.npz")
    assert plan.options["shape"] == [3, 5, 6]
    assert plan.target.names == ("3", "7", "9")
    loaded = own.read(plan, STORED)
    assert loaded.inputs[0, :, 0, 0].tolist() == [
        float(np.float32(at) / np.float32(255)) for at in range(3)
    ]
    assert loaded.targets.tolist() == [0, 1, 0, 2]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no zip", "no zip file"),
        (npz(a=np.ones(3)), "has the arrays a; it needs inputs under x"),
        (npz(x=np.ones((3, 2)), y=np.array(["a", "b", "c"])), "holds <U1, not numbers"),
        (npz(x=np.ones((3, 2)), y=np.ones(2)), "3 inputs, but 2 targets"),
        (npz(x=np.ones((3, 2)), y=np.array([1, 1, 1])), "1 different whole numbers"),
        (npz(x=np.array([None, {}, 2]), y=np.ones(3)), "'x' holds object, not numbers"),
        (zipped({"x.npy": b"rubbish"}), "no array of NumPy"),
    ],
)
def test_arrays_that_cannot_be_learnt_from_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said):
        stored.look(data, "mine.npz")


@EVERY
def test_own_data_is_kept_and_found(data: bytes, make: Callable[[], Plan]) -> None:
    plan = make()
    data_set_id = own.keep(plan, data)
    assert own.keep(plan, data) == data_set_id
    entry = find(data_set_id)
    assert (entry.title, entry.target, absence(entry)) == (plan.title, plan.target, None)
    loaded = arrays(data_set_id)
    assert loaded.inputs.shape == (entry.samples, *entry.input.shape)
    assert loaded.inputs.dtype == np.float32
    assert own.original(data_set_id).read_bytes() == data
    assert Recipe(data=data_set_id).data == data_set_id


@EVERY
def test_a_script_reads_the_same_from_the_file_beside_it(
    data: bytes, make: Callable[[], Plan], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_set_id = own.keep(make(), data)
    entry = find(data_set_id)
    shutil.copy(own.original(data_set_id), tmp_path)
    monkeypatch.chdir(tmp_path)
    functions = [inspect.getsource(getattr(readers, name)) for name in entry.readers]
    namespace: dict[str, object] = {"np": np, "torch": torch}
    exec("\n".join([*entry.imports, *functions, entry.source]), namespace)
    made = [namespace[name].numpy() for name in ("inputs", "targets")]  # type: ignore[attr-defined]
    for one, other in zip(made, astuple(arrays(data_set_id)), strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


def test_own_data_that_is_gone_is_told_and_not_raised() -> None:
    data_set_id = own.keep(table_plan(), CSV)
    (data_folder(data_set_id) / "inputs.npy").unlink()
    with pytest.raises(DataError, match=r"^The files of pets\.csv are gone from"):
        arrays(data_set_id)
    shutil.rmtree(data_folder(data_set_id))
    assert known(data_set_id) is None
    with pytest.raises(DataError, match=r"^This own data is not here"):
        find(data_set_id)


HOSTILE = '"""); import os #\n{{ 7 }}\u2028\\'


def test_hostile_names_stay_text_in_a_script() -> None:
    data = f"a,{HOSTILE!r}\n1,x\n2,y\n3,x\n".encode()
    found = table.look(data)
    target = found.columns[-1].name
    plan = table.make_plan(found, HOSTILE, target, "classes", {"a": "number"}, True)
    entry = find(own.keep(plan, data))
    blocks = (block("b1", "Linear", out_features=2),)
    text = train_source(check(Network(TensorType((1,)), blocks)), Recipe(data=entry.id))
    compile(text, "train.py", "exec")
    assert "\nimport os" not in text
    assert '"""); import' not in text.split('"""\n', 1)[0]
