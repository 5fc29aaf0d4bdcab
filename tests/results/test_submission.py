"""A test set without labels is read or refused in plain words, and predictions are written."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from builder.datasets import DATA_SETS, DataError, arrays
from builder.results import submission
from builder.results.submission import kept_test_set, read_test_set, write_submission

IRIS, DIGITS = DATA_SETS["iris"], DATA_SETS["digits"]
HEAD = "sepal length,sepal width,petal length,petal width"


def picture(level: int) -> bytes:
    written = BytesIO()
    Image.new("L", (16, 16), level).save(written, "PNG")
    return written.getvalue()


def zipped(**files: bytes) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def test_a_table_in_another_order_with_ids():
    text = "petal width;Id;petal length;sepal length;sepal width\n0.2;a7;1.4;5.1;3.5\n2;b;5;6;3\n"
    found = read_test_set(text.encode(), IRIS)
    assert found.ids == ("a7", "b")
    assert found.inputs.dtype == np.float32
    assert found.inputs.tolist() == np.float32([[5.1, 3.5, 1.4, 0.2], [6, 3, 5, 2]]).tolist()


def test_without_ids_rows_are_counted():
    found = read_test_set(f"{HEAD}\n1,2,3,4\n5,6,7,8\n".encode(), IRIS)
    assert found.ids == ("0", "1")


def test_another_column_serves_as_id():
    found = read_test_set(f"flower,{HEAD}\nf1,1,2,3,4\n".encode("utf-8-sig"), IRIS)
    assert found.ids == ("f1",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "This can't be read as a CSV table"),
        (f"{HEAD}\n", "This table has no rows; it may have 1 to 100,000."),
        ("a,b\n1,2\n", "This table lacks sepal length, sepal width, petal length, petal width;"),
        (f"{HEAD}\n1,2,3,4\n1,x,3,4\n", "Row 2 has 'x' in sepal width, where a number is needed."),
        (f"{HEAD}\n1,2,,4\n", "Row 1 has nothing in petal length"),
        (f"{HEAD}\n1,2,inf,4\n", "Row 1 has 'inf' in petal length"),
    ],
)
def test_a_table_that_cannot_be_used(text, message):
    with pytest.raises(DataError) as refused:
        read_test_set(text.encode(), IRIS)
    assert str(refused.value).startswith(message)


def test_bytes_that_are_no_text():
    with pytest.raises(DataError, match="This can't be read as a CSV table"):
        read_test_set(b"\xff\xfe\x00\x01\x80", IRIS)


def test_pictures_by_the_number_in_their_name():
    files = {"test/10.png": picture(255), "test/9.png": picture(0), "b.png": picture(51)}
    more = {"__MACOSX/test/9.png": b"?", "readme.txt": b"?", ".hidden.png": b"?"}
    found = read_test_set(zipped(**files, **more), DIGITS)
    assert found.ids == ("9", "10", "b")
    assert found.inputs.shape == (3, 1, 8, 8)
    assert found.inputs[:, 0, 0, 0].tolist() == pytest.approx([0, 1, 0.2])


def test_pictures_of_one_name_in_two_folders_are_two():
    found = read_test_set(zipped(**{"a/1.png": picture(0), "b/1.png": picture(255)}), DIGITS)
    assert found.ids == ("1", "1")


def test_a_zip_that_cannot_be_used(monkeypatch):
    for content, message in (
        (b"hello", "This is no zip file, or a damaged one."),
        (zipped(**{"a.txt": b"?"}), "This zip holds no pictures"),
        (zipped(**{"a.png": b"?"}), "a.png: This can't be read as a picture"),
        (zipped(**{"../a.png": picture(0)}), "The zip file names '../a.png', which lies outside"),
    ):
        with pytest.raises(DataError) as refused:
            read_test_set(content, DIGITS)
        assert str(refused.value).startswith(message)
    monkeypatch.setattr(submission, "SAMPLES", 4 * 64)
    with pytest.raises(DataError, match="This zip holds 2 pictures; it may have 1 to 1"):
        read_test_set(zipped(**{"1.png": picture(0), "2.png": picture(0)}), DIGITS)
    monkeypatch.setattr(submission, "UPLOAD", 10)
    with pytest.raises(DataError, match="Split it into smaller ones"):
        read_test_set(bytes(11), DIGITS)


def test_words_become_the_columns_of_own_data():
    own = replace(IRIS, features_named=("a", "colour = red", "colour = blue", "b"))
    found = read_test_set(b"a,b,colour\n1,2,red\n3,4, blue\n5,6,green\n", own)
    assert found.inputs.tolist() == [[1, 1, 0, 2], [3, 0, 1, 4], [5, 0, 0, 6]]
    assert found.ids == ("0", "1", "2")


def test_pictures_that_came_without_a_label(tmp_path, monkeypatch):
    monkeypatch.setenv("STACKYARD_HOME", str(tmp_path))
    own = replace(DIGITS, folder="own-1")
    assert kept_test_set(DIGITS) is None
    assert kept_test_set(own) is None
    folder = tmp_path / "data" / "own-1"
    folder.mkdir(parents=True)
    inputs = arrays("digits").inputs[:3]
    np.savez(folder / "test.npz", inputs=inputs, ids=np.array(["x", "y", "z"]))
    found = kept_test_set(own)
    assert found.ids == ("x", "y", "z")
    assert np.array_equal(found.inputs, inputs)
    (folder / "test.npz").write_bytes(b"nonsense")
    with pytest.raises(DataError, match="is damaged or was changed"):
        kept_test_set(own)


def test_classes_are_written_by_their_names():
    outputs = np.array([[0.1, 0.9, 0], [0.5, 0.2, 0.3]], np.float32)
    text = write_submission(["a,b", "2"], outputs, IRIS.target)
    assert text == 'id,label\n"a,b",versicolor\n2,setosa\n'


def test_numbers_are_written_by_their_names():
    target = replace(DATA_SETS["line"].target, names=("y", "z"))
    text = write_submission(["0"], np.array([[0.1, 123456.7]], np.float32), target)
    assert text == "id,y,z\n0,0.1,123456.7\n"


def test_the_data_set_itself_can_be_its_test_set():
    inputs = arrays("diabetes").inputs[:20]
    names = DATA_SETS["diabetes"].features_named
    rows = [",".join(map(repr, row)) for row in inputs.tolist()]
    found = read_test_set("\n".join([",".join(names), *rows]).encode(), DATA_SETS["diabetes"])
    assert np.array_equal(found.inputs, inputs)
