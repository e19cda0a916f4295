"""Processes that die, hang, flood, multiply, or act when grading is over."""

import json

from nbformat.v4 import new_code_cell

from tests.attacks.attack import SANDBOX, Attack, Scene

NOTEBOOK = "residual_networks.ipynb"
OTHERS = ("convolutional_block",)


def _runs(body: str, *solved: str, setup: str = ""):
    def build(scene: Scene):
        return scene.attacking(scene.filled(body) + "return X\n", *solved, setup=setup)

    return build


def _own_cells(scene: Scene):
    notebook = scene.solved()
    own = (
        "model = ResNet50()\nmodel.compile('adam', 'mse')\n"
        "model.fit(np.zeros((512, 64, 64, 3)), np.zeros((512, 6)), epochs=20)",
        "!pip install a-package-that-is-not-there",
        "name = input('Your name: ')",
        "%matplotlib inline\nplt.plot(range(10**6))\nplt.show()",
        "import urllib.request\nurllib.request.urlopen('http://example.org')",
        "while True: pass",
    )
    for source in own:
        notebook.cells.append(new_code_cell(source))
        notebook.cells.insert(5, new_code_cell(source))
    return notebook


def _read_at_start(scene: Scene):
    """Files that Python, IPython or Jupyter might read as a kernel starts."""
    names = (
        "ipython_config.py",
        "ipython_kernel_config.py",
        "jupyter_config.py",
        "sitecustomize.py",
        "usercustomize.py",
        "ipykernel/__init__.py",
        "zmq/__init__.py",
        ".ipython/profile_default/startup/00.py",
        ".ipython/profile_default/ipython_config.py",
    )
    end = dict.fromkeys(names, b"import os\nos._exit(1)\n")
    return {NOTEBOOK: json.dumps(scene.solved()).encode(), **end}


#: a process of its own session, with an argument that tells it
DETACHED = """
import os, subprocess, sys
act = '''
import os, pathlib, sqlite3, sys, time
os.setsid() if os.getsid(0) != os.getpid() else None
for _ in range(600):
    time.sleep(0.5)
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "<HOME>", "<ROOT>/course"):
        try:
            pathlib.Path(folder, "pwned-" + "<NEKOT>"[::-1]).write_text("later")
        except OSError:
            pass
    try:
        database = sqlite3.connect("<ROOT>/course/gradebook.db", timeout=1)
        database.execute("update grade set manual_score = 1")
        database.commit()
    except sqlite3.Error:
        pass
'''
lingering = "lingering-" + "<NEKOT>"[::-1]
"""

