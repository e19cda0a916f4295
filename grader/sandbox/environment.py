"""The environment variables inside: an allow-list, whatever the grader's own are."""

import sys
from collections.abc import Mapping
from pathlib import Path

COURSE = "/opt/course"
#: the code that starts kernels; no kernel imports from there
START = f"{COURSE}/start"
#: `datasets/` of the checkout, around the package that reads it
DATA = f"{COURSE}/datasets"
SCRATCH = "/scratch"
TEMPORARY = "/tmp"

#: Taken over where they are set: they tune, and hold no secret.
KEPT = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_NUM_INTEROP_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TZ",
)

#: there is a worker a core: kernels of several threads get into each other's way
ONE_THREAD = {name: "1" for name in KEPT if name.endswith("_THREADS")}


def environment(outside: Mapping[str, str]) -> dict[str, str]:
    """Returns all variables that a sandboxed kernel has.

    Args:
        outside: the grading process's variables.
    """
    programs = f"{Path(sys.prefix, 'bin')}:/usr/local/bin:/usr/bin:/bin"
    fixed = {
        "CUDA_VISIBLE_DEVICES": "-1",
        "HOME": SCRATCH,
        "KERAS_BACKEND": "tensorflow",
        "LANG": "C.UTF-8",
        "LOGNAME": "student",
        "MPLBACKEND": "Agg",
        "PATH": programs,
        # what it would say stands last in the log of the parent of warm kernels
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONPATH": f"{COURSE}:{DATA}",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TMPDIR": TEMPORARY,
        "USER": "student",
    }
    return {name: outside[name] for name in KEPT if name in outside} | fixed
