"""Why a call of a learner's function failed, in words of our own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.judge.claim import Claim
from grader.judge.failures import (
    cures_keras,
    cures_old_keras,
    cures_python,
    cures_torch,
)
from grader.judge.failures.cure import Words
from grader.judge.failures.unwritten import nothing_returned, unwritten
from grader.judge.words import names, shorten

#: what TensorFlow puts around its messages, what Keras writes for a tensor, and where
#: a module lies on this machine
_NOISE = (
    (re.compile(r"\{\{.{0,200}?\}\} ?| ?\[Op:\w{1,40}\]( name:.{0,100})?"), ""),
    (re.compile(r"<KerasTensor shape=(\([^)]{0,80}\))[^>]{0,200}>"), r"a tensor of \1"),
    (re.compile(r" \(/[^)]{0,300}\)"), ""),
    (re.compile(r"Exception encountered when calling [\w. ]{1,80}\(\)\.\s+"), ""),
    (re.compile(r"\s+Arguments received by [\w.]{1,60}\(\):.*", re.DOTALL), ""),
    (re.compile(r"Cannot assign value to variable '.{0,100}?': "), ""),
)

#: What an object is asked for that it does not have.
_ASKED = re.compile(r"has no attribute '(\w{1,60})'")
#: Characters of an error's message that are read; the capture writes fewer.
_LONGEST = 4000
#: Where the meaning of an exception is looked up, the first row that fits wins.
CURES = (
    *cures_torch.CURES,
    *cures_old_keras.CURES,
    *cures_keras.CURES,
    *cures_python.CURES,
)


@dataclass(frozen=True)
class Explanation:
    """Why a call failed.

    Attributes:
        clause: what went wrong, as a sentence goes on after a comma; it ends the
            sentence.
        look: where to look.
        mistake: what calls that fail for one reason have in common; the clause, if
            empty.
        article: whether the clause begins with "the" and not with a name.
        begins: the clause without advice and without its end; all of it, if empty.
        claims: what it says of a layer, as data.
        unwritten: whether the reason is that the function is not written yet.
    """

    clause: str
    look: str
    mistake: str = ""
    article: bool = False
    begins: str = ""
    claims: tuple[Claim, ...] = ()
    unwritten: bool = False

    @property
    def brief(self) -> str:
        """The message in short, without its end."""
        return self.begins or self.message.removesuffix(".")

    @property
    def reason(self) -> str:
        """The same for calls that fail for one reason."""
        return self.mistake or self.clause

    @property
    def message(self) -> str:
        """The clause as a sentence of its own."""
        return "T" + self.clause[1:] if self.article else self.clause

    @property
    def under_other_arguments(self) -> str:
        """The sentence where only calls fail that the lesson does not show."""
        return f"Called with other arguments than those shown, {self.clause}"


def explain(
    function: str, failure: Mapping[str, Any], *, returns: str, told: bool = True
) -> Explanation:
    """Explains a call of a learner's function that left nothing to judge.

    Args:
        function: its name.
        failure: what was captured of the call: the type of what it returned; or the
            exception's type, message and line and, where the function's parameters
            do not take the call, its signature; and what of its code is not written.
        returns: what it is to return, in words.
        told: whether the error's own message may be shown; it can hold arguments.
    """
    missing = unwritten(function, failure)
    if missing is not None:
        return Explanation(
            missing.clause, missing.look, begins=missing.brief, unwritten=True
        )
    if failure.get("status") == "returned":
        clause = _wrong_return(function, failure, returns)
        kind = str(failure.get("type"))
        said = Claim("returned", str(failure.get("id")), function, about=kind)
        look = f"The last line of {function}."
        return Explanation(clause, look, claims=(said,))
    error = failure.get("error")
    if not isinstance(error, Mapping):
        clause = f"{function} left no result that can be judged."
        return Explanation(clause, f"The cell of {function}.")
    signature = error.get("signature")
    if isinstance(signature, Mapping):
        look = f"The line that defines {function}, with its parameters."
        return Explanation(_wrong_signature(function, signature), look, article=True)
    explained = _exception(function, error, told=told)
    asked = _ASKED.search(str(error.get("message"))[:_LONGEST])
    if asked is None or error.get("type") != "AttributeError":
        return explained
    said = Claim("failed", str(failure.get("id")), function, about=asked[1])
    return replace(explained, claims=(said,))


def _exception(function: str, error: Mapping[str, Any], *, told: bool) -> Explanation:
    kind = shorten(error.get("type", "an error"), 60)
    message = str(error.get("message", ""))[:_LONGEST]
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
        brief = f"{function} is not written yet"
        clause = f"{brief}: it still stops at the line that raises NotImplementedError."
        return Explanation(clause, look, begins=brief, unwritten=True)
    found = meaning(kind, message, source)
    brief = f"{function} {found.words}"
    if found.words:
        excerpt = f": {shorten(message, 110)}" if told and found.quoted else ""
        clause = f"{function} {found.text} ({kind}{excerpt})."
        return Explanation(clause, look, found.text, begins=brief)
    brief = f"{function} raises {kind}"
    if not told:
        return Explanation(f"{brief}.", look)
    # numbers of the call stand in brackets, more often than not
    mistake = f"{kind}: {message.partition('(')[0]}"
    return Explanation(f"{brief}: {message}", look, mistake, begins=brief)


@dataclass(frozen=True)
class Meaning:
    """What an exception means, to go on with after the function's name.

    Attributes:
        words: what went wrong; "" where the tables have no row.
        advice: a sentence that follows; "" for none.
        quoted: whether the exception's message is to stand beside it.
    """

    words: str = ""
    advice: str = ""
    quoted: bool = True

    @property
    def text(self) -> str:
        """Words and advice, without the end."""
        return f"{self.words}. {self.advice}" if self.advice else self.words


def meaning(kind: str, message: str, line: str = "") -> Meaning:
    """Looks an exception up.

    Args:
        kind: its name.
        message: its text.
        line: the line of the learner's code that raised it.
    """
    for row in CURES:
        if not re.fullmatch(row.kinds, kind):
            continue
        match = re.search(row.pattern, message)
        if match is None:
            continue
        if words := _said(row.words, match, line):
            return Meaning(words, _said(row.advice, match, line), row.quoted)
    return Meaning()


def _said(words: Words, match: re.Match[str], line: str) -> str:
    return words if isinstance(words, str) else words(match, line)


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
    if not missing and len(own) < passed:
        takes = f"{len(own)} of them" if own else "none"
        passes = f"the lesson passes {passed} arguments to {function}"
        return f"{passes}, and {head} takes {takes}."
    if missing and len(own) < passed:
        is_or_are = "is a parameter" if len(missing) == 1 else "are parameters"
        return (
            f"the signature {head} lacks {_listed(missing)}, which {is_or_are} of "
            f"{function} in the specification."
        )
    if needed:
        return (
            f"the signature {head} has no default for {_listed(needed)}: the "
            f"specification calls {function} without {_them(needed)}."
        )
    return (
        f"the signature {head} has its parameters in another order than the "
        f"specification, or under other names: {_listed(given)} are passed by name."
    )


def _them(found: Sequence[str]) -> str:
    return "it" if len(found) == 1 else "them"


def _listed(found: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in found]
    if len(quoted) > 6:
        return names(quoted, 6)
    return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


def _wrong_return(function: str, failure: Mapping[str, Any], returns: str) -> str:
    kind = str(failure.get("type"))
    if kind == "NoneType":
        return nothing_returned(function, failure)
    kind = shorten(kind.replace("NoneType", "None"), 60)
    if failure.get("layer") is True:
        return (
            f"{function} returns the layer {kind} itself, not {returns}: the layer is "
            "made, and never called with a tensor."
        )
    return f"{function} returns {kind}, not {returns}."


def explain_discarded(line: object) -> str:
    """Explains a line whose result no name keeps."""
    found = line if isinstance(line, Mapping) else {}
    source, number = shorten(found.get("source"), 60), shorten(found.get("number"), 8)
    return (
        f"Line {number} of its cell, `{source}`: no name keeps what it gives. A layer "
        "changes no tensor in place: X = Layer(...)(X)."
    )
