"""nbgrader's settings for this course: all of its commands work through this file.

What grading makes lies in `course/`, which git ignores; GRADER_RUN_FOLDER names
another folder, so that formgrader shows the sample class after
`GRADER_RUN_FOLDER=course/demo make formgrader`. GRADER_DB_URL names a gradebook
elsewhere.
"""

import os
import sys
import warnings
from pathlib import Path

try:
    from grader.nbgrader.anywhere import confine
    from grader.nbgrader.faults import CourseError
    from grader.nbgrader.ground import gradebook_url, prepare
    from grader.nbgrader.nameless import show_ids
    from grader.nbgrader.schema import look_up_here
except ImportError as error:
    # nbgrader would go on without this file
    raise SystemExit(
        f"Error: {sys.executable} lacks the course's packages ({error}): "
        "use nbgrader of the course's environment, in a checkout .venv/bin/nbgrader."
    ) from error

c = get_config()

root = Path(__file__).resolve().parent
run = os.environ.get("GRADER_RUN_FOLDER", "course")
folder = prepare(root, run)
# beside the gradebook it has these settings, too, when it is started there
try:
    confine(folder, root)
except CourseError as error:
    raise SystemExit(f"Error: {error}") from error
look_up_here()
# it updates gradebooks by alembic's bare name, found in an activated environment only
scripts = str(Path(sys.executable).parent)
if scripts not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])
show_ids()
# it adds rows in an order that SQLAlchemy remarks on; they are written all the same
warnings.filterwarnings("ignore", message="Object of type <Submitted")

c.CourseDirectory.course_id = "resnet"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.source_with_tests_directory = f"{run}/source_with_tests"
c.CourseDirectory.submitted_directory = f"{run}/submitted"
c.CourseDirectory.autograded_directory = f"{run}/autograded"
c.CourseDirectory.feedback_directory = f"{run}/feedback"
c.CourseDirectory.solution_directory = f"{run}/solution"
# such as postgresql+psycopg://grader@db.example.org/resnet
book = os.environ.get("GRADER_DB_URL") or gradebook_url(folder / "gradebook.db")
c.CourseDirectory.db_url = book
# the text twins of the lessons (*.pct.py) hold the answers
c.CourseDirectory.ignore = [
    ".*",
    "*.pct.py",
    "*.pyc",
    "__pycache__",
    # what operating systems leave about
    "__MACOSX",
    "Thumbs.db",
    "desktop.ini",
    "feedback",
    "jupytext.toml",
    # what a lesson's own cells write
    "*.weights.h5",
    "resnet50.png",
]
c.Exchange.root = str(folder / "exchange")
# zips of Moodle, Canvas, Blackboard and Brightspace go into course/downloaded/LESSON/
# archive; for another platform's names set c.FileNameCollectorPlugin.named_regexp
c.ZipCollectApp.downloaded_directory = os.path.relpath(folder / "downloaded", root)
c.ZipCollectApp.extractor_plugin = "grader.nbgrader.archives.LmsExtractor"
c.ZipCollectApp.collector_plugin = "grader.nbgrader.collect.LmsCollector"
# a submission without its secret, as one that came in a zip, stops nobody's feedback
c.ExchangeFactory.release_feedback = "grader.nbgrader.feedback.ReleaseFeedback"
c.GenerateFeedback.exporter_class = "grader.nbgrader.feedback.FeedbackExporter"
c.NbGrader.logfile = str(folder / "logs" / "nbgrader.log")

# nbgrader's own puts no quotes around a comma in a name
c.ExportApp.plugin_class = "grader.nbgrader.export.QuotedCsv"
c.ExportPlugin.to = str(folder / "grades.csv")

# For cells of other assignments, and for Validate: importing TensorFlow and building
# ResNet50 take some seconds each.
c.Execute.timeout = 120
# no word on the kernel's transport among the results
c.Execute.extra_arguments = ["--log-level=ERROR"]
# a kernel with TensorFlow takes a second to take leave
c.Execute.shutdown_kernel = "immediate"
c.Validator.width = 110

# stops before anything is written where a lesson breaks a rule of the course
c.GenerateAssignment.exporter_class = "grader.nbgrader.release_exporter.ReleaseExporter"
# stops before the first submission where nothing could confine it
c.Autograde.exporter_class = "grader.nbgrader.exporter.GradingExporter"
# no look at whether metadata have their form: the gradebook gave them
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "grader.nbgrader.repair.RepairMetadata",
    "grader.nbgrader.overwrite.OverwriteKernelspec",
    "grader.nbgrader.overwrite.OverwriteCells",
]
c.Autograde.autograde_preprocessors = [
    "grader.nbgrader.sanitize.SanitizeText",
    "grader.nbgrader.execute.CaptureAndJudge",
    "nbgrader.preprocessors.LimitOutput",
    "grader.nbgrader.marks.SaveMarks",
    "nbgrader.preprocessors.AssignLatePenalties",
]
