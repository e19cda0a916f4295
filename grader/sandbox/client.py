"""A client of a kernel that may be anybody: each of its calls has a bound.

Student code is in the kernel's process. It may close the kernel's sockets, answer on
them itself, in another kind of socket's name or in no protocol at all, or not answer.
What it cannot do is make this side wait longer, or read more, than stands here.
"""

import contextlib
import socket
import time
from collections.abc import Sequence
from queue import Empty
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.channels import ZMQSocketChannel
from traitlets import Type

#: Bytes of one message; a kernel that sends a longer one is cut off.
LONGEST_MESSAGE = 8 * 2**20
#: Bytes of its header, its parent's and its metadata each, and parts of a message:
#: Jupyter looks for dates in every text of a header.
_LONGEST_HEADER = 2**16
_MOST_PARTS = 100
#: Messages that wait here unread, where each is read and where hardly one is; what
#: is more the kernel's side drops.
_WAITING = {"iopub": 500}
_HARDLY = 10
#: Seconds that any call waits at the most; how often a kernel is looked for, and how
#: often whether it lives, which takes longer.
LONGEST_WAIT = 2.0
_STEP, _LOOK = 0.005, 0.05
#: Seconds until a kernel listens, and until it has said what it speaks
START_LIMIT = 120.0


class NoMessage(ValueError):
    """What came from a kernel is no Jupyter message."""


