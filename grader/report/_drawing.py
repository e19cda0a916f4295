"""Two graphs side by side as SVG inside a report, folded until it is wanted.

Rows of both stand at one height, so that what differs can be seen across; on a narrow
page the graphs stand one below the other. The text has the page's own colour. A
difference has a thick or a broken line and a word, so that no colour is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import jinja2

from grader import escape
from grader.judge.picture import Box, Picture

#: in pixels: a line of text, what is around text, between rows, a lane of an arrow
_LINE, _PAD, _GAP, _LANE = 14, 5, 14, 9
#: where the arrows between neighbours run; left edge and width of a box
_SPINE, _WIDTH, _EDGE = 18, 236, 1
#: lanes beside the boxes; the last is shared by what has no room
_LANES = 5
#: of what differs: seen on white and on black, though the line says the same
_MARKED = "#c0392b"

_ENVIRONMENT = jinja2.Environment(
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: escape.html(str(value)),
)
_TEMPLATE = _ENVIRONMENT.from_string(
    """\
<details class="tex2jax_ignore mathjax_ignore" style="margin: 0.4em 0 0 0">
<summary>The graph that is asked for, and yours: {{ told }}</summary>
<div style="display: flex; flex-wrap: wrap; gap: 0.4em 1.5em">
{% for side in sides %}
<div style="max-width: 100%"><div>{{ side.title }}</div>
<svg role="img" aria-label="{{ side.label }}" width="{{ side.width }}"
     height="{{ height }}" viewBox="0 0 {{ side.width }} {{ height }}"
     style="max-width: 100%; height: auto" fill="none" stroke="currentColor"
     font-family="monospace" font-size="11">
{% for arrow in side.arrows %}
<path d="{{ arrow.path }}"{% if arrow.marked %} stroke="{{ marked }}"
      stroke-width="2.5" stroke-dasharray="6 3"{% endif %}/>
{% endfor %}
{% for frame in side.frames %}
<rect x="{{ frame.x }}" y="{{ frame.y }}" width="{{ frame.width }}"
      height="{{ frame.height }}" rx="4"{% if frame.marked %} stroke="{{ marked }}"
      stroke-width="2.5"{% endif %}{% if frame.broken %} stroke-dasharray="5 4"
      {%- endif %}/>
{% endfor %}
{% for text in side.texts %}
<text x="{{ text.x }}" y="{{ text.y }}" fill="currentColor" stroke="none"
      {%- if text.bold %} font-weight="bold"{% endif %}>{{ text.words }}</text>
{% endfor %}
</svg></div>
{% endfor %}
</div>
</details>"""
)


@dataclass(frozen=True)
class _Arrow:
    path: str
    marked: bool


@dataclass(frozen=True)
class _Frame:
    x: int
    y: int
    width: int
    height: int
    marked: bool
    broken: bool


@dataclass(frozen=True)
class _Text:
    x: int
    y: int
    words: str
    bold: bool


@dataclass(frozen=True)
class _Side:
    title: str
    label: str
    width: int
    arrows: list[_Arrow]
    frames: list[_Frame]
    texts: list[_Text]


def render_picture(picture: Picture) -> str:
    """Draws a picture as HTML; each text in it is escaped."""
    both = picture.expected, picture.captured
    heights = [
        max(_height(box) for box in row if box) if any(row) else 0
        for row in zip(*both, strict=True)
    ]
    tops = [_PAD + sum(heights[:k]) + _GAP * k for k in range(len(heights) + 1)]
    titles = "The specification", "Yours"
    sides = [
        _side(title, column, tops) for title, column in zip(titles, both, strict=True)
    ]
    return _TEMPLATE.render(
        sides=sides,
        height=tops[-1] - _GAP + _PAD,
        marked=_MARKED,
        told=_differences(sum(bool(b and b.marks) for b in picture.captured)),
    )


def _differences(count: int) -> str:
    return "what differs is marked" if count != 1 else "the difference is marked"


def _lines(box: Box) -> list[tuple[str, bool]]:
    """The lines of a box, and whether each is a mark."""
    plain = [] if box.kind == "missing" else [(line, False) for line in box.lines]
    return [*plain, *((f"✗ {mark}", True) for mark in box.marks)]


def _height(box: Box) -> int:
    return len(_lines(box)) * _LINE + 2 * _PAD


def _side(title: str, column: Sequence[Box | None], tops: Sequence[int]) -> _Side:
    frames, texts = [], []
    for top, box in zip(tops, column, strict=False):
        if box is None:
            continue
        height, missing = _height(box), box.kind == "missing"
        x = _SPINE + 12 if missing else _EDGE
        if box.kind != "gap":
            frames.append(
                _Frame(x, top, _WIDTH - x, height, bool(box.marks), broken=missing)
            )
        for k, (words, bold) in enumerate(_lines(box)):
            y = top + _PAD + _LINE * k + 11
            start = _SPINE + 12 if box.kind == "gap" else x + 8
            texts.append(_Text(start, y, words, bold))
    arrows, lanes = _arrows(column, tops)
    return _Side(
        title,
        _label(title, column),
        _WIDTH + _LANE * (lanes + 1),
        arrows,
        frames,
        texts,
    )


def _arrows(
    column: Sequence[Box | None], tops: Sequence[int]
) -> tuple[list[_Arrow], int]:
    """Arrows into each box, and how many lanes beside the boxes they take.

    One from the box above is a straight line; others run in a lane of their own.
    """
    arrows, ends = [], []
    for first, last, marked in sorted(_edges(column), key=lambda e: e[1] - e[0]):
        source, box = column[first], column[last]
        assert source is not None
        assert box is not None
        bottom, top = tops[first] + _height(source), tops[last]
        if source.kind == "gap":
            bottom -= _PAD
        between = column[first + 1 : last]
        if not any(b and b.kind != "missing" for b in between):
            head = f"M{_SPINE - 4} {top - 6}L{_SPINE} {top}L{_SPINE + 4} {top - 6}"
            arrows.append(_Arrow(f"M{_SPINE} {bottom}V{top}{head}", marked))
            continue
        lane = next(
            (
                k
                for k, taken in enumerate(ends)
                if all(_apart(first, last, t) for t in taken)
            ),
            min(len(ends), _LANES - 1),
        )
        if lane == len(ends):
            ends.append([])
        ends[lane].append((first, last))
        right = _WIDTH + _LANE * (lane + 1)
        start, end = (tops[first] + bottom) // 2 + 4, top + _height(box) // 2 - 4
        tip = f"M{_WIDTH + 6} {end - 4}L{_WIDTH} {end}L{_WIDTH + 6} {end + 4}"
        arrows.append(_Arrow(f"M{_WIDTH} {start}H{right}V{end}H{_WIDTH}{tip}", marked))
    return arrows, len(ends)


def _apart(first: int, last: int, taken: tuple[int, int]) -> bool:
    return last <= taken[0] or taken[1] <= first


def _edges(column: Sequence[Box | None]) -> Iterator[tuple[int, int, bool]]:
    for row, box in enumerate(column):
        for source in box.sources if box else ():
            yield source, row, bool(box and box.rewired)


def _label(title: str, column: Sequence[Box | None]) -> str:
    """The same read aloud: a graph's boxes from the input to the output."""
    said = []
    for box in filter(None, column):
        words = "" if box.kind == "missing" else " ".join(box.lines)
        marks = f"({', '.join(box.marks)})" if box.marks else ""
        said.append(f"{words} {marks}".strip())
    return f"{title}, from input to output: {'; '.join(said)}."
