"""Wrong versions of `count_params` and `count_flops`."""

# A line a mutant, however long: a table is read by its columns
from collections.abc import Iterator

from tests.lessons.mutant import Mutant
from tests.lessons.resnet_family.made import Price, made


def counts() -> Iterator[Mutant]:
    def params(name, old, new, price, *words):
        return made("count_params", name, ((old, new, 0),), price, words, ("values",))

    slip: Price = (3, 3)
    product = "math.prod(weight.shape)"
    each = "for weight in layer.weights:"
    yield params("trained only", each, "for weight in layer.trainable_weights:", slip,
                 "moving averages")  # fmt: skip
    yield params("kernels only", each, "for weight in layer.weights[:1]:", (3, 8),
                 "count")  # fmt: skip
    yield params("no biases", each,
                 "for weight in [w for w in layer.weights if 'bias' not in w.path]:",
                 slip, "biases")  # fmt: skip
    yield params("no normalisation", "for layer in model.layers:",
                 "for layer in [n for n in model.layers if not isinstance(n, BatchNormalization)]:",
                 slip, "batch normalisation")  # fmt: skip
    yield params("no dense layers", "for layer in model.layers:",
                 "for layer in [n for n in model.layers if not isinstance(n, Dense)]:",
                 slip, "dense")  # fmt: skip
    yield params("convolutions only", "for layer in model.layers:",
                 "for layer in [n for n in model.layers if isinstance(n, Conv2D)]:",
                 slip, "only convolutions")  # fmt: skip
    yield params("shared twice", each,
                 "for weight in layer.weights * len(layer._inbound_nodes):", slip,
                 "called twice")  # fmt: skip
    yield params("sum for product", product, "sum(weight.shape)", (5, 8), "count")
    yield params("number of weights", product, "1", (8, 8), "no model right")
    yield params("last layer", "total += math", "total = math", (5, 8), "counts")
    yield params("Keras counts", "total = 0", "return model.count_params()", (8, 8),
                 "count yourself")  # fmt: skip
    yield params("Keras counts layers", f"{each}\n            total += {product}",
                 "total += layer.count_params()", (8, 8), "count yourself")  # fmt: skip
    yield params("returns nothing", "return total", "total", (8, 8), "returns nothing")
    yield params("returns text", "return total", "return str(total)", (8, 8), "returns str")
    yield params("always 138", "return total", "return 138", (8, 8), "138 for each model")
    yield params("bytes", product, f"4 * {product}", (8, 8), "no model right")
    yield params("stops early", "    return total", "            return total", (5, 8),
                 "count", "returns")  # fmt: skip

    def flops(name, old, new, price, *words):
        return made("count_flops", name, ((old, new, 0),), price, words, ("values",))

    slip = (4, 4)
    conv = "height * width * math.prod(layer.kernel.shape)"
    for name, new, word in (
        ("input's size", "layer.input.shape[1:3]", "those of its input"),
        ("no places", None, "once for each place"),
        ("no window", None, "window"),
        ("no channels", None, "channels"),
        ("no filters", None, "number of filters"),
    ):
        if new:
            yield flops(name, "layer.output.shape[1:3]", new, slip, word)
        else:
            part = {"no places": "math.prod(layer.kernel.shape)",
                    "no window": "height * width * math.prod(layer.kernel.shape[2:])",
                    "no channels": f"{conv} // layer.kernel.shape[2]",
                    "no filters": f"{conv} // layer.filters"}[name]  # fmt: skip
            yield flops(name, conv, part, slip, word)
    dense = "elif isinstance(layer, Dense):\n            total += math.prod(layer.kernel.shape)"
    yield flops("no dense layers", dense, "", slip, "dense")
    yield flops("no convolutions", conv, "0", slip, "convolutions are not")
    yield flops("biases of both", "total = 0",
                "total = sum(math.prod(n.output.shape[1:3]) * n.filters if isinstance(n, Conv2D)"
                " else n.units for n in model.layers"
                " if getattr(n, 'use_bias', False))", slip, "biases")  # fmt: skip
    yield flops("normalisation counted", "total = 0",
                "total = sum(math.prod(n.output.shape[1:]) for n in model.layers"
                " if isinstance(n, BatchNormalization))", slip,
                "batch normalisation")  # fmt: skip
    yield flops("doubled", "return total", "return 2 * total", slip, "as two")
    yield flops("height twice", "height * width", "height * height", (8, 12), "count")
    yield flops("a window's side once", "math.prod(layer.kernel.shape)\n        elif",
                "math.prod(layer.kernel.shape[1:])\n        elif", (8, 12), "count")  # fmt: skip
    yield flops("last layer", "total += height", "total = height", (8, 12), "count")
    yield flops("dense: units only", "total += math.prod(layer.kernel.shape)",
                "total += layer.units", (4, 12), "dense", "count")  # fmt: skip
    yield flops("dense counted at each place", dense, dense + " * 9", (8, 12), "dense")
    yield flops("strides forgotten", "layer.output.shape[1:3]",
                "[n - k + 1 for n, k in zip(layer.input.shape[1:3], layer.kernel_size)]",
                (8, 12), "count", "convolution")  # fmt: skip
    yield flops("parameters", conv, "sum(math.prod(w.shape) for w in layer.weights)",
                (8, 12), "count", "no model")  # fmt: skip
    yield flops("returns nothing", "return total", "total", (12, 12), "returns nothing")
    yield flops("always 3896", "return total", "return 3896", (12, 12), "3896 for each")
    yield flops("raises", "layer.output.shape[1:3]", "layer.output_shape[1:3]", (8, 12),
                "output_shape")  # fmt: skip
    yield flops("activation layers, too", "if isinstance(layer, Conv2D)",
                "if len(layer.output.shape) == 4", (8, 12), "kernel", "AttributeError")  # fmt: skip
