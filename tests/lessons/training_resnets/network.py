"""Wrong versions of ResNet50.

Prices, out of 30: training forgotten in one call or in all 4 to 5; an initializer
passed to blocks 4 to 6; a call's filters, f or s 4 to 12; strides of 1 in stages 3 to
5 8 to 15; a call missing, too many or of the other block 4 to 20; average pooling wrong
2 to 6; the layers around 3 to 8; a default 4; nothing that can be judged all 30.
"""

from collections.abc import Iterator

from tests.lessons.mutant import Mutant
from tests.lessons.source import source_of
from tests.lessons.training_resnets.lines import LESSON, replaced

FUNCTION = "ResNet50"
_PLAN = (4, 12, ("plan",))
_CALLS = (4, 20, ("plan",))
_MODE = (4, 5, ("training",))
_DRAW = (4, 6, ("plan", "weights"))
_AROUND = (3, 8, ("layers",))
_HIDDEN = (4, 4, ("values",))
_SHIFT = (10, 10, ("plan",))
_ALL = (30, 30, ())
_NONE = (0, 0, ())
_START = (3, 6, ("weights",))
_STEM = "glorot_uniform(seed=0))(X)\n    X = Batch"
_DENSE = "softmax', kernel_initializer=glorot_uniform(seed=0)"
_ON = ", training=training)"
_POOL = "    X = AveragePooling2D((2, 2))(X)\n"
#: stage, filters, stride, how often the loop runs
_STAGES = ((3, "[128, 128, 512]", 3), (4, "[256, 256, 1024]", 5), (5, "[512, 512, 2048]", 2))


def network_mutants() -> Iterator[Mutant]:
    """Each with one fault, or none that the verdict rule knows."""
    for stage, filters, count in _STAGES:
        yield from _stage(stage, filters, count)
    yield from _shifts()
    yield from _modes()
    yield from _around()
    yield from _whole()


def _mutant(name: str, source: str, price: tuple[float, float, tuple[str, ...]], *words: str) -> Mutant:
    least, most, checks = price
    tag = f"{FUNCTION}:{name}".replace(" ", "_")
    return Mutant(tag, FUNCTION, source, least, most, checks, words, name)


def _change(old: str, new: str) -> str:
    text = replaced(FUNCTION, old, new)
    assert text.count(new) or not new
    return text


