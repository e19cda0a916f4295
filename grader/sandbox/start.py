"""The first code inside a sandbox: sets limits for good, then becomes the kernel.

It is started as a file and imports nothing of the course: what it needs is in its
arguments (limits as JSON, the lesson's files, the scratch folder, then the kernel's).
"""

import json
import os
import resource
import runpy
import shutil
import sys


def limit(limits: dict[str, int]) -> None:
    """Sets hard limits, which nothing here may raise again."""
    for name, value in limits.items():
        which = getattr(resource, name)
        hard = resource.getrlimit(which)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(which, (value, value))


def main() -> None:
    """Sets up and runs the kernel."""
    limits, lesson, scratch, *rest = sys.argv[1:]
    shutil.copytree(lesson, scratch, dirs_exist_ok=True, copy_function=shutil.copyfile)
    os.chdir(scratch)
    limit(json.loads(limits))
    sys.argv = ["ipykernel_launcher", *rest]
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
