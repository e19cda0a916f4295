"""Runs the tests that depend on numbers as other processors would run them.

    python -m tests.portable                  each setting, all numerical tests
    python -m tests.portable oldest           one setting
    python -m tests.portable --quick oldest   what learners see, and their full marks

The last one is part of the tests; `make portable` runs everything. A sum in single
precision depends on its order, and that on the instructions and the threads that a
library takes. The libraries can be told to take others than the processor has to
offer; none can be told to take more.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import click

from tests.threads import ONE_THREAD

ROOT = Path(__file__).resolve().parents[1]

#: What learners see, and what right answers get.
QUICK = (
    "printed",
    "published",
    "lesson_golden::test_cells_as_they_stand_score_all",
)
#: All that compares numbers of TensorFlow, PyTorch or NumPy, or bytes made of them.
NUMERICAL = (
    "almost_numbers",
    "capture_challenges",
    "datasets",
    "datasets_rendered",
    "drawn_sets",
    "family_capture",
    "figures",
    "forward",
    "lesson_equivalents",
    "lesson_golden",
    "model",
    "photos_pair",
    "printed",
    "published",
    "reports",
    "residual_numbers",
    "resnet_family",
    "resnets_utils",
    "tensors",
    "training",
    "training_resnets",
    "weights",
)


@dataclass(frozen=True)
class Setting:
    """Another processor, as far as variables can make it one.

    Attributes:
        words: what it stands for.
        variables: of the environment.
        numpy_keeps: of the groups of instructions that NumPy chooses from, those up to
            this one; all where it is empty. The groups are "X86_V2" and so on.
    """

    words: str
    variables: dict[str, str] = field(default_factory=dict)
    numpy_keeps: str = ""

    def environment(self) -> dict[str, str]:
        """The variables with which tests are run."""
        disabled = _numpy_groups_above(self.numpy_keeps) if self.numpy_keeps else []
        numpy = {"NPY_DISABLE_CPU_FEATURES": " ".join(disabled)} if disabled else {}
        return os.environ | self.variables | numpy


_AVX2 = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OPENBLAS_CORETYPE": "Haswell",
    "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
}
_OLDEST = {
    "ATEN_CPU_CAPABILITY": "default",
    "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "OPENBLAS_CORETYPE": "Nehalem",
    "XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2",
}
SETTINGS = {
    "avx2": Setting("AVX2, no AVX-512", _AVX2, "X86_V3"),
    "oldest": Setting("SSE4 and one thread", _OLDEST | ONE_THREAD, "X86_V2"),
    "no-onednn": Setting("Eigen for oneDNN", {"TF_ENABLE_ONEDNN_OPTS": "0"}),
    "one-thread": Setting("one thread", ONE_THREAD),
}


def _numpy_groups_above(kept: str) -> list[str]:
    """The groups of instructions that NumPy must not choose.

    Of what this processor has: NumPy warns of others.
    """
    import numpy._core._multiarray_umath as umath

    above = {"X86_V2": ("X86_V", "AVX", "FMA"), "X86_V3": ("X86_V4", "AVX512")}[kept]
    return [
        group
        for group in umath.__cpu_dispatch__
        if umath.__cpu_features__[group] and group.startswith(above)
    ]


def node_ids(names: tuple[str, ...]) -> list[str]:
    """What pytest takes for files, or tests of them."""
    found = (name.partition("::") for name in names)
    return [f"tests/test_{file}.py{sign}{test}" for file, sign, test in found]


@click.command()
@click.argument("settings", nargs=-1, type=click.Choice(list(SETTINGS)))
@click.option("--quick", is_flag=True, help="Only the first of them.")
@click.option("-n", "workers", default=0, help="Tests side by side.")
def main(settings: tuple[str, ...], quick: bool, workers: int) -> None:
    """Run numerical tests under SETTINGS, all of them by default."""
    chosen = node_ids(QUICK if quick else NUMERICAL)
    command = [sys.executable, "-m", "pytest", "-q", *chosen]
    if workers:
        command += ["-n", str(workers), "--dist", "loadfile"]
    failed = []
    for name in settings or SETTINGS:
        setting = SETTINGS[name]
        click.echo(f"{name}: {setting.words}")
        begun = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=setting.environment(), check=False)
        click.echo(f"{name}: {time.monotonic() - begun:.0f} s, exit {done.returncode}")
        if done.returncode:
            failed.append(name)
    sys.exit(f"Tests fail under {', '.join(failed)}." if failed else 0)


if __name__ == "__main__":
    main()