ATTACKS = (
    Attack(
        "own_cells",
        "is honest: trains, installs, asks for input and loops in its own cells",
        _own_cells,
        deserves=100,
        least=100,
    ),
    Attack(
        "exits",
        "ends the kernel's process",
        _runs("import os\nos._exit(0)", *OTHERS),
        deserves=30,
        least=30,
    ),
    Attack(
        "segfault",
        "reads from address 0",
        _runs("import ctypes\nctypes.string_at(0)", *OTHERS),
        deserves=30,
        least=30,
    ),
    Attack(
        "system_exit",
        "raises what ends programs",
        _runs(
            "import atexit\natexit.register(lambda: print(1))\nraise SystemExit(0)",
            *OTHERS,
        ),
        deserves=30,
        least=30,
    ),
    Attack(
        "kernel_shut_down",
        "asks the kernel to shut itself down",
        _runs(
            "from IPython import get_ipython\n"
            "get_ipython().kernel.do_shutdown(False)\nget_ipython().ask_exit()",
        ),
    ),
    Attack(
        "out_of_memory",
        "takes all memory that it gets",
        _runs(
            "held = []\nwhile True:\n    held.append(bytearray(b'x') * 2**28)", *OTHERS
        ),
        deserves=30,
        least=30,
        needs=SANDBOX,
    ),
    Attack(
        "ignores_interrupts",
        "ignores signals and never returns",
        _runs(
            """
            import signal
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            while True:
                __import__("time").sleep(1000)
            """,
            *OTHERS,
        ),
        deserves=30,
        least=30,
        chosen=True,
    ),
    Attack(
        "endless_number",
        "computes a number for years, in one step of the interpreter",
        _runs("return 7 ** (9 ** 10)"),
    ),
    Attack(
        "fork_bomb",
        "forks without end",
        _runs("""
            import os, time
            for _ in range(40):
                try:
                    os.fork()
                except OSError:
                    time.sleep(1)
            time.sleep(1000)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "many_threads",
        "starts threads without end, which keep the kernel from ending",
        _runs("""
            import threading, time
            for _ in range(5000):
                threading.Thread(target=time.sleep, args=(1000,)).start()
            """),
        needs=SANDBOX,
    ),
    Attack(
        "full_disk",
        "fills its folder and all that it may write to",
        _runs("""
            import os
            block = b"x" * 2**24
            for folder in (".", "/tmp", "/dev/shm", os.path.expanduser("~")):
                try:
                    with open(folder + "/filler", "wb") as file:
                        for _ in range(2**8):
                            file.write(block)
                except OSError:
                    pass
            """),
        needs=SANDBOX,
    ),
    Attack(
        "flood",
        "prints a gigabyte",
        _runs("for _ in range(1000):\n    print('x' * 10**6)", *OTHERS),
        deserves=30,
        least=30,
    ),
    Attack(
        "flood_of_displays",
        "displays a million small things",
        _runs(
            "from IPython.display import display\n"
            "for _ in range(10**6):\n    display(1)"
        ),
    ),
    Attack(
        "message_without_end",
        "sends one message of parts without end, each of which is short enough",
        _runs("""
            from IPython import get_ipython
            part = b"x" * 15_000_000
            while True:
                get_ipython().kernel.iopub_thread.socket.send(part, 2, copy=False)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "message_too_long",
        "displays more at once than the channel takes, and waits",
        _runs("import time\ndisplay('x' * 30_000_000)\ntime.sleep(1000)", *OTHERS),
        deserves=30,
        least=30,
    ),
    Attack(
        "watch_blinded",
        "closes the folder of its channels, and takes all memory",
        _runs("""
            import os
            os.chmod("/run/kernel", 0)
            held = []
            while True:
                if not os.fork():
                    held.append(bytearray(b"x") * 2**28)
                    __import__("time").sleep(1000)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "memory_of_nobody",
        "fills sockets and shared memory that it lets go of",
        _runs("""
            import mmap, socket
            held = []
            while True:
                shared = mmap.mmap(-1, 2**27)
                shared.write(b"x" * 2**27)
                shared.madvise(mmap.MADV_DONTNEED)
                pair = socket.socketpair()
                pair[0].setblocking(False)
                try:
                    while pair[0].send(b"x" * 100_000):
                        pass
                except OSError:
                    pass
                held += [shared, pair]
            """),
        needs=SANDBOX,
    ),
    Attack(
        "files_read_at_start",
        "is honest, but hands in files that would end a kernel which reads them",
        _read_at_start,
        deserves=100,
        least=100,
    ),
    Attack(
        "hanging_import",
        "imports something that never comes back",
        _runs("late", *OTHERS, setup="import time\nlate = time.sleep(10**6)"),
        deserves=30,
        least=30,
    ),
    Attack(
        "deep_recursion",
        "exhausts the stack of the interpreter",
        _runs(
            "import sys\nsys.setrecursionlimit(10**9)\n"
            "def down():\n    return down()\ndown()"
        ),
    ),
    Attack(
        "asks_for_input",
        "waits for somebody at the keyboard",
        _runs("input('password: ')"),
    ),
    Attack(
        "detached_process",
        "starts a process of its own session that goes on after grading",
        _runs(
            DETACHED
            + """
subprocess.Popen([sys.executable, "-c", act, lingering], start_new_session=True,
                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                 stderr=subprocess.DEVNULL)
"""
        ),
        needs=SANDBOX,
    ),
    Attack(
        "detached_fork",
        "forks twice, closes everything, and acts when it is alone",
        _runs(
            DETACHED
            + """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 256)
        os.execv(sys.executable, [sys.executable, "-c", act, lingering])
    os._exit(0)
"""
        ),
        needs=SANDBOX,
    ),
    Attack(
        "acts_at_exit",
        "acts in exit handlers, threads, destructors and signal handlers",
        _runs(
            DETACHED
            + """
import atexit, signal, threading
class Last:
    def __del__(self, exec=exec, act=act):
        exec(act)
sys.last = Last()
atexit.register(exec, act)
threading.Thread(target=exec, args=(act,), daemon=False).start()
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, lambda *args: exec(act))
"""
        ),
        needs=SANDBOX,
    ),
    Attack(
        "signals",
        "kills its parents and all processes that it may",
        _runs("""
            import os, signal
            own = os.getpid()
            parents = [os.getppid()]
            for name in os.listdir("/proc"):
                if name.isdigit() and int(name) != own:
                    parents.append(int(name))
            for number in parents:
                if number > 1:
                    try:
                        os.kill(number, signal.SIGKILL)
                    except OSError:
                        pass
            os.kill(-1, signal.SIGKILL)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "ptrace",
        "attaches to its parent as a debugger and writes to its memory",
        _runs("""
            import ctypes, os
            libc = ctypes.CDLL(None, use_errno=True)
            for pid in {os.getppid(), *(int(n) for n in os.listdir("/proc")
                                        if n.isdigit())} - {os.getpid(), 0, 1}:
                if libc.ptrace(16, pid, 0, 0) == 0:
                    raise RuntimeError("seized-" + "<NEKOT>"[::-1])
                try:
                    open(f"/proc/{pid}/mem", "r+b")
                except OSError:
                    continue
                if pid == os.getppid():
                    raise RuntimeError("seized-" + "<NEKOT>"[::-1])
            """),
        needs=SANDBOX,
    ),
    Attack(
        "network",
        "connects to the machine's own servers, to abstract sockets and beyond",
        _runs("""
            import socket
            def reach(family, address):
                try:
                    with socket.socket(family, socket.SOCK_STREAM) as own:
                        own.settimeout(2)
                        own.connect(address)
                        own.sendall(b"identity_block")
                except OSError:
                    return
                raise RuntimeError("seized-" + "<NEKOT>"[::-1])
            reach(socket.AF_INET, ("127.0.0.1", <PORT>))
            reach(socket.AF_INET6, ("::1", <PORT>))
            reach(socket.AF_UNIX, "\\0attack-<TOKEN>")
            reach(socket.AF_INET, (socket.gethostname(), <PORT>))
            reach(socket.AF_INET, ("1.1.1.1", 53))
            """),
        needs=SANDBOX,
        chosen=True,
    ),
)
