"""A process that stands where a kernel stands, and keeps no protocol.

It speaks ZeroMQ's wire protocol (ZMTP 3) by itself, over the sockets of a connection
file, so that it can break it at every step. Until its turn comes it is an honest
kernel; then it does what the numbers from its seed say. It imports nothing but the
standard library: one more of it costs milliseconds.

    python tests/hostile_peer.py SEED -f CONNECTION_FILE
"""

import hashlib
import hmac
import json
import os
import random
import signal
import socket
import struct
import sys
import threading
import time
from pathlib import Path

CHANNELS = ("shell", "control", "iopub", "stdin", "hb")
HONEST = dict(zip(CHANNELS, ("ROUTER", "ROUTER", "PUB", "ROUTER", "REP"), strict=True))
KINDS = ("PUB", "PULL", "PUSH", "REP", "REQ", "PAIR", "ROUTER", "DEALER", "XPUB")
KINDS += ("XSUB", "SUB", "STREAM", "", "\xff" * 300)
DELIMITER = b"<IDS|MSG>"
_MORE, _LONG, _COMMAND = 1, 2, 4
#: bytes and seconds that a flood may take: the machine is not what is tried
_FLOOD, _SECONDS = 48 * 2**20, 1.5


class Peer:
    """The listening side of all channels.

    Args:
        connection: what the connection file holds.
        seed: of all that is not honest.
    """

    def __init__(self, connection, seed):
        self.key = connection["key"].encode()
        self.paths = {
            c: f"{connection['ip']}-{connection[c + '_port']}" for c in CHANNELS
        }
        self.rng = random.Random(seed)
        # Hostile in the handshake, from the first request, or after some.
        self.turn = self.rng.choice((0, 1, 2, 2, 2, 3, 3))
        self.kinds = dict(HONEST)
        self.greeting = None
        if self.turn == 0:
            channel = self.rng.choice(CHANNELS[:3])
            self.kinds[channel] = self.rng.choice(KINDS)
            self.greeting = self.rng.choice((None, *GREETINGS))
            self.broken = channel
        self.requests = 0
        self.wires = {}
        self.request = {}

    def serve(self):
        """Listens on every channel; does not come back."""
        for channel in CHANNELS:
            self.listen(channel)
        while True:
            time.sleep(60)

    def listen(self, channel):
        own = socket.socket(socket.AF_UNIX)
        own.bind(self.paths[channel])
        own.listen(16)
        threading.Thread(target=self._accept, args=(channel, own), daemon=True).start()

    def _accept(self, channel, own):
        while True:
            taken, _ = own.accept()
            arguments = (channel, Wire(taken))
            threading.Thread(target=self._talk, args=arguments, daemon=True).start()

    def _talk(self, channel, wire):
        try:
            if self.turn == 0 and channel == self.broken and self.greeting:
                self.greeting(wire, self.rng)
            wire.greet(self.kinds[channel])
            self.wires[channel] = wire
            while True:
                self._answer(channel, wire.receive())
        except (OSError, ValueError, EOFError, struct.error):
            pass

    def _answer(self, channel, parts):
        if channel not in ("shell", "control") or DELIMITER not in parts:
            return
        self.request = json.loads(parts[parts.index(DELIMITER) + 2])
        if self.request.get("msg_type") == "kernel_info_request":
            self.honest()
            return
        self.requests += 1
        if self.requests < self.turn:
            self.honest()
            return
        for _ in range(self.rng.randrange(1, 4)):
            act = self.rng.choice(ACTS)
            if "GRADER_FUZZ_TELL" in os.environ:
                print(f"{channel} {self.request['msg_type']}: {act.__name__}")
            act(self, self.rng)

    def honest(self):
        """Answers as a kernel does."""
        self.send("iopub", self.message("status", {"execution_state": "busy"}))
        kind = self.request["msg_type"].replace("_request", "_reply")
        self.send("shell", self.message(kind, {"status": "ok"}))
        self.send("iopub", self.message("status", {"execution_state": "idle"}))

    def message(self, kind, content, *, parent=None, header=None, buffers=(), key=None):
        """The parts of a message; content and headers may be bytes."""
        told = {
            "msg_id": f"{self.rng.getrandbits(64):x}",
            "msg_type": kind,
            "username": "",
            "session": "",
            "date": "2026-01-01T00:00:00Z",
            "version": "5.3",
        }
        header = told if header is None else header
        parent = self.request if parent is None else parent
        parts = [_bytes(part) for part in (header, parent, {}, content)]
        made = hmac.new(self.key if key is None else key, digestmod=hashlib.sha256)
        for part in parts:
            made.update(part)
        return [DELIMITER, made.hexdigest().encode(), *parts, *buffers]

    def send(self, channel, parts):
        """Sends parts on a channel that somebody has connected to."""
        wire = self.wires.get(channel)
        if wire is not None:
            wire.send(parts)

    def any_wire(self):
        return self.wires[self.rng.choice(sorted(self.wires))]


