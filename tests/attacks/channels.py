"""Kernels that let others answer for them, or keep no protocol on their channels.

`python -m tests.fuzz_channels` tries what can be sent at all, without a sandbox; here
is what student code can do from the kernel's own process.
"""

import textwrap

from tests.attacks.attack import SANDBOX, Attack, Scene

OTHERS = ("convolutional_block",)
#: sets another socket in a channel's place; the one that was there goes
_TAKE = """
import json, os, socket, struct, threading, time, zmq
from ipykernel.kernelapp import IPKernelApp
app = IPKernelApp.instance()
told = json.load(open("/run/kernel.json"))
kept = []
def own(channel):
    if channel == "iopub":
        return app.iopub_thread.socket
    return getattr(app, channel + "_socket")
def path(channel):
    return f"{told['ip']}-{told[channel + '_port']}"
def take(channel, kind):
    own(channel).close(0)
    os.unlink(path(channel))
    kept.append(zmq.Context().socket(getattr(zmq, kind)))
    kept[-1].bind("ipc://" + path(channel))
def wires():
    for name in os.listdir("/proc/self/fd"):
        try:
            found = socket.socket(fileno=os.dup(int(name)))
            if found.family == socket.AF_UNIX and told["ip"] in found.getsockname():
                yield found
        except (OSError, TypeError):
            pass
"""


def _runs(body: str, *solved: str):
    code = textwrap.dedent(_TAKE).strip() + "\n" + textwrap.dedent(body).strip()

    def build(scene: Scene):
        if not solved:
            return scene.alone(code + "\nreturn X\n")
        return scene.attacking(code + "\nreturn X\n", *solved)

    return build


def _attack(name: str, tries: str, body: str, *, chosen: bool = False) -> Attack:
    return Attack(name, tries, _runs(body), needs=SANDBOX, chosen=chosen)


def _beside(name: str, tries: str, body: str) -> Attack:
    """An attack in one function; what another one earns stays."""
    built = _runs(body, *OTHERS)
    return Attack(name, tries, built, deserves=30, least=30, needs=SANDBOX)


ATTACKS = (
    _attack(
        "shell_taken_over",
        "answers requests by a socket that takes none",
        'take("shell", "PUB")\ntime.sleep(1)',
        chosen=True,
    ),
    _attack(
        "control_taken_over",
        "lets nobody interrupt it, and never ends",
        'take("control", "PULL")\ntime.sleep(10**6)',
    ),
    _beside(
        "iopub_taken_over",
        "publishes by a socket that nobody may listen to",
        'take("iopub", "PAIR")',
    ),
    _attack(
        "all_channels_taken_over",
        "puts sockets of other kinds in the place of all its channels, and waits",
        """
        for channel, kind in zip(("shell", "control", "stdin", "iopub"),
                                 ("REP", "ROUTER", "XPUB", "DEALER")):
            take(channel, kind)
        time.sleep(10**6)
        """,
    ),
    _beside(
        "channels_closed",
        "closes everything that it has open, and waits",
        "os.closerange(3, 1024)\ntime.sleep(10**6)",
    ),
    _attack(
        "channels_are_links",
        "puts links to devices and others' sockets where its channels are",
        """
        for channel, to in (("shell", "/run/docker.sock"), ("iopub", "/dev/zero"),
                            ("control", path("control"))):
            try:
                os.unlink(path(channel))
                os.symlink(to, path(channel))
            except OSError:
                pass
        for wire in wires():
            wire.shutdown(socket.SHUT_RDWR)
        time.sleep(1)
        """,
    ),
    _attack(
        "folder_of_channels_filled",
        "opens sockets without number in the folder of its channels",
        """
        for number in range(10**5):
            kept.append(socket.socket(socket.AF_UNIX))
            kept[-1].bind(f"/run/kernel/{number}")
        """,
    ),
    _beside(
        "frames_by_hand",
        "writes parts of a message that never ends into every connection",
        """
        for wire in wires():
            wire.setblocking(False)
            try:
                for _ in range(1000):
                    wire.send(b"\\1\\1x" * 20_000)
            except OSError:
                pass
        time.sleep(2)
        """,
    ),
    _attack(
        "garbage_in_channels",
        "writes what is no protocol into every connection",
        """
        for wire in wires():
            wire.setblocking(False)
            try:
                wire.send(os.urandom(10_000))
                wire.send(b"\\2" + struct.pack(">Q", 2**63))
            except OSError:
                pass
        time.sleep(1)
        """,
    ),
    _attack(
        "requests_forgotten",
        "takes requests and answers none, from another thread and for ever",
        """
        def swallow():
            while True:
                own("shell").recv_multipart()
        get_ipython().kernel.shell_stream = None
        threading.Thread(target=swallow, daemon=True).start()
        """,
    ),
    _attack(
        "stands_still",
        "stops its own process, which then neither answers nor ends",
        "import signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    ),
    _attack(
        "insists_on_input",
        "asks for input although nobody may be asked",
        """
        kernel = get_ipython().kernel
        kernel._allow_stdin = True
        kernel._send_abort_reply = None
        kernel.raw_input("password: ")
        """,
    ),
    _attack(
        "flood_of_updates",
        "updates and clears displays and moves widgets, a hundred thousand times",
        """
        from IPython.display import clear_output, display
        handle = display("x", display_id=True)
        session = get_ipython().kernel.session
        for number in range(100_000):
            handle.update("y")
            clear_output(wait=number % 2)
            content = {"comm_id": "x", "data": {"method": "update", "state": {}}}
            session.send(app.iopub_thread, "comm_msg", content)
        """,
    ),
    _attack(
        "headers_full_of_dates",
        "sends headers in which there are a hundred thousand dates to be read",
        """
        session = get_ipython().kernel.session
        dates = {str(n): "2026-01-01T00:00:00.123456+01:00" for n in range(150_000)}
        for _ in range(20):
            header = session.msg_header("status") | dates
            session.send(app.iopub_thread, "status", {}, header=header)
            session.send(app.iopub_thread, "status", {}, parent=dates)
        """,
    ),
)