def _stage(stage: int, filters: str, count: int) -> Iterator[Mutant]:
    first = f"X = convolutional_block(X, f=3, filters={filters}, s=2{_ON}"
    loop = f"    for _ in range({count}):\n"
    body = f"        X = identity_block(X, 3, {filters}{_ON}"
    both = loop + body
    words = (f"of stage {stage}", f"stage {stage}")
    f1, f2, f3 = (int(n) for n in filters.strip("[]").split(","))

    def mutant(name, old, new, price=_PLAN, named=words):
        return _mutant(f"stage {stage}: {name}", _change(old, new), price, *named)

    yield mutant("first s=1", first, first.replace("s=2", "s=1"), (4, 15, ("plan",)))
    yield mutant("first s=3", first, first.replace("s=2", "s=3"), (4, 30, ()))
    yield mutant("first s left out", first, first.replace(", s=2", ""), _NONE)
    yield mutant("first f=5", first, first.replace("f=3", "f=5"))
    yield mutant("others f=1", body, body.replace("X, 3", "X, 1"))
    narrow = f"[{f1 // 2}, {f2}, {f3}]"
    yield mutant("first narrow", first, first.replace(filters, narrow))
    yield mutant("others narrow", body, body.replace(filters, narrow))
    wrong = f"[{f1}, {f2 + 9}, {f3}]"
    yield mutant("others a typing error", body, body.replace(filters, wrong))
    yield mutant("first as a tuple", first, first.replace(filters, f"({f1}, {f2}, {f3})"), _NONE)
    yield mutant("one fewer", loop, loop.replace(str(count), str(count - 1)), _CALLS)
    after = ("average pooling", f"stage {stage + 1}", *words)
    yield mutant("one more", loop, loop.replace(str(count), str(count + 1)), _CALLS, after)
    yield mutant("no identity blocks", both, "", _CALLS)
    yield mutant("no first block", first, "X = X", _CALLS)
    swapped = body.replace("identity_block(X, 3", "convolutional_block(X, 3").replace(_ON, f", 1{_ON}")
    yield mutant("convolutional for identity", body, swapped, _CALLS)
    yield mutant("first without training", first, first.replace(_ON, ")"), _MODE)
    yield mutant("others without training", body, body.replace(_ON, ")"), _MODE)
    yield mutant("others training=False", body, body.replace(_ON, ", training=False)"), _MODE)
    constant = body.replace(_ON, ", training=True)")
    yield mutant("others training=True", body, constant, _MODE, (*words, "training"))
    drawn = body.replace(_ON, f", initializer=glorot_uniform{_ON}")
    yield mutant("others glorot_uniform", body, drawn, _DRAW)
    drawn = body.replace(_ON, f", initializer=random_uniform{_ON}")
    yield mutant("others random_uniform", body, drawn, _NONE)
    drawn = first.replace(_ON, f", initializer=random_uniform{_ON}")
    yield mutant("first random_uniform", first, drawn, _DRAW)
    between = f"{first}\n    X = keras.layers.Dropout(0.2)(X)"
    yield mutant("Dropout after the first", first, between, _CALLS, (*words, "Dropout"))
    between = f"{first}\n    X = Activation('relu')(X)"
    yield mutant("ReLU after the first", first, between, _NONE)
    dropped = body.replace("X = identity", "identity")
    yield mutant("results dropped", body, dropped, _CALLS)


def _shifts() -> Iterator[Mutant]:
    """Blocks of one stage that another has too many: two slips, 5 each."""
    counts = {stage: count for stage, _, count in _STAGES}
    filters = {stage: text for stage, text, _ in _STAGES}
    for many, few in ((3, 4), (4, 3), (3, 5), (5, 4)):
        source = source_of(LESSON).solution(FUNCTION)
        for stage, change in ((many, 1), (few, -1)):
            old, new = (f"range({counts[stage] + more})" for more in (0, change))
            # before the loop stands the stage's first block
            start, found, rest = source.partition(filters[stage])
            source = start + found + rest.replace(old, new, 1)
        words = (f"too many in stage {many}", f"too few in stage {few}")
        yield _mutant(f"one block from stage {few} in stage {many}", source, _SHIFT, *words)


def _modes() -> Iterator[Mutant]:
    words = ("training", "mode")
    for text in (")", ", training=False)", ", training=None)", ", training=not training)"):
        source = replaced(FUNCTION, _ON, text)
        yield _mutant(f"everywhere training{text}", source, (4, 9, ("training",)), *words)
    source = replaced(FUNCTION, _ON, ", training=True)")
    yield _mutant("everywhere training=True", source, _MODE, *words)
    stem = "BatchNormalization(axis=3)(X, training=training)"
    source = replaced(FUNCTION, stem, "BatchNormalization(axis=3)(X)")
    yield _mutant("stage 1 without training", source, _MODE, "stage 1")
    source = replaced(FUNCTION, "training=None", "training=True")
    yield _mutant("default training=True", source, (4, 4, ("training", "values")), *words)
    source = replaced(FUNCTION, "training=None", "training=False")
    yield _mutant("default training=False", source, _NONE)


