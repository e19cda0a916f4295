"""Whether a name in a notebook is what its cell, run last, should have made of it.

A cell that fails leaves what an earlier run defined, and a check would judge that.
What a kernel can know is kept here: of each cell that was run, the names that its text
defines, and whether running it bound them anew. A cell that was edited and not run is
not among it.
"""

import ast
import dis
import linecache
import sys
import types
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.definitions import defined

#: what a lesson is asked for in a cell that changes nothing
_LOOKS = ("check", "progress")
#: cell magics after which a cell's own text runs where the others do
_TRANSPARENT = ("%%time", "%%capture", "%%prun")


@dataclass(frozen=True)
class Stale:
    """A name that its cell, run last, did not bind.

    Attributes:
        name: of a function, or of what it calls.
        why: what is the matter with its cell, as the rest of a sentence.
        error: kind and message of what the cell raised; empty where it raised nothing.
    """

    name: str
    why: str
    error: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Binding:
    """A function, and what the names that it uses stood for at one moment.

    Attributes:
        function: its identity.
        names: each with what it stood for.
    """

    function: tuple[Any, Any]
    names: tuple[tuple[str, tuple[Any, Any]], ...]


class Executed:
    """What the cells of a running notebook bound; one for each shell.

    Args:
        names: the shell's names, by which functions find one another.

    Attributes:
        moment: another number after each cell that may change what a function does.
    """

    def __init__(self, names: Mapping[str, Any]):
        self.moment = 0
        self._names = names
        self._before: dict[str, tuple[Any, Any] | None] = {}
        self._stale: dict[str, tuple[tuple[Any, Any], Stale]] = {}

    @classmethod
    def of(cls, shell: Any) -> "Executed":
        """The one of a shell: it is registered where there is none yet."""
        for callback in shell.events.callbacks["post_run_cell"]:
            if isinstance(getattr(callback, "__self__", None), cls):
                return callback.__self__
        made = cls(shell.user_ns)
        shell.events.register("pre_run_cell", made.begin)
        shell.events.register("post_run_cell", made.end)
        return made

    def begin(self, info: Any) -> None:
        """Remembers what the names of a cell stand for before it runs."""
        text = str(info.raw_cell)
        # it gives functions new code before any cell
        reloads = "IPython.extensions.autoreload" in sys.modules
        self.moment += reloads or not _only_looks(text)
        names = defined(_without_magic(text))
        self._before = {name: self._identity(name) for name in names}

    def end(self, result: Any) -> None:
        """Notes which names of the cell are still what they were."""
        error = result.error_before_exec or result.error_in_exec
        magic = str(result.info.raw_cell).lstrip().split("\n")[0].split(" ")[0]
        raised = ("", "")
        if error is not None:
            raised = (type(error).__name__, str(error))
            why = f"ended {_how(error)} when it was run last"
        elif magic.startswith("%%") and magic not in _TRANSPARENT:
            why = f"begins with {magic}: running it defines nothing here"
        else:
            self._before = {}
            return
        for name, before in self._before.items():
            if before is not None and _same(self._identity(name), before):
                self._stale[name] = (before, Stale(name, why, raised))
        self._before = {}

    def stale(self, function: Any) -> Stale | None:
        """The first name, of a function and what it calls, that is not up to date."""
        for name, value in self._called(function):
            before, found = self._stale.get(name, (None, None))
            if before is not None and _same(_identity(value), before):
                return found
        return None

    def binding(self, function: Any) -> Binding:
        """What a function and the names that it uses stand for at this moment.

        Functions and classes of the notebook are looked into, those of libraries not.
        """
        found: dict[str, tuple[Any, Any]] = {}
        pending = [function]
        while pending:
            value = pending.pop()
            if getattr(value, "__module__", None) != "__main__":
                continue
            for name in set(_loaded(value)) & set(self._names) - set(found):
                found[name] = _identity(self._names[name])
                pending.append(self._names[name])
        return Binding(_identity(function), tuple(found.items()))

    def holds(self, name: str, binding: Binding) -> bool:
        """Whether a name still stands for the function that a binding is of.

        A cell that was run again, with the same text, makes the same function.
        """
        pairs = ((name, binding.function), *binding.names)
        return all(_as_good(self._identity(own), was) for own, was in pairs)

    def text(self, name: str) -> str | None:
        """The text of the cell or file that made a function or class.

        Returns:
            None where there is none of that name; empty where its text is not known.
        """
        if name not in self._names:
            return None
        files = {code.co_filename for code in _codes(self._names[name])}
        return "".join(line for file in files for line in linecache.getlines(file))

    def _identity(self, name: str) -> tuple[Any, Any] | None:
        return _identity(self._names[name]) if name in self._names else None

    def _called(self, function: Any) -> Iterator[tuple[str, Any]]:
        """Yields a function, and what it refers to by global names, by its name."""
        pending = [n for n, v in list(self._names.items()) if v is function]
        seen = set[str]()
        while pending:
            name = pending.pop(0)
            if name in seen or name not in self._names:
                continue
            seen.add(name)
            value = self._names[name]
            yield name, value
            pending.extend(_global_names(value))


