"""The files that describe the environment say the same; none needs a network."""

import copy
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import lock
from grader import doctor

ROOT = Path(__file__).resolve().parent.parent
PROJECT = lock.read_project()
TABLE = PROJECT["project"]
LOCK = lock.LOCK.read_text(encoding="utf-8")

DIRECT = [
    Requirement(line)
    for line in [
        *PROJECT["build-system"]["requires"],
        *TABLE["dependencies"],
        *TABLE["optional-dependencies"]["dev"],
    ]
]
ENTRY = re.compile(
    r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\]+))? \\\n"
    r"(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)
PINNED = {match["name"]: Version(match["version"]) for match in ENTRY.finditer(LOCK)}


def test_lock_was_made_from_this_pyproject():
    assert f"{lock.DIGEST_PREFIX}{lock.digest(PROJECT)}\n" in LOCK, (
        "requirements.txt is older than the dependencies in pyproject.toml: "
        "run 'make lock'"
    )


@pytest.mark.parametrize("place", ["dependencies", "requires-python", "dev"])
def test_digest_sees_a_change(place):
    changed = copy.deepcopy(PROJECT)
    table = changed["project"]
    if place == "dependencies":
        table["dependencies"].append("left-pad>=1")
    elif place == "dev":
        table["optional-dependencies"]["dev"].append("left-pad>=1")
    else:
        table["requires-python"] = ">=3.12"
    assert lock.digest(changed) != lock.digest(PROJECT)


def test_digest_overlooks_order():
    changed = copy.deepcopy(PROJECT)
    changed["project"]["dependencies"].reverse()
    assert lock.digest(changed) == lock.digest(PROJECT)


@pytest.mark.parametrize("requirement", DIRECT, ids=str)
def test_lock_meets_each_direct_dependency(requirement):
    version = PINNED.get(canonicalize_name(requirement.name))
    assert version is not None
    assert version in requirement.specifier


def test_lock_holds_pins_with_hashes_and_nothing_else():
    rest = ENTRY.sub("", LOCK)
    left = [line for line in rest.splitlines() if not line.lstrip().startswith("#")]
    assert left == []
    assert len(PINNED) > 100


def test_lock_pins_each_package_once():
    names = [match["name"] for match in ENTRY.finditer(LOCK)]
    assert len(names) == len(set(names))


def test_lock_names_no_index_host_or_path():
    assert not re.search(r"https?:|file:|--(extra-)?index|--find-links|/", LOCK)


def test_environment_yml_is_the_written_one():
    text = lock.ENVIRONMENT.read_text(encoding="utf-8")
    assert text == lock.environment_text(PROJECT), "run 'make lock'"


def test_all_places_name_the_same_pythons():
    admitted = SpecifierSet(TABLE["requires-python"])
    pythons = [f"3.{minor}" for minor in range(30) if f"3.{minor}" in admitted]
    oldest, newest = (tuple(map(int, pythons[i].split("."))) for i in (0, -1))
    assert (oldest, newest) == (doctor.OLDEST_PYTHON, doctor.NEWEST_PYTHON)
    prefix = "Programming Language :: Python :: 3."
    assert pythons == [
        line.split(" :: ")[-1]
        for line in TABLE["classifiers"]
        if line.startswith(prefix)
    ]
    setup = (ROOT / ".make" / "setup.sh").read_text(encoding="utf-8")
    assert f"{oldest} <= sys.version_info[:2] <= {newest}" in setup
    assert PROJECT["tool"]["pyright"]["pythonVersion"] == pythons[0]
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py3{oldest[1]}"


def test_every_package_is_in_the_wheel():
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    found = {
        path.parent.relative_to(ROOT).as_posix()
        for folder in wheel["dev-mode-dirs"]
        for path in (ROOT / folder).glob("*/__init__.py")
    }
    assert set(wheel["only-include"]) - {"datasets/model"} == found - {"tests"}
    assert set(wheel["sources"]) < set(wheel["only-include"])


def test_pyproject_is_the_only_place_for_tool_settings():
    others = ["setup.cfg", "tox.ini", "pytest.ini", "ruff.toml", "pyrightconfig.json"]
    assert not [name for name in others if (ROOT / name).exists()]
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
