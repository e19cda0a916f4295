"""What is not written yet is told so, in every function of every lesson."""

import types

import pytest

from grader.capture.failure import failed, returned
from grader.capture.unwritten import unwritten
from grader.judge.failures.explain import explain
from grader.lessons import NAMES
from tests.lessons.source import run, source_of

pytestmark = pytest.mark.slow

FUNCTIONS = [(name, f) for name in NAMES for f in source_of(name).lesson.functions]
CALL = {"id": "shown"}


def function_of(source, name="f"):
    """What a cell defines, without the libraries that its body needs."""
    nothing = types.SimpleNamespace(Module=object)
    names = dict.fromkeys(("nn", "random_uniform", "glorot_uniform"), nothing)
    run(source, names, f"<cell {name}>")
    found = names[name]
    return vars(found).get("forward", found) if isinstance(found, type) else found


def words(source, name="f", kind="NoneType"):
    captured = returned(CALL, kind, function_of(source, name))
    explained = explain(name, captured, returns="a tensor")
    return explained.message, explained.look


@pytest.mark.parametrize(("lesson", "name"), FUNCTIONS)
@pytest.mark.parametrize("left", ["pass", "..."])
def test_an_empty_place_for_code(lesson, name, left):
    source = (
        source_of(lesson).released[name].replace("raise NotImplementedError()", left)
    )
    if "# Output layer" in source:
        pytest.skip("what is given goes on below: the network is judged as it is")
    message, look = words(source, name)
    assert (
        message
        == f"{name} is not written yet: nothing stands below `# YOUR CODE HERE`."
    )
    number = int(look.split()[1])
    assert source.splitlines()[number - 1].strip() == "# YOUR CODE HERE"


@pytest.mark.parametrize(("lesson", "name"), FUNCTIONS)
@pytest.mark.parametrize("bound", ["X", "history", "logits, predictions", "out"])
def test_none_left_above_the_return(lesson, name, bound):
    """As published notebooks leave it: a name that is returned is still None."""
    nones = ", ".join(["None"] * len(bound.split(",")))
    released = source_of(lesson).released[name]
    mark = next(x for x in reversed(released.splitlines()) if "NotImpl" in x)
    head = released[: released.rindex(mark)]
    body = mark.replace("raise NotImplementedError()", f"{bound} = {nones}")
    message, look = words(f"{head}{body}\n{mark.split('raise')[0]}return {bound}", name)
    assert "not written to its end" in message
    assert f"there is still `{bound} = {nones}`" in message
    assert look.endswith(f"of its cell: {bound} = {nones}")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("x = 1", "its last line should be a `return`."),
        ("return", "its last line is `return`."),
        ("x = None\n return None", "its last line is `return None`."),
        (
            "x = None\n x = g()\n return x",
            "what its last line gives, `return x`, is None.",
        ),
        ("if g:\n  return 1", "it ends without coming to a `return`."),
        (
            "x = None\n y = g\n return y",
            "what its last line gives, `return y`, is None.",
        ),
    ],
)
def test_how_nothing_is_returned(body, said):
    message, _ = words(f"def f():\n {body}\n")
    assert message == f"f returns nothing: {said}"


@pytest.mark.parametrize(
    ("error", "body", "said"),
    [
        (
            TypeError("None"),
            "x = None\n x = g(x)\n return x",
            "there is still `x = None`",
        ),
        (TypeError("None"), "x = None\n x = 1\n x = g(x)\n return x", "works on None"),
        (TypeError("int"), "x = None\n x = g(x)\n return x", "raises TypeError"),
        (NameError("x"), "# YOUR CODE HERE\n\n return g(x)", "nothing stands below"),
        (NameError("x"), "# YOUR CODE HERE\n y = 1\n return g(x)", "not defined"),
    ],
)
def test_an_exception_over_what_is_not_written(error, body, said):
    def g(*_):
        raise type(error)(f"{error}: NoneType" if "None" in str(error) else str(error))

    f = function_of(f"def f():\n {body}\n")
    f.__globals__.update(g=g, x=0)
    with pytest.raises(type(error)) as caught:
        f()
    captured = failed(CALL, "raised", caught.value, f)
    assert said in explain("f", captured, returns="a tensor").message


def test_a_function_that_wraps_itself_has_no_source():
    f = function_of("def f():\n return None\n")
    f.__wrapped__ = f
    assert unwritten(f) is None
