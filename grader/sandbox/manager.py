"""A kernel manager whose kernels run in the sandbox, and a client that trusts none."""

import sys
import time
from queue import Empty
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
from traitlets import Type

from grader.sandbox.provisioner import NAME

#: Bytes of one message; a kernel that sends a longer one is cut off.
LONGEST_MESSAGE = 8 * 2**20
#: Messages that wait here unread, where each is read and where hardly one is; what
#: is more the kernel's side drops.
_WAITING = {"iopub": 500}
_HARDLY = 10
_CONNECTION = ("-f", "{connection_file}")


class BoundedClient(BlockingKernelClient):
    """A client whose sockets take in no more than is meant for it."""

    _monitor: Any = None

    @property
    def cut_off(self) -> bool:
        """Whether the kernel's messages ended, as they do upon one too long."""
        return self._monitor is not None and bool(self._monitor.poll(0))

    def stop_channels(self) -> None:
        """Closes all sockets."""
        if self._monitor is not None:
            self._monitor.close(0)
            self._monitor = None
        super().stop_channels()

    def _create_connected_socket(self, channel: str, identity: Any = None) -> Any:
        context = self.context
        # set on the context, so that it holds before the socket connects
        context.setsockopt(zmq.MAXMSGSIZE, LONGEST_MESSAGE)
        context.setsockopt(zmq.RCVHWM, _WAITING.get(channel, _HARDLY))
        socket = super()._create_connected_socket(channel, identity)
        if channel == "iopub":
            self._monitor = socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        return socket

    def wait_for_ready(self, timeout: float | None = None) -> None:
        """Waits until the kernel answers on both channels.

        Jupyter's own way ends with a fixed wait for silence, which nothing here needs:
        requests are told apart by their number.

        Raises:
            RuntimeError: if the kernel dies, or does not answer in time.
        """
        end = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < end:
            request = self.kernel_info()
            try:
                self.get_shell_msg(timeout=1)
                while True:
                    message = self.get_iopub_msg(timeout=0.2)
                    if message["parent_header"].get("msg_id") == request:
                        return
            except Empty:
                if not self.is_alive():
                    raise RuntimeError("the kernel died while it started") from None
        raise RuntimeError(f"the kernel did not answer in {timeout:.0f} seconds")


class SandboxManager(KernelManager):
    """Starts kernels of this Python in the sandbox, whatever a notebook asks for."""

    blocking_class = Type(klass=object, default_value=BoundedClient)

    @property
    def kernel_spec(self) -> KernelSpec:
        """The one kernel that there is."""
        return KernelSpec(
            argv=[
                sys.executable,
                "-m",
                "ipykernel_launcher",
                "-f",
                "{connection_file}",
            ],
            display_name="Python 3 in a sandbox",
            language="python",
            interrupt_mode="message",
            metadata={"kernel_provisioner": {"provisioner_name": NAME}},
        )
