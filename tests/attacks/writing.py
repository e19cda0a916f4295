"""Writing outside of the scratch folder, and folders with traps in them."""

import os
from pathlib import Path

import nbformat

from tests.attacks.attack import SANDBOX, Attack, Scene
from tests.attacks.reading import TELL

NOTEBOOK = "residual_networks.ipynb"

PLANT = """
import os, pathlib
def plant(path, text="pwned", mode="a"):
    try:
        with open(path, mode) as file:
            file.write(text)
    except OSError:
        pass
def plant_in(*folders):
    for folder in folders:
        plant(os.path.join(folder, "pwned-" + "<NEKOT>"[::-1]))
"""


def _writes(body: str):
    def build(scene: Scene):
        return scene.attacking(scene.filled(PLANT) + scene.filled(body) + "return X\n")

    return build


def _folder(scene: Scene, files, notebook=None):
    text = nbformat.writes(notebook or scene.notebook())
    return {NOTEBOOK: text.encode(), **files}


def _links(scene: Scene):
    body = """
        show(*texts("*", "*/*"))
        return X
    """
    notebook = scene.attacking(scene.filled(TELL) + scene.filled(body))
    return _folder(
        scene,
        {
            "notes.txt": scene.home / "notes.txt",
            "secret.txt": scene.root / "course" / "secret",
            "home": scene.home,
            "ada": Path("..", "..", "aaa_ada"),
            "loop": Path(),
        },
        notebook,
    )


def _linked_notebook(scene: Scene):
    return {NOTEBOOK: Path("..", "..", "aaa_ada", "01_residual_networks", NOTEBOOK)}


def _special_files(scene: Scene):
    return _folder(scene, {"pipe": None, "endless": Path("/dev/zero")})


def _shadows(scene: Scene):
    forged = b"""
import json, sys
def publish(challenge, nonce, longest):
    from IPython.display import display
    kind = "application/vnd.resnet-course.capture+json"
    calls = [{"id": c["id"], "status": "captured"} for c in
             json.loads(challenge)["calls"]]
    capture = {"function": "identity_block", "status": "captured", "calls": calls,
               "points": 30}
    display({kind: {"nonce": nonce, "capture": json.dumps(capture)}}, raw=True)
def lesson(name):
    class Lesson:
        def check(self, *args):
            return 100
    return Lesson()
capture = sys.modules[__name__]
sys.modules["grader.capture"] = capture
"""
    files = {
        "grader.py": forged,
        "sitecustomize.py": b"import grader\n",
        "usercustomize.py": b"import grader\n",
        "json/__init__.py": b"loads = dumps = lambda *a, **k: 100\n",
    }
    return _folder(scene, files)


def _many_files(scene: Scene):
    files = {f"deep/{'d/' * 60}file": b"x"}
    files |= {f"many/{n}.txt": b"x" for n in range(1500)}
    return _folder(scene, files)


def _odd_file_names(scene: Scene):
    names = (
        "\x1b]0;pwned\x07.txt",
        "new\nline.txt",
        "-rf",
        "..\\..\\pwned.txt",
        "$(touch pwned).txt",
        "{name}.txt",
        os.fsdecode(b"\xff\xfe.txt"),
    )
    notebook = scene.solved("identity_block")
    return _folder(scene, dict.fromkeys(names, b"x"), notebook)


def _attachments(scene: Scene):
    notebook = scene.silent()
    cell = nbformat.v4.new_markdown_cell("![x](attachment:../../../pwned.png)")
    up = f"../../../../../../..{scene.home}/pwned-{scene.token}"
    cell.attachments = {up: {"image/png": "cHduZWQ="}, "../../../pwned.png": {}}
    notebook.cells.append(cell)
    output = nbformat.v4.new_output("display_data", {"image/png": "cHduZWQ="})
    output.metadata = {"filenames": {"image/png": up}}
    code = nbformat.v4.new_code_cell("1", outputs=[output])
    notebook.cells.append(code)
    notebook.metadata["filename"] = up
    notebook.metadata["name"] = up
    return notebook


