"""``grader data photos --from``: what is used, what is left out and what is said."""

import os
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from grader.cli.data import command
from resnet_data import load_dataset
from resnet_data._layout import read_pair
from resnet_data.importer.people import is_for_testing
from resnet_data.importer.photos import folder_files, import_photos

# Numbers of people: two for training, one for testing.
PEOPLE = (1130, 1140, 1190)


def picture(number: int, size: tuple[int, int] = (100, 100)) -> Image.Image:
    """Another picture for each number."""
    pixels = np.random.default_rng(number).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    return Image.fromarray(pixels).resize(size)


def make_photos(folder: Path, people: tuple[int, ...] = PEOPLE) -> Path:
    for label in range(6):
        (folder / str(label)).mkdir(parents=True, exist_ok=True)
        for person in people:
            number = person + label
            picture(number).save(folder / str(label) / f"IMG_{number}.JPG")
    return folder


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESNET_COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RESNET_COURSE_DATASETS", str(tmp_path / "sets"))
    (tmp_path / "sets").mkdir()
    monkeypatch.setattr("resnet_data._sources.HOME", tmp_path / "p")
    monkeypatch.setattr("resnet_data.importer.place.HOME", tmp_path / "p" / "q")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return make_photos(tmp_path / "Dataset")


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, ["photos", *map(str, arguments)])


