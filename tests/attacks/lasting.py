"""What is to last beyond a kernel: leavings for the next, harm to what is shared."""

import json
import struct
import textwrap
import zlib

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tests.attacks.attack import SANDBOX, Attack, Scene, cell_of

NOTEBOOK = "residual_networks.ipynb"

_LEAVE = """
    import os, pathlib, socket, subprocess
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/scratch", "/run/kernel", "/run",
                   "/lesson", "/opt/course", os.path.expanduser("~")):
        try:
            pathlib.Path(folder, "left-<TOKEN>").write_text("here")
        except OSError:
            pass
    try:
        from multiprocessing import shared_memory
        shared_memory.SharedMemory("left-<TOKEN>", create=True, size=16)
    except OSError:
        pass
    left = socket.socket(socket.AF_UNIX)
    left.bind("\\0left-<TOKEN>")
    left.listen()
    os.environ["LEFT"] = "<TOKEN>"
    if not os.fork():
        os.setsid()
        while True:
            __import__("time").sleep(1)
    os._exit(0)
"""
_FIND = """
    import os, pathlib, socket
    found = "LEFT" in os.environ or len([n for n in os.listdir("/proc") if
                                         n.isdigit()]) > 12
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/scratch", "/run/kernel", "/run",
                   "/lesson", "/opt/course", os.path.expanduser("~")):
        found = found or pathlib.Path(folder, "left-<TOKEN>").exists()
    try:
        socket.socket(socket.AF_UNIX).connect("\\0left-<TOKEN>")
        found = True
    except OSError:
        pass
    if found:
        raise RuntimeError("seized-" + "<NEKOT>"[::-1])
    return X
"""


def _left_behind(scene: Scene):
    notebook = scene.attacking(_LEAVE)
    head = "def convolutional_block(X, f, filters, stage, block, s=2):\n"
    body = textwrap.indent(scene.filled(_FIND), "    ")
    cell_of(notebook, "convolutional_block").source = head + body
    return notebook


def _runs(body: str):
    def build(scene: Scene):
        return scene.alone(textwrap.dedent(body).strip("\n") + "\nreturn X\n")

    return build


def _bomb() -> bytes:
    """A small file that is a picture of 60,000 by 60,000 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        end = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", end)

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(20_000_000))
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", data), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _bombs(scene: Scene):
    """Pictures that take gigabytes when they are unpacked, wherever one may be."""
    import base64

    bomb = _bomb()
    text = base64.b64encode(bomb).decode()
    notebook = scene.silent()
    shown = new_code_cell("1")
    shown.outputs = [
        new_output("display_data", {"image/png": text, "image/jpeg": text}),
        new_output("display_data", {"image/svg+xml": "<svg>" + "<g>" * 50_000}),
    ]
    attached = new_markdown_cell("![bomb](attachment:bomb.png) ![b](bomb.png)")
    attached.attachments = {"bomb.png": {"image/png": text}}
    notebook.cells += [shown, attached]
    # nbformat would not write what is in its own way
    return {NOTEBOOK: json.dumps(notebook).encode(), "bomb.png": bomb}


ATTACKS = (
    Attack(
        "left_for_the_next",
        "leaves files, memory, sockets and processes, and looks for them later",
        _left_behind,
        needs=SANDBOX,
    ),
    Attack(
        "connection_replaced",
        "rewrites the file that says where its channels are",
        _runs("""
            import os
            name = "/run/kernel.json"
            for act in (lambda: open(name, "w").write("{}"), lambda: os.unlink(name),
                        lambda: os.rename("/scratch/other", name),
                        lambda: os.symlink("/etc/passwd", name + "l"),
                        lambda: os.rename("/run/kernel", "/run/moved"),
                        lambda: os.rmdir("/run/kernel")):
                open("/scratch/other", "w").write("{}")
                try:
                    act()
                except OSError:
                    continue
                raise RuntimeError("seized-" + "<NEKOT>"[::-1])
            """),
        needs=SANDBOX,
    ),
    Attack(
        "first_process",
        "stops and kills the first process that it sees, which holds the sandbox",
        _runs("""
            import os, signal, time
            for number in range(1, 65):
                if number not in (signal.SIGCHLD, signal.SIGCONT):
                    try:
                        os.kill(1, number)
                    except OSError:
                        pass
            time.sleep(1)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "memory_of_files",
        "changes what the machine keeps in memory of files that it may only read",
        _runs("""
            import ctypes, glob, mmap, os
            names = ["/opt/course/start/start.py", "/etc/passwd", os.__file__]
            names += glob.glob("/opt/course/grader/*.py")
            for name in names:
                before = open(name, "rb").read()
                file = os.open(name, os.O_RDONLY)
                pipe = os.pipe()
                os.splice(file, pipe[1], 1, offset_src=0)
                os.write(pipe[1], b"pwned")
                shown = mmap.mmap(file, 0, mmap.MAP_PRIVATE, mmap.PROT_READ)
                try:
                    place = ctypes.addressof(ctypes.c_char.from_buffer_copy(b"x"))
                    with open("/proc/self/mem", "r+b", 0) as memory:
                        lines = open("/proc/self/maps").read().splitlines()
                        for line in lines:
                            if line.endswith(name):
                                memory.seek(int(line.split("-")[0], 16))
                                memory.write(b"pwned")
                except OSError:
                    pass
                try:
                    mmap.mmap(file, 0, mmap.MAP_SHARED, mmap.PROT_WRITE)
                except OSError:
                    pass
                if open(name, "rb").read() != before:
                    raise RuntimeError("seized-" + "<NEKOT>"[::-1])
            """),
        needs=SANDBOX,
    ),
    Attack(
        "many_mappings",
        "cuts its memory into as many pieces as it may, in many processes",
        _runs("""
            import mmap, os, time
            for _ in range(20):
                if not os.fork():
                    held = mmap.mmap(-1, 2**29)
                    pages = 2**29 // mmap.PAGESIZE
                    import ctypes
                    place = ctypes.addressof(ctypes.c_char.from_buffer(held))
                    call = ctypes.CDLL(None).mprotect
                    for page in range(0, pages, 2):
                        at = ctypes.c_void_p(place + page * mmap.PAGESIZE)
                        if call(at, ctypes.c_size_t(mmap.PAGESIZE), 1):
                            break
                    time.sleep(1000)
            time.sleep(20)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "forks_while_killed",
        "forks from each process as fast as it ends, so that some are left",
        _runs("""
            import os
            for _ in range(5):
                if not os.fork():
                    os.setsid()
                    while True:
                        try:
                            if os.fork():
                                os._exit(0)
                        except OSError:
                            pass
            os._exit(0)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "bombs_in_pictures",
        "has pictures of gigabytes in outputs, in attachments and beside its notebook",
        _bombs,
    ),
)
