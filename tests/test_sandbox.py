"""What student code sees, reads, writes and reaches in the sandbox, from inside."""

import os
import socket
import sys
import tempfile
import time
from pathlib import Path

import pytest
from traitlets.config import Config

from grader.nbgrader.kernels.kernel import Kernel
from grader.sandbox.environment import environment
from grader.sandbox.manager import SandboxManager
from grader.sandbox.probe import probe
from grader.sandbox.view import STARTERS
from tests.warmth import manager_of

ROOT = Path(__file__).resolve().parents[1]
MIME_TYPE = "application/x-test+json"
CANARY = "canary-5b0c6e"
PRIVATE = ("judge", "lessons", "report", "nbgrader", "cli", "demo", "release")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(probe().problem), reason=f"no sandbox: {probe().problem}"),
]


def ask(kernel, body):
    """Runs the body of a function inside and returns what it returns."""
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    code = (
        f"def _answer():\n{lines}\n"
        "from IPython.display import display\n"
        f"display({{{MIME_TYPE!r}: [_answer()]}}, raw=True)"
    )
    outcome = kernel.run(code, 60, MIME_TYPE)
    assert outcome.status == "ok", outcome
    return outcome.displays[0][0]


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lesson")
    (folder / "helper.py").write_text("x = 1\n")
    return folder


@pytest.fixture(scope="module", params=["cold", "warm"])
def manager(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_COURSE_SECRET", CANARY)
        patch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)
        patch.setenv("TZ", "UTC")
        with manager_of(request.param) as made:
            yield made


@pytest.fixture(scope="module")
def kernel(lesson, manager):
    with Kernel("python3", lesson, Config(), manager_class=manager) as kernel:
        yield kernel


def test_the_places_are_those_of_the_list(kernel):
    seen = ask(kernel, "import os; return sorted(os.listdir('/'))")
    own = {"dev", "etc", "lesson", "opt", "proc", "run", "scratch", "tmp", "usr"}
    links = {"bin", "sbin", "lib", "lib32", "lib64", "libx32"}
    python = {Path(p).parts[1] for p in (sys.prefix, sys.base_prefix, sys.executable)}
    assert own <= set(seen) <= own | links | python


def test_every_file_is_of_the_system_python_or_the_capture_half(kernel):
    """Walks all that can be reached, and compares with an allow-list of places."""
    folders = ask(
        kernel,
        """
import os
found = set()
for top, names, files in os.walk("/"):
    if top in ("/proc", "/usr"):
        names[:] = []
        continue
    if files:
        found.add(top)
return sorted(found)
""",
    )
    python = {
        str(Path(prefix, part))
        for prefix in {sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix)}
        for part in ("bin", "etc", "include", "lib", "lib64", "share")
    }
    prefixes = {
        "/dev",
        "/etc",
        "/lesson",
        "/opt/course/datasets",
        "/opt/course/grader/capture",
        "/scratch",
        "/tmp",
        *python,
    }
    course = "/opt/course"
    exact = {"/", course, f"{course}/grader", f"{course}/start", "/run", "/run/kernel"}
    exact |= {sys.prefix, str(Path(sys.executable).parent)}
    strange = [
        folder
        for folder in folders
        if folder not in exact
        and not any(Path(folder).is_relative_to(prefix) for prefix in prefixes)
    ]
    assert strange == []


