"""Commands that start in milliseconds: forks of a process that has imported them.

Importing takes seconds of each command. What runs is what the installed scripts run, in
the caller's folder and environment, with its standard streams. Ctrl-C reaches it, and
what kills the caller kills it.
"""

import contextlib
import fcntl
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

_SHIM = """#!{python} -IS
import json, os, signal, socket, sys
server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
server.connect({address!r})
call = [{name!r}, {module!r}, sys.argv[1:], os.getcwd(), dict(os.environ)]
socket.send_fds(server, [json.dumps(call).encode()], [0, 1, 2])
pid = int(server.recv(16))
signal.signal(signal.SIGINT, lambda *_: os.kill(pid, signal.SIGINT))
sys.exit(int(server.recv(16) or 1))
"""
#: where scripts find their `main`
_MAINS = {
    "grader": "grader.cli",
    "nbgrader": "nbgrader.apps.nbgraderapp",
}
#: what commands import once they run
_LATER = (
    "grader.cli.autograde",
    "grader.cli.report",
    "grader.lessons.residual_networks",
    "grader.nbgrader.exporter",
    "grader.nbgrader.feedback",
    "grader.nbgrader.handed_in.mended",
    "grader.nbgrader.release_exporter",
    "grader.nbgrader.standing",
)
_LONGEST = 1 << 18


@contextlib.contextmanager
def warm_commands(
    folder: Path, mains: Mapping[str, str] = _MAINS, later: Sequence[str] = _LATER
):
    """Yields a folder whose scripts run the commands, while the block lasts.

    Args:
        folder: an empty one.
        mains: the modules whose `main` they call, by their names.
        later: what is imported as well.
    """
    address = str(folder / "server")
    for name, module in mains.items():
        shim, own = folder / name, {"address": address, "name": name, "module": module}
        shim.write_text(_SHIM.format(python=sys.executable, **own))
        shim.chmod(0o755)
    command = [sys.executable, "-m", __name__, address, *mains.values(), *later]
    here = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE) as server:
        assert server.stdout
        assert server.stdout.readline() == b"ready\n"
        try:
            yield folder
        finally:
            server.terminate()


def _serve(address: str, *modules: str) -> None:
    signal.signal(signal.SIGCHLD, _reap)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server.bind(address)
    server.listen()
    for name in modules:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    while True:
        caller, _ = server.accept()
        if not os.fork():
            # commands wait for programs of their own
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            server.close()
            code = _run(caller)
            fcntl.fcntl(caller, fcntl.F_SETFL, 0)
            caller.send(str(code).encode())
            os._exit(0)
        caller.close()


def _reap(*_: object) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _end_with(caller: socket.socket) -> None:
    """Has this process killed, at whatever it is, as soon as its caller is gone."""
    fcntl.fcntl(caller, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(caller, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(caller, fcntl.F_SETFL, os.O_ASYNC)


def _run(caller: socket.socket) -> int:
    """Runs what a caller asks for, and returns its exit code."""
    call, streams, *_ = socket.recv_fds(caller, _LONGEST, 3)
    name, module, arguments, folder, environment = json.loads(call)
    caller.send(str(os.getpid()).encode())
    _end_with(caller)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [name, *arguments]
    try:
        importlib.import_module(module).main()
        code = 0
    except SystemExit as error:
        code = error.code
        if not isinstance(code, int):
            code = int(code is not None)
            print(error, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    _serve(*sys.argv[1:])
