"""Another value for one argument of one layer: each a line in a table."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.lessons.edit import edit
from tests.lessons.mutant import Mutant, Price
from tests.lessons.residual_networks import prices
from tests.lessons.residual_networks.draft import BLOCKS, Draft, Site, sites
from tests.lessons.residual_networks.prices import made

_H, _N, _W = prices.HYPERPARAMETER, prices.NAME, prices.WEIGHTS
_EQUAL, _ALL, _HIDDEN = prices.NOTHING, prices.EVERYTHING, prices.HIDDEN


@dataclass(frozen=True)
class Change:
    """An argument's other value; None leaves it out."""

    argument: str
    value: str | None
    price: Price
    words: tuple[str, ...] = ()


def argument_mutants() -> Iterator[Mutant]:
    """Changes of hyperparameters, names, initializers and modes."""
    for function in (*BLOCKS, "ResNet50"):
        for site in sites(function):
            for change in changes(site):
                yield _mutant(site, change)
    yield from _swaps()


def _swaps() -> Iterator[Mutant]:
    """Two values in each other's place: one slip, told as a swap."""
    for function in BLOCKS:
        text = Draft(function).text
        old, new = "F1, F2, F3 = filters", "F2, F1, F3 = filters"
        yield made(f"{function}:{new}", function, edit(text, old, new), prices.SWAP, ("swapped",), new)
    by_key = {site.key: site for site in sites("convolutional_block")}
    draft = Draft("convolutional_block").set(by_key["Conv2D-2a"], "strides", "(1, 1)")
    draft.set(by_key["Conv2D-2b"], "strides", "(s, s)")
    name = "the stride moved to the second convolution"
    yield made(f"convolutional_block:{name}", "convolutional_block", draft.text, prices.SWAP, ("swapped",), name)


def _mutant(site: Site, change: Change) -> Mutant:
    draft = Draft(site.function)
    if change.argument == "training":
        value = draft.value(site)
        value.keywords += draft.set(site, "training", change.value).layer(site).keywords[-1:]
        draft.set(site, "training", None)
    else:
        draft.set(site, change.argument, change.value)
    told = "left out" if change.value is None else change.value
    words = change.words or site.words
    why = f"{site.words[0]}: {change.argument} is {told}"
    name = f"{site.function}:{site.key}:{change.argument}={told}".replace(" ", "")
    return made(name, site.function, draft.text, change.price, words, why)


def changes(site: Site) -> Iterator[Change]:
    """The changes that fit a layer."""
    if site.kind == "Conv2D":
        yield from _convolution(site)
    elif site.kind == "BatchNormalization":
        yield from _batch_normalisation(site)
    elif site.kind == "Activation":
        for name in _OTHER_ACTIVATIONS:
            yield Change("activation", f"'{name}'", _H)
    elif site.kind == "Add":
        yield Change("name", "'add_' + block", _EQUAL)
    elif site.function == "ResNet50":
        yield from _AROUND.get(site.kind, ())


_OTHER_ACTIVATIONS = (
    *("sigmoid", "tanh", "elu", "linear", "leaky_relu", "relu6", "softmax"),
    *("gelu", "selu", "silu", "softplus", "exponential", "hard_sigmoid"),
)

_INITIALIZERS = (
    Change("kernel_initializer", None, _W),
    Change("kernel_initializer", "glorot_uniform(seed=1)", _W),
    Change("kernel_initializer", "'glorot_uniform'", _W),
    Change("kernel_initializer", "'he_normal'", _W),
    Change("kernel_initializer", "'zeros'", _W),
    Change("kernel_initializer", "initializers.GlorotUniform(seed=1)", _W),
    Change("kernel_initializer", "initializers.GlorotNormal(seed=0)", _W),
    Change("kernel_initializer", "initializers.HeUniform(seed=0)", _W),
    Change("kernel_initializer", "initializers.GlorotUniform(seed=0)", _EQUAL),
)
_ANY_CONVOLUTION = (
    *_INITIALIZERS,
    Change("bias_initializer", "'ones'", _W),
    Change("bias_initializer", "'zeros'", _EQUAL),
    Change("use_bias", "False", _H),
    Change("activation", "'relu'", prices.STRUCTURE),
    Change("activation", "'linear'", _EQUAL),
    Change("trainable", "False", prices.COUNT),
    Change("kernel_regularizer", "'l2'", _EQUAL),
)