def _around() -> Iterator[Mutant]:
    pool = ("average pooling",)
    for name, new, price, words in (
        ("no pooling", "", _AROUND, pool),
        ("pooling 'same'", _POOL.replace("2))", "2), padding='same')"), (2, 6, ("layers",)), pool),
        ("pooling 1", _POOL.replace("(2, 2)", "(1, 1)"), _AROUND, pool),
        ("pooling 2", _POOL.replace("(2, 2)", "2"), _NONE, ()),
        ("maximum", _POOL.replace("AveragePooling2D", "MaxPooling2D"), _AROUND, pool),
        ("global", "    X = keras.layers.GlobalAveragePooling2D()(X)\n", _AROUND, pool),
        ("named", _POOL.replace("2))", "2), name='avg_pool')"), _NONE, ()),
        ("no window", _POOL.replace("(2, 2)", ""), _ALL, ("pool_size",)),
    ):
        yield _mutant(name, replaced(FUNCTION, _POOL, new), price, *words)
    stem = ("stage 1", "zero padding", "max pooling")
    end = ("the output", "Flatten", "softmax")
    for name, old, new, price, words in (
        ("stem of 32", "Conv2D(64", "Conv2D(32", _AROUND, stem),
        ("stem of 5 by 5", "(7, 7)", "(5, 5)", _AROUND, stem),
        ("stem by default", f", kernel_initializer={_STEM}", ")(X)\n    X = Batch", _START, stem),
        ("stem seed 1", _STEM, "glorot_uniform(seed=1))(X)\n    X = Batch", _START, stem),
        ("stem random_uniform", _STEM, "random_uniform(seed=0))(X)\n    X = Batch", _START, stem),
        ("padding 2", "ZeroPadding2D((3, 3))", "ZeroPadding2D((2, 2))", _AROUND, stem),
        ("pool 2", "MaxPooling2D((3, 3)", "MaxPooling2D((2, 2)", _AROUND, stem),
        ("sigmoid", "'softmax'", "'sigmoid'", _AROUND, end),
        ("logits", "activation='softmax', ", "", _AROUND, end),
        ("seven classes", "Dense(classes", "Dense(classes + 1", _AROUND, end),
        ("dense seed 3", _DENSE, _DENSE.replace("0)", "3)"), _START, end),
        ("dense without bias", "activation='softmax'", "activation='softmax', use_bias=False", _AROUND, end),
        ("six for classes", "Dense(classes", "Dense(6", _HIDDEN, end),
        ("default of classes", "classes=6", "classes=10", _HIDDEN, ("classes",)),
        ("default of input_shape", "input_shape=(64, 64, 3)", "input_shape=(128, 128, 3)", _HIDDEN, ("input_shape",)),
        (
            "own size",
            "Input(input_shape)",
            "Input((64, 64, 3))",
            (4, 8, ("values",)),
            ("input_shape", "other arguments"),
        ),
        ("a name", "outputs=X)", "outputs=X, name='net')", _NONE, ()),
        ("the tensor", "Model(inputs=X_input, outputs=X)", "X", _ALL, ("returns KerasTensor",)),
        (
            "nothing",
            "return Model(inputs=X_input, outputs=X)",
            "Model(inputs=X_input, outputs=X)",
            _ALL,
            ("returns nothing",),
        ),
    ):
        yield _mutant(name, replaced(FUNCTION, old, new), price, *words)


def _whole() -> Iterator[Mutant]:
    source = replaced(FUNCTION, "s=2", "s=1")
    yield _mutant("strides of 1", source, (8, 15, ("plan",)), "s is 1")
    source = replaced(FUNCTION, "[512, 512, 2048]", "[256, 256, 2048]")
    yield _mutant("the old text", source, (5, 14, ("plan",)), "256")
    source = replaced(FUNCTION, "[256, 256, 1024]", "[265, 265, 1024]")
    yield _mutant("265 for 256", source, (4, 12, ("plan",)), "265")
    source = replaced(FUNCTION, "f=3", "f=7").replace("X, 3", "X, 7")
    yield _mutant("f is 7", source, (5, 14, ("plan",)), "f is 7")
    text = "raise NotImplementedError()"
    source = replaced(FUNCTION, _POOL, f"    {text}\n")
    yield _mutant("not written", source, _ALL, "not written yet")
