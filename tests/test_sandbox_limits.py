"""Each limit of the sandbox bites, and the grading process stays as it was."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from traitlets.config import Config

from grader.nbgrader.faults import MachineFault
from grader.nbgrader.kernels.kernel import Kernel
from grader.sandbox.manager import SandboxManager
from grader.sandbox.probe import NoSandbox, probe
from tests.warmth import manager_of

MEBI = 2**20

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(probe().problem), reason=f"no sandbox: {probe().problem}"),
]


@pytest.fixture(scope="module", params=["cold", "warm"])
def manager(request):
    with manager_of(request.param) as made:
        yield made


@pytest.fixture
def start(tmp_path, manager):
    """Starts a sandboxed kernel with some limits; it ends with the test."""
    opened = []

    def opener(output_limit=64_000_000, **limits):
        config = Config({"BubblewrapProvisioner": limits})
        kernel = Kernel("python3", tmp_path, config, output_limit, manager)
        opened.append(kernel)
        return kernel.__enter__()

    yield opener
    for kernel in opened:
        kernel.__exit__()


def test_memory_of_one_process(start):
    outcome = start(data=2**30).run("x = bytearray(2**30)", 30)
    assert (outcome.status, outcome.message[:11]) == ("error", "MemoryError")


def test_memory_of_all_processes(start):
    code = """
import os, time
for _ in range(8):
    if not os.fork():
        x = bytearray(os.urandom(1)) * (64 * 2**20)
        time.sleep(60)
time.sleep(60)
"""
    outcome = start(memory=256 * MEBI).run(code, 60)
    assert outcome.status == "died"
    assert outcome.message == "it used more than 0.25 GB of memory"


def test_shared_pages_count_once(start):
    code = """
import os, time
x = bytearray(os.urandom(1)) * (100 * 2**20)
pids = []
for _ in range(8):
    pid = os.fork()
    if not pid:
        sum(x[::4096])
        time.sleep(1)
        os._exit(0)
    pids.append(pid)
for pid in pids:
    os.waitpid(pid, 0)
"""
    assert start(memory=400 * MEBI).run(code, 60).status == "ok"


def test_a_fork_bomb_stops_at_the_limit(start):
    code = """
import os, time
for _ in range(100000):
    if not os.fork():
        time.sleep(60)
        os._exit(0)
"""
    outcome = start(processes=100).run(code, 30)
    assert outcome.status == "error"
    assert "BlockingIOError" in outcome.message


def test_one_file(start):
    code = "open('big', 'wb').write(bytes(2 * 2**20))"
    outcome = start(file_size=MEBI).run(code, 30)
    assert "OSError: [Errno 27]" in outcome.message


@pytest.mark.parametrize("folder", ["/scratch", "/tmp", "/dev/shm"])
def test_a_folder(start, folder):
    code = f"""
for n in range(100):
    open(f'{folder}/{{n}}', 'wb').write(bytes(2**20))
"""
    outcome = start(scratch=8 * MEBI, temporary=8 * MEBI).run(code, 30)
    assert "No space left on device" in outcome.message


def test_files_without_number(start):
    code = """
n = 0
while True:
    open(f'/tmp/{n}', 'w').close()
    n += 1
"""
    outcome = start(files=1000).run(code, 60)
    assert (outcome.status, outcome.message) == ("died", "it made more than 1000 files")


def test_memory_that_processes_let_go_of_but_keep(start):
    code = """
import mmap, time
kept = []
for _ in range(20):
    shared = mmap.mmap(-1, 2**25)
    shared.write(b"x" * 2**25)
    shared.madvise(mmap.MADV_DONTNEED)
    kept.append(shared)
time.sleep(20)
"""
    outcome = start(memory=512 * MEBI).run(code, 30)
    assert outcome.message == "it used more than 0.5 GB of memory"


def test_memory_in_too_many_pieces(start):
    """Each piece is the kernel's memory, and makes a look at the process longer."""
    code = """
import ctypes, mmap, os, time
protect = ctypes.CDLL(None).mprotect
for _ in range(8):
    if not os.fork():
        # private: shared memory would count as its whole size, whatever is used
        held = mmap.mmap(-1, 2**29, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        place = ctypes.addressof(ctypes.c_char.from_buffer(held))
        for page in range(0, 2**29, 2 * mmap.PAGESIZE):
            protect(ctypes.c_void_p(place + page), ctypes.c_size_t(mmap.PAGESIZE), 1)
        time.sleep(100)
time.sleep(100)
"""
    outcome = start().run(code, 60)
    assert outcome.message == "it cut its memory into more than 200000 pieces"


def test_open_files_of_all_processes(start):
    code = """
import os, time
for _ in range(4):
    if not os.fork():
        kept = [os.pipe() for _ in range(200)]
        time.sleep(20)
time.sleep(20)
"""
    outcome = start(opened=500).run(code, 30)
    assert outcome.message == "it opened more than 500 files"


def test_what_waits_in_a_socket_is_little(start):
    code = "import socket\nsocket.socketpair()[0].setsockopt(1, 7, 2**22)"
    assert "PermissionError" in start().run(code, 30).message


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_the_folder_of_the_channels_stays_open(start):
    code = "import os, time\nos.chmod('/run/kernel', 0)\ntime.sleep(20)"
    outcome = start().run(code, 30)
    assert outcome.message == "it wrote where only its channels belong"


def test_a_message_that_is_too_long_is_told_at_once(start):
    started = time.monotonic()
    outcome = start().run("print('x' * 30_000_000)\nimport time\ntime.sleep(30)", 60)
    assert outcome.status == "flood"
    assert outcome.message == "it wrote too much at once, or closed its channel"
    assert time.monotonic() - started < 30


