"""Wrong versions of `resnet`."""

# A line a mutant, however long: a table is read by its columns
from collections.abc import Iterator

from grader.judge.words import counted
from tests.lessons.mutant import Mutant
from tests.lessons.resnet_family.made import Price, made

_PLAN = "resnet"


def resnet() -> Iterator[Mutant]:
    def one(name, old, new, price, *words, checks=("plan",)):
        return made(_PLAN, name, ((old, new, 0),), price, words, checks)

    counts: Price = (4, 8)
    plans = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
    for depth, repeats in plans.items():
        block = "basic_block" if depth < 50 else "bottleneck_block"
        option = "A" if depth < 50 else "B"
        old = f"{depth}: ({block}, '{option}', {list(repeats)})"
        for stage in range(4):
            for change in (1, -1):
                if change == -1 and stage % 2:
                    continue
                wrong = list(repeats)
                wrong[stage] += change
                new = f"{depth}: ({block}, '{option}', {wrong})"
                word = f"stage {stage + 2} has {counted(wrong[stage], 'block')}"
                yield one(f"{depth}, stage {stage + 2}: {wrong[stage]} blocks", old, new,
                          counts, word)  # fmt: skip
        other = "bottleneck_block" if depth < 50 else "basic_block"
        new = old.replace(block, other)
        yield one(f"{depth}, {other}", old, new, (6, 10), f"resnet({depth})", other)
        new = old.replace(f"'{option}'", "'C'")
        yield one(f"{depth}, option C", old, new, (4, 8), "option is 'C'")
        yield one(f"{depth} missing", f"{depth}: (", f"{depth + 1}: (", (5, 8), "KeyError")
    for many, few in ((0, 1), (1, 2), (2, 1), (1, 3), (3, 2)):
        wrong = [3, 4, 6, 3]
        wrong[many] += 1
        wrong[few] -= 1
        yield one(f"50, stage {many + 2} has one of stage {few + 2}", "50: (bottleneck_block, 'B', [3, 4, 6, 3])",
                  f"50: (bottleneck_block, 'B', {wrong})", (10, 10),
                  f"stage {many + 2} has {wrong[many]} blocks",
                  f"stage {few + 2} has {wrong[few]} blocks")  # fmt: skip
    yield one("34 for 18 and 18 for 34", "18: (basic_block, 'A', [2, 2, 2, 2]), 34: (basic_block, 'A', [3, 4, 6, 3])",
              "34: (basic_block, 'A', [2, 2, 2, 2]), 18: (basic_block, 'A', [3, 4, 6, 3])",
              (8, 17), "resnet(18)", "resnet(34)")  # fmt: skip
    yield one("101 has 152's", "[3, 4, 23, 3]", "[3, 8, 36, 3]", (5, 10), "stage 4 has 36")
    stride = "s = 2 if stage > 0 and number == 0 else 1"
    yield one("strides of 1", stride, "s = 1", (8, 15), "s is 1")
    yield one("stride in stage 2, too", stride, "s = 2 if number == 0 else 1", (4, 8),
              "s is 2")  # fmt: skip
    yield one("stride in the last block", stride,
              "s = 2 if stage > 0 and number == repeats[stage] - 1 else 1", (6, 17),
              "stage 3, block 1 and stage 3, block 2 are swapped")  # fmt: skip
    yield one("stride in each block", stride, "s = 2 if stage > 0 else 1", (4, 20), "s is",
              "shrinks", checks=())  # fmt: skip
    yield one("no stride in stage 5", stride,
              "s = 2 if 0 < stage < 3 and number == 0 else 1", (4, 8), "s is 1")  # fmt: skip
    yield one("no stride in stage 3", stride,
              "s = 2 if stage > 1 and number == 0 else 1", (4, 8), "s is 1")  # fmt: skip
    yield one("stride of 3", stride, "s = 3 if stage > 0 and number == 0 else 1", (4, 12),
              "s is 3")  # fmt: skip
    filters = "64 * 2 ** stage"
    for name, new, price in (
        ("filters from 32", "32 * 2 ** stage", (4, 17)),
        ("filters doubled", "128 * 2 ** stage", (4, 17)),
        ("filters always 64", "64", (4, 20)),
        ("filters grow by 64", "64 * (stage + 1)", (4, 17)),
        ("filters of the old text", "min(64 * 2 ** stage, 256)", (4, 12)),
    ):
        yield one(name, filters, new, price, "filters is", "blocks")
    yield one("stage 5 lost", "range(4)", "range(3)", (5, 12), "stage 5")
    yield one("stage 2 lost", "range(4)", "range(1, 4)", (5, 17), "stage 2", "blocks")
    for depth_option in ("A", "B", "C"):
        yield one(f"option always {depth_option}", "option=option)",
                  f"option='{depth_option}')", (3, 13), "option", checks=())  # fmt: skip
    yield one("option not handed on", ", option=option)", ")", (3, 8), "option",
              checks=("values",))  # fmt: skip
    yield one("own option always", "if option is None:", "if True:", (3, 8), "option",
              checks=("values",))  # fmt: skip
    yield one("own option never", "option = own_option", "option = 'B'", (4, 8), "option")
    pool = "GlobalAveragePooling2D()(X)"
    around = ("layers",)
    for name, new in (
        ("max", "keras.layers.GlobalMaxPooling2D()(X)"),
        ("average over 2×2", "keras.layers.Flatten()(keras.layers.AveragePooling2D((2, 2))(X))"),
        ("flat", "keras.layers.Flatten()(X)"),
        ("mean of other axes", "ops.mean(X, axis=(1, 3))"),
        ("sum", "ops.sum(X, axis=(1, 2))"),
    ):
        yield one(f"pooling: {name}", pool, new, (3, 8), "pooling", checks=())
    dense = "Dense(classes, activation='softmax')(X)"
    for name, new, word in (
        ("no softmax", "Dense(classes)(X)", "softmax"),
        ("sigmoid", "Dense(classes, activation='sigmoid')(X)", "softmax"),
        ("no bias", "Dense(classes, activation='softmax', use_bias=False)(X)", "use_bias"),
        ("one class more", "Dense(classes + 1, activation='softmax')(X)", "units"),
        ("two layers", "Dense(classes, activation='softmax')(Dense(64)(X))", "one layer"),
        ("dropout", "Dense(classes, activation='softmax')(keras.layers.Dropout(0.5)(X))",
         "Dropout"),
    ):  # fmt: skip
        yield one(f"head: {name}", dense, new, (3, 5), word, checks=around)
    yield one("classes written down", dense, "Dense(6, activation='softmax')(X)", (3, 5),
              "other arguments", "units", checks=("values",))  # fmt: skip
    yield one("input shape written down", "Input(input_shape)", "Input((64, 64, 3))", (3, 5),
              "input_shape", "size", checks=("values",))  # fmt: skip
    yield one("default of classes", "classes=1000", "classes=6", (3, 5), "default",
              checks=("values",))  # fmt: skip
    yield one("default of input_shape", "(224, 224, 3)", "(64, 64, 3)", (3, 5),
              "default", "size", checks=("values",))  # fmt: skip
    yield one("default of option", "option=None", "option='B'", (3, 5), "option",
              checks=())  # fmt: skip
    for name, old, new, word in (
        ("stem window", "Conv2D(64, (7, 7)", "Conv2D(64, (3, 3)", "kernel_size"),
        ("stem filters", "Conv2D(64, (7, 7)", "Conv2D(32, (7, 7)", "filters"),
        ("stem padding", "ZeroPadding2D((3, 3))", "ZeroPadding2D((2, 2))", "padding"),
        ("no second padding", "X = ZeroPadding2D((1, 1))(X)\n", "\n", "padding"),
        ("pool window", "MaxPooling2D((3, 3)", "MaxPooling2D((2, 2)", "pool_size"),
        ("average pool", "MaxPooling2D((3, 3)", "keras.layers.AveragePooling2D((3, 3)", "pooling"),
        ("no stem ReLU", "X = Activation('relu')(X)\n", "\n", "ReLU"),
    ):
        yield one(f"given part: {name}", old, new, (3, 5), word, checks=around)
    yield one("nothing returned", "    return Model(inputs=X_input, outputs=X)",
              "    Model(inputs=X_input, outputs=X)", (25, 25), "returns nothing")  # fmt: skip
    yield one("a tensor returned", "return Model(inputs=X_input, outputs=X)", "return X",
              (25, 25), "returns KerasTensor")  # fmt: skip
    yield one("no block called", "X = block(X,", "block(X,", (17, 25),
              "calls basic_block, but", checks=())  # fmt: skip
