"""The system's Chromium, servers for it, what axe-core finds, and pictures of pages."""

import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
#: it may run as root, and looks for nothing outside this machine
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
#: where pictures are kept, to be looked at
PICTURES = Path(__file__).parents[1] / "build" / "browser"
#: of a phone, in pixels
PHONE = 390


@contextmanager
def serving(
    kind: str, folder: Path, environment: Mapping[str, str], *options: str
) -> Iterator[str]:
    """Yields the address of a Jupyter server.

    Args:
        kind: "server" or "lab".
        folder: in which it is started.
        environment: of the server.
        options: further ones.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "jupyter"), kind, f"--port={port}"]
    command += ["--no-browser", "--ip=127.0.0.1", "--IdentityProvider.token="]
    command += ["--allow-root", *options]
    told = folder / "server.log"
    with told.open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=60).close()
                break
            except OSError:
                assert process.poll() is None, told.read_text()
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def lab_options():
    """What `make lab` says to JupyterLab."""
    made = subprocess.run(
        ["make", "-n", "-o", "lessons", "-o", "system", "lab"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    words = shlex.split(made.stdout.replace("\\\n", " "))
    return [word for word in words if word.startswith("--")]


def faults(page, within=None):
    """What axe-core finds: each rule, and the elements that break it.

    Args:
        page: of the browser.
        within: a selector, where the rest of the page is not ours.
    """
    found = Axe().run(page, context=within).response["violations"]
    return {
        each["id"]: [f"{n['html'][:200]} {n['failureSummary']}" for n in each["nodes"]]
        for each in found
    }


def overhang(page, within="html"):
    """By how many pixels what a page holds is wider than the window."""
    return page.locator(within).first.evaluate("e => e.scrollWidth - e.clientWidth")


def picture(page, name, **options):
    """Keeps a picture of a page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", **options)