_OWN = {"2a": "F1", "2b": "F2", "2c": "F3", "1": "F3"}
_SHOWN = {"2a": "2", "2b": "4", "2c": "6", "1": "6"}


def _convolution(site: Site) -> Iterator[Change]:
    yield from (_fitted(site, change) for change in _ANY_CONVOLUTION)
    if site.function == "ResNet50":
        yield from _CONV1
        return
    yield from _filters(site)
    yield from _window(site)
    yield from _names(site, "conv_name_base", "bn_name_base")
    # An identity block's sum, or the shortcut's, needs the sizes as they were.
    identity = site.function == "identity_block"
    if site.part in ("2a", "2c", "1"):
        yield Change("padding", "'same'", _EQUAL)
    else:
        price = _ALL if identity else _H
        yield Change("padding", "'valid'", price)
        yield Change("padding", None, price)
        yield Change("dilation_rate", "(2, 2)", _H)
    if site.part == "2c":
        yield Change("dilation_rate", "2", _EQUAL)
    yield Change("groups", "2", _H)
    if identity:
        yield Change("strides", "(2, 2)", _ALL)
        yield Change("strides", "(1, 2)", _ALL)
    elif site.part in ("2b", "2c"):
        yield Change("strides", "(2, 2)", _H)
        yield Change("strides", "(s, s)", _H)
    else:
        yield Change("strides", "(1, 1)", _ALL)
        yield Change("strides", "(s, 1)", _ALL)
        yield Change("strides", None, _ALL)
        yield Change("strides", "(2, 2)", _HIDDEN, ("strides",))
        yield Change("strides", "(s + 1, s + 1)", _H)


def _fitted(site: Site, change: Change) -> Change:
    """A ReLU inside a convolution shows before the next layer."""
    if change.argument == "activation" and change.price == prices.STRUCTURE:
        after = tuple(word.replace("res1a", "bn1a") for word in site.words)
        return Change(*change_fields(change), (*site.words, *after, "bn_conv1"))
    return change


def change_fields(change: Change) -> tuple[str, str | None, Price]:
    return change.argument, change.value, change.price


def _filters(site: Site) -> Iterator[Change]:
    own = _OWN[site.part]
    last = own == "F3"
    for other in ("F1", "F2", "F3"):
        if other != own:
            yield Change("filters", other, _ALL if last else _H)
    yield Change("filters", f"2 * {own}", _ALL if last else _H)
    yield Change("filters", f"{own} + 1", _ALL if last else _H)
    # Where the sum does not fit, there is no layer to name, only an argument.
    words = (*site.words, "other arguments than those shown")
    yield Change("filters", _SHOWN[site.part], _HIDDEN, words)


def _window(site: Site) -> Iterator[Change]:
    identity = site.function == "identity_block"
    if site.part == "2b":
        for value in ("(1, 1)", "(3, 3)", "(f + 1, f + 1)", "(f, 1)", "(1, f)"):
            yield Change("kernel_size", value, _H)
        yield Change("kernel_size", "(2, 2)", _HIDDEN)
        yield Change("kernel_size", "f", _EQUAL)
        return
    yield Change("kernel_size", "1", _EQUAL)
    for value in ("(2, 2)", "(3, 3)", "(f, f)"):
        nothing_left = site.part == "2c" and value == "(3, 3)" and not identity
        yield Change("kernel_size", value, _ALL if identity or nothing_left else _H)


