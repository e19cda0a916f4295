"""How this Python got the course, and so which command adds or mends a package here.

A checkout has a `.venv` that make has made. The student kit goes into any environment,
by pip or by conda. A remedy that names the wrong one of them is no remedy:

    from grader.install import how_to_get_torch

    print(f"PyTorch is not installed: {how_to_get_torch(in_notebook=True)}.")

Importing this brings nothing but the standard library, and it is there where student
code runs.
"""

import contextlib
import importlib.metadata
import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

DISTRIBUTION = "resnet-course"
#: how to have a build for the processor alone, where pip's own would bring gigabytes
CPU_BUILD = (
    "some 3 GB on Linux; for the CPU build, a tenth of that, take the command that "
    "pytorch.org/get-started/locally shows for Pip and CPU"
)


@dataclass(frozen=True)
class Install:
    """The environment that the course runs in.

    Attributes:
        python: the interpreter, as a terminal takes it.
        platform: such as `sys.platform`.
        checkout: the checkout whose `.venv` this is; None elsewhere.
        conda: whether it is an environment of conda.
        pip: whether it has pip; those that uv makes have none.
    """

    python: str
    platform: str
    checkout: Path | None = None
    conda: bool = False
    pip: bool = True

    def add(self, *words: str) -> str:
        """The command that installs packages: `words` are those after `install`."""
        if self.pip:
            line = f"{self.python} -m pip install"
        else:
            line = f"uv pip install --python {self.python}"
        return " ".join([line, *words])

    def mend(self, package: str) -> str:
        """What to do where a package of the course is broken, old or missing."""
        if self.checkout is not None:
            return f"run 'make distclean setup' in {self.checkout}"
        again = "--force-reinstall" if self.pip else "--reinstall"
        return f"run {self.add(again, _quoted(package))}"

    def renew(self) -> str:
        """What to do where the environment as a whole is not right."""
        if self.checkout is not None:
            return f"run 'make distclean setup' in {self.checkout}"
        if self.conda:
            return "make the environment anew from the course's environment.yml"
        return "make the environment anew, as the course's START.md says"

    def system_package(self, name: str) -> str:
        """See `system_package`."""
        if self.conda:
            return f"run conda install -c conda-forge {name}"
        if self.platform == "darwin":
            return f"run brew install {name}"
        if self.platform == "win32":
            return f"run winget install {name} and open a new terminal"
        return f"install {name} (Debian, Ubuntu: apt install {name})"

    def get_torch(self, in_notebook: bool = False) -> str:
        """See `how_to_get_torch`."""
        if self.checkout is not None:
            where = "the course's folder" if in_notebook else self.checkout
            what = f"run 'make torch' in {where}"
        else:
            package = _quoted("torch")
            if in_notebook and self.pip:
                what = f"run %pip install {package} in a cell"
            else:
                what = f"run {self.add(package)}"
            if self.platform == "linux":
                # The usual wheel is for graphics cards
                what += f" ({CPU_BUILD})"
        return f"{what} and restart the kernel" if in_notebook else what


def here() -> Install:
    """The environment of the running interpreter."""
    root = Path(__file__).resolve().parents[1]
    made_by_make = (root / ".make" / "setup.sh").is_file() and Path(
        sys.prefix
    ).resolve() == (root / ".venv").resolve()
    return Install(
        python=_as_typed(sys.executable),
        platform=sys.platform,
        checkout=root if made_by_make else None,
        conda=Path(sys.prefix, "conda-meta").is_dir(),
        pip=_installed("pip"),
    )


def how_to_get_torch(*, in_notebook: bool = False) -> str:
    """What to do to have PyTorch here, in a build for the processor.

    Args:
        in_notebook: whether the reader sees it in a notebook. It then names no folder
            of theirs, for the page may be handed in, and ends with the restart.

    Returns:
        Words without a full stop that go on after a colon or "To have it,": such as
        `run 'make torch' in the course's folder and restart the kernel`.
    """
    return here().get_torch(in_notebook)


def system_package(name: str) -> str:
    """What to do to have a program such as graphviz, which pip cannot bring."""
    return here().system_package(name)


def requirement(package: str) -> str:
    """The course's requirement on a package, such as "torch>=2.9"; else its name."""
    try:
        lines = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        lines = []
    for line in lines:
        wanted = line.partition(";")[0].strip()
        if wanted.startswith(package) and not wanted[len(package)].isalnum():
            return wanted
    return package


def _installed(package: str) -> bool:
    try:
        importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _quoted(package: str) -> str:
    """A requirement as all shells take it: `>` would write to a file."""
    return f'"{requirement(package)}"'


def _as_typed(executable: str) -> str:
    """A path as one types it: short from here, quoted where it has to be."""
    path = Path(executable)
    # elsewhere, or the working directory was deleted
    with contextlib.suppress(ValueError, OSError):
        path = path.relative_to(Path.cwd())
    if os.name == "nt":
        return f'& "{path}"' if " " in str(path) else str(path)
    return shlex.quote(str(path))
