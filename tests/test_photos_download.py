"""``grader data photos`` from a web server, and what a bad one leads to."""

import hashlib
import io
import itertools
import socket
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

import resnet_data.importer.download as download
from grader.cli._bar import DownloadBar
from grader.cli.data import command
from resnet_data._layout import read_pair
from resnet_data.importer.people import is_for_testing

ROOT = "Sign-Language-Digits-Dataset-0123456"
PEOPLE = (1130, 1140, 1190)


def jpeg(number: int) -> bytes:
    pixels = np.random.default_rng(number).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).resize((100, 100)).save(file, "JPEG")
    return file.getvalue()


def photographs() -> dict[str, bytes]:
    return {
        f"{label}/IMG_{person + label}.JPG": jpeg(person + label)
        for label in range(6)
        for person in PEOPLE
    }


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{ROOT}/README.md", "about")
        archive.writestr(f"{ROOT}/Examples/example_0.JPG", jpeg(1))
        archive.writestr(f"{ROOT}/Dataset/7/IMG_1137.JPG", jpeg(2))
        for name, content in files.items():
            archive.writestr(f"{ROOT}/Dataset/{name}", content)
    return file.getvalue()


class Server(ThreadingHTTPServer):
    """Answers each request alike.

    Attributes:
        body: what it sends.
        status: its answer's number.
        missing: bytes that it promises and never sends.
        chunked: whether it says beforehand how much it will send.
        asked: how many requests there were.
    """

    body = b""
    status = 200
    missing = 0
    chunked = False
    asked = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/archive.zip"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked += 1
        self.close_connection = True
        self.send_response(self.server.status)
        body = self.server.body
        if self.server.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))
            if not self.server.missing:
                self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Content-Length", str(len(body) + self.server.missing))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        server.body = zipped(photographs())
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESNET_COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RESNET_COURSE_DATASETS", str(tmp_path / "sets"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    (tmp_path / "sets").mkdir()
    lines = [
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, content in photographs().items()
    ]
    (tmp_path / "photos.sha256").write_text("".join(lines))
    monkeypatch.setattr(download, "CHECKSUMS", tmp_path / "photos.sha256")
    return tmp_path


def call(url: str) -> Result:
    return CliRunner().invoke(command, ["photos", "--url", url])


def refusal(url: str) -> str:
    result = call(url)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def kept(places: Path) -> list[str]:
    return sorted(each.name for each in places.glob("cache/*"))


def test_fetches_checks_and_writes(places: Path, server: Server) -> None:
    result = call(server.url)
    assert result.exit_code == 0, result.output
    assert f"Fetching {server.url}" in result.output
    assert "All 18 checksums are right." in result.output
    assert "12 training and 6 test images" in result.output
    assert "Apache-2.0" in result.output
    train, test = read_pair(places / "sets" / "photos")
    assert np.bincount(train.y).tolist() == [2] * 6
    assert np.bincount(test.y).tolist() == [1] * 6


def test_second_run_asks_no_server(server: Server) -> None:
    call(server.url)
    result = call(server.url)
    assert result.exit_code == 0
    assert "The archive is here already" in result.output
    assert server.asked == 1


