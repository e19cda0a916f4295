"""Progress and short remarks as HTML and as plain text."""

from grader.page.progress import Progress, Row
from grader.report._html import CELL, COLOURS, ENVIRONMENT, FAINT, HIDDEN
from grader.report._text import points

_LINK = "color: inherit; text-decoration: underline"
_DONE = (
    "Every point is reached. Restart the kernel, run all cells once more, save the "
    "notebook, and hand it in if you are in a class."
)


def _link(text: str, address: str) -> str:
    """The template of a text that leads somewhere, where there is an address."""
    return (
        f'{{% if {address} %}}<a href="{{{{ {address} }}}}" style="{{{{ look }}}}">'
        f"{{{{ {text} }}}}</a>{{% else %}}{{{{ {text} }}}}{{% endif %}}"
    )


_FUNCTION = _link("row.function", "row.link")
_NEXT = (
    "{% if progress.left %}Next: "
    + _link("progress.left[0].todo", "progress.left[0].link")
    + ".{% else %}{{ done }}{% if progress.follows[0] %} The next lesson: "
    + _link("progress.follows[0]", "progress.follows[1]")
    + ".{% endif %}{% endif %}"
)
_LINE = ENVIRONMENT.from_string(
    """\
<div class="tex2jax_ignore mathjax_ignore"
     style="padding: 0 0.8em 0 calc(0.8em + 4px); opacity: {{ faint }}">
<strong>{{ reached }} of {{ most }} points so far.</strong>
{% for word, rows in parts(progress) %}
{{ word }}:
{% for row in rows %}
"""
    + _FUNCTION
    + """{{ partly(row) }}{{ "," if not loop.last else "." }}
{% endfor %}
{% endfor %}
"""
    + _NEXT
    + "</div>"
)
_PAGE = ENVIRONMENT.from_string(
    """\
<div class="tex2jax_ignore mathjax_ignore"
     style="border: 1px solid {{ colour }}; border-left-width: 4px;
            padding: 0.4em 0.8em; margin: 0.4em 0; max-width: 46em">
<div><strong>{{ reached }} of {{ most }} points so far</strong></div>
<table style="border-collapse: collapse; margin: 0.4em 0; table-layout: auto;
              text-align: left">
<caption style="{{ hidden }}">Points of each function so far</caption>
<thead><tr>
{% for heading in headings %}
<th scope="col" style="{{ cell }} border-bottom: 1px solid #888">{{ heading }}</th>
{% endfor %}
</tr></thead>
<tbody>
{% for row in progress.rows %}
<tr>
<th scope="row" style="{{ cell }} font-weight: normal; font-family: monospace">"""
    + _FUNCTION
    + """</th>
<td style="{{ cell }}">{{ points(row.points) }} of {{ points(row.most) }}</td>
<td style="{{ cell }}">{{ row.state }}</td>
</tr>
{% endfor %}
</tbody>
</table>
<div>"""
    + _NEXT
    + """</div>
</div>"""
)
_REMARK = ENVIRONMENT.from_string(
    """\
<div class="tex2jax_ignore mathjax_ignore"
     style="border-left: 4px solid {{ colour }}; padding: 0.2em 0.8em;
            margin: 0.2em 0; opacity: {{ faint }}">{{ text }}</div>"""
)


def bundle(progress: Progress) -> dict[str, str]:
    """The page that `lesson.progress()` shows, by the type of each version."""
    heading = f"{_so_far(progress)} so far"
    width = max((len(row.function) for row in progress.rows), default=0)
    lines = [f"  {row.function:{width}}  {_of(row)}" for row in progress.rows]
    text = "\n".join([heading, *lines, _next(progress)])
    headings = ("Function", "Points", "State")
    return {"text/plain": text, "text/html": _rendered(_PAGE, progress, headings)}


def with_line(shown: dict[str, str], progress: Progress) -> dict[str, str]:
    """A report with a line on how far the lesson is."""
    text = f"{_so_far(progress)} so far."
    for word, rows in _parts(progress):
        text += f" {word}: {', '.join(r.function + _partly(r) for r in rows)}."
    return {
        "text/plain": f"{shown['text/plain']}\n{text} {_next(progress)}",
        "text/html": shown["text/html"] + _rendered(_LINE, progress),
    }


def remark(text: str) -> dict[str, str]:
    """A sentence of no weight."""
    grey = COLOURS["not written"]
    page = _REMARK.render(text=text, colour=grey, faint=FAINT)
    return {"text/plain": text, "text/html": page}


def _rendered(template, progress: Progress, headings: tuple[str, ...] = ()) -> str:
    return template.render(
        progress=progress,
        headings=headings,
        reached=points(progress.points),
        most=points(progress.most),
        colour=COLOURS["not written" if progress.left else "passed"],
        points=points,
        partly=_partly,
        parts=_parts,
        faint=FAINT,
        hidden=HIDDEN,
        cell=CELL,
        look=_LINK,
        done=_DONE,
    )


def _so_far(progress: Progress) -> str:
    return f"{points(progress.points)} of {points(progress.most)} points"


def _parts(progress: Progress) -> list[tuple[str, tuple[Row, ...]]]:
    """Functions that are done and those that are left, where there are any."""
    parts = (("Done", progress.done), ("Left", progress.left))
    return [(word, rows) for word, rows in parts if rows]


def _partly(row: Row) -> str:
    """What a function has of its points, if any: one check judges all of it."""
    some = f" ({points(row.points)} of {points(row.most)})"
    return some if row.points else ""


def _of(row: Row) -> str:
    return f"{points(row.points):>4} of {points(row.most):>3}  {row.state}"


def _next(progress: Progress) -> str:
    if progress.left:
        return f"Next: {progress.left[0].todo}."
    title, _ = progress.follows
    return f"{_DONE} The next lesson: {title}." if title else _DONE
