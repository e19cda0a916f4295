"""The commands of a page of documentation, in order, as one script.

Commands stand in blocks marked `sh`; settings, marked `python`, go to the end of
`nbgrader_config.py`. Where a test cannot run a block, its first line says so to
everybody who reads it: `# needs a network`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: why a block is not run
REASONS = {"a hub", "a network", "a server of PostgreSQL", "minutes", "other machines"}
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NEEDS = re.compile(r"# needs ([\w ]+)\n")


@dataclass(frozen=True)
class Block:
    """A block of a page: its kind, its text, and why it is not run."""

    kind: str
    text: str
    needs: str = ""


def pages():
    """The pages with commands for somebody, relative to the checkout."""
    found = [
        path.relative_to(ROOT).as_posix()
        for folder in ("assignments", "grader", "solutions")
        for path in (ROOT / folder).rglob("*.md")
        if path.name != "START.md"
    ]
    return sorted(found)


def blocks(page):
    """The blocks of a page, in order."""
    for kind, text in _FENCE.findall((ROOT / page).read_text("utf-8")):
        needs = _NEEDS.match(text)
        yield Block(kind, text, needs[1] if needs else "")


def script(page):
    """What a shell runs; it stops at the first command that fails."""
    lines = ["set -eux -o pipefail"]
    for block in blocks(page):
        if block.kind == "python":
            lines += ["cat >> nbgrader_config.py <<'END_OF_BLOCK'"]
            lines += [block.text.rstrip(), "END_OF_BLOCK"]
        elif block.kind == "sh" and not block.needs:
            lines.append(block.text.rstrip())
    return "\n".join(lines) + "\n"