def test_mirror_can_be_set_for_all_runs(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_COURSE_PHOTOS_URL", server.url)
    assert CliRunner().invoke(command, ["photos"]).exit_code == 0


def test_server_that_does_not_say_how_much(server: Server) -> None:
    server.chunked = True
    assert call(server.url).exit_code == 0


def test_images_without_a_checksum_are_left_out(server: Server) -> None:
    server.body = zipped(photographs() | {"3/IMG_9999.JPG": jpeg(3)})
    result = call(server.url)
    assert result.exit_code == 0
    assert "Other images of 0 to 5 in the archive: 1, left out" in result.output
    assert "Files: 18." in result.output


def without(name: str) -> dict[str, bytes]:
    return {key: value for key, value in photographs().items() if key != name}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"body": zipped(photographs() | {"3/IMG_1143.JPG": jpeg(3)})},
            "found 1 with another checksum, the first 3/IMG_1143.JPG",
        ),
        (
            {"body": zipped(without("3/IMG_1143.JPG"))},
            "found 1 missing, the first 3/IMG_1143.JPG",
        ),
        ({"body": b"<html>Sign in</html>"}, "expected a whole zip archive"),
        ({"body": zipped(photographs())[:-900]}, "expected a whole zip archive"),
        ({"body": b""}, "expected a whole zip archive"),
        ({"status": 404}, "found the server's answer 404 Not Found"),
        ({"status": 503}, "found the server's answer 503 Service Unavailable"),
        ({"missing": 1000}, "found a connection that was cut before the end"),
        (
            {"missing": 1000, "chunked": True},
            "found a connection that was cut before the end",
        ),
    ],
)
def test_bad_server_changes_nothing(
    places: Path, server: Server, changes: dict[str, object], message: str
) -> None:
    assert call(server.url).exit_code == 0
    download.archive_path().unlink()
    files = sorted((places / "sets" / "photos").iterdir())
    before = [path.read_bytes() for path in files]
    whole = server.body
    for name, value in changes.items():
        setattr(server, name, value)
    said = refusal(server.url)
    assert message in said
    assert "--from" in said
    assert kept(places) == []
    assert sorted((places / "sets").rglob("*.*")) == files
    assert [path.read_bytes() for path in files] == before

    server.body, server.status, server.missing = whole, 200, 0
    assert call(server.url).exit_code == 0


def test_first_download_that_fails_leaves_nothing(places: Path, server: Server) -> None:
    server.missing = 1000
    refusal(server.url)
    assert list((places / "sets").iterdir()) == []


def test_server_that_is_not_there(places: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/archive.zip"
        assert "found a server that cannot be reached" in refusal(url)
    assert kept(places) == []


def test_server_that_never_answers(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "TIMEOUT", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/archive.zip"
        assert "found no answer within 0.2 seconds" in refusal(url)
    assert kept(places) == []


@pytest.mark.parametrize("url", ["archive.zip", "http://", "file:///archive.zip"])
def test_address_that_is_none(url: str) -> None:
    assert "found no address of a web server" in refusal(url)


def test_cache_that_cannot_be_written(
    places: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    (places / "file").touch()
    monkeypatch.setenv("RESNET_COURSE_CACHE", str(places / "file"))
    said = refusal(server.url)
    assert "expected room for the archive in the cache folder" in said
    assert "$RESNET_COURSE_CACHE" in said


def test_no_cache_folder(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "cache_folder", lambda: None)
    assert "Set $RESNET_COURSE_CACHE" in refusal(server.url)


class Spy:
    total = 0

    def __init__(self) -> None:
        self.seen: list[str] = []

    def update(self, count: int) -> None:
        self.seen.append("update")

    def reset(self) -> None:
        self.seen.append("reset")

    def close(self) -> None:
        self.seen.append("close")


def test_progress_is_told(server: Server) -> None:
    spy = Spy()
    download.fetch(server.url, spy)
    assert spy.total == len(server.body)
    assert spy.seen[0] == "update"
    assert spy.seen[-3:] == ["reset", "update", "close"]


def test_bar_counts_to_the_end() -> None:
    from rich.console import Console

    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    with DownloadBar(console) as bar:
        bar.total = 3_000
        bar.update(2**16)
        bar.reset()
        bar.update(3_000)
        bar.close()
    assert "3.0/3.0 kB" in console.file.getvalue()  # type: ignore[attr-defined]


def test_list_of_checksums(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    listed = download._checksums()
    assert len(listed) == len(set(listed.values())) == 1080
    assert all(len(digest) == 64 for digest in listed.values())
    labels = [int(name[0]) for name in listed]
    assert np.bincount(labels).tolist() == [180] * 6
    testing = [int(name[0]) for name in listed if is_for_testing(name, int(name[0]))]
    assert np.bincount(testing).tolist() == [23] * 6


def test_no_person_is_in_both_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    numbers = {
        int(name[6:10]) - int(name[0]): is_for_testing(name, int(name[0]))
        for name in download._checksums()
    }
    people = sorted(numbers)
    changes = [
        (one, other)
        for one, other in itertools.pairwise(people)
        if numbers[one] != numbers[other]
    ]
    assert len(changes) == 16
    # a repeated shot moves the numbers of one person by up to three
    assert min(other - one for one, other in changes) >= 9
