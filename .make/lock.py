"""Write requirements.txt and environment.yml from pyproject.toml.

Run by ``make lock``. The lock is resolved for every platform and every Python
that pyproject.toml admits, names no index, and begins with a digest of what it
was made from, by which ``tests/test_environment.py`` sees a stale one without
a network. Pass ``--upgrade`` to take newer versions; otherwise pins are kept.
"""

import argparse
import hashlib
import json
import os
import subprocess
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
LOCK = ROOT / "requirements.txt"
ENVIRONMENT = ROOT / "environment.yml"

DIGEST_PREFIX = "# made from: sha256:"
HEADER = """\
# The locked environment: every package, every version, every hash.
# Written by `make lock` from pyproject.toml; do not edit.
"""


def read_project(path: Path = PROJECT) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def digest(project: dict[str, Any]) -> str:
    """Digest of the tables that decide what the lock holds."""
    table = project["project"]
    inputs = {
        "build": sorted(project["build-system"]["requires"]),
        "python": table["requires-python"],
        "dependencies": sorted(table["dependencies"]),
        "extras": {
            name: sorted(requirements)
            for name, requirements in table["optional-dependencies"].items()
        },
    }
    text = json.dumps(inputs, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def environment_text(project: dict[str, Any]) -> str:
    """environment.yml: what conda brings, and this package through pip."""
    table = project["project"]
    return f"""\
# Written by `make lock` from pyproject.toml; do not edit.
name: {table["name"]}
channels:
  - conda-forge
dependencies:
  - python {table["requires-python"]}
  - graphviz
  - pip
  - pip:
      - -e .
"""


def compile_lock(*, upgrade: bool = False) -> str:
    """Resolve the lock with uv; return its text without the header.

    Raises:
        subprocess.CalledProcessError: the resolver failed; it has said why.
    """
    # A maintainer's own mirror settings must not reach the committed file.
    env = {k: v for k, v in os.environ.items() if not k.startswith(("UV_", "PIP_"))}
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if name in os.environ:
            env[name] = os.environ[name]
    command = [
        "uv",
        "pip",
        "compile",
        "--no-config",
        "--universal",
        "--python-version=3.11",
        # One version of each package for all Pythons: the same numbers everywhere.
        "--fork-strategy=fewest",
        "--generate-hashes",
        "--no-build",
        "--no-header",
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--no-progress",
        "--quiet",
        "--extra=dev",
        f"--output-file={LOCK.name}",
        *(["--upgrade"] if upgrade else []),
        PROJECT.name,
    ]
    subprocess.run(command, cwd=ROOT, env=env, check=True)
    return LOCK.read_text(encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take newer versions")
    options = parser.parse_args()
    project = read_project()
    body = compile_lock(upgrade=options.upgrade)
    LOCK.write_text(
        f"{HEADER}{DIGEST_PREFIX}{digest(project)}\n{body}", encoding="utf-8"
    )
    ENVIRONMENT.write_text(environment_text(project), encoding="utf-8")
    print(f"wrote {LOCK.name} and {ENVIRONMENT.name}")


if __name__ == "__main__":
    main()
