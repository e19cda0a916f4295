"""Parts of feedback pages: made once for a text, and whole in each page."""

import pytest
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.highlight import Highlight2HTML

from grader.nbgrader.pages import page_parts
from grader.nbgrader.pages.page_parts import PageParts

PICTURE = "![A hand](attachment:hand.png)"


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    known = {}
    monkeypatch.setattr(page_parts, "_KEPT", known)
    return known


def page(*cells, figures=None, lexer="ipython3"):
    """Texts as Markdown, and the last one as code, in a page."""
    exporter = HTMLExporter()
    parts = PageParts(exporter, Highlight2HTML(pygments_lexer=lexer), figures or {})
    environment = exporter.environment
    environment.filters["text"] = parts.markdown
    environment.filters["code"] = parts.highlight
    template = environment.from_string(
        "{% for cell in cells %}{% block cell scoped %}"
        "<div>{{ cell.source | text }}</div>{% endblock %}{% endfor %}"
        "<div>{{ cells[-1].source | code }}</div>"
    )
    cells = [c if isinstance(c, dict) else {"source": c} for c in cells]
    return parts.put_into(template.render(cells=cells))


def with_picture(data):
    return {"source": PICTURE, "attachments": {"hand.png": {"image/png": data}}}


def test_what_is_kept_is_what_is_made_anew(kept):
    first = page("*one*", "x = 1  # <b>")
    assert "<em>one</em>" in first
    assert "&lt;b&gt;" in first
    assert len(kept) == 3
    assert page("*one*", "x = 1  # <b>") == first
    assert len(kept) == 3


def test_no_part_is_another_cells():
    """The same text with other pictures, figures or in another language."""
    assert "data:image/png;base64,aaaa" in page(with_picture("aaaa"))
    assert "data:image/png;base64,bbbb" in page(with_picture("bbbb"))
    figure, release = "![One](f.svg)", {"f.svg": "data:image/svg+xml;base64,cccc"}
    assert release["f.svg"] in page(figure, figures=release)
    assert "<img" not in page(figure)
    code = "for x in 1:"
    assert page(code) != page(code, lexer="text")


def test_what_a_cell_opens_does_not_reach_into_the_next():
    written = page("<b><img src='x", "*two* <i id='0-0'></i>", "' alt='y'> three")
    assert "<img" not in written
    assert "<em>two</em>" in written
    assert written.count("<b>") == written.count("</b>")


def test_what_is_kept_has_its_bounds(kept, monkeypatch):
    monkeypatch.setattr(page_parts, "_ROOM", 2000)
    for number in range(200):
        assert f"number {number}<" in page(f"number {number}")
        assert sum(map(len, kept.values())) <= 2000
    assert kept
