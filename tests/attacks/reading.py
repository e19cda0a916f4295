"""Reading what is not the student's: each shows what it found in its error."""

from tests.attacks.attack import SANDBOX, Attack, Scene

#: `show` carries texts out, `seize` a word that nothing harmless shows
TELL = """
import glob, os, pathlib, re, sys
def show(*texts):
    found = re.findall("canary-[a-z]+-[0-9a-f]+", " ".join(map(str, texts)))
    found = " ".join(sorted(set(found)))
    print(found)
    with open("found.txt", "w") as file:
        file.write(found)
    raise RuntimeError("found: " + found)
def seize(*what):
    raise RuntimeError("seized-" + "<NEKOT>"[::-1] + " " + repr(what)[:300])
def texts(*patterns):
    for pattern in patterns:
        for path in glob.glob(pattern, recursive=True, include_hidden=True):
            try:
                yield pathlib.Path(path).read_text(errors="replace")
            except OSError:
                pass
"""


def _reads(body: str):
    def build(scene: Scene):
        code = scene.filled(TELL) + scene.filled(body) + "return X\n"
        return scene.attacking(code)

    return build


def _files(*patterns: str):
    return _reads(f"show(*texts(*{patterns!r}))\n")


ATTACKS = (
    Attack(
        "reads_expected_values",
        "reads the lesson's expected values out of the package",
        _reads("""
            for name in ("grader.lessons", "grader.exercise", "grader.judge",
                         "grader.nbgrader"):
                try:
                    module = __import__(name)
                except ImportError:
                    continue
                seize("imported", name)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "reads_package_files",
        "looks for the judge's files beside the package and in the checkout",
        _reads("""
            import grader
            near = pathlib.Path(grader.__file__).parent
            places = [near, pathlib.Path("<CHECKOUT>/grader")]
            for place in places:
                for name in ("judge/verdict.py", "lessons/residual_networks.json"):
                    if (place / name).exists():
                        seize((place / name).read_text()[:100])
            """),
        needs=SANDBOX,
    ),
    Attack(
        "reads_solutions",
        "reads the instructor version in the course's folder",
        _files("<ROOT>/solutions/**", "<CHECKOUT>/solutions/**/*.py"),
        needs=SANDBOX,
    ),
    Attack(
        "reads_checkout_solutions",
        "reads the solution in the checkout",
        _reads("""
            for text in texts("<CHECKOUT>/solutions/*/*.ipynb"):
                seize(len(text))
            """),
        needs=SANDBOX,
    ),
    Attack(
        "reads_environment",
        "reads the instructor's environment variables",
        _reads("""
            own = pathlib.Path("/proc/self/environ").read_bytes()
            show(dict(os.environ), own.decode(errors="replace"))
            """),
        needs=SANDBOX,
    ),
    Attack(
        "reads_gradebook",
        "opens the gradebook and reads other students' rows",
        _reads("""
            import sqlite3
            rows = []
            for path in glob.glob("<ROOT>/course/*.db"):
                database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
                rows += database.execute("select * from student").fetchall()
            show(rows)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "reads_other_submissions",
        "copies from the notebooks that others handed in",
        _files("<ROOT>/course/submitted/**/*.ipynb", "../**/*.ipynb"),
        needs=SANDBOX,
        chosen=True,
    ),
    Attack(
        "reads_others_marks",
        "reads others' graded notebooks, feedback and records",
        _files(
            "<ROOT>/course/autograded/**",
            "<ROOT>/course/feedback/**",
            "<ROOT>/course/reports/**",
            "<ROOT>/course/logs/**",
        ),
        needs=SANDBOX,
    ),
    Attack(
        "reads_secret",
        "reads the secret that challenges are derived from",
        _files("<ROOT>/course/secret"),
        needs=SANDBOX,
    ),
    Attack(
        "reads_home",
        "reads keys and notes in the instructor's home",
        _files("<HOME>/*", "<HOME>/.ssh/*", "~/.ssh/*"),
        needs=SANDBOX,
    ),
    Attack(
        "reads_shell_history",
        "reads the instructor's shell history",
        _files("<HOME>/.bash_history", "<HOME>/.python_history"),
        needs=SANDBOX,
    ),
    Attack(
        "reads_parent",
        "reads the environment and the open files of the grading process",
        _reads("""
            found = []
            for place in glob.glob("/proc/[0-9]*"):
                try:
                    found.append(pathlib.Path(place, "environ").read_text())
                except OSError:
                    pass
                if pathlib.Path(place).name == str(os.getpid()):
                    continue
                for path in glob.glob(place + "/fd/*") + [place + "/cmdline"]:
                    try:
                        if os.path.isfile(path):
                            found.append(open(path, errors="replace").read(10**6))
                    except OSError:
                        pass
            show(found)
            """),
        needs=SANDBOX,
    ),
    Attack(
        "reads_own_notebook",
        "looks for its own notebook, which holds the tests",
        _reads("""
            for path in glob.glob("**/*.ipynb", recursive=True):
                seize(path)
            """),
    ),
    Attack(
        "reads_memory",
        "searches its own process for expected values and verdicts",
        _reads("""
            import gc
            held = [name for name in sys.modules if name.startswith(
                ("grader.judge", "grader.lessons", "grader.exercise", "grader.report",
                 "nbgrader"))]
            if held:
                seize(held)
            show([o for o in gc.get_objects() if isinstance(o, dict)
                  and "points" in o and "findings" in o])
            """),
    ),
)
