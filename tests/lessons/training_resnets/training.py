"""Wrong versions of compile_and_fit.

Prices, out of 20: another optimizer 5; its learning rate 4; another of its arguments 3;
the loss 5; metrics 4; fit missing 12; fit called twice 5; other images or labels 6;
weights of images 4; epochs 4 to 5; batch size 4; validation data 4; what is returned 4;
numbers changed in another way 4; weights that stay as they were 12; a function that
raises all 20.
"""

from collections.abc import Iterator

from tests.lessons.mutant import Mutant
from tests.lessons.training_resnets.lines import replaced

FUNCTION = "compile_and_fit"
_ADAM = "keras.optimizers.Adam(learning_rate=0.00015)"
_LOSS = "'categorical_crossentropy'"
_METRICS = "metrics=['accuracy']"
_FIT = "history = model.fit(X, Y, epochs=epochs, batch_size=batch_size, validation_data=validation_data)"
_ALL, _NONE = 20.0, 0.0
_RATE, _KIND, _LOST = ("learning rate",), ("optimizer",), ("loss",)


def training_mutants() -> Iterator[Mutant]:
    """Each with one fault, or none that the verdict rule knows."""
    for name, old, new, price, check, words in _CHANGES:
        source = replaced(FUNCTION, old, new)
        tag = f"{FUNCTION}:{name}".replace(" ", "_")
        checks = (check,) if check else ()
        yield Mutant(tag, FUNCTION, source, price, price, checks, words, name)


def _optimizers() -> Iterator[tuple]:
    """Of another class, another rate, other constants."""
    for text in (
        "'sgd'",
        "'rmsprop'",
        "'nadam'",
        "keras.optimizers.SGD(0.00015)",
        "keras.optimizers.RMSprop(0.00015)",
        "keras.optimizers.AdamW(0.00015)",
        "keras.optimizers.Adamax(0.00015)",
        "keras.optimizers.Adagrad(0.00015)",
        "keras.optimizers.Lion(0.00015)",
    ):
        yield f"optimizer {text}", _ADAM, text, 5, "compile", _KIND
    for text in ("'adam'", "keras.optimizers.Adam()"):
        yield f"optimizer {text}", _ADAM, text, 4, "compile", _RATE
    for rate in ("0.0015", "0.001", "0.0001", "0.00016", "1.5e-5", "0.015", "0.15"):
        yield f"rate {rate}", "0.00015", rate, 4, "compile", _RATE
    for text in (
        "beta_1=0.5",
        "beta_2=0.9",
        "epsilon=0.001",
        "amsgrad=True",
        "weight_decay=0.01",
        "clipnorm=0.001",
        "use_ema=True",
    ):
        new = _ADAM.replace("00015)", f"00015, {text})")
        words = (text.split("=")[0],)
        yield f"Adam with {text}", _ADAM, new, 3, "compile", words
    decay = "keras.optimizers.schedules.ExponentialDecay(0.00015, 1, 0.5)"
    yield "a falling rate", "0.00015", decay, 4, "compile", _RATE


def _losses() -> Iterator[tuple]:
    for text in (
        "'mse'",
        "'mae'",
        "'binary_crossentropy'",
        "'poisson'",
        "'hinge'",
        "'categorical_hinge'",
        "'cosine_similarity'",
        "'huber'",
        "'categorical_focal_crossentropy'",
        "keras.losses.CategoricalCrossentropy(from_logits=True)",
        "keras.losses.CategoricalCrossentropy(label_smoothing=0.1)",
        "keras.losses.MeanSquaredError()",
    ):
        yield f"loss {text}", _LOSS, text, 5, "compile", _LOST
    for text in ("'sparse_categorical_crossentropy'", "keras.losses.SparseCategoricalCrossentropy()"):
        yield f"loss {text}", _LOSS, text, _ALL, "", ("sparse",)
    yield "no loss", f"loss={_LOSS}, ", "", _ALL, "", ("loss",)


def _metrics() -> Iterator[tuple]:
    words = ("metric", "accuracy")
    for text in ("", "metrics=None", "metrics=[]"):
        old = _METRICS if text else f", {_METRICS}"
        yield f"metrics {text or 'left out'}", old, text, 4, "compile", words
    for text in (
        "['mse']",
        "[keras.metrics.Accuracy()]",
        "['binary_accuracy']",
        "['auc']",
        "['precision']",
        "['categorical_crossentropy']",
        "[keras.metrics.TopKCategoricalAccuracy(2)]",
        "['mae']",
    ):
        yield f"metrics {text}", "['accuracy']", text, 4, "compile", words