def _bytes(part):
    return part if isinstance(part, bytes) else json.dumps(part).encode()


class Wire:
    """One connection, in frames."""

    def __init__(self, own):
        self._socket = own
        # A client that stops reading is to stop nobody here for good.
        own.setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(_SECONDS), 0)
        )

    def greet(self, kind):
        self.raw(greeting())
        self._exactly(64)
        self.command(ready(kind))
        self._frame()

    def receive(self):
        """The parts of the next message."""
        parts, more = [], True
        while more:
            flags, body = self._frame()
            if flags & _COMMAND:
                continue
            parts.append(body)
            more = flags & _MORE
        return parts

    def _frame(self):
        flags = self._exactly(1)[0]
        size = self._exactly(8 if flags & _LONG else 1)
        length = int.from_bytes(size, "big")
        return flags, self._exactly(length)

    def _exactly(self, size):
        found = b""
        while len(found) < size:
            part = self._socket.recv(size - len(found))
            if not part:
                raise EOFError
            found += part
        return found

    def send(self, parts, flags=0):
        last = len(parts) - 1
        frames = (frame(p, flags | _MORE * (n < last)) for n, p in enumerate(parts))
        self.raw(b"".join(frames))

    def command(self, body):
        self.raw(frame(body, _COMMAND))

    def raw(self, data):
        self._socket.sendall(data)

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def greeting(version=b"\x03\x00", mechanism=b"NULL"):
    start = b"\xff" + bytes(8) + b"\x7f"
    return start + version + mechanism.ljust(20, b"\0")[:20] + bytes(32)


def ready(kind, name=b"Socket-Type"):
    value = kind.encode("latin-1")
    told = bytes([len(name)]) + name + len(value).to_bytes(4, "big") + value
    return b"\x05READY" + told


def frame(body, flags=0, size=None):
    size = len(body) if size is None else size
    if size > 255:
        return bytes([flags | _LONG]) + (size % 2**64).to_bytes(8, "big") + body
    return bytes([flags, size]) + body


# What is done instead of a greeting, or before it.


def greet_half(wire, rng):
    wire.raw(greeting()[: rng.randrange(64)])
    time.sleep(60)


def greet_garbage(wire, rng):
    wire.raw(rng.randbytes(rng.choice((1, 63, 64, 65, 4096))))


def greet_old(wire, rng):
    wire.raw(greeting(version=bytes([rng.randrange(5), rng.randrange(256)])))


def greet_mechanism(wire, rng):
    wire.raw(greeting(mechanism=rng.choice((b"PLAIN", b"CURVE", b"GSSAPI", b"\xff"))))


def greet_slowly(wire, rng):
    for byte in greeting():
        wire.raw(bytes([byte]))
        time.sleep(0.1)


def greet_and_leave(wire, rng):
    wire.raw(greeting()[: rng.randrange(65)])
    wire.close()


def greet_twice(wire, rng):
    wire.raw(greeting())
    wire.command(ready(rng.choice(KINDS)))
    wire.command(ready(rng.choice(KINDS), b"Identity"))
    wire.command(rng.choice((b"\x05ERROR\x05sorry", b"\x05ERROR\xff", b"", b"\xff")))


def greet_huge(wire, rng):
    wire.raw(greeting())
    wire.raw(frame(b"\x05READY", _COMMAND, size=rng.choice((2**16, 2**31, 2**63))))
    time.sleep(60)