def refusal(*arguments: str | Path) -> str:
    result = call(*arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_both_files_are_written_where_the_lessons_look(
    places: Path, photos: Path
) -> None:
    result = call("--from", photos)
    assert result.exit_code == 0, result.output
    assert "Files: 18. Photographs used: 18. Left out: 0." in result.output
    assert f"Written to {places / 'sets' / 'photos'}: 12 training" in result.output
    assert "Apache-2.0" in result.output
    assert "Mavi, A. (2020)" in result.output
    assert "arXiv:2011.08927" in result.output
    assert "Zeynep Dikle" in result.output
    x_train, y_train, x_test, y_test, classes = load_dataset(verbose=False)
    assert x_train.shape == (12, 64, 64, 3)
    assert x_train.dtype == np.uint8
    assert x_test.shape == (6, 64, 64, 3)
    assert np.bincount(y_train[0]).tolist() == [2] * 6
    assert np.bincount(y_test[0]).tolist() == [1] * 6
    assert classes.tolist() == list(range(6))


def test_a_second_run_writes_the_same(places: Path, photos: Path) -> None:
    call("--from", photos)
    before = read_pair(places / "sets" / "photos")
    assert call("--from", photos).exit_code == 0
    after = read_pair(places / "sets" / "photos")
    for one, other in zip(before, after, strict=True):
        assert (one.x == other.x).all()
        assert (one.y == other.y).all()
    assert sorted(each.name for each in (places / "sets").iterdir()) == ["photos"]


def test_labels_are_those_of_the_pictures(photos: Path) -> None:
    found = import_photos(folder_files(photos), photos)
    for images in (found.train, found.test):
        for x, y in zip(images.x, images.y, strict=True):
            numbers = [person + y for person in PEOPLE]
            shown = [np.asarray(picture(n).resize((64, 64)), int) for n in numbers]
            assert min(np.abs(x - each).mean() for each in shown) < 8


@pytest.mark.parametrize("nested", [".", "Dataset", "a/b/Dataset"])
def test_class_folders_are_found_below(places: Path, nested: str) -> None:
    make_photos(places / "in" / nested)
    (places / "in" / "Examples").mkdir(exist_ok=True)
    assert call("--from", places / "in").exit_code == 0


def test_other_classes_and_files_are_ignored(photos: Path) -> None:
    (photos / "6").mkdir()
    picture(1136).save(photos / "6" / "IMG_1136.JPG")
    (photos / "README.md").write_text("about")
    assert "Files: 18." in call("--from", photos).output


def exif_rotated(path: Path) -> None:
    marks = Image.Exif()
    marks[0x0112] = 6  # turned by a quarter
    picture(9).save(path, exif=marks)


def bomb(path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")
    )


def cut(path: Path) -> None:
    picture(9).save(path)
    path.write_bytes(path.read_bytes()[:-400])


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(21 * 2**20)


def same_pixels(path: Path) -> None:
    with Image.open(path.parent / "IMG_1132.JPG") as first:
        first.save(path.with_suffix(".png"))
    path.with_suffix(".png").rename(path)


def twice(path: Path, of: str) -> None:
    path.write_bytes((path.parent / of).read_bytes())


BAD: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "empty.jpg": (Path.touch, "unreadable", "an empty file"),
    "text.jpg": (
        lambda path: path.write_text("no picture"),
        "unreadable",
        "not JPEG, PNG, WebP, TIFF or BMP, or damaged",
    ),
    "cut.jpg": (cut, "unreadable", "damaged or cut short"),
    "bomb.png": (bomb, "unreadable", "more pixels than memory is safe for"),
    "huge.jpg": (huge, "unreadable", "21 MB, more than 20 MB"),
    "nothing.jpg": (
        lambda path: path.symlink_to("not-here.jpg"),
        "unreadable",
        "a link to nothing",
    ),
    "ring.jpg": (
        lambda path: path.symlink_to("ring.jpg"),
        "unreadable",
        "a link to itself",
    ),
    "wide.jpg": (
        lambda path: picture(9, (100, 80)).save(path),
        "odd-sized",
        "100 x 80 pixels, not square",
    ),
    "small.jpg": (
        lambda path: picture(9, (63, 63)).save(path),
        "odd-sized",
        "63 x 63 pixels, less than 64 x 64",
    ),
    "grey.jpg": (
        lambda path: picture(9).convert("L").save(path),
        "not RGB",
        "greyscale",
    ),
    "print.jpg": (
        lambda path: picture(9).convert("CMYK").save(path),
        "not RGB",
        "CMYK, for printing",
    ),
    "see-through.png": (
        lambda path: picture(9).convert("RGBA").save(path),
        "not RGB",
        "RGB with transparency",
    ),
    "palette.png": (
        lambda path: picture(9).convert("P").save(path),
        "not RGB",
        "a palette of colours",
    ),
    "zz_bytes.jpg": (
        lambda path: twice(path, "IMG_1132.JPG"),
        "duplicate",
        "the same bytes as 2/IMG_1132.JPG",
    ),
    "zz_pixels.png": (
        same_pixels,
        "duplicate",
        "the same pixels as 2/IMG_1132.JPG",
    ),
    "zz_other_class.jpg": (
        lambda path: twice(path, "../0/IMG_1130.JPG"),
        "duplicate",
        "the same bytes as 0/IMG_1130.JPG, of another class: look which is right",
    ),
    "notes.txt": (
        lambda path: path.write_text("notes"),
        "not an image",
        "by the ending of its name",
    ),
    "pipe.jpg": (os.mkfifo, "not an image", "no regular file"),
    "deeper.jpg": (Path.mkdir, "not an image", "a folder"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_told_by_name_and_left_out(photos: Path, name: str) -> None:
    make, kind, reason = BAD[name]
    make(photos / "2" / name)
    result = call("--from", photos)
    assert result.exit_code == 0, result.output
    assert "Files: 19. Photographs used: 18. Left out: 1." in result.output
    assert f"  {kind}: 1\n    2/{name}: {reason}\n" in result.output


def forbid(path: Path) -> None:
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("root may read everything")


def test_file_without_permission_is_left_out(photos: Path) -> None:
    forbid(photos / "2" / "IMG_1132.JPG")
    assert "2/IMG_1132.JPG: no permission" in call("--from", photos).output


def test_folder_without_permission_is_one_line(photos: Path) -> None:
    forbid(photos / "2")
    try:
        assert "a folder that you may read" in refusal("--from", photos)
    finally:
        (photos / "2").chmod(0o755)


def test_name_that_is_no_text_is_still_one_line(photos: Path) -> None:
    name = os.fsdecode(b"\xff\x1b[2J\n.jpg")
    (photos / "2" / name).write_bytes(b"no picture")
    result = call("--from", photos)
    assert result.exit_code == 0
    assert "    2/\ufffd\ufffd[2J\ufffd.jpg: not JPEG" in result.output


def test_damage_of_any_kind_never_ends_the_import(photos: Path) -> None:
    whole = (photos / "2" / "IMG_1132.JPG").read_bytes()
    rng = np.random.default_rng(0)
    for number in range(60):
        damaged = bytearray(whole)
        for at in rng.integers(2, len(whole), 8):
            damaged[at] = rng.integers(256)
        (photos / "2" / f"damaged{number}.jpg").write_bytes(damaged)
    assert call("--from", photos).exit_code == 0


def test_pictures_are_turned_as_the_camera_was_held(photos: Path) -> None:
    exif_rotated(photos / "2" / "IMG_1152.JPG")
    found = import_photos(folder_files(photos), photos)
    turned = np.asarray(picture(9).resize((64, 64)).rotate(-90), int)
    assert min(np.abs(x - turned).mean() for x in found.train.x) < 8


@pytest.mark.parametrize("ending", ["png", "webp", "tif", "bmp", "jpeg", "JPG"])
def test_formats_that_are_read(photos: Path, ending: str) -> None:
    picture(9).save(photos / "2" / f"other.{ending}")
    assert "Photographs used: 19." in call("--from", photos).output


def test_linked_files_are_read(places: Path, photos: Path) -> None:
    (places / "links").mkdir()
    for label in range(6):
        (places / "links" / str(label)).symlink_to(photos / str(label))
    assert "Photographs used: 18." in call("--from", places / "links").output


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda folder: folder / "nowhere", "found nothing there. Check the name"),
        (lambda folder: folder / "0", "found none of them. Name the folder that"),
        (lambda folder: folder / "0" / "IMG_1130.JPG", "found a file. Check"),
    ],
)
def test_folder_that_is_not_one(
    photos: Path, spoil: Callable[[Path], Path], found: str
) -> None:
    assert found in refusal("--from", spoil(photos))


