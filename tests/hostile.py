"""Texts that do something where they are shown unescaped: the same for every medium."""

HOSTILE = {
    "tag": "<img src=x onerror=alert(1)>",
    "script": "</title><script>alert(1)</script><!--",
    "attribute": "\" onmouseover=alert(1) x='",
    "entity": "&lt;img src=x onerror=alert(1)&gt;&colon;&#106;",
    "link": "[x](javascript:alert(1)) ![y](data:text,z) <javascript:x>",
    "address": "https://example.org www.example.org a@example.org",
    "formula": r"$\href{javascript:alert(1)}{x}$ \(a\) $$b$$ \\(c\\) \begin{a}\end{a}",
    "code": "`<b>` ```html <script> ``` ~~~",
    "emphasis": "**bold** _a_ ~~b~~ # c - d 1. e > f | g | h ^i^ ==j== :k: [^l] [m]",
    "rich": "[bold red]100 points[/bold red] [link=x]y[/link] [/] :smile: \\[b]",
    "lines": "mallory\n# 100 points\r\n- a\rb\vc\fd\x85e\u2028f\u2029g\x1ch",
    "row": "a\nzoe   30   30   40   100",
    "escapes": "\x1b[2J\x1b]0;pwned\x07\x9b31m\x08\x08\x7f\x1b[1A",
    "directions": "\u202egnp.x\u2066a\u2069 \u200f \ufeff \u061c",
    "bytes": "caf\udce9 \udcff",
    "sum": '=HYPERLINK("http:x","y")',
    "plus": "+1+cmd|' C'!A0",
    "minus": "-2+3",
    "at": "@SUM(1)",
    "tab": "\t=1",
    "return": "\r=1",
    "quotes": 'a,"b",c;d\te"\n"f',
    "braces": "{{ 7 * 7 }} {% raw %} ${x} %s %(a)s {0}",
}
#: the same as names of files, by kind
NAMES = {
    kind: text.replace("/", "\N{FRACTION SLASH}") for kind, text in HOSTILE.items()
}
