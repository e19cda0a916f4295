"""Why a call of a learner's function failed, in words of our own."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from grader.judge.cures import cure
from grader.judge.words import names, shorten

#: what TensorFlow puts around its messages, what Keras writes for a tensor, and where
#: a module lies on this machine
_NOISE = (
    (re.compile(r"\{\{.{0,200}?\}\} ?| ?\[Op:\w{1,40}\]( name:.{0,100})?"), ""),
    (re.compile(r"<KerasTensor shape=(\([^)]{0,80}\))[^>]{0,200}>"), r"a tensor of \1"),
    (re.compile(r" \(/[^)]{0,300}\)"), ""),
)


def explain(
    function: str, error: Mapping[str, Any], *, told: bool = True
) -> tuple[str, str]:
    """Explains an exception of a learner's function.

    Args:
        function: its name.
        error: type, message and line, as captured; where its parameters do not take
            the call, its signature.
        told: whether the error's own message may be shown; it can hold arguments.

    Returns:
        What went wrong, and where to look.
    """
    signature = error.get("signature")
    if isinstance(signature, Mapping):
        return _wrong_signature(function, signature), (
            f"The line that defines {function}, with its parameters."
        )
    kind = shorten(error.get("type", "an error"), 60)
    message = str(error.get("message", ""))
    for pattern, instead in _NOISE:
        message = pattern.sub(instead, message)
    message = shorten(message, 300)
    line = error.get("line")
    source = shorten(line.get("source", ""), 200) if isinstance(line, Mapping) else ""
    look = f"Run the cell that calls {function}: the last lines of the error tell."
    if isinstance(line, Mapping):
        look = f"Line {shorten(line.get('number'), 8)} of its cell"
        look += f": {shorten(source, 100)}" if source else "."
    if kind == "NotImplementedError" and source.startswith("raise "):
        text = "is not written yet: it still stops at the line that raises"
        return f"{function} {text} NotImplementedError.", look
    words, quoted = cure(kind, message, source)
    if words:
        excerpt = f": {shorten(message, 110)}" if told and quoted else ""
        return f"{function} {words} ({kind}{excerpt}).", look
    return f"{function} raises {kind}" + (f": {message}" if told else "."), look


def _wrong_signature(function: str, signature: Mapping[str, Any]) -> str:
    """Says what a function's parameters lack, or have too many."""
    own, given, required = (
        [shorten(name, 40) for name in found] if isinstance(found, list) else []
        for found in map(signature.get, ("own", "given", "required"))
    )
    first = signature.get("first")
    passed = len(given) + (first if isinstance(first, int) else 0)
    head = f"{function}({', '.join(own[:12])})"
    missing = [name for name in given if name not in own]
    if missing:
        # passed by position: the learner has names of their own
        needed = [name for name in own[passed:] if name in required]
    else:
        needed = [name for name in required if name not in given]
        needed = needed[passed - len(given) :]
    if missing and len(own) < passed:
        is_or_are = "is a parameter" if len(missing) == 1 else "are parameters"
        return (
            f"The signature {head} lacks {_listed(missing)}, which {is_or_are} of "
            f"{function} in the specification."
        )
    if needed:
        return (
            f"The signature {head} has no default for {_listed(needed)}: the "
            f"specification has {function} called without."
        )
    return (
        f"The signature {head} has its parameters in another order than the "
        f"specification, or under other names: {_listed(given)} are passed by name."
    )


def _listed(found: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in found]
    if len(quoted) > 6:
        return names(quoted, 6)
    return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


def explain_return(function: str, kind: str, asked: str) -> str:
    """Explains a function that returned something else than a tensor or model."""
    if kind == "NoneType":
        return f"{function} returns nothing: its last line should be a `return`."
    return f"{function} returns {shorten(kind, 60)}, not {asked}."


def explain_discarded(line: object) -> str:
    """Explains a line whose result no name keeps."""
    found = line if isinstance(line, Mapping) else {}
    source, number = shorten(found.get("source"), 60), shorten(found.get("number"), 8)
    return (
        f"Line {number} of its cell, `{source}`: no name keeps what it gives. A layer "
        "changes no tensor in place: X = Layer(...)(X)."
    )
