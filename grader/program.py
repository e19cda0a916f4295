"""Runs a program that only says something, and takes from it what it said."""

import os
import subprocess


def run(command: list[str], seconds: float) -> subprocess.CompletedProcess[str]:
    """Runs `command`; one that cannot run or does not end has failed, too.

    Args:
        command: the program and its arguments.
        seconds: how long it may take.
    """
    try:
        return subprocess.run(
            command,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
            stdin=subprocess.DEVNULL,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        problem = f"it did not end within {seconds:g} s"
    except OSError as error:
        problem = str(error)
    return subprocess.CompletedProcess(command, 1, "", problem)


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    """Where a program says what matters: the last line, stderr's if it has any."""
    lines = f"{done.stdout}\n{done.stderr}".split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return said[-1] if said else f"exit status {done.returncode}"
