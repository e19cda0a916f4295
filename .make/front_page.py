"""Write the page that `make lab` opens into the folder with the learner's lessons."""

import sys
from pathlib import Path

from grader.page.front import NAME, front_page

ROOT = Path(__file__).resolve().parents[1]

if __name__ == "__main__":
    folder = ROOT / sys.argv[1]
    text = (ROOT / "assignments" / "README.md").read_text("utf-8")
    (folder / NAME).write_text(front_page(folder, text), "utf-8")