class BoundedChannel(ZMQSocketChannel):
    """A channel that waits, and reads, no more than it has to.

    Its socket's own limits are set where it is made.
    """

    def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Returns the next message.

        Args:
            timeout: seconds to wait; by default as long as any call.

        Raises:
            Empty: if none comes.
            NoMessage: if what comes is none.
        """
        assert self.socket is not None
        seconds = LONGEST_WAIT if timeout is None else timeout
        if not self.socket.poll(max(0, int(seconds * 1000))):
            raise Empty
        return self._recv()

    def _recv(self, **kwargs: Any) -> dict[str, Any]:
        parts = self._parts()
        try:
            message = self.session.deserialize(_bounded(self.session, parts))
        except Exception as error:
            # It is signed with a key that student code can read: whatever is raised
            # comes of what was sent.
            raise NoMessage(f"{type(error).__name__}: {error}"[:200]) from None
        for name in ("content", "header", "parent_header", "metadata"):
            if not isinstance(message.get(name), dict):
                raise NoMessage(f"its {name} is not an object")
        return message

    def _parts(self) -> list[bytes]:
        """The parts of one message; ZeroMQ hands on whole ones only."""
        assert self.socket is not None
        parts: list[bytes] = []
        size = 0
        while not parts or self.socket.getsockopt(zmq.RCVMORE):
            try:
                part = self.socket.recv(zmq.NOBLOCK)
            except zmq.Again:
                raise Empty from None
            size += len(part)
            if len(parts) == _MOST_PARTS or size > LONGEST_MESSAGE:
                raise NoMessage("it is too long")
            parts.append(part)
        return parts


def _bounded(session: Any, parts: Sequence[bytes]) -> list[bytes]:
    """The parts behind the identities, if none of the headers is too long."""
    _, parts = session.feed_identities(parts)
    if any(len(part) > _LONGEST_HEADER for part in parts[:4]):
        raise NoMessage("its header is too long")
    return list(parts)


class BoundedClient(BlockingKernelClient):
    """A client that connects once to each channel, and waits for nobody for long.

    A channel that is lost stays lost: whoever takes its place later is never asked.
    """

    shell_channel_class = Type(BoundedChannel)
    iopub_channel_class = Type(BoundedChannel)
    stdin_channel_class = Type(BoundedChannel)
    control_channel_class = Type(BoundedChannel)

    _monitor: Any = None
    _end: float = 0.0

    @property
    def cut_off(self) -> bool:
        """Whether the kernel's messages ended, as they do upon one too long."""
        return self._monitor is not None and bool(self._monitor.poll(0))

    def open(self, seconds: float = START_LIMIT) -> None:
        """Connects once the kernel listens, and waits until it answers.

        The heartbeat is not asked for: the manager knows whether the kernel lives.

        Args:
            seconds: for all of that.

        Raises:
            RuntimeError: if the kernel dies, or does not answer in time.
        """
        self._end = time.monotonic() + seconds
        self.start_channels(stdin=False, hb=False)
        self.wait_for_ready(timeout=self._end - time.monotonic())

    def interrupt(self) -> None:
        """Asks the kernel to interrupt what it runs; time tells whether it does."""
        with contextlib.suppress(zmq.Again):
            self.control_channel.send(self.session.msg("interrupt_request", {}))

    def stop_channels(self) -> None:
        """Closes all sockets at once; what was not sent yet is dropped."""
        if self._monitor is not None:
            self._monitor.close(0)
            self._monitor = None
        # Jupyter's own way would make the channels that are not there first.
        for channel in (
            self._shell_channel,
            self._iopub_channel,
            self._stdin_channel,
            self._control_channel,
        ):
            if channel is not None:
                channel.stop()
        if self._created_context:
            self.context.destroy(linger=0)

    # Jupyter's own go through an event loop, which takes longer than the message does
    def get_shell_msg(self, *, timeout: float) -> dict[str, Any]:
        """Returns the next message on the shell channel; see `BoundedChannel`."""
        return self.shell_channel.get_msg(timeout=timeout)

    def get_iopub_msg(self, *, timeout: float) -> dict[str, Any]:
        """Returns the next message on the iopub channel; see `BoundedChannel`."""
        return self.iopub_channel.get_msg(timeout=timeout)

    def wait_for_ready(self, timeout: float | None = None) -> None:
        """Waits until the kernel answers on both channels.

        Jupyter's own way ends with a fixed wait for silence, which nothing here needs:
        requests are told apart by their number.

        Raises:
            RuntimeError: if the kernel dies, or does not answer in time.
        """
        end = time.monotonic() + (START_LIMIT if timeout is None else timeout)
        while time.monotonic() < end:
            try:
                request = self.kernel_info()
                self.get_shell_msg(timeout=1)
                while time.monotonic() < end:
                    message = self.get_iopub_msg(timeout=0.2)
                    if message["parent_header"].get("msg_id") == request:
                        return
            except (Empty, zmq.Again):
                self._demand_life()
            except NoMessage as error:
                raise RuntimeError(f"the kernel sent no message: {error}") from None
        raise RuntimeError("the kernel did not answer in time")

    def _create_connected_socket(self, channel: str, identity: Any = None) -> Any:
        self._await_listener(channel)
        context = self.context
        # set on the context, so that it holds before the socket connects
        for option, value in (
            (zmq.MAXMSGSIZE, LONGEST_MESSAGE),
            (zmq.RCVHWM, _WAITING.get(channel, _HARDLY)),
            (zmq.SNDTIMEO, int(LONGEST_WAIT * 1000)),
            (zmq.RCVTIMEO, int(LONGEST_WAIT * 1000)),
            (zmq.RECONNECT_IVL, -1),
            (zmq.HANDSHAKE_IVL, int(START_LIMIT * 1000)),
        ):
            context.setsockopt(option, value)
        made = super()._create_connected_socket(channel, identity)
        made.linger = 0
        if channel == "iopub":
            self._monitor = made.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        return made

    def _await_listener(self, channel: str) -> None:
        """Waits until somebody listens on a channel.

        Raises:
            RuntimeError: if the kernel dies, or does not listen in time.
        """
        look = 0.0
        while not self._is_listening(channel):
            now = time.monotonic()
            if now > look:
                self._demand_life()
                look = now + _LOOK
            if now > self._end:
                raise RuntimeError(f"the kernel did not open its {channel} in time")
            time.sleep(_STEP)

    def _is_listening(self, channel: str) -> bool:
        port = getattr(self, f"{channel}_port")
        family, address = socket.AF_INET, (self.ip, port)
        if self.transport == "ipc":
            family, address = socket.AF_UNIX, f"{self.ip}-{port}"
        with socket.socket(family, socket.SOCK_STREAM) as own:
            own.settimeout(LONGEST_WAIT)
            try:
                own.connect(address)
            except OSError:
                return False
        return True

    def _demand_life(self) -> None:
        if not self.is_alive():
            raise RuntimeError("the kernel died while it started")
