"""On the parent of warm kernels, on what its forks share, and on those before."""

import textwrap

from tests.attacks.attack import SANDBOX, Attack, Scene, cell_of

OTHERS = ("convolutional_block",)
SEIZE = """
import glob, os, pathlib, re, sys
def seize(*what):
    raise RuntimeError("seized-" + "<NEKOT>"[::-1] + " " + repr(what)[:300])
def works(act, *rest):
    try:
        act(*rest)
        return True
    except Exception:
        return False
"""


def _runs(body: str, *solved: str):
    def build(scene: Scene):
        code = scene.filled(SEIZE) + scene.filled(body) + "return X\n"
        return scene.attacking(code, *solved)

    return build


def _two(first: str, second: str):
    """One function leaves something and dies, the other looks for it in a new fork."""

    def build(scene: Scene):
        notebook = scene.attacking(scene.filled(first) + "os._exit(1)\n")
        head = "def convolutional_block(X, f, filters, stage, block, s=2):\n"
        body = scene.filled(SEIZE) + scene.filled(second) + "return X\n"
        cell_of(notebook, "convolutional_block").source = head + textwrap.indent(
            body, "    "
        )
        return notebook

    return build


ATTACKS = (
    Attack(
        "parent_killed_by_group",
        "kills groups and sessions, in which a fork may still be with its parent",
        _runs(
            """
            import signal
            groups = {0, os.getpgrp(), os.getsid(0), os.getppid()}
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
                for group in groups:
                    if not os.fork():
                        works(os.killpg, group, number)
                        works(os.kill, -group, number)
                        os._exit(0)
            works(os.kill, 1, signal.SIGKILL)
            works(os.kill, 1, signal.SIGSTOP)
            works(os.kill, -1, signal.SIGKILL)
            os.killpg(0, signal.SIGKILL)
            """,
            *OTHERS,
        ),
        deserves=30,
        least=30,
        needs=SANDBOX,
        chosen=True,
    ),
    Attack(
        "parent_signalled_by_descriptor",
        "has signals sent for it, by timers, descriptors of others and its own death",
        _runs(
            """
            import ctypes, fcntl, signal, socket
            libc = ctypes.CDLL(None)
            for owner in (0, -1, 1, -os.getppid(), *range(-40, 0)):
                pair = socket.socketpair()
                works(fcntl.fcntl, pair[0], fcntl.F_SETOWN, owner)
                works(fcntl.fcntl, pair[0], 10, signal.SIGKILL)
                works(fcntl.fcntl, pair[0], fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
                works(pair[1].send, b"x")
            libc.prctl(1, signal.SIGKILL)
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            os._exit(1)
            """,
            *OTHERS,
        ),
        deserves=30,
        least=30,
        needs=SANDBOX,
    ),
    Attack(
        "parent_read",
        "reads the memory, files and folders of the process that it was forked by",
        _runs("""
            found = []
            for pid in {1, os.getppid()}:
                place = f"/proc/{pid}/"
                for name in ("mem", "maps", "smaps", "environ", "auxv", "pagemap"):
                    if works(lambda: open(place + name, "rb").read(1)):
                        found.append(name)
                for name in ("root", "cwd", "map_files"):
                    if works(os.listdir, place + name):
                        found.append(name)
                for name in map(str, range(64)):
                    if works(os.open, place + "fd/" + name, os.O_RDONLY):
                        found.append(name)
                for name in ("exe", "ns/pid", "ns/user", "ns/mnt", "ns/net"):
                    if works(os.open, place + name, os.O_RDONLY):
                        found.append(name)
            if found:
                seize(found)
            """),
        needs=SANDBOX,
        chosen=True,
    ),
    Attack(
        "parent_written",
        "writes to the first process: its memory, limits, name and place in line",
        _runs("""
            import ctypes, resource
            done = []
            for name in ("mem", "comm", "clear_refs", "timerslack_ns", "uid_map"):
                if works(lambda: os.write(os.open(f"/proc/1/{name}", 1), b"0")):
                    done.append(name)
            libc = ctypes.CDLL(None)
            if libc.ptrace(16, 1, 0, 0) == 0:
                done.append("ptrace")
            if libc.syscall(438, os.open("/proc/1", 0), 0, 0) >= 0:
                done.append("pidfd_getfd")
            try:
                pidfd = os.pidfd_open(1)
                if any(libc.syscall(438, pidfd, n, 0) >= 0 for n in range(64)):
                    done.append("pidfd_getfd")
            except OSError:
                pass
            files = resource.RLIMIT_NOFILE
            soft, hard = resource.prlimit(1, files)
            if works(resource.prlimit, 1, files, (soft, hard + 1)):
                done.append("prlimit")
            if done:
                seize(done)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "parent_found",
        "looks for processes that are not its own, below its /proc and in it",
        _runs("""
            import ctypes
            libc = ctypes.CDLL(None)
            for flags in (0, 1, 2, 8):
                libc.umount2(b"/proc", flags)
            libc.mount(b"proc", b"/scratch", b"proc", 0, None)
            libc.syscall(429, -100, b"/proc", -100, b"/scratch", 0)
            libc.syscall(428, -100, b"/proc", 1)
            for name in ("pid", "user", "mnt"):
                try:
                    libc.setns(os.open(f"/proc/1/ns/{name}", 0), 0)
                except OSError:
                    pass
            libc.unshare(0x10000000), libc.unshare(0x20000000)
            seen = [n for p in ("/proc", "/scratch") for n in os.listdir(p)
                    if n.isdigit()]
            names = []
            for number in seen:
                try:
                    names.append(open(f"/proc/{number}/cmdline", "rb").read())
                except OSError:
                    pass
            told = [n for n in names if b"kernels" in n or b"autograde" in n]
            if len(seen) > 4 or told:
                seize(seen, names)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "socket_of_the_parent",
        "looks for the socket that its parent is asked on, and asks for kernels",
        _runs("""
            import socket
            for number in range(3, 4096):
                try:
                    link = os.readlink(f"/proc/self/fd/{number}")
                except OSError:
                    continue
                if "pidfd" in link or link.startswith(("mnt:", "pid:", "user:")):
                    seize(link)
                if not link.startswith("socket:"):
                    continue
                own = socket.socket(fileno=os.dup(number))
                if own.family == socket.AF_UNIX and own.type == socket.SOCK_SEQPACKET:
                    works(socket.send_fds, own, [b"?"], [0])
                    seize("a socket of the parent's", link)
            if os.path.exists("/run/kernels") or glob.glob("/run/*/*/inside.json"):
                seize("folders of kernels")
            """),
        needs=SANDBOX,
    ),
    Attack(
        "memory_that_forks_share",
        "looks for memory that is shared for writing, and makes what it reads so",
        _runs("""
            import mmap
            lines = open("/proc/self/maps").read().splitlines()
            if shared := [x for x in lines if x.split()[1][1::2] == "ws"]:
                seize(shared)
            names = {x.split(maxsplit=5)[5] for x in lines if x.count("/") > 1}
            for name in names:
                try:
                    number = os.open(name, os.O_RDWR)
                    mmap.mmap(number, 4096, prot=mmap.PROT_WRITE)
                except OSError:
                    continue
                if not name.startswith(("/scratch", "/tmp", "/dev/shm")):
                    seize("written", name)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "imports_patched_for_the_next",
        "patches what its parent had imported, in Python and in machine code, and dies",
        _two(
            """
            import builtins, ctypes, json, keras, os, sys
            import numpy as np
            import grader.capture as capturing
            builtins.left = np.left = keras.left = sys.left = "left-" + "<TOKEN>"
            capturing.publish = json.dumps = np.allclose = lambda *a, **k: True
            keras.layers.Conv2D.call = lambda self, x: x
            ctypes.cast(id(257), ctypes.POINTER(ctypes.c_int))[6] = 258
            libc = ctypes.CDLL(None)
            place = ctypes.cast(libc.getpgrp, ctypes.c_void_p).value
            libc.mprotect(ctypes.c_void_p(place & ~4095), 4096, 7)
            ctypes.memmove(place, b"\\xb8\\x39\\x30\\x00\\x00\\xc3", 6)
            """,
            """
            import builtins, json, keras
            import numpy as np
            import grader.capture as capturing
            places = (builtins, np, keras, sys)
            if any(hasattr(place, "left") for place in places):
                seize("names")
            if capturing.publish is json.dumps or json.dumps([1]) != "[1]":
                seize("functions")
            if os.getpgrp() == 12345:
                seize("machine code")
            """,
        ),
        needs=SANDBOX,
    ),
    Attack(
        "remains_of_those_before",
        "searches its memory for what its parent may remember of earlier students",
        _runs("""
            wanted = re.compile(
                b"canary-[a-z]+-[0-9a-f]{32}|aaa[_]ada|zzz[_]zoe|parent[_]read")
            memory = open("/proc/self/mem", "rb", 0)
            for line in open("/proc/self/maps").read().splitlines():
                place, rights, *_ = line.split()
                if rights[:2] != "rw" or "[v" in line:
                    continue
                begin, end = (int(n, 16) for n in place.split("-"))
                try:
                    memory.seek(begin)
                    while begin < end:
                        part = memory.read(min(2**24, end - begin))
                        begin += len(part)
                        if not part:
                            break
                        if found := wanted.search(part):
                            seize(part[max(0, found.start() - 60):found.end() + 60])
                except (OSError, ValueError, OverflowError):
                    continue
            """),
        needs=SANDBOX,
        chosen=True,
    ),
    Attack(
        "frames_below",
        "walks down its stack into what its parent's code holds, and goes on there",
        _runs("""
            import gc, socket, subprocess
            frame, held, names = sys._getframe(), [], {}
            while frame:
                held += list(frame.f_locals.values())
                names |= frame.f_globals
                frame = frame.f_back
            held += gc.get_objects()
            for each in held:
                if type(each) is socket.socket and each.fileno() >= 0:
                    if each.type == socket.SOCK_SEQPACKET:
                        seize(each)
                if type(each) is subprocess.Popen and each.poll() is None:
                    seize(each.args)
            bare = {"jail": ["/usr/bin/bwrap", "--dev-bind", "/", "/"], "rest": [],
                    "filter": "", "limits": {}, "places": []}
            if (make := names.get("_born")) and works(make, bare):
                seize("a kernel of its own")
            for name in ("main", "_make", "deliver", "first_process"):
                if act := names.get(name):
                    works(act)
            import start
            works(start.settle, {"RLIMIT_NPROC": 10**6}, "/lesson", "/scratch", "/run")
            import resource
            if resource.getrlimit(resource.RLIMIT_NPROC)[0] >= 10**6:
                seize("limits")
            """),
        needs=SANDBOX,
    ),
    Attack(
        "kernels_made_by_itself",
        "runs the parent's code, to fork kernels that nothing confines",
        _runs("""
            import socket, subprocess
            mine, given = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            given.set_inheritable(True)
            number = given.fileno()
            program = [sys.executable, "/opt/course/start/parent.py", str(number), "[]"]
            with subprocess.Popen(program, pass_fds=[number]) as process:
                given.close()
                mine.settimeout(5)
                try:
                    if mine.recv(100) == b"up":
                        own, other = socket.socketpair(
                            socket.AF_UNIX, socket.SOCK_SEQPACKET)
                        socket.send_fds(mine, [b"?"], [other.fileno()])
                        own.send(b'{"jail": ["/usr/bin/bwrap", "--dev-bind", "/", "/"],'
                                 b'"rest": [], "filter": "", "limits": {},'
                                 b'"places": ["/lesson", "/scratch", "/tmp"]}')
                        own.settimeout(5)
                        if own.recv(1000) == b"up":
                            seize("a kernel of its own")
                finally:
                    process.kill()
            """),
        needs=SANDBOX,
    ),
    Attack(
        "dies_in_crowds",
        "dies with many processes, all memory and no answer, again and again",
        _runs(
            """
            for _ in range(30):
                if not os.fork():
                    os.setsid()
                    held = bytearray(b"x") * 2**26
                    __import__("time").sleep(1000)
            os.abort()
            """,
            *OTHERS,
        ),
        deserves=30,
        least=30,
        needs=SANDBOX,
    ),
    Attack(
        "chance_foretold",
        "leaves word of its numbers from chance, for a fork with the same chance",
        _two(
            """
            import os, pathlib, random
            drawn = f"{random.random()} {__import__('numpy').random.rand()}"
            for folder in ("/tmp", "/dev/shm", "/scratch", "/lesson", "/run/kernel"):
                try:
                    pathlib.Path(folder, "drawn-<TOKEN>").write_text(drawn)
                except OSError:
                    pass
            """,
            """
            for folder in ("/tmp", "/dev/shm", "/scratch", "/lesson", "/run/kernel"):
                if os.path.exists(f"{folder}/drawn-<TOKEN>"):
                    seize(folder)
            """,
        ),
        needs=SANDBOX,
    ),
)
