"""The course's settings, in the folder where nbgrader would else do without them.

nbgrader takes its settings from the folder that it is started in. The run folder holds
what it needs to grade, so that without a sandbox it would.
"""

import os
from pathlib import Path

from grader.nbgrader.faults import CourseError

CONFIG = "nbgrader_config.py"
_FIRST = '"""The course\'s settings for nbgrader that is started in this folder.\n'
_TEXT = (
    _FIRST
    + '''
Written anew by the checkout's own nbgrader_config.py, to which all changes belong.
"""

import os
from pathlib import Path

folder = Path(__file__).resolve().parent
checkout = (folder / {checkout!r}).resolve()
if not (checkout / "nbgrader_config.py").is_file():
    raise SystemExit(
        f"{{folder}} belongs to a course whose checkout is not at {{checkout}}: start "
        "nbgrader in the checkout"
    )
os.environ.setdefault("GRADER_RUN_FOLDER", str(folder))
load_subconfig("nbgrader_config.py", path=str(checkout))
'''
)


def confine(run: Path, checkout: Path) -> None:
    """Makes nbgrader that is started in the run folder use the checkout's settings.

    Args:
        run: the run folder, such as `course/`.
        checkout: the folder with the settings.

    Raises:
        CourseError: if somebody's own settings are there: nbgrader would grade by them,
            without a sandbox.
    """
    if run.resolve() == checkout.resolve():
        return
    path, text = run / CONFIG, _TEXT.format(checkout=os.path.relpath(checkout, run))
    there = path.read_text("utf-8") if path.exists() else ""
    if there == text:
        return
    if there and not there.startswith(_FIRST):
        raise CourseError(
            f"{path} is not the course's own: nbgrader started there would grade "
            f"without a sandbox. Move its settings to {checkout / CONFIG}, and "
            "remove it"
        )
    unfinished = run / f".{CONFIG}.{os.getpid()}"
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)
