"""Loading: which source is used, what it says, and a cache that may be broken."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import resnet_data._cache as cache
from resnet_data import (
    DatasetError,
    convert_to_one_hot,
    drawn_source,
    load_dataset,
    source_in_use,
)
from resnet_data._layout import Images, file_name, read_pair, write_file
from resnet_data.drawing.sets import Tell, checksum
from resnet_data.drawing.varieties import DEFAULT, VARIETIES, Variety
from tests.drawn import drawn_here


def make_images(count: int) -> Images:
    x = np.zeros((count, 64, 64, 3), dtype=np.uint8)
    return Images(x, np.arange(count) % 6, np.arange(6))


def quick_variety(title: str, count: int, calls: list[str]) -> Variety:
    """A variety that is drawn in no time, and notes it."""

    def draw(tell: Tell) -> tuple[Images, Images]:
        calls.append(title)
        tell()
        return make_images(count), make_images(6)

    return Variety(title, checksum(make_images(count), make_images(6)), draw)


def put_source(datasets_folder: Path, name: str) -> Path:
    folder = datasets_folder / name
    write_file(folder / file_name("train"), "train", make_images(12))
    write_file(folder / file_name("test"), "test", make_images(6))
    return folder


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory, a package and a cache of this test's own."""
    monkeypatch.delenv("RESNET_COURSE_DATASETS", raising=False)
    monkeypatch.setenv("RESNET_COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("resnet_data._sources.HOME", tmp_path / "package")
    work = tmp_path / "home" / "lessons" / "01"
    work.mkdir(parents=True)
    monkeypatch.chdir(work)
    return tmp_path


@pytest.fixture
def quick_drawing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace the drawing by one that takes no time, and list its calls."""
    calls: list[str] = []
    for name, count in (("studio", 12), ("open", 18)):
        variety = quick_variety(VARIETIES[name].title, count, calls)
        monkeypatch.setitem(VARIETIES, name, variety)
    return calls


def test_default_is_drawn_with_the_original_shapes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where this code has drawn them before, they are taken from where they are kept.
    monkeypatch.delenv("RESNET_COURSE_CACHE")
    drawn_here(DEFAULT)
    x_train, y_train, x_test, y_test, classes = load_dataset()
    assert x_train.shape == (1080, 64, 64, 3)
    assert y_train.shape == (1, 1080)
    assert x_test.shape == (120, 64, 64, 3)
    assert y_test.shape == (1, 120)
    assert classes.tolist() == [0, 1, 2, 3, 4, 5]
    assert x_train.dtype == np.uint8
    assert np.issubdtype(y_train.dtype, np.integer)
    assert convert_to_one_hot(y_train, 6).T.shape == (1080, 6)

    said = capsys.readouterr()
    assert said.out.count("\n") == 1
    assert said.out.startswith(
        "Data: hands drawn by the course in a studio, "
        "1,080 training and 120 test images ("
    )
    assert str(source_in_use().folder) in said.out
    assert said.err == ""


def test_each_variety_is_drawn_when_it_is_asked_for(
    quick_drawing: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(load_dataset()[0]) == 12
    assert quick_drawing == ["in a studio"]
    for source in (None, "rendered"):
        assert len(load_dataset(source, variety="open")[0]) == 18
        assert len(load_dataset(source, variety="studio")[0]) == 12
    assert quick_drawing == ["in a studio", "in all kinds of places"]
    said = capsys.readouterr().out.splitlines()
    assert said[0] == said[2] == said[4]
    assert said[1] == said[3]
    told = "Data: hands drawn by the course in all kinds of places, 18 training and 6"
    assert said[1].startswith(told)
    assert str(drawn_source("open").folder) in said[1]
    assert drawn_source("open").folder != drawn_source("studio").folder


def test_a_variety_is_of_the_drawn_hands_whatever_source_is_found(
    places: Path, quick_drawing: list[str]
) -> None:
    put_source(places / "home/datasets", "signs")
    assert source_in_use().name == "signs"
    assert len(load_dataset(variety="open", verbose=False)[0]) == 18
    load_dataset(variety="studio", verbose=False)
    assert len(quick_drawing) == 2
    with pytest.raises(ValueError, match="only drawn hands have varieties"):
        load_dataset("signs", variety="open")
    with pytest.raises(ValueError, match="'sings'"):
        load_dataset("sings", variety="open")


def test_unknown_variety() -> None:
    for load in (lambda: load_dataset(variety="opne"), lambda: drawn_source("opne")):
        with pytest.raises(ValueError, match="'studio', 'open', not 'opne'"):
            load()


@pytest.mark.usefixtures("quick_drawing")
def test_who_waits_is_told_so(places: Path) -> None:
    assert "half a minute" in drawn_source("open").wait
    load_dataset(variety="open", verbose=False)
    assert drawn_source("open").wait == ""
    assert "half a minute" in source_in_use().wait
    put_source(places / "home/datasets", "signs")
    assert source_in_use().wait == ""


@pytest.mark.usefixtures("quick_drawing")
def test_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    load_dataset(verbose=False)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "place", ["home/lessons/01/datasets", "home/datasets", "package"]
)
def test_signs_are_found_here_above_and_beside_the_package(
    places: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = put_source(places / place, "signs")
    assert source_in_use().name == "signs"
    x_train, *_ = load_dataset()
    assert len(x_train) == 12
    assert f"the original SIGNS images, 12 training and 6 test images ({folder})" in (
        capsys.readouterr().out
    )


def test_order_of_sources_and_places(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert source_in_use().name == "rendered"
    near_photos = put_source(places / "home/lessons/01/datasets", "photos")
    assert source_in_use().folder == near_photos
    beside = put_source(places / "package", "signs")
    assert source_in_use().folder == beside
    above = put_source(places / "home/datasets", "signs")
    assert source_in_use().folder == above
    near = put_source(places / "home/lessons/01/datasets", "signs")
    assert source_in_use().folder == near
    given = put_source(places / "given", "signs")
    monkeypatch.setenv("RESNET_COURSE_DATASETS", str(places / "given"))
    assert source_in_use().folder == given
    assert len(load_dataset("photos", verbose=False)[0]) == 12


@pytest.mark.parametrize("missing", ["train", "test"])
def test_half_a_source_is_an_error_and_not_passed_over(
    places: Path, missing: str
) -> None:
    folder = put_source(places / "home/datasets", "signs")
    (folder / file_name(missing)).unlink()
    with pytest.raises(DatasetError, match=f"found no {missing}_signs.h5"):
        load_dataset()


def test_variable_that_names_nothing(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_COURSE_DATASETS", str(places / "nowhere"))
    with pytest.raises(DatasetError, match=r"\$RESNET_COURSE_DATASETS"):
        load_dataset()


def test_variable_that_names_the_files_own_folder(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = put_source(places, "signs")
    monkeypatch.setenv("RESNET_COURSE_DATASETS", str(folder))
    with pytest.raises(DatasetError, match="name the folder above it"):
        load_dataset()


def test_named_source_that_is_not_there() -> None:
    with pytest.raises(DatasetError, match="photographs"):
        load_dataset("photos")
    with pytest.raises(ValueError, match="'sings'"):
        load_dataset("sings")


def test_drawn_once_and_kept(quick_drawing: list[str]) -> None:
    first, second = load_dataset(verbose=False), load_dataset(verbose=False)
    assert len(quick_drawing) == 1
    for one, two in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, two)
    folder = cache.cache_folder()
    assert folder is not None
    assert len(list(folder.iterdir())) == 2


def truncate(folder: Path) -> None:
    path = folder / "train_signs.h5"
    path.write_bytes(path.read_bytes()[:-100])


def empty(folder: Path) -> None:
    (folder / "test_signs.h5").write_bytes(b"")


def lose_one(folder: Path) -> None:
    (folder / "test_signs.h5").unlink()


def flip_a_byte(folder: Path) -> None:
    path = folder / "train_signs.h5"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [truncate, empty, lose_one, flip_a_byte])
def test_broken_cache_is_remade(quick_drawing: list[str], damage) -> None:
    kept = cache.rendered()
    assert kept.folder is not None
    damage(kept.folder)
    assert len(load_dataset(verbose=False)[0]) == 12
    assert len(quick_drawing) == 2
    read_pair(kept.folder)
    load_dataset(verbose=False)
    assert len(quick_drawing) == 2


def test_unwritable_cache_goes_on_without(
    places: Path, quick_drawing: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (places / "cache").write_text("a file where the folder would be")
    assert len(load_dataset()[0]) == 12
    assert "not kept" in capsys.readouterr().out


def test_user_without_a_home_makes_no_folder_of_that_name(
    quick_drawing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESNET_COURSE_CACHE")
    monkeypatch.setattr("pooch.os_cache", lambda name: Path("~/.cache") / name)
    assert len(load_dataset(verbose=False)[0]) == 12
    assert source_in_use().folder is None
    assert list(Path.cwd().iterdir()) == []


def test_one_hot() -> None:
    hot = convert_to_one_hot(np.array([[0, 2, 1]]), 3)
    assert hot.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert convert_to_one_hot([], 3).shape == (3, 0)


@pytest.mark.parametrize("label", [3, -1])
def test_one_hot_refuses_labels_out_of_range(label: int) -> None:
    with pytest.raises(ValueError, match=f"from 0 to 2, found {label}"):
        convert_to_one_hot(np.array([0, label]), 3)


def test_one_hot_refuses_floats() -> None:
    with pytest.raises(ValueError, match="float64"):
        convert_to_one_hot(np.array([0.5]), 3)


def test_import_is_light() -> None:
    heavy = ("tensorflow", "keras", "h5py", "PIL", "matplotlib", "pooch", "grader")
    code = f"import sys, resnet_data; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
