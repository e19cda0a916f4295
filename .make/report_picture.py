"""Draws the README's picture of a report: `make figures`.

The reports are real: the lesson's own solution with three mistakes put into it,
captured and judged.

python .make/report_picture.py            writes .github/report.svg
python .make/report_picture.py --check    fails where the one on disk is stale
"""

import argparse
import json
import os
import sys
from pathlib import Path
from xml.sax.saxutils import escape

import nbformat

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / ".github" / "report.svg"
NOTEBOOK = ROOT / "solutions/01_residual_networks/residual_networks.ipynb"
MISTAKES = (
    ('name=conv_name_base + "2b"', 'name=conv_name_base + "2a"'),
    ('axis=3, name=bn_name_base + "2c"', 'axis=1, name=bn_name_base + "2c"'),
    (
        'X = Add()([X, X_shortcut])\n    X = Activation("relu")(X)',
        'X = Activation("relu")(X)\n    X = Add()([X, X_shortcut])',
    ),
)
SHOWN = ("identity_block-layers", "identity_block-wiring")
SIZE = (960, 440)


def mistaken_source() -> str:
    """The solution's identity_block, with three mistakes."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    source = next(
        cell.source
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "identity_block"
    )
    for old, new in MISTAKES:
        if old not in source:
            raise SystemExit(f"the solution has no {old!r} any more")
        source = source.replace(old, new)
    return source


def draw() -> str:
    """Returns the picture, as SVG."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from keras import layers

    from grader.capture import capture
    from grader.capture.initializer import glorot_uniform
    from grader.lessons import get_lesson

    lesson = get_lesson("01_residual_networks")
    names = {"glorot_uniform": glorot_uniform, **vars(layers)}
    exec(compile(mistaken_source(), "identity_block", "exec"), names)
    challenge = lesson.challenge("identity_block", "picture")
    captured = json.loads(json.dumps(capture(challenge, names)))
    reports = lesson.judge("identity_block", challenge, captured)
    tables = "\n".join(reports[check].to_html() for check in SHOWN)
    words = " ".join(reports[check].to_text() for check in SHOWN)
    width, height = SIZE
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"
 viewBox="0 0 {width} {height}" role="img">
<title>{escape(" ".join(words.split()))}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<foreignObject width="100%" height="100%">
<div xmlns="http://www.w3.org/1999/xhtml"
 style="font: 14px/1.4 sans-serif; color: #1f2328; padding: 12px">
{tables}
</div>
</foreignObject>
</svg>
"""


def main() -> None:
    """Writes the picture, or checks it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    drawn = draw()
    if not parser.parse_args().check:
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(drawn, encoding="utf-8")
    elif not PICTURE.exists() or PICTURE.read_text(encoding="utf-8") != drawn:
        sys.exit(f"stale: {PICTURE.relative_to(ROOT)} (run: make figures)")


if __name__ == "__main__":
    main()
