"""Pages from templates: whatever is put into one is escaped, unless it is ours."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from grader import escape


class Html(str):
    """HTML that this package wrote, escaped where it holds what others wrote."""

    __slots__ = ()


def _finish(value: Any) -> str:
    return value if isinstance(value, Html) else escape.html(str(value))


def render(path: Path, values: Mapping[str, Any]) -> str:
    """Fills a template.

    Args:
        path: of the template.
        values: by name; each text is escaped by the one function for HTML.
    """
    environment = jinja2.Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finish,
        undefined=jinja2.StrictUndefined,
    )
    return environment.from_string(path.read_text("utf-8")).render(values)
