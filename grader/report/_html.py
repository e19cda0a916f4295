"""Reports as HTML tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2

from grader import escape
from grader.report._text import explanation, points

if TYPE_CHECKING:
    from grader.report._report import Report

# Every value is escaped by the one function for HTML. Formulas are set from what a page
# shows: the classes say that there is none. In the specification's sentences backquotes
# enclose code.
_TEMPLATE = jinja2.Environment(
    trim_blocks=True, finalize=lambda value: escape.html(str(value))
).from_string(
    """\
<div class="tex2jax_ignore mathjax_ignore"
     style="border-left: 4px solid {{ colour }}; padding: 0.3em 0.8em;
            margin: 0.3em 0; max-width: 60em">
<div><strong>{{ report.check }}</strong>:
<span style="color: {{ colour }}; font-weight: bold">{{ mark }}</span>,
{{ reached }} of {{ most }} points.
<span style="opacity: 0.75">{{ report.title }}</span></div>
{% if report.findings %}
<table style="border-collapse: collapse; margin-top: 0.4em; text-align: left">
<thead><tr>
{% for heading in ("Layer", "Found", "The specification", "Where", "Points") %}
<th style="{{ cell }} border-bottom: 1px solid #999">{{ heading }}</th>
{% endfor %}
</tr></thead>
<tbody>
{% for finding in report.findings %}
<tr>
<td style="{{ cell }} font-family: monospace">{{ finding.layer }}</td>
<td style="{{ cell }}">{{ finding.message }}</td>
<td style="{{ cell }}">
{% for piece in finding.sentence.split("`") %}
{% if loop.index is even %}<code>{{ piece }}</code>{% else %}{{ piece }}{% endif %}
{% endfor %}
</td>
<td style="{{ cell }}">{{ finding.look }}</td>
<td style="{{ cell }} text-align: right">{{ cost(finding.price) }}</td>
</tr>
{% endfor %}
</tbody>
</table>
{% endif %}
{% if report.explained_by %}
<div>{{ explanation }}</div>
{% endif %}
{% for note in report.notes %}
<div style="opacity: 0.75">Note: {{ note }}</div>
{% endfor %}
</div>"""
)
_COLOURS = {"passed": "#1a7f37", "nothing lost": "#9a6700", "not yet": "#c0392b"}
_CELL = "padding: 0.2em 0.7em 0.2em 0; vertical-align: top; text-align: left;"


def render_html(report: Report) -> str:
    """Renders a report; each text in it is escaped."""
    return _TEMPLATE.render(
        report=report,
        mark=report.mark,
        colour=_COLOURS[report.mark],
        explanation=explanation(report),
        reached=points(report.points),
        most=points(report.max_points),
        cost=lambda price: f"−{points(price)}" if price else "",
        cell=_CELL,
    )
