"""A PostgreSQL server of a test's own: in a folder, without a port."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

#: where Debian puts the server's programs, by version
DEBIAN = Path("/usr/lib/postgresql")
PASSWORD = "pa55word"
#: why a test is skipped
LACKING = "no PostgreSQL server here (Debian: apt install postgresql)"
#: seconds until it must answer
PATIENCE = 60
#: it is gone after the test: nothing has to reach a disk
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def programs():
    """The folder of the server's programs; None where there is no server."""
    found = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    here = shutil.which("initdb")
    return Path(here).parent if here else None


@contextlib.contextmanager
def server():
    """Starts a server, and yields its URL as SQLAlchemy has it.

    The server refuses to run as root: then it is that of the user `postgres`, or of
    `nobody`. Its folder is that user's alone, and so is its socket.
    """
    user = _user()
    own = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    own = own if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if own:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        make = [programs() / "initdb", "-D", data, "-U", "grader", "-A", "trust"]
        _run([*make, "-E", "UTF8", "--locale=C", "--no-sync"], folder, own)
        settings = [f"-c{each}" for each in (*QUICK, "listen_addresses=")]
        command = [programs() / "postgres", "-D", data, "-k", folder, *settings]
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, **own
            )
        try:
            _wait(folder, process)
            yield f"postgresql+psycopg://grader:{PASSWORD}@/postgres?host={folder}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


def _user():
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise LookupError("there is no user whom the server could be run by")


def _run(command, folder, own):
    subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, **own
    )


def _wait(folder, process):
    end = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(host=str(folder), user="grader", dbname="postgres").close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((folder / "log").read_text()) from None
            time.sleep(0.1)
        else:
            return
