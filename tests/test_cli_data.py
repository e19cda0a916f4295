"""``grader data``: what it prints, what it writes, and one line when it cannot."""

import io
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from rich.console import Console

from grader.cli._bar import DrawingBar
from grader.cli.data import command
from resnet_data._layout import Images, file_name, write_file
from resnet_data.drawing.sets import Tell, checksum
from resnet_data.drawing.varieties import VARIETIES, Variety


def make_images(count: int) -> Images:
    x = np.full((count, 64, 64, 3), 90, dtype=np.uint8)
    return Images(x, np.arange(count) % 6, np.arange(6))


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    train, test = make_images(12), make_images(6)

    def draw(tell: Tell) -> tuple[Images, Images]:
        tell()
        return train, test

    for name, variety in VARIETIES.items():
        quick = Variety(variety.title, checksum(train, test), draw)
        monkeypatch.setitem(VARIETIES, name, quick)
    monkeypatch.setenv("RESNET_COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RESNET_COURSE_DATASETS", str(tmp_path))
    monkeypatch.setattr("resnet_data._sources.HOME", tmp_path / "p")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def assert_one_line_error(result: Result) -> None:
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


def test_list_names_sources_and_counts() -> None:
    result = call()
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[1].split()[0] == "signs"
    assert lines[2].split()[0] == "photos"
    assert lines[3].split()[:2] == ["*", "rendered"]
    assert lines[4].split()[:4] == ["studio", "in", "a", "studio,"]
    assert lines[5].split()[:2] == ["open", "in"]
    assert lines[-2].split() == ["training", *["2"] * 6]
    assert lines[-1].split() == ["test", *["1"] * 6]


def test_list_marks_the_source_in_use(places: Path) -> None:
    write_file(places / "signs" / file_name("train"), "train", make_images(6))
    write_file(places / "signs" / file_name("test"), "test", make_images(6))
    lines = call().output.splitlines()
    assert lines[1].split()[:2] == ["*", "signs"]
    assert str(places / "signs") in lines[1]


def test_bad_source_is_one_line(places: Path) -> None:
    (places / "signs").mkdir()
    (places / "signs" / "train_signs.h5").write_bytes(b"nothing")
    result = call()
    assert_one_line_error(result)
    assert "found no test_signs.h5" in result.stderr


def test_rendered_prints_the_folders() -> None:
    result = call("rendered")
    assert result.exit_code == 0
    folders = [Path(line) for line in result.output.splitlines()]
    assert [folder.name.split("-")[0] for folder in folders] == ["studio", "open"]
    assert all((folder / "train_signs.h5").is_file() for folder in folders)
    assert "when they are first used" not in call().output


def test_one_variety_is_drawn_alone(places: Path) -> None:
    result = call("rendered", "--variety", "open")
    assert result.exit_code == 0
    assert [folder.name[:5] for folder in (places / "cache").iterdir()] == ["open-"]
    lines = call().output.splitlines()
    assert lines[5].endswith(f"({result.output.strip()})")


def test_rendered_that_cannot_be_kept(places: Path) -> None:
    (places / "cache").write_text("in the way")
    result = call("rendered")
    assert_one_line_error(result)
    assert "could not be kept" in result.stderr


def test_montage_has_a_row_for_each_class() -> None:
    result = call("montage", "--out", "picture.png", "--each", "2")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "picture.png"
    with Image.open("picture.png") as picture:
        assert picture.size == (28 + 2 * 132 + 4, 6 * 132 + 4)
        assert picture.getpixel((100, 60)) == (90, 90, 90)


def test_montage_of_a_variety(places: Path) -> None:
    result = call("montage", "--variety", "open")
    assert result.exit_code == 0
    assert "in all kinds of places" in result.output
    assert [folder.name[:5] for folder in (places / "cache").iterdir()] == ["open-"]


def test_montage_of_a_variety_of_another_source() -> None:
    result = call("montage", "--variety", "open", "--source", "photos")
    assert result.exit_code == 2
    assert "only drawn hands have varieties" in result.stderr
    assert not Path("montage.png").exists()


def test_montage_of_a_source_that_is_not_there() -> None:
    assert_one_line_error(call("montage", "--source", "photos"))
    assert not Path("montage.png").exists()


@pytest.mark.parametrize("out", ["nowhere/picture.png", "picture.jpg"])
def test_montage_that_cannot_be_written(out: str) -> None:
    assert_one_line_error(call("montage", "--out", out))
    assert not Path(out).exists()


def test_bar_shows_what_is_drawn_and_nothing_else() -> None:
    text = io.StringIO()
    console = Console(file=text, force_terminal=True, width=80)
    with DrawingBar(console, 3):
        pass
    assert text.getvalue() == ""
    with DrawingBar(console, 3) as bar:
        for _ in range(3):
            bar.advance()
    assert "Drawing" in text.getvalue()
    assert "3/3" in text.getvalue()