def test_no_private_file_is_there_under_any_name(kernel):
    """By content: judge, checks, expected values, solutions, tests, the commands."""
    import hashlib

    folders = [ROOT / "grader" / name for name in PRIVATE]
    folders += [ROOT / "solutions", ROOT / "tests", ROOT / "grader" / "sandbox"]
    sizes, digests = set(), {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.suffix in {".py", ".json", ".csv", ".ipynb"} and path.is_file():
                content = path.read_bytes()
                # such as an empty __init__.py; a lesson's helpers are given to all
                given = {"resnets_utils.py", *STARTERS}
                if len(content) > 200 and path.name not in given:
                    sizes.add(len(content))
                    digests[hashlib.sha256(content).hexdigest()] = path.name
    assert len(digests) > 50
    found = ask(
        kernel,
        f"""
import hashlib, os
sizes, digests = set({sorted(sizes)}), {digests}
found = []
for top, names, files in os.walk("/"):
    if top == "/proc":
        names[:] = []
        continue
    for name in files:
        path = os.path.join(top, name)
        try:
            if os.path.isfile(path) and os.path.getsize(path) in sizes:
                digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
                if digest in digests:
                    found.append((path, digests[digest]))
        except OSError:
            pass
return found
""",
    )
    assert found == []


@pytest.mark.parametrize(
    "path",
    [
        ROOT / "grader",
        ROOT / "solutions",
        ROOT / "tests",
        ROOT / "course",
        ROOT / ".git",
        ROOT / "nbgrader_config.py",
        Path.home() / ".bash_history",
        Path("/home"),
        Path("/var"),
        Path("/etc/shadow"),
        Path("/run/kernel/../../opt/course/datasets/resnet_data/training/__init__.py"),
    ],
)
def test_a_private_place_is_not_there(kernel, path):
    assert not ask(kernel, f"import os; return os.path.exists({str(path)!r})")


def test_only_the_capture_half_can_be_imported(kernel):
    body = """
import importlib
import grader.capture, helper, resnet_data
missing = []
for name in ("judge", "lessons", "report", "nbgrader", "sandbox", "cli", "demo"):
    try:
        importlib.import_module("grader." + name)
    except ModuleNotFoundError:
        missing.append(name)
return [missing, grader.__file__, helper.__file__]
"""
    missing, package, helper = ask(kernel, body)
    assert len(missing) == 7
    assert package == "/opt/course/grader/__init__.py"
    assert helper == "/scratch/helper.py"


def test_the_environment_is_the_allow_list(kernel):
    """As the kernel's process was given it; libraries add to it later."""
    text = ask(kernel, "return open('/proc/self/environ').read()")
    seen = dict(entry.split("=", 1) for entry in text.strip("\0").split("\0"))
    # bubblewrap's own, from --chdir
    assert seen.pop("PWD", "/scratch") == "/scratch"
    assert seen == environment(os.environ | {"TZ": "UTC"})
    assert CANARY not in ask(kernel, "import os; return repr(dict(os.environ))")


def test_no_process_of_the_host_is_seen_and_no_environment(kernel):
    body = """
import os
pids = [p for p in os.listdir("/proc") if p.isdigit()]
texts = []
for pid in pids:
    try:
        texts.append(open(f"/proc/{pid}/environ").read())
    except OSError:
        pass
return [len(pids), "".join(texts)]
"""
    number, texts = ask(kernel, body)
    assert number <= 4
    assert CANARY not in texts


def test_no_network_of_the_host(kernel, tmp_path):
    path = str(tmp_path / "s")
    abstract = f"\0grader-test-{os.getpid()}"
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as named,
        socket.socket(socket.AF_UNIX) as hidden,
    ):
        named.bind(path)
        hidden.bind(abstract)
        for each in (named, hidden):
            each.listen()
        port = tcp.getsockname()[1]
        failed = ask(
            kernel,
            f"""
import socket
failed = []
for family, place in [
    (socket.AF_INET, ("127.0.0.1", {port})),
    (socket.AF_INET, ("192.0.2.1", 80)),
    (socket.AF_UNIX, {path!r}),
    (socket.AF_UNIX, {abstract!r}),
]:
    try:
        with socket.socket(family) as s:
            s.settimeout(2)
            s.connect(place)
    except OSError as error:
        failed.append(type(error).__name__)
for family in (socket.AF_VSOCK, socket.AF_PACKET, socket.AF_ALG):
    try:
        socket.socket(family, socket.SOCK_RAW).close()
    except OSError:
        failed.append("family")
return failed
""",
        )
    assert len(failed) == 7, failed


def test_nothing_can_be_written_but_the_own_folders(kernel):
    places = ask(
        kernel,
        """
import os, stat
written = []
for top, names, files in os.walk("/"):
    if top in ("/proc", "/usr/share", "/usr/lib"):
        names[:] = []
        continue
    if os.path.ismount(top) or top.count("/") < 4:
        try:
            path = os.path.join(top, "probe-of-writing")
            open(path, "w").close()
            written.append(top)
            os.remove(path)
        except OSError:
            pass
return written
""",
    )
    own = ("/scratch", "/tmp", "/dev/shm")
    assert {"/scratch", "/tmp", "/dev/shm"} <= set(places)
    assert [p for p in places if not p.startswith(own)] == []


