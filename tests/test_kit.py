import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.demo.submissions import solutions
from grader.lessons import NAMES, get_lesson
from grader.release.kit import NAME, WHEEL, build_kit
from tests.lessons.almost_a_resnet.truth import told

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """Contents of the kit by name, those of its wheel among them."""
    folder = tmp_path_factory.mktemp("kit")
    for name in ("grader", "datasets", "pyproject.toml", "LICENSE"):
        (folder / name).symlink_to(ROOT / name)
    lessons = [get_lesson(name) for name in NAMES]
    path = build_kit(folder, ROOT / "assignments", lessons)
    first = path.read_bytes()
    assert build_kit(folder, ROOT / "assignments", lessons).read_bytes() == first
    return unpacked(first)


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {name: archive.read(name) for name in archive.namelist()}
    wheels = [names[name] for name in names if name.endswith(".whl")]
    return {**names, **{k: v for w in wheels for k, v in unpacked(w).items()}}


def test_the_kit_holds_what_a_student_needs(kit):
    top = {name.removeprefix(f"{NAME}/") for name in kit if name.startswith(NAME)}
    assert {name for name in top if "/" not in name} == {
        "LICENSE",
        "START.html",
        "START.md",
        "environment.yml",
        "nbgrader_config.py",
        WHEEL,
    }
    folders = {name.split("/")[0] for name in top if "/" in name}
    assert folders == set(NAMES)
    for lesson in map(get_lesson, NAMES):
        assert f"{lesson.name}/{lesson.notebook}.ipynb" in top


def test_the_kit_holds_nothing_else_of_the_checkout(kit):
    own = {"grader", "resnet_data", NAME, f"{WHEEL.split('-py3')[0]}.dist-info"}
    assert {name.split("/")[0] for name in kit} == own
    parts = {part for name in kit for part in Path(name).parts}
    unwanted = {"demo", "release", "tests", "solutions", "course", "secret", ".git"}
    assert not parts & unwanted
    shipped = "resnet_data/model/resnet50_signs.h5"
    kinds = (".pct.py", ".pyc", ".h5")
    assert not [n for n in kit if n.endswith(kinds) and n != shipped]
    assert (shipped in kit) == (ROOT / "datasets/model/resnet50_signs.h5").exists()


def test_no_solution_is_in_it(kit):
    texts = {n: d.decode("utf-8", "ignore") for n, d in kit.items() if n[-3:] != ".h5"}
    # what one lesson asks for, another may give
    given = "".join(text for name, text in texts.items() if name.endswith(".ipynb"))
    for lesson in map(get_lesson, NAMES):
        source = ROOT / "solutions" / lesson.name / f"{lesson.notebook}.ipynb"
        notebook = f"{NAME}/{lesson.name}/{lesson.notebook}.ipynb"
        for code in solutions(source, lesson).values():
            lines = {line.strip() for line in code.splitlines() if len(line) > 30}
            escaped = {line: line.replace('"', '\\"') for line in lines}
            assert any(line not in texts[notebook] for line in escaped.values())
            secret = {e for e in escaped.items() if e[1] not in given}
            for name, text in texts.items():
                leaks = [line for line, e in secret if line in text or e in text]
                assert not leaks, name


def test_no_fault_of_lesson_5_stands_beside_its_place(kit):
    assert "grader/judge/answers.py" in kit
    assert faults_told(kit) == {}


def test_nor_in_the_wheel_that_pip_builds_of_a_checkout(tmp_path):
    for name in ("grader", "datasets", "pyproject.toml", "LICENSE", "README.md"):
        (tmp_path / name).symlink_to(ROOT / name)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "built"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    wheel = unpacked((tmp_path / "built" / WHEEL).read_bytes())
    assert "grader/judge/answers.py" in wheel
    assert faults_told(wheel) == {}


def faults_told(contents):
    """Files with a place of lesson 5 beside the fault that it has."""
    texts = {n: d for n, d in contents.items() if not n.endswith((".h5", ".png"))}
    found = {name: told(text.decode("utf-8", "ignore")) for name, text in texts.items()}
    return {name: faults for name, faults in found.items() if faults}


def test_the_page_names_the_files_and_all_systems(kit):
    for page in ("START.md", "START.html"):
        text = kit[f"{NAME}/{page}"].decode()
        for word in ("Windows", "macOS", "Linux", WHEEL, *NAMES):
            assert word in text
        assert "{" not in text.partition("</style>")[2] or page == "START.html"
        assert "make " not in text
    assert WHEEL in kit[f"{NAME}/environment.yml"].decode()


def test_a_check_runs_from_the_wheel_alone(kit, tmp_path):
    for name, data in kit.items():
        if not name.startswith(NAME) and ".dist-info" not in name:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import grader, grader.lessons;"
        "assert grader.__file__.startswith(sys.argv[1]);"
        "lesson = grader.lesson('01_residual_networks')\n"
        "try: lesson.check('identity_block-layers', lambda X, *args, **rest: X)\n"
        "except grader.report.CheckFailed as failed: print('told')\n"
        "import datasets, resnet_data\n"
        "print(datasets.OWNER, resnet_data.MODEL_FOLDER)"
    )
    # Hugging Face's package, installed beside ours
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "__init__.py").write_text("OWNER = 'Hugging Face'")
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    model = tmp_path / "resnet_data" / "model"
    told = done.stdout.splitlines()[-2:]
    assert told == ["told", f"Hugging Face {model}"], done.stderr
    assert {path.name for path in model.iterdir()} >= {"README.md", "SHA256"}


def test_commands_that_need_a_checkout_say_so(kit, tmp_path):
    for name, data in kit.items():
        if name.startswith(("grader/", "resnet_data/")):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    for command in ("demo", "release"):
        code = "import sys; sys.path.insert(0, sys.argv.pop(1)); import grader.__main__"
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path), command],
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        assert done.returncode == 1
        assert "Error: " in done.stderr
        assert "Traceback" not in done.stderr