GREETINGS = (
    greet_half,
    greet_garbage,
    greet_old,
    greet_mechanism,
    greet_slowly,
    greet_and_leave,
    greet_twice,
    greet_huge,
)


# What is done in place of an answer.


def be_honest(peer, rng):
    peer.honest()


def be_silent(peer, rng):
    """Nothing comes."""


def die(peer, rng):
    os._exit(rng.randrange(2))


def stand_still(peer, rng):
    os.kill(os.getpid(), signal.SIGSTOP)


def close(peer, rng):
    peer.any_wire().close()


def move_in(peer, rng):
    """Another socket takes a channel's place, or a link does."""
    channel = rng.choice(CHANNELS[:3])
    peer.kinds[channel] = rng.choice(KINDS)
    Path(peer.paths[channel]).unlink(missing_ok=True)
    if rng.random() < 0.3:
        Path(peer.paths[channel]).symlink_to(peer.paths[rng.choice(CHANNELS)])
    else:
        peer.listen(channel)
    peer.wires[channel].close()


def send_garbage(peer, rng):
    peer.any_wire().raw(rng.randbytes(rng.choice((1, 2, 9, 1000, 2**20))))


def send_frames(peer, rng):
    frames = (
        frame(rng.randbytes(rng.randrange(300)), rng.randrange(256)) for _ in range(9)
    )
    peer.any_wire().raw(b"".join(frames))


def send_half(peer, rng):
    wire = peer.any_wire()
    wire.raw(frame(b"x" * 100, rng.randrange(8), size=rng.choice((200, 2**20, 2**62))))
    time.sleep(rng.choice((0, 60)))


def send_slowly(peer, rng):
    wire = peer.any_wire()
    parts = peer.message("status", {"execution_state": "idle"})
    data = b"".join(frame(part, _MORE) for part in parts)
    for byte in data[:30]:
        wire.raw(bytes([byte]))
        time.sleep(0.05)


def send_long(peer, rng):
    size = rng.choice((2**23 - 1, 2**23, 2**23 + 1, 2**24))
    peer.any_wire().send([b"x" * size])


def send_without_end(peer, rng):
    """One message of ever more parts."""
    size = rng.choice((0, 1, 200, 2**16, 2**20))
    _flood(peer.any_wire(), frame(b"x" * size, _MORE))


def send_many_parts(peer, rng):
    parts = peer.message("status", {"execution_state": "idle"})
    peer.any_wire().send(parts + [b""] * rng.choice((90, 94, 95, 1000, 200_000)))


def send_few_parts(peer, rng):
    parts = peer.message("status", {"execution_state": "idle"})
    peer.any_wire().send(parts[: rng.randrange(len(parts))] or [b""])


def send_shuffled(peer, rng):
    parts = peer.message("status", {"execution_state": "idle"})
    rng.shuffle(parts)
    peer.any_wire().send(parts)


def send_identities(peer, rng):
    own = [rng.choice((b"", b"\0", b"x" * 255, DELIMITER)) for _ in range(9)]
    peer.any_wire().send(own + peer.message("status", {"execution_state": "idle"}))


def send_buffers(peer, rng):
    buffers = [rng.randbytes(2**16) for _ in range(rng.choice((1, 50)))]
    parts = peer.message("comm_msg", {"comm_id": "x", "data": {}}, buffers=buffers)
    peer.any_wire().send(parts)


def send_unsigned(peer, rng):
    key = rng.choice((b"", b"another"))
    parts = peer.message("status", {"execution_state": "idle"}, key=key)
    if rng.random() < 0.5:
        parts[1] = rng.choice((b"", b"\xff" * 64, b"0" * 2**16))
    peer.any_wire().send(parts)


def send_twice(peer, rng):
    parts = peer.message("status", {"execution_state": "busy"})
    for _ in range(2):
        peer.any_wire().send(parts)


