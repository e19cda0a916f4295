"""What only IPython reads in a cell: magics, shell lines, files that a cell writes.

A cell is read as the Python that it stands for. What defines something runs: `%run`,
and `%%writefile` where its file is imported or run. The others leave their line empty.
"""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from IPython.core.inputtransformer2 import TransformerManager

from grader.definitions import defined

#: what Python raises for a text that it cannot read: hostile ones among them
ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)
_PARSE = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_CELL_MAGIC = re.compile(r"[ \t]*%%(\w+)(.*)")
#: under these a cell binds its names as ever; under %%timeit it does not
_TRANSPARENT = ("time", "capture", "prun")
_WRITING = ("writefile", "file")
# One pass each, line by line: IPython's own way reads all of a cell again for each.
_LINE_MAGIC = re.compile(r"^([ \t]*)([%!])((?:.*\\\n)*.*)$", re.MULTILINE)
_HELP = re.compile(r"^([ \t]*)(?:\?.*|[\w.*]+\?{1,2}[ \t]*)$", re.MULTILINE)
_ASSIGNED = re.compile(
    r"^([ \t]*[^\W\d][\w \t,.]*=[ \t]*)([!%])((?:.*\\\n)*.*)$", re.MULTILINE
)


def parse(source: str) -> tuple[str, ast.Module]:
    """Reads a cell as Python, with the lines that it has.

    Returns:
        The text that was read, and its tree.

    Raises:
        SyntaxError: or another of `ERRORS`, if it cannot be read.
    """
    source = _without_cell_magic(source)
    try:
        return source, _tree(source)
    except ERRORS as error:
        plain = error
    for text in _rewritten(source):
        try:
            return text, _tree(text)
        except ERRORS:
            continue
    raise plain


def hidden(source: str) -> tuple[frozenset[str], str]:
    """Names that a cell's text defines under a magic that keeps them, and which."""
    magic, arguments, body = _cell_magic(source)
    if not magic or magic in _TRANSPARENT:
        return frozenset(), ""
    why = f"its cell begins with %%{magic}, under which nothing is defined"
    if magic in _WRITING:
        why = f"its cell only writes the file {arguments}"
    return defined(body), why


def files(group: Sequence[ast.stmt]) -> tuple[set[str], set[str]]:
    """Marks of the modules that statements write as files, and of those they read."""
    written, read = set[str](), set[str]()
    nodes = [node for statement in group for node in ast.walk(statement)]
    for node in nodes:
        asked = _magic_call(node)
        if asked and asked[0] in _WRITING:
            written.add(_mark(_path(asked[1])))
            nodes.extend(_nodes(asked[2]))
        elif asked and asked[0] == "run":
            read.add(_mark(_path(asked[1])))
        elif isinstance(node, ast.Import):
            read |= {_mark(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            read.add(_mark(node.module or ""))
    return written, read


def is_run(node: ast.AST) -> bool:
    """Whether a node is a call of %run, which binds what its file does."""
    asked = _magic_call(node)
    return asked is not None and asked[0] == "run"


def shown(text: str) -> str:
    """A statement as its author wrote it: `%run x.py`; the first line of a long one."""
    asked = next(filter(None, map(_magic_call, _nodes(text))), None)
    line = f"%{asked[0]} {asked[1]}" if asked else text.strip().split("\n")[0]
    return line[:80]


def _mark(module: str) -> str:
    # no name of Python has a colon in it
    return f"file:{module.partition('.')[0]}"


def _path(arguments: str) -> str:
    """The module that the file among a magic's arguments is imported as."""
    named = [word.strip("\"'") for word in arguments.split()]
    named = [word for word in named if word and not word.startswith("-")]
    path = PurePosixPath(named[0] if named else "")
    return next((part for part in path.parts if part not in (".", "/")), "")


def _nodes(text: str) -> list[ast.AST]:
    try:
        return list(ast.walk(_tree(text)))
    except ERRORS:
        return []


def _magic_call(node: ast.AST) -> tuple[str, str, str] | None:
    """Name, arguments and body of a magic that is called as IPython writes it."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
    texts = [text for text in texts if isinstance(text, str)]
    if node.func.attr == "magic" and texts:
        texts = list(texts[0].lstrip("%").partition(" ")[::2])
    elif node.func.attr not in ("run_line_magic", "run_cell_magic"):
        return None
    name, arguments, body = [*texts, "", "", ""][:3]
    return name, arguments, body


def _cell_magic(source: str) -> tuple[str, str, str]:
    first, _, body = source.lstrip("\n").partition("\n")
    match = _CELL_MAGIC.match(first)
    return (match[1], match[2].strip(), body) if match else ("", "", "")


def _without_cell_magic(source: str) -> str:
    """A cell without its first line's magic, which leaves that line empty."""
    magic, arguments, body = _cell_magic(source)
    if not magic:
        return source
    blank = "\n" * (len(source) - len(source.lstrip("\n")))
    if magic in _TRANSPARENT:
        return f"{blank}\n{body}"
    if magic in _WRITING:
        return (
            f"{blank}get_ipython().run_cell_magic({magic!r}, {arguments!r}, {body!r})"
        )
    # another language, or a namespace of its own
    return ""


def _rewritten(source: str) -> Iterator[str]:
    """Yields a cell's text without what only IPython reads, the plainest first."""
    text = _LINE_MAGIC.sub(_passed, source)
    yield text
    text = _HELP.sub(lambda m: f"{m[1]}pass", _ASSIGNED.sub(_called, text))
    yield text
    # indented cells, and such as were copied with their prompts
    manager = TransformerManager()
    manager.token_transformers = []
    leading = len(text) - len(text.lstrip("\n"))
    yield "\n" * leading + manager.transform_cell(text)


def _passed(line: re.Match[str]) -> str:
    name, _, rest = line[3].replace("\\\n", " ").strip().partition(" ")
    does = "pass"
    if (line[2], name) == ("%", "run"):
        does = f"get_ipython().run_line_magic('run', {rest.strip()!r})"
    return f"{line[1]}{does}" + "\n" * line[0].count("\n")


def _called(line: re.Match[str]) -> str:
    """What IPython makes of `x = !command` and of `x = %magic`."""
    asked = line[3].replace("\\\n", " ")
    name, _, rest = asked.partition(" ")
    call = f"run_line_magic({name!r}, {rest!r})" if line[2] == "%" else ""
    call = call or f"getoutput({asked!r})"
    return f"{line[1]}get_ipython().{call}" + "\n" * line[0].count("\n")


def _tree(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(source, "<cell>", "exec", flags=_PARSE, dont_inherit=True)