def _only_looks(text: str) -> bool:
    """Whether a cell does nothing but ask a lesson for checks, or how far it is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(
        isinstance(each, ast.Expr)
        and isinstance(call := each.value, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.attr in _LOOKS
        and not call.keywords
        and all(isinstance(a, ast.Constant | ast.Name) for a in call.args)
        for each in body
    )


def _identity(value: Any) -> tuple[Any, Any]:
    # %autoreload gives a function new code in its place
    return value, getattr(value, "__code__", None)


def _same(one: tuple[Any, Any] | None, other: tuple[Any, Any]) -> bool:
    return one is not None and one[0] is other[0] and one[1] is other[1]


def _as_good(one: tuple[Any, Any] | None, other: tuple[Any, Any]) -> bool:
    if one is None or _same(one, other):
        return one is not None
    return one[1] == other[1] and _alike(one[0], other[0])


def _alike(one: Any, other: Any) -> bool:
    """Whether two functions or classes were made by the same text."""
    if type(one) is not type(other):
        return False
    if isinstance(one, types.FunctionType):
        parts = (_parts(one), _parts(other))
        return one.__closure__ is other.__closure__ is None and parts[0] == parts[1]
    if not isinstance(one, type) or one.__bases__ != other.__bases__:
        return False
    own, their = (
        {k: v for k, v in vars(c).items() if callable(v)} for c in (one, other)
    )
    return own.keys() == their.keys() and all(
        own[name] is their[name] or _alike(own[name], their[name]) for name in own
    )


def _parts(function: types.FunctionType) -> tuple[Any, str]:
    # default values of any kind: how they are written tells them apart
    return function.__code__, repr((function.__defaults__, function.__kwdefaults__))


def _global_names(value: Any) -> Iterator[str]:
    """Names that a function, or a class's methods, look up outside."""
    for code in _codes(value):
        yield from code.co_names


def _loaded(value: Any) -> Iterator[str]:
    """The same without the names of attributes."""
    for code in _codes(value):
        for instruction in dis.get_instructions(code):
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                yield instruction.argval


def _codes(value: Any) -> Iterator[types.CodeType]:
    parts = list(vars(value).values()) if isinstance(value, type) else [value]
    codes = [part.__code__ for part in parts if isinstance(part, types.FunctionType)]
    while codes:
        code = codes.pop()
        yield code
        codes.extend(c for c in code.co_consts if isinstance(c, types.CodeType))


def _without_magic(text: str) -> str:
    """A cell's text without the line that begins with %%."""
    if not text.lstrip().startswith("%%"):
        return text
    return text.lstrip().partition("\n")[2]


def _how(error: BaseException) -> str:
    kind = type(error).__name__
    article = "an" if kind[:1] in "AEIOU" else "a"
    if isinstance(error, SyntaxError):
        said = f"line {error.lineno}: {error.msg}"
    else:
        said = " ".join(str(error).split())[:120]
    return f"with {article} {kind} ({said})" if said else f"with {article} {kind}"