def test_a_kernel_that_never_answers_is_a_fault_of_the_machine(start, monkeypatch):
    monkeypatch.setattr(Kernel, "start_limit", -1.0)
    with pytest.raises(MachineFault, match="no kernel came up"):
        start()


def test_a_sandbox_that_never_comes_up_is_a_fault_of_the_machine(
    tmp_path, monkeypatch, tmp_path_factory
):
    known = probe()
    programs = tmp_path_factory.mktemp("bin")
    (programs / "bwrap").write_text("#!/bin/sh\nexec sleep 1000\n")
    (programs / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setattr("grader.sandbox.pipes.UP_LIMIT", 0.5)
    monkeypatch.setattr("grader.sandbox.provisioner.probe", lambda: known)
    kernel = Kernel("python3", tmp_path, Config(), manager_class=SandboxManager)
    with pytest.raises(NoSandbox, match="did not start"), kernel:
        pass


def test_more_files_than_there_may_be_are_not(start, tmp_path):
    for number in range(300):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(MachineFault, match="it made more than 100 files"):
        start(files=100, watch_every=0.01)


def test_open_files(start):
    code = """
import os
kept, reason = [], ""
try:
    for _ in range(1000):
        kept.append(os.open("/dev/null", 0))
except OSError as error:
    reason = error.strerror
for number in kept:
    os.close(number)
raise ValueError(reason)
"""
    outcome = start(open_files=256).run(code, 30)
    assert outcome.message == "ValueError: Too many open files"


def test_no_core_and_no_limit_is_raised(start):
    code = """
import resource
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
for name in ("AS", "DATA", "FSIZE", "NOFILE", "NPROC"):
    which = getattr(resource, "RLIMIT_" + name)
    now = resource.getrlimit(which)
    assert now[0] == now[1] != resource.RLIM_INFINITY, name
    try:
        resource.setrlimit(which, (now[0] + 1, now[1] + 1))
    except ValueError:
        continue
    raise AssertionError(name)
"""
    assert start().run(code, 30).status == "ok"


def test_the_folder_of_the_channels_takes_no_file(start):
    kernel = start()
    outcome = kernel.run("open('/run/kernel/x', 'w').write('x')", 30)
    if outcome.status == "ok":
        # A kernel without Landlock: the watch sees it instead.
        outcome = kernel.run("import time; time.sleep(10)", 30)
        assert outcome.message == "it wrote where only its channels belong"
    else:
        assert "PermissionError" in outcome.message


def test_sockets_without_number(start):
    code = """
import socket, time
kept = []
for n in range(100):
    s = socket.socket(socket.AF_UNIX)
    s.bind(f'/run/kernel/{n}')
    kept.append(s)
time.sleep(20)
"""
    outcome = start().run(code, 30)
    assert outcome.message == "it wrote where only its channels belong"


# what is received does not depend on how the kernel came up
@pytest.mark.parametrize("manager", ["warm"], indirect=True)
@pytest.mark.parametrize(
    "code",
    [
        "print('x' * 10**9)",
        "while True: print('x' * 10**6)",
        "from IPython.display import display\n"
        "while True: display({'text/plain': 'x' * 30_000_000}, raw=True)",
        # past IPython: straight into the channel, as fast as it goes
        "s = get_ipython().kernel.iopub_socket\n"
        "while True: s.send_multipart([b'x' * 30_000_000] * 2)",
        # one message of many parts, each of which is short enough
        "s = get_ipython().kernel.iopub_thread.socket\n"
        "part = b'x' * 15_000_000\n"
        "while True: s.send(part, 2, copy=False)",
        # what is little to send and much to hold
        "session = get_ipython().kernel.session\n"
        "pack, long = session.pack, b'[' + b'[],' * 4_000_000 + b'[]]'\n"
        "session.pack = lambda value: pack(value).replace(b'\"LONG\"', long)\n"
        "while True: session.send(get_ipython().kernel.iopub_socket, 'display_data',\n"
        "    {'data': {'': 'LONG'}}, parent=get_ipython().kernel.get_parent())",
    ],
)
def test_a_gigabyte_of_output_does_not_fill_the_grader(start, code):
    kernel = start()
    with Peak() as peak:
        kernel.run(code, 8)
    assert peak.bytes < 1000 * MEBI, peak.bytes / MEBI


class Peak:
    """How much this process grew in a block."""

    def __enter__(self):
        self.bytes = 0
        self._start = resident()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *exc_info):
        self._end.set()
        self._thread.join()

    def _look(self):
        while not self._end.wait(0.02):
            self.bytes = max(self.bytes, resident() - self._start)


def resident():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def test_a_loop_that_ignores_interrupts_is_killed(start, monkeypatch):
    monkeypatch.setattr(Kernel, "grace", 1.0)
    code = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
    outcome = start().run(f"{code}\nwhile True: pass", 0.5)
    assert (outcome.status, outcome.lost) == ("died", True)


def test_a_kernel_whose_grader_is_killed_goes_with_it(tmp_path):
    """Nothing of a submission outlives the process that started it."""
    script = f"""
import time
from pathlib import Path
from traitlets.config import Config
from grader.nbgrader.kernels.kernel import Kernel
from grader.sandbox.manager import SandboxManager
with Kernel("python3", Path({str(tmp_path)!r}), Config(),
            manager_class=SandboxManager) as k:
    k.run("import subprocess; subprocess.Popen(['setsid', 'sleep', '98766'])", 30)
    print("up", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "up\n"
        os.kill(process.pid, signal.SIGKILL)
    end = time.monotonic() + 5
    while running() and time.monotonic() < end:
        time.sleep(0.05)
    assert not running()


def running():
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"98766" in path.read_bytes().split(b"\0"):
                return True
        except OSError:
            continue
    return False