def _names(site: Site, own: str, others: str) -> Iterator[Change]:
    wrong = "2b" if site.part != "2b" else "2c"
    for value in (
        None,
        f"{own} + '{wrong}'",
        f"{own} + '3a'",
        f"{own} + '{site.part.upper()}_'",
        f"{others} + '{site.part}'",
        f"{own}[:-7] + '{site.part}'",
        f"{own}[:3] + block + str(stage) + '_branch{site.part}'",
    ):
        yield Change("name", value, _N)
    base = "res" if own.startswith("conv") else "bn"
    yield Change("name", f"'{base}1a_branch{site.part}'", _HIDDEN)
    yield Change("name", f"f'{base}{{stage}}{{block}}_branch{site.part}'", _EQUAL)


_ANY_NORMALISATION = (
    Change("axis", "1", _H),
    Change("axis", "2", _H),
    Change("axis", "-1", _EQUAL),
    Change("axis", None, _EQUAL),
    Change("epsilon", "1e-5", _H),
    Change("epsilon", "1e-2", _H),
    Change("center", "False", _H),
    Change("scale", "False", _H),
    Change("momentum", "0.9", _EQUAL),
    Change("gamma_initializer", "'zeros'", _W),
    Change("beta_initializer", "'ones'", _W),
    Change("moving_mean_initializer", "'ones'", _W),
    Change("moving_variance_initializer", "'zeros'", _W),
    Change("trainable", "False", prices.COUNT),
    Change("training", "True", prices.MODE),
)


def _batch_normalisation(site: Site) -> Iterator[Change]:
    yield from _ANY_NORMALISATION
    if site.function == "ResNet50":
        for value in (None, "'bn1'", "'conv1_bn'"):
            yield Change("name", value, _N)
    else:
        yield from _names(site, "bn_name_base", "conv_name_base")


_CONV1 = (
    Change("filters", "32", _H),
    Change("filters", "128", _H),
    Change("kernel_size", "(3, 3)", _H),
    Change("kernel_size", "(5, 5)", _H),
    Change("kernel_size", "7", _EQUAL),
    Change("strides", "(1, 1)", _H),
    Change("strides", None, _H),
    Change("strides", "2", _EQUAL),
    Change("padding", "'same'", _H),
    Change("name", None, _N),
    Change("name", "'conv_1'", _N),
)
_POOL = prices.POOL
_AROUND = {
    "Input": (
        Change("shape", "(64, 64, 3)", _HIDDEN, ("input_shape", "other arguments")),
        Change("name", "'images'", _EQUAL),
    ),
    "ZeroPadding2D": (
        Change("padding", "(2, 2)", _H),
        Change("padding", "(1, 1)", _H),
        Change("padding", "((3, 2), (3, 2))", _H),
        Change("padding", "((3, 3), (2, 2))", _H),
        Change("padding", "3", _EQUAL),
        Change("name", "'pad'", _EQUAL),
    ),
    "MaxPooling2D": (
        Change("pool_size", "(2, 2)", _H),
        Change("pool_size", "(3, 2)", _H),
        Change("strides", "(1, 1)", _H),
        Change("strides", None, _H),
        Change("padding", "'same'", _H),
        Change("padding", "'valid'", _EQUAL),
    ),
    "AveragePooling2D": (
        Change("pool_size", "(1, 1)", _H),
        Change("strides", "(1, 1)", _H),
        Change("strides", "(2, 2)", _EQUAL),
        Change("padding", "'same'", _POOL),
        Change("name", None, _POOL),
        Change("name", "'avgpool'", _POOL),
    ),
    "Dense": (
        *_INITIALIZERS,
        Change("units", "6", _HIDDEN),
        Change("units", "classes + 1", _H),
        Change("activation", "'sigmoid'", _H, ("softmax of the output", "fc6")),
        Change("activation", "'relu'", _H, ("softmax of the output", "fc6")),
        Change("activation", None, prices.STRUCTURE, ("softmax of the output",)),
        Change("use_bias", "False", _H),
        Change("bias_initializer", "'ones'", _W),
        Change("trainable", "False", prices.COUNT),
        Change("name", None, _N),
        Change("name", "'fc'", _N),
        Change("name", "'fc6'", _HIDDEN),
        Change("name", "f'fc{classes}'", _EQUAL),
    ),
    "Model": (Change("name", "'resnet'", _EQUAL), Change("name", None, _EQUAL)),
}