ATTACKS = (
    Attack(
        "writes_everywhere",
        "leaves a file in every folder that it may know",
        _writes("""
            plant_in("/tmp", "/var/tmp", "/dev/shm", "/", "/etc", "/usr", "<HOME>",
                     "<ROOT>", "<ROOT>/course", "<ROOT>/course/submitted/zzz_zoe",
                     "<CHECKOUT>", "<CHECKOUT>/grader", "..", "../..",
                     os.path.expanduser("~"), os.environ.get("TMPDIR", "/tmp"))
            """),
        needs=SANDBOX,
    ),
    Attack(
        "writes_gradebook",
        "gives itself full marks in the gradebook, and others none",
        _writes("""
            import glob, sqlite3
            for path in glob.glob("<ROOT>/course/*.db"):
                try:
                    database = sqlite3.connect(path, timeout=1)
                    database.execute("update grade set auto_score = 0")
                    database.execute("update grade set manual_score = 40")
                    database.commit()
                except sqlite3.Error:
                    pass
            """),
        needs=SANDBOX,
        chosen=True,
    ),
    Attack(
        "writes_others_work",
        "ruins what other students handed in, and their graded notebooks",
        _writes("""
            import glob
            for path in glob.glob("<ROOT>/course/*/[az]*/**/*.*", recursive=True):
                plant(path, "pwned", "w")
            """),
        needs=SANDBOX,
    ),
    Attack(
        "writes_records",
        "writes a record of full marks for itself",
        _writes("""
            os.makedirs("<ROOT>/course/reports/01_residual_networks", exist_ok=True)
            plant("<ROOT>/course/reports/01_residual_networks/writes_records.json",
                  '{"points": 100}')
            """),
        needs=SANDBOX,
    ),
    Attack(
        "writes_package",
        "changes the installed packages and the solution",
        _writes("""
            import grader, numpy
            for module in (grader, numpy, os):
                plant(module.__file__, "\\n# pwned-" + "<NEKOT>"[::-1])
            plant_in(*[p for p in __import__("sys").path if os.path.isdir(p)
                       and os.path.abspath(p) != os.getcwd()])
            plant("<ROOT>/nbgrader_config.py", "\\n# pwned-" + "<NEKOT>"[::-1])
            plant("<ROOT>/solutions/01_residual_networks/residual_networks.ipynb")
            """),
        needs=SANDBOX,
    ),
    Attack(
        "writes_start_files",
        "leaves code that the instructor's next shell or kernel would run",
        _writes("""
            for home in ("<HOME>", os.path.expanduser("~")):
                startup = home + "/.ipython/profile_default/startup"
                for folder in (startup, home + "/.jupyter", home + "/.config"):
                    try:
                        os.makedirs(folder, exist_ok=True)
                    except OSError:
                        pass
                    plant_in(folder)
                plant(home + "/.bashrc", "\\n# pwned-" + "<NEKOT>"[::-1])
            """),
        needs=SANDBOX,
    ),
    Attack(
        "links_in_folder",
        "hands in links to the instructor's files and reads what was copied",
        _links,
    ),
    Attack(
        "links_to_notebook",
        "hands in a link to another student's notebook",
        _linked_notebook,
    ),
    Attack(
        "special_files",
        "hands in a pipe that nobody writes to, and a link to an endless file",
        _special_files,
    ),
    Attack(
        "pipe_for_notebook",
        "hands in a pipe that nobody writes to as the notebook",
        lambda scene: {NOTEBOOK: None},
    ),
    Attack(
        "pipe_for_time",
        "hands in a pipe that nobody writes to as the time of handing in",
        lambda scene: _folder(scene, {"timestamp.txt": None}, scene.silent()),
    ),
    Attack(
        "time_without_end",
        "hands in a link to an endless file as the time of handing in",
        lambda scene: _folder(
            scene, {"timestamp.txt": Path("/dev/zero")}, scene.silent()
        ),
    ),
    Attack(
        "time_of_no_day",
        "is honest, but hands in a time that there is not",
        lambda scene: _folder(
            scene, {"timestamp.txt": b"the 40th of May"}, scene.solved("identity_block")
        ),
        deserves=30,
        least=30,
    ),
    Attack(
        "link_to_unreadable",
        "hands in links to files that only root reads, or nobody",
        lambda scene: _folder(
            scene,
            {"shadow": Path("/etc/shadow"), "memory": Path("/proc/self/mem")},
            scene.silent(),
        ),
    ),
    Attack(
        "shadowing_modules",
        "hands in modules named grader and json that forge what is captured",
        _shadows,
    ),
    Attack("many_files", "hands in a deep folder and thousands of files", _many_files),
    Attack(
        "odd_file_names",
        "hands in files whose names are commands, escapes or no text",
        _odd_file_names,
        30,
        30,
    ),
    Attack(
        "attachments_with_paths",
        "names attachments and outputs by paths out of the folder",
        _attachments,
    ),
)