def test_archive_instead_of_a_folder(places: Path) -> None:
    (places / "archive.zip").touch()
    assert "found a file. Unpack it" in refusal("--from", places / "archive.zip")


def test_missing_class(photos: Path) -> None:
    (photos / "4").rename(photos / "four")
    assert "found only 0, 1, 2, 3, 5. Add 4" in refusal("--from", photos)


def test_empty_class(photos: Path) -> None:
    for path in (photos / "4").iterdir():
        path.unlink()
    assert "class 4: expected at least one photograph for training" in refusal(
        "--from", photos
    )


def test_class_without_a_usable_photograph(places: Path, photos: Path) -> None:
    call("--from", photos)
    for path in (photos / "4").iterdir():
        picture(7).convert("L").save(path)
    message = refusal("--from", photos)
    assert "found 0 that can be used" in message
    assert "left out: 3 not RGB, first 4/IMG_1134.JPG" in message
    read_pair(places / "sets" / "photos")


def test_class_without_a_person_for_testing(photos: Path) -> None:
    (photos / "4" / "IMG_1194.JPG").unlink()
    assert "found 2 that can be used, none for testing" in refusal("--from", photos)


def test_two_collections_in_one_folder(places: Path) -> None:
    for name in ("train", "test"):
        make_photos(places / "both" / name)
    assert "expected one place" in refusal("--from", places / "both")


def test_names_without_numbers_are_told(places: Path) -> None:
    for label in range(6):
        (places / "own" / str(label)).mkdir(parents=True)
        for number in range(40):
            path = places / "own" / str(label) / f"hand {number}.png"
            picture(100 * label + number).save(path)
    result = call("--from", places / "own")
    assert result.exit_code == 0, result.output
    assert "240 names have no number" in result.output
    assert "a person can be in both parts" in result.output
    assert re.search(r"test( +[1-9]\d*){6}\n", result.output)


def test_to_a_folder_where_no_lesson_looks(places: Path, photos: Path) -> None:
    result = call("--from", photos, "--to", places / "elsewhere")
    assert result.exit_code == 0
    read_pair(places / "elsewhere")
    assert "Run from here, the lessons use hands drawn by the course" in result.output


def test_without_a_variable_it_is_the_nearest_datasets(
    places: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESNET_COURSE_DATASETS")
    (places / "datasets").mkdir()
    (places / "lesson").mkdir()
    monkeypatch.chdir(places / "lesson")
    assert call("--from", photos).exit_code == 0
    read_pair(places / "datasets" / "photos")


def test_without_any_datasets_one_is_made_here(
    places: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESNET_COURSE_DATASETS")
    assert call("--from", photos).exit_code == 0
    read_pair(places / "datasets" / "photos")


def test_the_part_does_not_depend_on_what_else_is_there(
    places: Path, photos: Path
) -> None:
    whole = import_photos(folder_files(photos), photos)
    more = make_photos(places / "more", (*PEOPLE, 1160, 1200, 5000))
    both = import_photos(folder_files(more), more)
    for one, other in ((whole.train, both.train), (whole.test, both.test)):
        there = {each.tobytes() for each in other.x}
        assert all(each.tobytes() in there for each in one.x)


@pytest.mark.parametrize(
    ("number", "for_testing"),
    [(1179, False), (1180, True), (1209, True), (1210, False), (1430, True)],
)
def test_thirty_of_each_250_numbers_are_for_testing(
    number: int, for_testing: bool
) -> None:
    for label in range(6):
        assert is_for_testing(f"IMG_{number + label}.JPG", label) is for_testing