def send_odd_header(peer, rng):
    dates = {str(n): "2026-01-01T00:00:00.123456+01:00" for n in range(20_000)}
    odd = (b"[]", b"null", b"{}", b"1", b'"x"', b"{", b"\xff\xfe", b"", b"[" * 10**5)
    versions = [
        {"msg_id": "x", "msg_type": "status", "version": v}
        for v in ("4.1", "", "x", "-1", "9" * 5000, 5, None, [])
    ]
    own = [{"msg_id": {}, "msg_type": [], "date": "2026-99-99T99:99:99Z"}, dates]
    header, parent = (rng.choice((*odd, *versions, *own, None)) for _ in range(2))
    peer.any_wire().send(
        peer.message(
            "status", {"execution_state": "idle"}, header=header, parent=parent
        )
    )


def send_odd_content(peer, rng):
    odd = (
        b"[]",
        b"null",
        b"7",
        b"NaN",
        b"\xff" * 9,
        b"[" * 10**6,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"data": ' + b"[{}," * 3 + b"1" + b"]" * 3 + b"}",
        b'{"execution_state": {"idle": "idle"}}',
        b'{"data": null}',
        b'{"data": "\\ud800"}',
        b'{"ename": {}, "evalue": [[[]]]}',
        b'{"data": {"application/x-test+json": [' + b"{}," * 10**6 + b"1]}}",
    )
    kinds = ("status", "display_data", "execute_result", "error", "stream", "comm_open")
    parts = peer.message(rng.choice(kinds), rng.choice(odd))
    peer.send(rng.choice(("iopub", "iopub", "shell", "control")), parts)


def send_for_others(peer, rng):
    parent = rng.choice(({}, {"msg_id": "another"}, {"msg_id": None}, {"msg_id": []}))
    for state in ("busy", "idle", "dead", "starting", ""):
        parts = peer.message("status", {"execution_state": state}, parent=parent)
        peer.send("iopub", parts)


def send_flood(peer, rng):
    """What displays, widgets and cleared outputs send, more than anybody reads."""
    text = "x" * rng.choice((1, 100, 10_000))
    kinds = {
        "stream": {"name": "stdout", "text": text},
        "clear_output": {"wait": False},
        "update_display_data": {
            "data": {"text/plain": text},
            "metadata": {},
            "transient": {"display_id": "x"},
        },
        "comm_msg": {"comm_id": "x", "data": {"text": text}},
        "status": {"execution_state": "busy"},
        "input_request": {"prompt": text, "password": False},
    }
    kind = rng.choice(sorted(kinds))
    wire = peer.wires.get(rng.choice(("iopub", "iopub", "shell", "control")))
    end, sent = time.monotonic() + _SECONDS, 0
    while wire and time.monotonic() < end and sent < _FLOOD:
        for _ in range(50):
            parts = peer.message(kind, kinds[kind])
            wire.send(parts)
            sent += sum(map(len, parts))


def send_commands(peer, rng):
    ping = b"\x04PING" + struct.pack(">H", rng.choice((0, 1, 65535))) + b"x" * 16
    commands = (
        ping,
        b"\x04PONGxx",
        b"\x05ERROR\x03bad",
        b"\x09SUBSCRIBE",
        b"\x06CANCELx",
        ready("PUB"),
        b"\x00",
        b"",
        b"\xffno",
        b"x" * 2**17,
    )
    wire = peer.any_wire()
    if rng.random() < 0.3:
        _flood(wire, frame(ping, _COMMAND))
    for _ in range(20):
        wire.command(rng.choice(commands))


def leave_greeting(peer, rng):
    peer.any_wire().raw(greeting() + ready("PAIR"))


ACTS = (
    be_honest,
    be_silent,
    die,
    stand_still,
    close,
    move_in,
    send_garbage,
    send_frames,
    send_half,
    send_slowly,
    send_long,
    send_without_end,
    send_many_parts,
    send_few_parts,
    send_shuffled,
    send_identities,
    send_buffers,
    send_unsigned,
    send_twice,
    send_odd_header,
    send_odd_content,
    send_for_others,
    send_flood,
    send_commands,
    leave_greeting,
)


def _flood(wire, data):
    block = data * max(1, 2**16 // len(data))
    end, sent = time.monotonic() + _SECONDS, 0
    while time.monotonic() < end and sent < _FLOOD:
        wire.raw(block)
        sent += len(block)


def main():
    file = sys.argv[sys.argv.index("-f") + 1]
    Peer(json.loads(Path(file).read_text()), int(sys.argv[1])).serve()


if __name__ == "__main__":
    main()
