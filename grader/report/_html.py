"""Reports as HTML tables, for light and for dark pages."""

from collections.abc import Sequence

import jinja2

from grader import escape
from grader.report._drawing import render_picture
from grader.report._outcome import Outcome
from grader.report._text import explanation, line, points, taken_elsewhere

# Text has the page's own colour, or white on a badge's ground: it can be read on white
# and on black. The colour of the edge only repeats what the badge says.
COLOURS = {
    "passed": "#1a7f37",
    "nothing lost": "#9a6700",
    "not yet": "#c0392b",
    "not written": "#6e7781",
}
#: on a badge
ON_BADGE = "#ffffff"
#: of what is said beside
FAINT = 0.8
#: beside the words, for those who do not see the colour
_SIGNS = {"passed": "✓", "nothing lost": "✓", "not yet": "✗"}
CELL = "padding: 0.2em 0.9em 0.2em 0; vertical-align: top; text-align: left;"
_CODE = "white-space: normal; overflow-wrap: anywhere"
#: shares of columns with sentences, where there is more than room for the words in
#: them; none is narrower than its heading
_SHARES = {"Found": 30, "The specification": 32, "Where": 20}
#: a layer's name in one line, but on a phone
_NAME = " min-width: min(10em, 14vw)"
#: read aloud and not drawn
HIDDEN = (
    "position: absolute; width: 1px; height: 1px; overflow: hidden; "
    "clip-path: inset(50%)"
)

# Every value is escaped by the one function for HTML. Formulas are set from what a page
# shows: the classes say that there is none. In the specification's sentences backquotes
# enclose code. Where a page is too narrow for a table, its cells stand below each
# other, each with its head.
ENVIRONMENT = jinja2.Environment(
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=lambda value: escape.html(str(value)),
)
_TEMPLATE = ENVIRONMENT.from_string(
    """\
<div class="tex2jax_ignore mathjax_ignore"
     style="border-left: 4px solid {{ colour }}; padding: 0.2em 0.8em;
            margin: 0.3em 0; max-width: 70em; overflow-wrap: anywhere">
{% if report.is_line %}
<div{% if report.unwritten %} style="opacity: {{ faint }}"{% endif %}>
<strong>{{ report.check }}</strong>:
{% if not report.unwritten %}
<span style="{{ badge }}">{{ sign }} {{ report.mark }}</span>,
{% endif %}
{{ reached }} of {{ most }} points. {{ line }}</div>
{% else %}
<div><strong>{{ report.check }}</strong>:
<span style="{{ badge }}">{{ sign }} {{ report.mark }}</span>,
{{ reached }} of {{ most }} points.
<span style="opacity: {{ faint }}">{{ report.title }}</span></div>
{% if report.findings %}
<table style="border-collapse: collapse; margin: 0.4em 0 0 0; table-layout: auto;
              text-align: left">
<caption style="{{ hidden }}">What {{ report.check }} found</caption>
<thead><tr>
{% for heading in columns %}
<th scope="col" style="{{ cell }} border-bottom: 1px solid #888;
    overflow-wrap: normal;{{ widths[heading] }}">{{ heading }}</th>
{% endfor %}
</tr></thead>
<tbody>
{% for finding in report.findings %}
<tr>
{% for heading in columns %}
{% if heading == "Part" %}
<th scope="row" style="{{ cell }} font-weight: normal; font-family: monospace">
{{- finding.layer }}</th>
{% elif heading == "Found" %}
<td data-head="{{ heading }}" style="{{ cell }}">{{ finding.message }}</td>
{% elif heading == "The specification" %}
<td data-head="{{ heading }}" style="{{ cell }}">
{%- for piece in finding.sentence.split("`") %}
{% if loop.index is even %}<code style="{{ code }}">{{ piece }}</code>
{%- else %}{{ piece }}{% endif %}
{% endfor %}
</td>
{% elif heading == "Where" %}
<td data-head="{{ heading }}" style="{{ cell }}">{{ finding.look }}</td>
{% else %}
<td data-head="{{ heading }}" style="{{ cell }}">{{ cost(finding.price) }}</td>
{% endif %}
{% endfor %}
</tr>
{% endfor %}
</tbody>
</table>
{% endif %}
{% if elsewhere %}
<div>{{ elsewhere }}</div>
{% endif %}
{% if report.explained_by %}
<div>{{ explanation }}</div>
{% endif %}
{% endif %}
{% for note in report.notes %}
<div style="opacity: {{ faint }}">Note: {{ note }}</div>
{% endfor %}
</div>"""
)


def badge(mark: str) -> str:
    """The style of a word that tells an outcome."""
    return (
        f"background: {COLOURS[mark]}; color: {ON_BADGE}; font-weight: bold; "
        "padding: 0 0.4em; border-radius: 0.3em; white-space: nowrap"
    )


def render_html(report: Outcome) -> str:
    """Renders a report; each text in it is escaped."""
    function = report.check.rpartition("-")[0]
    columns = _columns(report, function)
    page = _TEMPLATE.render(
        report=report,
        columns=columns,
        sign=_SIGNS.get(report.mark, ""),
        badge=badge(report.mark),
        colour=COLOURS[report.mark],
        faint=FAINT,
        hidden=HIDDEN,
        line=line(report),
        elsewhere=taken_elsewhere(report),
        explanation=explanation(report),
        reached=points(report.points),
        most=points(report.max_points),
        cost=lambda price: f"−{points(price)}" if price else "",
        cell=CELL,
        code=_CODE,
        widths=_widths(columns),
    )
    if report.picture is None:
        return page
    return f"{page.removesuffix('</div>')}{render_picture(report.picture)}\n</div>"


def _widths(columns: Sequence[str]) -> dict[str, str]:
    """Styles of columns: names and points take what they need, sentences the rest."""
    whole = sum(_SHARES.get(heading, 0) for heading in columns)
    room = 82 if "Part" in columns else 92
    shares = {h: f" width: {room * n // whole}%" for h, n in _SHARES.items()}
    return {"Part": _NAME, **shares}


def _columns(report: Outcome, function: str) -> list[str]:
    """Headings of the columns in which something stands."""
    found = report.findings
    columns = (
        ("Part", any(f.layer not in ("", function) for f in found)),
        ("Found", True),
        ("The specification", any(f.sentence for f in found)),
        ("Where", any(f.look for f in found)),
        ("Points", any(f.price for f in found)),
    )
    return [heading for heading, filled in columns if filled]
