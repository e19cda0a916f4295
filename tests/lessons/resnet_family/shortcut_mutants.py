"""Wrong versions of `shortcut`."""

# A line a mutant, however long: a table is read by its columns
from collections.abc import Iterator

from tests.lessons.mutant import Mutant
from tests.lessons.resnet_family.made import made

_PAD = "ops.pad(X, [(0, 0), (0, 0), (0, 0), (0, filters - n_C)])"
_POOL = "MaxPooling2D((1, 1), strides=(s, s))(X)"
_CONV = "Conv2D(filters, (1, 1), strides=(s, s))(X)"
_NORM = "BatchNormalization()(X)"
_IF = "if option == 'C' or (option == 'B' and changes):"


def shortcut() -> Iterator[Mutant]:
    def one(name, old, new, price, *words, checks=()):
        return made("shortcut", name, ((old, new, 0),), price, words, checks)

    conv = "the convolution of the shortcut"
    both = ("B",)
    for name, new, words in (
        ("window 3", "Conv2D(filters, (3, 3), strides=(s, s), padding='same')(X)",
         ("kernel_size",)),
        ("no stride", "Conv2D(filters, (1, 1))(X)", ("strides",)),
        ("other filters", "Conv2D(filters + 1, (1, 1), strides=(s, s))(X)",
         ("filters",)),
        ("channels kept", "Conv2D(n_C, (1, 1), strides=(s, s))(X)", ("filters",)),
        ("no bias", "Conv2D(filters, (1, 1), strides=(s, s), use_bias=False)(X)",
         ("use_bias",)),
        ("frozen", "Conv2D(filters, (1, 1), strides=(s, s), trainable=False)(X)",
         ("trainable",)),
        ("oblong stride", "Conv2D(filters, (1, 1), strides=(s, 1))(X)", ("strides",)),
    ):  # fmt: skip
        yield one(f"projection, {name}", _CONV, new, (3, 5), *words, checks=both)
    yield one("projection, stride written down", "Conv2D(filters, (1, 1), strides=(s, s))",
              "Conv2D(filters, (1, 1), strides=min(s, 2))", (3, 5), conv, "stride",
              checks=both)  # fmt: skip
    yield one("projection, ReLU", _CONV, _CONV[:-4] + ", activation='relu')(X)",
              (3, 5), "one layer more", "relu", checks=both)  # fmt: skip
    for name, new, words in (
        ("ReLU after", "keras.layers.ReLU()(BatchNormalization()(X))", ("ReLU", "one layer more")),
        ("no normalisation", "X", ("batch normalisation",)),
        ("epsilon", "BatchNormalization(epsilon=1e-05)(X)", ("epsilon",)),
        ("axis", "BatchNormalization(axis=1)(X)", ("axis",)),
        ("no offset", "BatchNormalization(center=False)(X)", ("center",)),
        ("training fixed", "BatchNormalization()(X, training=True)", ("training",)),
    ):
        yield one(f"projection, {name}", _NORM, new, (3, 5), *words, checks=both)
    for name, new in (
        ("average of 2×2", "keras.layers.AveragePooling2D((2, 2), strides=(s, s), padding='same')(X)"),
        ("max of 2×2", "MaxPooling2D((2, 2), strides=(s, s), padding='same')(X)"),
        ("max of 3×3", "MaxPooling2D((3, 3), strides=(s, s), padding='same')(X)"),
        ("odd pixels", "ops.roll(X, -1, axis=1)[:, ::s, ::s]"),
    ):
        yield one(f"A, {name}", _POOL, new, (5, 7), "pixels 0, s, 2s", checks=("A",))
    yield one("A, no pooling", _POOL, "X", (5, 7), "pixels", checks=("A",))
    yield one("A, stride written down", "MaxPooling2D((1, 1), strides=(s, s))",
              "MaxPooling2D((1, 1), strides=(min(s, 2), min(s, 2)))", (3, 5),
              "other arguments", checks=("A",))  # fmt: skip
    yield one("A, stride of rows only", _POOL, "MaxPooling2D((1, 1), strides=(s, 1))(X)",
              (5, 7), "pixels", checks=("A",))  # fmt: skip
    for name, new, words in (
        ("zeros before", _PAD.replace("(0, filters - n_C)", "(filters - n_C, 0)"),
         ("stand before",)),
        ("zeros on both sides",
         _PAD.replace("(0, filters - n_C)",
                      "((filters - n_C) // 2, filters - n_C - (filters - n_C) // 2)"),
         ("both sides",)),
        ("ones for zeros", _PAD[:-1] + ", constant_values=1.0)", ("not zero",)),
        ("reflected", "ops.take(X, [k % n_C for k in range(filters)], axis=-1)",
         ("not zero",)),
        ("no zeros", "X", ("channels",)),
        ("twice the channels", "ops.pad(X, [(0, 0), (0, 0), (0, 0), (0, n_C)])",
         ("channels",)),
        ("rows padded", "ops.pad(X, [(0, 0), (0, filters - n_C), (0, 0), (0, 0)])",
         ("pixels", "channels")),
        ("a projection", _CONV, ("parameters",)),
    ):  # fmt: skip
        yield one(f"A, {name}", _PAD, new, (3, 7), *words, checks=("A",))
    yield one("A, one channel more", "filters - n_C)])", "filters - n_C + 1)])", (5, 7),
              "channels", checks=("A",))  # fmt: skip
    yield one("A always zeros and ReLU", _PAD, f"ops.relu({_PAD})", (5, 7), "pixels",
              checks=("A",))  # fmt: skip
    yield one("B is C", _IF, "if option in ('B', 'C'):", (3, 5), "stay as it is",
              checks=("B",))  # fmt: skip
    yield one("C is B", _IF, "if option in ('B', 'C') and changes:", (3, 3),
              "no projection", checks=("C",))  # fmt: skip
    yield one("A is B", _IF, "if option == 'C' or changes:", (5, 7), "parameters",
              checks=("A",))  # fmt: skip
    yield one("B is A", _IF, "if option == 'C':", (5, 5), "no projection",
              checks=("B",))  # fmt: skip
    yield one("C is A", _IF, "if option == 'B' and changes:", (3, 3), "no projection",
              checks=("C",))  # fmt: skip
    yield one("A and B swapped", "if option not in",
              "option = {'A': 'B', 'B': 'A'}.get(option, option)\n    if option not in",
              (10, 12), "parameters", "no projection")  # fmt: skip
    yield one("changes: stride alone", "changes = s != 1 or n_C != filters",
              "changes = s != 1", (3, 3), "s=1")  # fmt: skip
    yield one("changes: channels alone", "changes = s != 1 or n_C != filters",
              "changes = n_C != filters", (3, 3), "s=2")  # fmt: skip
    yield one("changes: both", "s != 1 or n_C", "s != 1 and n_C", (3, 3), "s=")
    yield one("changes never", "changes = s != 1 or n_C != filters", "changes = False",
              (12, 12), "unchanged", "no projection")  # fmt: skip
    yield one("nothing returned", "    return X", "    return None", (15, 15), "returns")
    yield one("raises", "n_C = X.shape[-1]", "n_C = X.channels", (15, 15), "channels")
