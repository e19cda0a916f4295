"""Whoever answers on a kernel's channels, no call waits without a bound."""

import json
import time
from pathlib import Path
from queue import Empty

import pytest
import zmq
from jupyter_client.session import Session
from traitlets.config import Config

from grader.nbgrader.kernels.kernel import Kernel
from grader.sandbox.client import BoundedChannel, NoMessage
from grader.sandbox.manager import BoundedManager, SandboxManager
from grader.sandbox.probe import probe
from tests import fuzz_channels

pytestmark = pytest.mark.slow

#: another socket in a channel's place, in the kernel's own process
SWAP = """
import json, os, time, zmq
from ipykernel.kernelapp import IPKernelApp
app = IPKernelApp.instance()
told = json.load(open(app.abs_connection_file))
kept = []
for channel, kind in {swapped!r}:
    own = app.iopub_thread.socket if channel == "iopub" else (
        getattr(app, channel + "_socket"))
    own.close(0)
    path = f"{{told['ip']}}-{{told[channel + '_port']}}"
    os.unlink(path)
    kept.append(zmq.Context().socket(getattr(zmq, kind)))
    kept[-1].bind("ipc://" + path)
time.sleep(0.5)
"""
KINDS = ("PUB", "PULL", "PAIR", "REP")


class Impatient(Kernel):
    grace = 0.5


def test_peers_of_ill_will():
    """`python -m tests.fuzz_channels` tries as many as there is time for."""
    assert fuzz_channels.run(0, 20) == []


@pytest.mark.skipif(bool(probe().problem), reason=f"no sandbox: {probe().problem}")
@pytest.mark.parametrize("channel", ["shell", "control", "iopub", "stdin"])
def test_a_channel_that_another_socket_took_over(channel, tmp_path):
    started = time.monotonic()
    kind = KINDS[len(channel) % len(KINDS)]
    swap = SWAP.format(swapped=[(channel, kind)])
    with Impatient("python3", tmp_path, Config(), manager_class=SandboxManager) as k:
        outcome = k.run(swap, 5)
        if not outcome.lost:
            outcome = k.run("while True: pass", 1)
    # Nobody on this side listens on stdin.
    assert outcome.lost == (channel != "stdin")
    assert time.monotonic() - started < 60


@pytest.fixture
def pair():
    """A channel, and a function that sends to it what it is given."""
    context = zmq.Context()
    here, there = context.socket(zmq.PAIR), context.socket(zmq.PAIR)
    there.bind("inproc://here")
    here.connect("inproc://here")
    session = Session(key=b"known to the student", check_pid=False)
    yield BoundedChannel(here, session), session, there.send_multipart
    context.destroy(linger=0)


def test_a_message_is_read(pair):
    channel, session, send = pair
    message = session.msg("status", {"execution_state": "idle"})
    send([b"kernel", *session.serialize(message)])
    assert channel.get_msg(1)["content"] == {"execution_state": "idle"}


def test_no_message_is_none(pair):
    with pytest.raises(Empty):
        pair[0].get_msg(0.01)


def _signed(session, *parts):
    return [b"<IDS|MSG>", session.sign(list(parts)), *parts]


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        (0, b"[]"),
        (0, b"{}"),
        (0, json.dumps({"msg_id": "1", "msg_type": "x", "pad": "x" * 2**17}).encode()),
        (1, b"7"),
        (1, json.dumps({"pad": "x" * 2**17}).encode()),
        (2, b"null"),
        (2, b'{"pad": "' + b"x" * 2**17 + b'"}'),
        (3, b"[]"),
        (3, b"\xff"),
        (3, b"[" * 10**6),
        (3, b'{"x": ' + b"9" * 5000 + b"}"),
        (3, b'"' + b"x" * 9 * 2**20 + b'"'),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_message_is_told(pair, changed, value):
    channel, session, send = pair
    header = session.msg_header("status")
    parts = [json.dumps(header, default=str).encode(), b"{}", b"{}", b"{}"]
    parts[changed] = value
    send(_signed(session, *parts))
    with pytest.raises(NoMessage):
        channel.get_msg(1)


@pytest.mark.parametrize("parts", [[b""], [b"<IDS|MSG>"], [b"x"] * 5, [b""] * 100_000])
def test_parts_of_no_message(pair, parts):
    pair[2](parts)
    with pytest.raises(NoMessage):
        pair[0].get_msg(1)


def test_every_socket_of_a_client_has_bounds(tmp_path):
    with Kernel("python3", Path(tmp_path), Config()) as kernel:
        client = kernel._client
        sockets = [
            channel.socket
            for channel in (
                client._shell_channel,
                client._iopub_channel,
                client._control_channel,
            )
        ]
        for own in sockets:
            bounds = (own.sndtimeo, own.rcvtimeo, own.maxmsgsize, own.rcvhwm)
            assert min(bounds) > 0, bounds
            assert own.linger == 0
            assert own.reconnect_ivl == -1
        assert client._stdin_channel is None
        assert client._hb_channel is None
    assert all(own.closed for own in sockets)
    assert client.context.closed


def test_the_manager_has_no_socket_of_its_own(tmp_path):
    manager = BoundedManager(kernel_name="python3")
    manager._connect_control_socket()
    assert manager._control_socket is None
    manager.cleanup_resources()
