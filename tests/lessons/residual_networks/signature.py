"""Parameters, names built from them, and what is returned."""

import ast
from collections.abc import Iterator

from tests.lessons.mutant import Mutant, Price
from tests.lessons.residual_networks import prices
from tests.lessons.residual_networks.draft import BLOCKS, Draft, expression
from tests.lessons.residual_networks.prices import made

_EQUAL, _ALL, _HIDDEN = prices.NOTHING, prices.EVERYTHING, prices.HIDDEN
_HARD = ("other arguments than those shown",)


def signature_mutants() -> Iterator[Mutant]:
    """Changes of a function's head, its bases for names, and its last line."""
    for function in BLOCKS:
        yield from _first_lines(function)
        yield from _bases(function)
        yield from _unpacking(function)
        yield from _returns(function, "X")
    yield from _returns("ResNet50", "Model(inputs=X_input, outputs=X)")
    yield from _defaults()
    yield from _model()


def _mutant(function: str, name: str, draft: Draft, price: Price, *words: str) -> Mutant:
    tag = f"{function}:{name}".replace(" ", "")
    return made(tag, function, draft.text, price, words, name)


def _first_lines(function: str) -> Iterator[Mutant]:
    """A parameter is given a value of its own, the shown one or another."""
    lines: list[tuple[str, Price, tuple[str, ...]]] = [
        ("f = 2", _HIDDEN, ("kernel_size", "second component")),
        ("f = 3", prices.HYPERPARAMETER, ("branch2b",)),
        ("f = f + 1", prices.HYPERPARAMETER, ("branch2b",)),
        ("stage = 1", _HIDDEN, ("name",)),
        ("block = 'a'", _HIDDEN, ("name",)),
        ("stage = stage + 1", prices.NAME, ("name",)),
        ("block = block.upper()", prices.NAME, ("name",)),
        ("block = 'b'", prices.NAME, ("name",)),
        ("filters = [2, 4, 6]", _HIDDEN, ("filters", *_HARD)),
        ("filters = tuple(filters)", _EQUAL, ()),
    ]
    if function == "convolutional_block":
        lines += [("s = 2", _HIDDEN, ("strides",)), ("s = s + 1", prices.HYPERPARAMETER, ("strides",))]
    for text, price, words in lines:
        draft = Draft(function).insert(0, text)
        yield _mutant(function, text, draft, price, *words)


def _bases(function: str) -> Iterator[Mutant]:
    """Another base for the names of the convolutions, or of the normalisations."""
    for line, base in ((0, "res"), (1, "bn")):
        for text, price in (
            ("'{base}' + str(stage + 1) + block + '_branch'", prices.NAME),
            ("'{base}' + str(stage) + '_branch'", prices.NAME),
            ("'{base}' + block + '_branch'", prices.NAME),
            ("'{base}' + block + str(stage) + '_branch'", prices.NAME),
            ("'{base}' + str(stage) + block", prices.NAME),
            ("'{base}' + str(stage) + block + '_brunch'", prices.NAME),
            ("'{base}' + str(stage) + block + '-branch'", prices.NAME),
            ("'conv' + str(stage) + block + '_branch'", prices.NAME),
            ("'{base}1a_branch'", _HIDDEN),
            ("'{base}' + str(stage) + 'a_branch'", _HIDDEN),
            ("'{base}1' + block + '_branch'", _HIDDEN),
            ("f'{base}{{stage}}{{block}}_branch'", _EQUAL),
        ):
            draft = Draft(function)
            statement = draft.body[line]
            assert isinstance(statement, ast.Assign)
            statement.value = expression(text.format(base=base))
            name = f"{base}:{text}"
            yield _mutant(function, name, draft, price, "name is", "name does not")


def _unpacking(function: str) -> Iterator[Mutant]:
    identity = function == "identity_block"
    for text, raises in (
        ("F2, F1, F3", False),
        ("F1, F3, F2", identity),
        ("F3, F2, F1", identity),
        ("F3, F1, F2", identity),
    ):
        draft = Draft(function).replace(2, f"{text} = filters")
        if raises:
            yield _mutant(function, text, draft, _ALL, "different shapes")
        else:
            price = prices.HYPERPARAMETER
            yield _mutant(function, text, draft, price, "filters")
    for text in ("F1, F2, F3 = filters[0], filters[1], filters[2]",):
        yield _mutant(function, text, Draft(function).replace(2, text), _EQUAL)
    if identity:
        draft = Draft(function).insert(3, "F3 = X.shape[-1]")
        yield _mutant(function, "F3 from the input", draft, _EQUAL)


def _returns(function: str, value: str) -> Iterator[Mutant]:
    for text, words in {
        "return": ("returns nothing",),
        "return None": ("returns nothing",),
        "return 'X'": ("returns str",),
        f"return {value}, 1": ("returns tuple",),
        "raise NotImplementedError()": ("not written yet",),
        "raise RuntimeError('stop')": ("RuntimeError",),
        "return missing": ("name that is not defined",),
    }.items():
        draft = Draft(function)
        draft.replace(len(draft.body) - 1, text)
        yield _mutant(function, text, draft, _ALL, *words)
    draft = Draft(function)
    draft.body.pop()
    yield _mutant(function, "no return", draft, _ALL, "returns nothing")
    draft = Draft(function)
    draft.tree.args.args.append(ast.arg("extra"))
    draft.tree.args.defaults.append(ast.Constant(None))
    yield _mutant(function, "a parameter more, with a default", draft, _EQUAL)


def _defaults() -> Iterator[Mutant]:
    for function, number, value in (
        ("convolutional_block", 0, "1"),
        ("convolutional_block", 0, "3"),
        ("ResNet50", 0, "(32, 32, 3)"),
        ("ResNet50", 0, "(128, 128, 3)"),
        ("ResNet50", 1, "10"),
        ("ResNet50", 1, "1000"),
    ):
        draft = Draft(function)
        draft.tree.args.defaults[number] = expression(value)
        words = {0: ("strides", "input_shape"), 1: ("classes", "fc6")}[number]
        yield _mutant(function, f"default {number}: {value}", draft, _HIDDEN, *words, *_HARD)
    for function in ("convolutional_block", "ResNet50"):
        draft = Draft(function)
        draft.tree.args.defaults.clear()
        words = ("wrong arguments", "default", *_HARD)
        yield _mutant(function, "no defaults", draft, _HIDDEN, *words)


def _model() -> Iterator[Mutant]:
    function = "ResNet50"
    for text, price, words in (
        ("return X", _ALL, ("returns KerasTensor",)),
        ("return Model(inputs=X_input, outputs=X_input)", _ALL, ("no layers",)),
        ("return Sequential([])", _ALL, ("returns Sequential",)),
        ("return Model(X_input, X)", _EQUAL, ()),
        ("return Model(inputs=[X_input], outputs=[X])", _EQUAL, ()),
        ("return keras.Model(inputs=X_input, outputs=X, name='own')", _EQUAL, ()),
    ):
        draft = Draft(function)
        draft.replace(len(draft.body) - 1, text)
        yield _mutant(function, text, draft, price, *words)
    for text, price, words in (
        ("classes = 6", _HIDDEN, ("dense layer of the output", "units")),
        ("classes = 7", prices.HYPERPARAMETER, ("fc6", "units")),
        ("input_shape = (64, 64, 3)", _HIDDEN, ("input_shape", *_HARD)),
        ("input_shape = (None, None, 3)", _ALL, ("fc6",)),
    ):
        yield _mutant(function, text, Draft(function).insert(0, text), price, *words)
