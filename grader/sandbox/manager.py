"""Managers of kernels that are not to be trusted, in a sandbox and without one."""

import sys
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
from jupyter_core.utils import run_sync
from traitlets import Instance, Type

from grader.sandbox.asking import Asked
from grader.sandbox.client import BoundedClient
from grader.sandbox.provisioner import NAME


class BoundedManager(KernelManager):
    """Starts and stops a kernel, and asks it nothing except by its client.

    Jupyter's own has a socket for interrupts, on which it may wait for ever.
    """

    blocking_class = Type(klass=object, default_value=BoundedClient)

    _client: BoundedClient | None = None

    def blocking_client(self) -> BoundedClient:
        """Makes a client; it is the one that interrupts."""
        made: Any = super().blocking_client()
        self._client = made
        return made

    def _connect_control_socket(self) -> None:
        """Not: the client has one, with bounds."""

    async def _async_interrupt_kernel(self) -> None:
        spec = self.kernel_spec
        if spec is not None and spec.interrupt_mode == "signal":
            await super()._async_interrupt_kernel()
        elif self._client is not None and self._client.channels_running:
            self._client.interrupt()

    # Jupyter makes the one of the other where its own class stands.
    interrupt_kernel = run_sync(_async_interrupt_kernel)


class SandboxManager(BoundedManager):
    """Starts kernels of this Python in the sandbox, whatever a notebook asks for.

    They are forked from a warm parent where there is one.
    """

    warm = Instance(Asked, allow_none=True)

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