def test_settings_of_the_system_are_read_only(kernel):
    body = """
import os
written = []
for path in ("sys/kernel/hostname", "sysrq-trigger", "1/oom_score_adj"):
    try:
        os.write(os.open("/proc/" + path, os.O_WRONLY), b"-1000")
        written.append(path)
    except OSError:
        pass
return written
"""
    assert ask(kernel, body) == []


def test_no_rights(kernel):
    status = ask(kernel, "return open('/proc/self/status').read()")
    found = dict(line.split(":", 1) for line in status.splitlines())
    assert found["Uid"].split() == found["Gid"].split() == ["1000"] * 4
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(found[name], 16) == 0, name
    assert found["NoNewPrivs"].strip() == "1"
    assert found["Seccomp"].strip() == "2"


def test_no_open_file_leads_outside(kernel):
    links = ask(
        kernel,
        "import os\nreturn [os.readlink(f'/proc/self/fd/{n}') for n in range(64)"
        " if os.path.lexists(f'/proc/self/fd/{n}')]",
    )
    inside = ("pipe:", "socket:", "anon_inode:", "/dev/", "/scratch", "/proc/")
    assert [link for link in links if not link.startswith(inside)] == []


def test_calls_that_the_limits_do_not_see_are_refused(kernel):
    body = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
refused = []
for name, act in {
    "memfd": lambda: libc.memfd_create(b"x", 0),
    "shmget": lambda: libc.shmget(0, 4096, 0o1600),
    "ptrace": lambda: libc.ptrace(16, 1, 0, 0),
    "userns": lambda: libc.unshare(0x10000000),
    "clone": lambda: libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0),
}.items():
    if act() == -1:
        refused.append(name)
return refused
"""
    refused = ask(kernel, body)
    if os.uname().machine != "x86_64":
        refused.append("clone")
    assert refused == ["memfd", "shmget", "ptrace", "userns", "clone"]


def test_the_parent_cannot_be_signalled(kernel):
    body = f"""
import os
try:
    os.kill({os.getpid()}, 0)
except ProcessLookupError:
    return "not there"
"""
    assert ask(kernel, body) == "not there"


def test_an_endless_loop_is_interrupted_and_names_stay(kernel):
    kernel.run("kept = 1", 30)
    assert kernel.run("while True: pass", 0.5).status == "timeout"
    assert ask(kernel, "return kept") == 1


@pytest.mark.parametrize(
    "how",
    [
        "subprocess.Popen(['setsid', 'sleep', '98765'])",
        "subprocess.Popen(['nohup', 'sleep', '98765'])",
        "os.fork() or (os.setsid(), os.fork() and os._exit(0), "
        "os.execvp('sleep', ['sleep', '98765']))",
    ],
)
def test_what_was_started_is_gone_at_the_end(lesson, how, manager):
    with Kernel("python3", lesson, Config(), manager_class=manager) as kernel:
        kernel.run(f"import os, signal, subprocess\n{how}", 30)
        kernel.run("import time; time.sleep(0.3)", 30)
        assert sleepers(), "nothing was started"
    assert sleepers() == []


def sleepers():
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"98765" in path.read_bytes().split(b"\0"):
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def test_the_folders_are_gone_at_the_end(lesson, monkeypatch):
    # Short, for the socket's path; of its own, for other tests make folders meanwhile.
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        Path(place).chmod(0o755)
        monkeypatch.setattr("tempfile.tempdir", place)
        with Kernel("python3", lesson, Config(), manager_class=SandboxManager):
            assert list(Path(place).glob("grader-*"))
        assert not list(Path(place).glob("grader-*"))


def test_it_starts_and_stops_at_once(lesson):
    start = time.monotonic()
    with Kernel("python3", lesson, Config(), manager_class=SandboxManager):
        pass
    assert time.monotonic() - start < 20
