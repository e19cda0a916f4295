"""From a view to the arguments that bubblewrap is started with."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.sandbox.environment import SCRATCH, TEMPORARY
from grader.sandbox.view import Entry

#: Owns a sandbox's processes where the grader is root; no account bears it.
STAND_IN = 64_209
SETPRIV = "/usr/bin/setpriv"
_WORLD = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc")
_APART = (
    "--unshare-user",
    "--unshare-pid",
    "--unshare-net",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    *("--uid", "1000", "--gid", "1000"),
    *("--hostname", "sandbox"),
    *("--cap-drop", "ALL"),
    "--new-session",
    "--die-with-parent",
)


@dataclass(frozen=True)
class Jail:
    """What a sandbox is to be.

    Attributes:
        entries: what is seen inside, in the order in which it is laid over.
        environment: all of its variables.
        sizes: bytes that may be written, by folder of its own.
        info: the file descriptor that tells when the sandbox is up, where the grader
            is root, or -1.
        first: the one that tells the number of the process that all others are
            below, or -1.
        filter: the file descriptor of a filter of system calls, or -1.
        nested: whether this bubblewrap can forbid sandboxes in the sandbox.
    """

    entries: Sequence[Entry]
    environment: Mapping[str, str]
    sizes: Mapping[str, int]
    info: int = -1
    first: int = -1
    filter: int = -1
    nested: bool = False


def command(bwrap: str, jail: Jail, program: Sequence[str]) -> list[str]:
    """Returns the command line that runs a program in a jail.

    Where the grader is root, its rights are given up first: a process of root's is
    held by no limit on processes, and could read what only root may.
    """
    if os.geteuid() != 0:
        return [bwrap, *_told(jail.first), *_inner(jail), "--", *program]
    outer, jail = _staged(jail)
    drop = [
        SETPRIV,
        *("--reuid", str(STAND_IN), "--regid", str(STAND_IN), "--clear-groups"),
        *("--inh-caps=-all", "--bounding-set=-all", "--"),
    ]
    drop.append(bwrap)
    drop += [*_told(jail.info), *_inner(jail), "--", *program]
    return [bwrap, *_told(jail.first), *outer, "--", *drop]


def nested(bwrap: str, jail: Jail) -> list[str]:
    """Returns the command line of a jail in a jail, up to the program that it runs.

    Its processes bring their own namespace for processes, and mount their own /proc.
    """
    line = [bwrap, *_inner(jail)]
    line.remove("--unshare-pid")
    return line


def _told(number: int) -> list[str]:
    return ["--info-fd", str(number)] if number >= 0 else []


def _staged(jail: Jail) -> tuple[list[str], Jail]:
    """Makes what only root reaches reachable for the stand-in, by other names."""
    # The processes of another user do not end with their parent by themselves: hence
    # a namespace for processes here, too.
    arguments = ["--unshare-pid", "--die-with-parent"]
    arguments += ["--dev-bind", "/", "/", "--tmpfs", TEMPORARY]
    entries = []
    for number, entry in enumerate(jail.entries):
        staged = f"{TEMPORARY}/{number}"
        if entry.kind in {"read", "write"} and not _open_to_all(entry.outside):
            how = "--ro-bind" if entry.kind == "read" else "--bind"
            arguments += [how, entry.outside, staged]
            entry = replace(entry, outside=staged)
        entries.append(entry)
    return arguments, replace(jail, entries=entries)


def _open_to_all(path: str) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in _WORLD)


def _inner(jail: Jail) -> list[str]:
    arguments = [*_APART]
    if jail.nested:
        arguments.append("--disable-userns")
    # Later lies over earlier: what the course needs may lie below a folder of these.
    arguments += ["--proc", "/proc", "--dev", "/dev"]
    for folder, size in jail.sizes.items():
        arguments += ["--perms", "0700", "--size", str(size), "--tmpfs", folder]
    written = []
    for entry in jail.entries:
        if entry.kind == "link":
            arguments += ["--symlink", entry.outside, entry.inside]
        elif entry.kind == "empty":
            arguments += ["--size", "4096", "--tmpfs", entry.inside]
            written.append(entry.inside)
        else:
            how = "--ro-bind" if entry.kind == "read" else "--bind"
            arguments += [how, entry.outside, entry.inside]
    for folder in (*written, "/dev", "/"):
        arguments += ["--remount-ro", folder]
    arguments += ["--chdir", SCRATCH, "--clearenv"]
    for name, value in jail.environment.items():
        arguments += ["--setenv", name, value]
    if jail.filter >= 0:
        arguments += ["--seccomp", str(jail.filter)]
    return arguments