def _fits() -> Iterator[tuple]:
    """What is trained on, how often, in which batches."""
    epochs = ("epoch",)
    for text in ("1", "2", "3", "20", "epochs + 1", "epochs - 1", "2 * epochs"):
        price = 4 if text == "2" else 5
        yield f"epochs={text}", "epochs=epochs", f"epochs={text}", price, "fit", epochs
    yield "epochs left out", "epochs=epochs, ", "", 5, "fit", epochs
    yield "default epochs 10", "epochs=20", "epochs=10", 4, "fit", epochs
    batch = ("batch",)
    for text in ("8", "64", "16", "1", "None", "len(X)", "batch_size // 2", "2 * batch_size"):
        new = f"batch_size={text}"
        price = 4
        yield f"batch_size={text}", "batch_size=batch_size", new, price, "fit", batch
    for text in ("32",):
        new = f"batch_size={text}"
        yield f"batch_size={text}", "batch_size=batch_size", new, 4, "fit", batch
    yield "batch_size left out", "batch_size=batch_size, ", "", 4, "fit", batch
    yield "default batch_size 64", "batch_size=32", "batch_size=64", 4, "fit", batch
    yield "default batch_size 16", "batch_size=32", "batch_size=16", 4, "fit", batch
    data = ("images", "labels")
    for text in (
        "X[:32], Y[:32]",
        "X[1:], Y[1:]",
        "X / 255, Y",
        "1 - X, Y",
        "X, Y[::-1]",
        "X, 1 - Y",
        "X, 0.9 * Y",
        "X[::-1], Y",
        "np.concatenate([X, X]), np.concatenate([Y, Y])",
    ):
        yield f"fit({text})", "fit(X, Y", f"fit({text}", 6, "fit", data
    for text in ("validation_split=0.1", "validation_split=0.5"):
        new = f"fit(X, Y, {text}"
        old = "fit(X, Y"
        yield f"fit with {text}", old, new, 6, "fit", data
    weighted = ("count more",)
    for text in ("class_weight={0: 1.0, 1: 2.0, 2: 1.0, 3: 1.0}", "sample_weight=np.linspace(0, 1, len(X))"):
        yield f"fit with {text}", "fit(X, Y", f"fit(X, Y, {text}", 4, "fit", weighted
    yield "one step an epoch", "fit(X, Y", "fit(X, Y, steps_per_epoch=1", 6, "fit", data
    begun = ("epoch",)
    yield "begins at 1", "fit(X, Y", "fit(X, Y, initial_epoch=1", 5, "fit", begun
    swapped = _FIT.replace("epochs=epochs, batch_size=batch_size", "epochs, batch_size")
    yield "changed places", _FIT, swapped, 5, "fit", ("changed places",)
    twice = ("more than once",)
    yield "fit twice", _FIT, f"{_FIT}\n    {_FIT}", 5, "fit", twice
    loop = f"for _ in range(epochs):\n        {_FIT.replace('epochs=epochs', 'epochs=1')}"
    yield "fit in a loop", _FIT, loop, 5, "fit", twice
    missing = ("not trained by",)
    yield "no fit", _FIT, "history = None", 12, "", missing
    yield "evaluate for fit", _FIT, "history = model.evaluate(X, Y)", 12, "", missing
    checked = ("validation",)
    for text in ("None", "(X, Y)"):
        new = f"validation_data={text}"
        old = "validation_data=validation_data"
        yield f"validation {text}", old, new, 4, "fit", checked
    yield "no validation", ", validation_data=validation_data", "", 4, "fit", checked


def _ends() -> Iterator[tuple]:
    """What is returned, and what is done beside."""
    for text, words in (
        ("return None", ("returns nothing",)),
        ("return", ("returns nothing",)),
        ("return model", ("returns Watched", "returns")),
        ("return history.history", ("returns dict",)),
        ("return history.history['loss']", ("returns list",)),
        ("return keras.callbacks.History()", ("History",)),
    ):
        yield text, "return history", text, 4, "fit", words
    yield ("raises", "return history", "raise NotImplementedError()", _ALL, "", ("not written",))
    yield "unknown name", "return history", "return histroy", _ALL, "", ("not defined",)
    changed = ("not trainable", "changed after model.fit")
    for text in (
        "model.layers[-1].bias.assign_add([1.0] * model.layers[-1].units)",
        "model.layers[-1].kernel.assign(0.9 * model.layers[-1].kernel)",
    ):
        new = f"{_FIT}\n    {text}"
        yield f"then {text}", _FIT, new, 4, "values", changed
    for text in ("model.layers[-1].trainable = False", "model.trainable = False"):
        old = "model.compile("
        yield f"first {text}", old, f"{text}\n    {old}", 12, "", changed
    lost = ("loss_weights",)
    new = f"loss={_LOSS}, loss_weights=[3.0]"
    yield "loss_weights", f"loss={_LOSS}", new, 4, "values", lost
    bare = ("not compiled", "compile")
    yield "not compiled", "model.compile(", "dict(", _ALL, "", bare
    clone = "model = keras.models.clone_model(model)\n    model.compile("
    yield "a copy", "model.compile(", clone, _ALL, "", ("a copy of the model",)


def _equal() -> Iterator[tuple]:
    """What the verdict rule calls equal."""
    for name, old, new in (
        ("1.5e-4", "0.00015", "1.5e-4"),
        ("Adam by position", "learning_rate=0.00015", "0.00015"),
        ("AdamW without decay", _ADAM, "keras.optimizers.AdamW(0.00015, weight_decay=0)"),
        ("loss object", _LOSS, "keras.losses.CategoricalCrossentropy()"),
        ("metric object", "['accuracy']", "[keras.metrics.CategoricalAccuracy()]"),
        ("quiet", "validation_data=validation_data)", "validation_data=validation_data, verbose=0)"),
        ("in order", "validation_data=validation_data)", "validation_data=validation_data, shuffle=False)"),
    ):
        yield name, old, new, _NONE, "", ()


_CHANGES = (*_optimizers(), *_losses(), *_metrics(), *_fits(), *_ends(), *_equal())
