"""Both files of a source are replaced together, whatever happens meanwhile."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import resnet_data.importer.pair as pair
from grader.cli.data import command
from resnet_data import DatasetError
from resnet_data._layout import Images, file_name, read_pair, write_file
from resnet_data.importer.pair import recover, replace_pair

pytestmark = pytest.mark.slow

OLD, NEW = 1, 2


def make_images(value: int, count: int = 12) -> Images:
    x = np.full((count, 64, 64, 3), value, dtype=np.uint8)
    return Images(x, np.arange(count) % 6, np.arange(6))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "datasets" / "photos"
    replace_pair(place, make_images(OLD), make_images(OLD))
    (place / "notes.txt").write_text("mine")
    return place


def value_of(folder: Path) -> int:
    """Which pair it is; both files are read and must be of one pair."""
    values = {int(value) for images in read_pair(folder) for value in images.x.flat}
    assert len(values) == 1
    return values.pop()


def assert_only_the_folder(folder: Path) -> None:
    assert [each.name for each in folder.parent.iterdir()] == [folder.name]
    names = sorted(each.name for each in folder.iterdir())
    assert names == ["notes.txt", "test_signs.h5", "train_signs.h5"]


def test_replaces_both_and_keeps_the_rest(folder: Path) -> None:
    replace_pair(folder, make_images(NEW), make_images(NEW))
    assert value_of(folder) == NEW
    assert_only_the_folder(folder)


def test_files_are_as_readable_as_the_folder(folder: Path) -> None:
    mode = folder.stat().st_mode & 0o666
    for part in ("train", "test"):
        assert (folder / file_name(part)).stat().st_mode & 0o777 == mode


def test_link_to_a_folder_stays_a_link(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    replace_pair(link, make_images(NEW), make_images(NEW))
    assert link.is_symlink()
    assert value_of(folder) == NEW


# The child kills itself at the given call, as a power cut would.
CHILD = """
import os, pathlib, signal, sys
import resnet_data.importer.pair as pair
from resnet_data._layout import Images
import numpy as np

folder, where, count = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
owner = pair if where == "_write" else pathlib.Path
real = getattr(owner, where)

def killing(*arguments, **options):
    global count
    if count == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    if owner is pair or "photos" in str(arguments[0]):
        count -= 1
    return real(*arguments, **options)

setattr(owner, where, killing)
x = np.full((12, 64, 64, 3), 2, dtype=np.uint8)
images = Images(x, np.arange(12) % 6, np.arange(6))
pair.replace_pair(folder, images, images)
"""


@pytest.mark.parametrize(
    ("where", "count", "expected"),
    [
        ("_write", 0, OLD),  # before the first file
        ("_write", 1, OLD),  # between the two files
        ("rename", 0, OLD),  # both written
        ("rename", 1, OLD),  # the old folder is aside
        ("rename", 2, NEW),  # the new folder is in, the notes not yet
        ("unlink", 0, NEW),  # the old files not yet removed
        ("unlink", 1, NEW),  # one of the old files removed
        ("rmdir", 0, NEW),  # the old folder is empty
    ],
)
def test_killed_process_leaves_one_whole_pair(
    folder: Path, where: str, count: int, expected: int
) -> None:
    command = [sys.executable, "-c", CHILD, str(folder), where, str(count)]
    killed = subprocess.run(command, check=False, cwd=Path(__file__).parent.parent)
    assert killed.returncode == -signal.SIGKILL
    recover(folder)
    assert value_of(folder) == expected
    replace_pair(folder, make_images(3), make_images(3))
    assert value_of(folder) == 3
    assert_only_the_folder(folder)


def test_interrupt_between_the_two_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_then_interrupt(path: Path, part: str, images: Images) -> None:
        if part == "test":
            raise KeyboardInterrupt
        write_file(path, part, images)

    monkeypatch.setattr(pair, "write_file", write_then_interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_pair(folder, make_images(NEW), make_images(NEW))
    assert value_of(folder) == OLD
    assert_only_the_folder(folder)


@pytest.mark.parametrize("count", [0, 1])
def test_interrupt_in_the_swap(
    folder: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    real, left = Path.rename, [count]

    def rename(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == -1:
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        with pytest.raises(KeyboardInterrupt):
            replace_pair(folder, make_images(NEW), make_images(NEW))
    assert value_of(folder) == OLD
    assert_only_the_folder(folder)


def test_full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, part: str, images: Images) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(pair, "write_file", full)
    with pytest.raises(DatasetError, match="no space left on device"):
        replace_pair(folder, make_images(NEW), make_images(NEW))
    assert value_of(folder) == OLD
    assert_only_the_folder(folder)


LIMITED = """
import pathlib, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
from resnet_data import DatasetError
from resnet_data._layout import Images
from resnet_data.importer.pair import replace_pair
import numpy as np

x = np.full((12, 64, 64, 3), 2, dtype=np.uint8)
images = Images(x, np.arange(12) % 6, np.arange(6))
try:
    replace_pair(pathlib.Path(sys.argv[1]), images, images)
except DatasetError as error:
    print(error)
"""


def test_write_that_stops_half_way(folder: Path) -> None:
    command = [sys.executable, "-c", LIMITED, str(folder)]
    done = subprocess.run(
        command,
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=Path(__file__).parent.parent,
    )
    assert "What was there before is untouched" in done.stdout
    assert done.stdout.count("\n") == 1
    assert value_of(folder) == OLD
    assert_only_the_folder(folder)


def test_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatasetError, match="expected a folder that can be written"):
        replace_pair(tmp_path / "file" / "photos", make_images(NEW), make_images(NEW))
    with pytest.raises(DatasetError, match="not a directory"):
        replace_pair(tmp_path / "file", make_images(NEW), make_images(NEW))
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_recover_where_nothing_is_to_do(folder: Path, tmp_path: Path) -> None:
    recover(folder)
    recover(tmp_path / "nowhere" / "photos")
    assert_only_the_folder(folder)


def test_grader_data_puts_the_previous_pair_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_COURSE_DATASETS", str(folder.parent))
    folder.rename(folder.with_name(".photos.previous"))
    result = CliRunner().invoke(command)
    assert result.exit_code == 0
    assert "* photos" in result.output
    assert_only_the_folder(folder)
