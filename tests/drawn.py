"""The drawn sets, drawn once by the code that is here."""

import hashlib
import os
import sys
from pathlib import Path

import numpy as np
from numpy._core._multiarray_umath import __cpu_features__

import resnet_data
from resnet_data._cache import Rendered, cache_folder, rendered

#: beside what is kept, says by which code it was drawn
_NOTE = "drawn_by"
#: how variables begin that choose between a library's ways to compute
_WAYS = ("NPY_", "OMP_", "OPENBLAS_")


def drawn_here(variety: str) -> Rendered:
    """A set as this code, NumPy, Python and processor draw it.

    What they drew once is kept. Where any of them is another one, it is drawn anew.
    """
    folder, here = cache_folder(variety), _code_and_machine()
    note = folder and folder / _NOTE
    if note and note.is_file() and note.read_text("utf-8") == here:
        return rendered(variety)
    if note:
        note.unlink(missing_ok=True)
    found = rendered(variety, refresh=True)
    if note and found.folder:
        note.write_text(here, "utf-8")
    return found


def _code_and_machine() -> str:
    ways = sorted(item for item in os.environ.items() if item[0].startswith(_WAYS))
    machine = repr(
        (np.__version__, sys.version, sorted(__cpu_features__.items()), ways)
    )
    digest = hashlib.sha256(machine.encode())
    folder = Path(resnet_data.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"{path.relative_to(folder)}".encode() + path.read_bytes())
    return digest.hexdigest()
