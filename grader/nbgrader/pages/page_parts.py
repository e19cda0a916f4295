"""Markdown and code of feedback pages: most is the whole class's, and is made once."""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.highlight import Highlight2HTML

from grader.nbgrader.pages.feedback_page import complete

#: characters of the parts that are kept
_ROOM = 20_000_000
_KEPT: dict[Hashable, str] = {}


class PageParts:
    """The parts of one page.

    Where a part belongs, its filter leaves a mark: what then goes over the page does
    not read each word of code again.

    Args:
        exporter: of the page.
        code: highlights code.
        figures: as `complete` takes them.
    """

    def __init__(
        self, exporter: HTMLExporter, code: Highlight2HTML, figures: Mapping[str, str]
    ):
        self._exporter, self._code, self._figures = exporter, code, figures
        self._look = hash(tuple(figures.items()))
        # no student knows it
        self._mark = secrets.token_hex(16)
        self._parts: list[str] = []

    def highlight(self, source: str, metadata: Any = None) -> str:
        """The filter `highlight_code`."""
        code = self._code
        look = code.pygments_lexer, repr(code.extra_formatter_options)
        language = (metadata or {}).get("magics_language")
        key = "code", *look, language, source
        return self._put(key, lambda: code(source, metadata=metadata))

    @pass_context
    def markdown(self, context: Context, source: str) -> str:
        """The filter `markdown2html`."""
        own = self._exporter
        # what a cell brings along may be large, and is its student's alone
        alone = own.embed_images or bool(context.get("cell", {}).get("attachments"))
        look = own.anchor_link_text, own.exclude_anchor_links, repr(own.lexer_options)
        key = None if alone else ("markdown", *look, source)
        return self._put(key, lambda: own.markdown2html(context, source))

    def put_into(self, page: str) -> str:
        """Puts the parts in the places of their marks."""
        mark = f'<i id="{self._mark}-([0-9]+)"></i>'
        return re.sub(mark, lambda found: self._parts[int(found[1])], page)

    def _put(self, key: Hashable, make: Callable[[], str]) -> str:
        known = key and (self._look, key)
        part = _KEPT.get(known) if known else None
        if part is None:
            part = complete(make(), self._figures).rstrip("\n")
            if known:
                _KEPT[known] = part
                if sum(map(len, _KEPT.values())) > _ROOM:
                    _KEPT.clear()
        self._parts.append(part)
        return f'<i id="{self._mark}-{len(self._parts) - 1}"></i>'
