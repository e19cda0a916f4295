"""Files in the layout are read as they are; each bad file gets its own words."""

import pickle
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from resnet_data import DatasetError
from resnet_data._layout import Images, file_name, read_pair, write_file


def make_images(count: int, first: int = 0) -> Images:
    x = np.full((count, 64, 64, 3), 7, dtype=np.uint8)
    x[:, 0, 0, 0] = np.arange(count)
    return Images(x, (np.arange(count) + first) % 6, np.arange(6))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_file(tmp_path / file_name("train"), "train", make_images(12))
    write_file(tmp_path / file_name("test"), "test", make_images(6, first=3))
    return tmp_path


def test_what_was_written_is_read(folder: Path) -> None:
    train, test = read_pair(folder)
    np.testing.assert_array_equal(train.x, make_images(12).x)
    np.testing.assert_array_equal(test.y, [3, 4, 5, 0, 1, 2])
    assert test.classes.tolist() == [0, 1, 2, 3, 4, 5]
    assert sorted(path.name for path in folder.iterdir()) == [
        "test_signs.h5",
        "train_signs.h5",
    ]


def test_keys_are_those_of_the_original_files(folder: Path) -> None:
    with h5py.File(folder / "train_signs.h5") as file:
        assert set(file) == {"train_set_x", "train_set_y", "list_classes"}
    with h5py.File(folder / "test_signs.h5") as file:
        assert set(file) == {"test_set_x", "test_set_y", "list_classes"}


@pytest.mark.parametrize("dtype", ["uint8", "int32", ">i8"])
def test_labels_of_any_integer_dtype_are_read(folder: Path, dtype: str) -> None:
    replace("train_set_y", np.arange(12) % 6, dtype)(folder / "train_signs.h5")
    train, _ = read_pair(folder)
    assert train.y.dtype == np.int64
    assert train.y[:6].tolist() == [0, 1, 2, 3, 4, 5]


Damage = Callable[[Path], object]


def replace(key: str, value: object, dtype: str | None = None) -> Damage:
    def damage(path: Path) -> None:
        with h5py.File(path, "r+") as file:
            del file[key]
            file.create_dataset(key, data=value, dtype=dtype)

    return damage


def remove(key: str) -> Damage:
    def damage(path: Path) -> None:
        with h5py.File(path, "r+") as file:
            del file[key]

    return damage


def make_group(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["train_set_x"]
        file.create_group("train_set_x")


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


BAD = {
    "missing images": (remove("train_set_x"), "train_set_x", "only list_classes"),
    "missing labels": (remove("train_set_y"), "train_set_y", "train_set_x"),
    "missing classes": (remove("list_classes"), "list_classes", "train_set_x"),
    "a group": (make_group, "train_set_x", "a group"),
    "wrong size": (
        replace("train_set_x", np.zeros((12, 32, 32, 3), "u1")),
        "train_set_x",
        "shape (12, 32, 32, 3)",
    ),
    "flat images": (
        replace("train_set_x", np.zeros((12, 12288), "u1")),
        "train_set_x",
        "shape (12, 12288)",
    ),
    "no images": (
        replace("train_set_x", np.zeros((0, 64, 64, 3), "u1")),
        "train_set_x",
        "shape (0, 64, 64, 3)",
    ),
    "float images": (
        replace("train_set_x", np.zeros((12, 64, 64, 3), "f4")),
        "train_set_x",
        "dtype float32",
    ),
    "empty dataspace": (
        replace("train_set_x", h5py.Empty("u1")),
        "train_set_x",
        "shape None",
    ),
    "float labels": (
        replace("train_set_y", np.zeros(12, "f8")),
        "train_set_y",
        "dtype float64",
    ),
    "labels in a row": (
        replace("train_set_y", np.zeros((1, 12), "i8")),
        "train_set_y",
        "shape (1, 12)",
    ),
    "labels too few": (
        replace("train_set_y", np.zeros(11, "i8")),
        "train_set_y",
        "shape (11,)",
    ),
    "label too high": (
        replace("train_set_y", np.array([0, 6] * 6)),
        "train_set_y",
        "6 at index 1 and 5 more",
    ),
    "label below zero": (
        replace("train_set_y", np.array([0, -1] + [0] * 10)),
        "train_set_y",
        "-1 at index 1.",
    ),
    "classes of text": (
        replace("list_classes", np.array([b"a", b"b"])),
        "list_classes",
        "dtype |S1",
    ),
    "cut short": (cut_short, "", "one that is cut short or damaged"),
    "empty": (lambda path: path.write_bytes(b""), "", "0 bytes"),
    "web page": (
        lambda path: path.write_bytes(b"<!DOCTYPE html><html>"),
        "",
        "begin with b'<!DOCTYPE html>",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_named_with_what_was_found(folder: Path, name: str) -> None:
    damage, key, found = BAD[name]
    path = folder / "train_signs.h5"
    damage(path)
    with pytest.raises(DatasetError) as caught:
        read_pair(folder)
    error, text = caught.value, str(caught.value)
    assert (error.file, error.key) == (path, key)
    assert found in text
    assert text.startswith(f"{path}, {key}: expected" if key else f"{path}: expected")
    assert error.expected in text
    assert text.endswith((".", "it."))
    assert "\n" not in text


def test_file_cut_anywhere_is_a_dataset_error(folder: Path) -> None:
    path = folder / "train_signs.h5"
    whole = path.read_bytes()
    for length in range(0, len(whole), len(whole) // 40):
        path.write_bytes(whole[:length])
        with pytest.raises(DatasetError):
            read_pair(folder)


def test_class_lists_that_differ(folder: Path) -> None:
    replace("list_classes", np.arange(10))(folder / "test_signs.h5")
    with pytest.raises(DatasetError, match=r"as in train_signs\.h5, found \[0, 1"):
        read_pair(folder)


def test_another_number_of_classes(folder: Path) -> None:
    for part in ("train", "test"):
        replace("list_classes", np.arange(10))(folder / file_name(part))
    with pytest.raises(DatasetError, match="six classes"):
        read_pair(folder)


def test_files_exchanged(folder: Path) -> None:
    (folder / "train_signs.h5").rename(folder / "other.h5")
    (folder / "test_signs.h5").rename(folder / "train_signs.h5")
    (folder / "other.h5").rename(folder / "test_signs.h5")
    with pytest.raises(DatasetError, match="not exchanged"):
        read_pair(folder)


@pytest.mark.parametrize("part", ["train", "test"])
def test_one_of_two_missing(folder: Path, part: str) -> None:
    (folder / file_name(part)).unlink()
    with pytest.raises(DatasetError, match=f"found no {part}_signs.h5"):
        read_pair(folder)


def test_failed_write_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "train_signs.h5"
    target.mkdir()
    with pytest.raises(OSError, match=r"train_signs\.h5"):
        write_file(target, "train", make_images(3))
    assert list(tmp_path.iterdir()) == [target]


def test_failed_write_keeps_the_old_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Images(make_images(6).x, np.array([object()]), np.arange(6))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        write_file(folder / "train_signs.h5", "train", broken)
    assert len(read_pair(folder)[0].x) == 12
    assert len(list(folder.iterdir())) == 2


def test_error_survives_pickling(tmp_path: Path) -> None:
    error = DatasetError(tmp_path, key="k", expected="e", found="f", remedy="r")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
