"""Which files of the package are the capture half, and a copy of them alone.

Where student code runs, nothing else of the package needs to be there: not the
judge, not a specification, not an expected value.
"""

import shutil
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
PARTS = (
    "__init__.py",
    "capture",
    "arithmetic.py",
    "challenge.py",
    "definitions.py",
    "executed.py",
    "install.py",
    "practice.py",
    "stream.py",
)


def install(folder: Path) -> Path:
    """Copies the capture half into a folder, as a package named `grader`.

    Args:
        folder: to be put on the Python path of the process that captures.

    Returns:
        The package's folder.
    """
    package = folder / "grader"
    package.mkdir(parents=True)
    for part in PARTS:
        source = _PACKAGE / part
        if source.is_dir():
            shutil.copytree(
                source, package / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(source, package / part)
    return package
