"""Wrong versions of bottleneck, block and ResNet50."""

# Rows of a table stand on a line each.
# ruff: noqa: E501

from collections.abc import Iterator

from tests.lessons.mutant import Mutant, Price
from tests.lessons.resnet_from_tensors.edits import made, whole

NOTHING: Price = (0, 0, ())
ARGUMENT: Price = (3, 6, ("calls", "plan"))
SCOPE: Price = (2, 4, ("calls", "plan"))
LAYER: Price = (4, 12, ("calls", "plan", "wiring", "outputs"))
RELU: Price = (4, 6, ("wiring", "outputs"))
WIRED: Price = (5, 8, ("wiring", "outputs"))
SUM: Price = (4, 5, ("wiring",))
SHORTCUT: Price = (8, 12, ("wiring", "calls"))
OUTPUT: Price = (3, 8, ("outputs",))

_END = "return tf.nn.relu(h + shortcut)"
_PROJECTION = "shortcut = conv2d(x, n_out, 1, stride=stride, scope='conv_4')"
_BN_4 = "shortcut = batch_norm(shortcut, is_training=is_training, scope='bn_4')"
_BN_3 = "h = batch_norm(h, is_training=is_training, scope='bn_3')"
_FIRST = "conv2d(x, h_out, 1, stride=stride, scope='conv_1')"


def _bn(number: int) -> str:
    return f"h = batch_norm(h, is_training=is_training, scope='bn_{number}')"


def _bottleneck() -> Iterator[Mutant]:
    rows = [
        ("no shortcut", SHORTCUT, "shortcut", (_END, "return tf.nn.relu(h)")),
        ("main path lost", SHORTCUT, "main path", (_END, "return tf.nn.relu(shortcut)")),
        ("concatenated", (8, 20, ()), "concatenated", (_END, "return tf.nn.relu(tf.concat([h, shortcut], -1))")),
        ("no final relu", SUM, "after the sum is missing", (_END, "return h + shortcut")),
        ("early relu", SUM, "before the sum", (_END, "return tf.nn.relu(h) + shortcut")),
        ("early relu of the shortcut", SUM, "before the sum", (_END, "return h + tf.nn.relu(shortcut)")),
        ("early relu of both", SUM, "both paths", (_END, "return tf.nn.relu(h) + tf.nn.relu(shortcut)")),
        ("one relu more", (4, 6, ("wiring",)), "ReLU", (_END, "return tf.nn.relu(tf.nn.relu(h) + shortcut)")),
        ("relu on the shortcut", (4, 6, ("wiring",)), "ReLU", (_END, "return tf.nn.relu(h + tf.nn.relu(shortcut))")),
        ("difference", SUM, "subtracted", (_END, "return tf.nn.relu(h - shortcut)")),
        ("product", SUM, "multiplied", (_END, "return tf.nn.relu(h * shortcut)")),
        ("maximum", SUM, "larger", (_END, "return tf.nn.relu(tf.maximum(h, shortcut))")),
        ("mean", SUM, "mean", (_END, "return tf.nn.relu((h + shortcut) / 2)")),
        ("relu6", SUM, ("relu6", "ReLU"), (_END, "return tf.nn.relu6(h + shortcut)")),
        ("leaky relu", SUM, "leaky", (_END, "return tf.nn.leaky_relu(h + shortcut)")),
        ("tanh", SUM, "tanh", (_END, "return tf.tanh(h + shortcut)")),
        ("scaled", SUM, "mean of the paths", (_END, "return 0.5 * tf.nn.relu(h + shortcut)")),
        ("projection of the relu", RELU, "conv_4", (_PROJECTION, _PROJECTION.replace("(x,", "(tf.nn.relu(x),"))),
        ("norm 4 left out", LAYER, "bn_4", (_BN_4, "pass")),
        ("norm 3 left out", LAYER, "bn_3", (_BN_3, "pass")),
        ("norm 2 left out", LAYER, "bn_2", (_bn(2), "pass")),
        ("norm 1 left out", LAYER, "bn_1", (_bn(1), "pass")),
        ("conv 2 left out", LAYER, "conv_2", ("h = conv2d(h, h_out, 3, stride=1, scope='conv_2')", "pass")),
        ("conv 3 left out", (8, 20, ()), ("conv_3", "shapes"),
         ("h = conv2d(h, n_out, 1, stride=1, scope='conv_3')", "pass")),
        ("relus left out", (4, 6, ("wiring",)), "ReLU", ("*        h = tf.nn.relu(h)\n", "")),
        ("relu before norm", (4, 14, ()), ("ReLU", "relu"),
         (f"{_bn(1)}\n        h = tf.nn.relu(h)", f"h = tf.nn.relu(h)\n        {_bn(1)}")),
        ("relu after norm 3", (4, 6, ("wiring",)), "ReLU", (_BN_3, _BN_3 + "\n        h = tf.nn.relu(h)")),
        ("sigmoid", (4, 6, ("wiring",)), "sigmoid", ("*h = tf.nn.relu(h)", "h = tf.sigmoid(h)")),
        ("norm twice", (4, 8, ()), "more than", (_BN_3, _BN_3 + "\n        h = batch_norm(h, is_training=is_training, scope='bn_5')")),
        ("always projected", (4, 8, ()), "more than", ("if n_in != n_out:", "if True:")),
        ("never projected", (6, 6, ("calls",)), "conv_4 is missing", ("if n_in != n_out:", "if False:")),
        ("projected where they agree", (6, 12, ("calls",)), "conv_4 is missing", ("if n_in != n_out:", "if n_in == n_out:")),
        ("stride on conv 2", (3, 8, ("calls",)), "stride",
         (_FIRST, _FIRST.replace("stride=stride", "stride=1"), "h_out, 3, stride=1", "h_out, 3, stride=stride")),
        ("stride on conv 3", (3, 8, ("calls",)), "stride",
         (_FIRST, _FIRST.replace("stride=stride", "stride=1"), "n_out, 1, stride=1", "n_out, 1, stride=stride")),
        ("always stride 2", (3, 20, ("calls",)), ("stride", "shapes", "raises"), ("stride = 1 if n_in == n_out else 2", "stride = 2")),
        ("always stride 1", ARGUMENT, "stride", ("stride = 1 if n_in == n_out else 2", "stride = 1")),
        ("rule the other way", (3, 20, ()), "stride", ("n_in == n_out else", "n_in != n_out else")),
        ("stride not heeded", ARGUMENT, "stride", ("if stride is None:", "if True:")),
        ("projection without stride", ARGUMENT, "conv_4: stride", (_PROJECTION, _PROJECTION.replace(", stride=stride", ""))),
        ("n_out everywhere", ARGUMENT, "num_outputs", ("*h_out, ", "n_out, ", "bottleneck(x, n_out, n_out", "bottleneck(x, h_out, n_out")),
        ("conv 2 wide", ARGUMENT, "num_outputs", ("conv2d(h, h_out, 3", "conv2d(h, n_out, 3")),
        ("conv 1 a quarter", ARGUMENT, "num_outputs", (_FIRST, _FIRST.replace("h_out", "n_out // 4"))),
        ("kernel 1 in conv 2", ARGUMENT, "kernel_size", ("h_out, 3,", "h_out, 1,")),
        ("kernel 3 in conv 1", ARGUMENT, "kernel_size", (_FIRST, _FIRST.replace("1, s", "3, s"))),
        ("kernel 3 in conv 3", ARGUMENT, "kernel_size", ("n_out, 1, stride=1", "n_out, 3, stride=1")),
        ("kernel 3 in conv 4", ARGUMENT, "kernel_size", (_PROJECTION, _PROJECTION.replace("n_out, 1", "n_out, 3"))),
        ("training forgotten", ARGUMENT, "is_training", ("*is_training=is_training, ", "")),
        ("training forgotten once", ARGUMENT, "bn_2", (_bn(2), _bn(2).replace("is_training=is_training, ", ""))),
        ("training forgotten on the shortcut", ARGUMENT, "bn_4", (_BN_4, _BN_4.replace("is_training=is_training, ", ""))),
        ("never training", ARGUMENT, "is_training", ("*is_training=is_training", "is_training=False")),
        ("epsilon", ARGUMENT, "epsilon", (_bn(1), _bn(1).replace(", scope", ", epsilon=1e-05, scope"))),
        ("decay", ARGUMENT, "decay", ("*is_training=is_training", "decay=0.9, is_training=is_training")),
        ("scope of conv 2", SCOPE, "conv_2", ("'conv_2'", "'conv2'")),
        ("scope of the projection", SCOPE, "shortcut", ("'conv_4'", "'shortcut'")),
        ("one scope for all norms", SCOPE, "scope", ("'bn_2'", "'bn_1'", "'bn_3'", "'bn_1'")),
        ("scopes forgotten", SCOPE, "scope", (", scope='conv_2'", "", ", scope='conv_3'", "")),
        ("no outer scope", SCOPE, "scope", ("with variable_scope(scope):", "if True:")),
        ("fixed outer scope", SCOPE, "scope", ("with variable_scope(scope):", "with variable_scope('bottleneck'):")),
        ("x overwritten", (4, 20, ()), ("conv_4", "shortcut", "sum", "shapes"),
         ("*h = ", "x = ", "*(h, ", "(x, ", "relu(h)", "relu(x)", "h + shortcut", "x + shortcut")),
        ("a variable of its own", (4, 6, ("calls",)), "create_var",
         (_END, "create_var('gain', [n_out], 'ones')\n    " + _END)),
        ("a layer that is not used", (4, 8, ("calls",)), "conv_5",
         (_END, "conv2d(x, n_out, 3, scope='conv_5')\n    " + _END)),
        ("other order", NOTHING, (), (_END, "return tf.nn.relu(shortcut + h)")),
        ("main path twice", (10, 10, ("wiring",)), "added to itself", (_END, "return tf.nn.relu(h + h)")),
        ("shortcut twice", (10, 10, ("wiring",)), "added to itself", (_END, "return tf.nn.relu(shortcut + shortcut)")),
    ]  # fmt: skip
    rows = [row for row in rows if row[0] not in ("x overwritten", "rule the other way")]
    yield from made("bottleneck", rows)
    yield from whole("bottleneck", "return x", 20, "calls none")
    yield from whole("bottleneck", "raise NotImplementedError()", 20, "not written yet")
    yield from whole("bottleneck", "return None", 20, "returns nothing")


def _block() -> Iterator[Mutant]:
    first = "stride=init_stride, is_training=is_training, scope='bottleneck1'"
    other = "is_training=is_training, scope=f'bottleneck{i}'"
    loop = "out = bottleneck(out, h_out, n_out, "
    calls = ("calls", "wiring")
    yield from made("block", [
        ("one less", (4, 7, calls), "is missing", ("range(2, n + 1)", "range(2, n)")),
        ("one more", (4, 7, calls), "more", ("range(2, n + 1)", "range(1, n + 1)")),
        ("only the first", (4, 10, calls), "is missing", ("range(2, n + 1)", "range(0)")),
        ("counted from 1", SCOPE, "bottleneck2", ("f'bottleneck{i}'", "f'bottleneck{i - 1}'")),
        ("h_out half", ARGUMENT, "h_out", ("n_out // 4", "n_out // 2")),
        ("h_out is n_out", ARGUMENT, "h_out", ("n_out // 4", "n_out")),
        ("h_out is 64", ARGUMENT, "h_out", ("n_out // 4", "64")),
        ("stride left out", ARGUMENT, "stride", ("stride=init_stride, ", "")),
        ("stride 1", ARGUMENT, "stride", ("stride=init_stride", "stride=1")),
        ("stride 2", ARGUMENT, "stride", ("stride=init_stride", "stride=2")),
        ("stride everywhere", ARGUMENT, "stride", (other, f"stride=init_stride, {other}")),
        ("training forgotten first", ARGUMENT, "is_training", (first, first.replace("is_training=is_training, ", ""))),
        ("training forgotten later", ARGUMENT, "is_training", (other, other.replace("is_training=is_training, ", ""))),
        ("training forgotten", ARGUMENT, "is_training", ("*is_training=is_training, ", "")),
        ("default stride", ARGUMENT, "stride", ("init_stride=2", "init_stride=1")),
        ("misspelt", SCOPE, "published class", ("'bottleneck1'", "'bottlencek1'", "f'bottleneck{i}'", "f'bottlencek{i}'")),
        ("units", SCOPE, "unit1", ("'bottleneck1'", "'unit1'", "f'bottleneck{i}'", "f'unit{i}'")),
        ("one scope", SCOPE, "scope", ("f'bottleneck{i}'", "'bottleneck1'")),
        ("no outer scope", SCOPE, "scope", ("with variable_scope(scope):", "if True:")),
        ("x again", (4, 10, calls), ("bottleneck2", "shapes"), (loop, loop.replace("(out,", "(x,"))),
        ("relu between", NOTHING, (), (loop, loop.replace("(out,", "(tf.nn.relu(out) * 1.0,"))),
        ("relu at the end", NOTHING, (), ("return out", "return tf.nn.relu(out)")),
        ("sum with the input", (3, 8, ("wiring", "calls")), ("output", "traced"), ("return out", "return out * 2")),
        ("halved width", ARGUMENT, "n_out", (loop, loop.replace("h_out, n_out", "h_out, n_out // 2"))),
        ("while", NOTHING, (), ("range(2, n + 1)", "[*range(2, n + 1)]")),
    ])  # fmt: skip
    yield from whole("block", "return x", 10, "calls none")
    yield from whole("block", "raise NotImplementedError()", 10, "not written yet")


def _resnet50() -> Iterator[Mutant]:
    def line(scope: str, n_out: int, n: int) -> str:
        return f"net = block(net, {n_out}, {n}, is_training=is_training, scope='{scope}')"

    b3, b4, b5 = (line("block3", 512, 4), line("block4", 1024, 6), line("block5", 2048, 3))
    b2 = "net = block(net, 256, 3, init_stride=1, is_training=is_training, scope='block2')"
    pool = "net = max_pool(net, 3, 2, scope='maxpool1')"
    avg, squeeze = ("net = avg_pool(net, 7, scope='avgpool5')", "net = tf.squeeze(net, [1, 2])")
    fc, soft = "logits = fc(net, num_classes, scope='fc6')", "tf.nn.softmax(logits)"
    yield from made("ResNet50", [
        ("block 2 with stride 2", (3, 20, ()), ("init_stride", "block2", "raises"), ("init_stride=1, ", "")),
        ("block 3 with stride 1", (3, 20, ()), "init_stride", (b3, b3.replace("4,", "4, init_stride=1,"))),
        ("block 4 short", ARGUMENT, "n is 5", (b4, b4.replace("1024, 6", "1024, 5"))),
        ("block 3 as 2", ARGUMENT, "n is 3", (b3, b3.replace("512, 4", "512, 3"))),
        ("block 5 long", ARGUMENT, "n is 4", (b5, b5.replace("2048, 3", "2048, 4"))),
        ("101 layers", ARGUMENT, "n is 23", (b4, b4.replace("1024, 6", "1024, 23"))),
        ("block 4 wide", ARGUMENT, "n_out", (b4, b4.replace("1024", "1000"))),
        ("block 2 narrow", ARGUMENT, "n_out", (b2, b2.replace("256", "64"))),
        ("block 4 left out", (20, 20, ()), "block4", (b4, "pass")),
        ("block 2 left out", LAYER, "block2", (b2, "pass")),
        ("one block more", LAYER, "more than", (b5, b5 + "\n        net = block(net, 2048, 3, init_stride=1, is_training=is_training, scope='block6')")),
        ("blocks swapped", (4, 14, ()), "block", (b3, "@@", b4, b3, "@@", b4)),
        ("max pool left out", (4, 20, ()), ("maxpool1", "raises"), (pool, "pass")),
        ("max pool over 2", ARGUMENT, "pool_size", (pool, pool.replace("3, 2", "2, 2"))),
        ("max pool stride 1", (3, 20, ()), "stride", (pool, pool.replace("3, 2", "3, 1"))),
        ("average for max pool", (4, 12, ()), "maxpool1", (pool, "net = avg_pool(net, 2, scope='maxpool1')")),
        ("average over 2", (3, 20, ()), ("pool_size", "squeez"), (avg, avg.replace("7", "2"))),
        ("max for average pool", (4, 12, ()), "avgpool5", (avg, "net = max_pool(net, 7, 7, scope='avgpool5')")),
        ("no squeeze", (3, 8, ("outputs",)), "squeezed", (squeeze, "pass")),
        ("all squeezed", (3, 3, ("outputs",)), "batch", (squeeze, "net = tf.squeeze(net)")),
        ("relu before fc", NOTHING, (), (squeeze, "net = tf.nn.relu(tf.squeeze(net, [1, 2]))")),
        ("1000 classes always", ARGUMENT, "num_outputs", (fc, fc.replace("num_classes", "1000"))),
        ("10 classes always", ARGUMENT, "num_outputs", (fc, fc.replace("num_classes", "10"))),
        ("default of classes", ARGUMENT, "num_outputs", ("num_classes=1000", "num_classes=10")),
        ("logits twice", OUTPUT, "predictions", (soft, "logits")),
        ("sigmoid", OUTPUT, "predictions", (soft, "tf.sigmoid(logits)")),
        ("log softmax", OUTPUT, "predictions", (soft, "tf.nn.log_softmax(logits)")),
        ("softmax over the batch", OUTPUT, "predictions", (soft, "tf.nn.softmax(logits, axis=0)")),
        ("predictions twice", OUTPUT, "logits", ("return (logits, predictions)", "return (predictions, predictions)")),
        ("exchanged", OUTPUT, "changed places", ("return (logits, predictions)", "return (predictions, logits)")),
        ("labels", OUTPUT, "predictions", (soft, "tf.cast(tf.one_hot(tf.argmax(logits, 1), num_classes), 'float32')")),
        ("only logits", (20, 20, ()), "not logits and predictions", ("return (logits, predictions)", "return logits")),
        ("only predictions", (20, 20, ()), "not logits and predictions", ("return (logits, predictions)", "return predictions")),
        ("three", (20, 20, ()), "not logits and predictions", ("return (logits, predictions)", "return (logits, predictions, net)")),
        ("training forgotten in block 3", ARGUMENT, "block3", (b3, b3.replace("is_training=is_training, ", ""))),
        ("training forgotten", ARGUMENT, "is_training", ("*is_training=is_training, ", "")),
        ("scope of block 4", SCOPE, "stage4", ("'block4'", "'stage4'")),
        ("scopes from 1", SCOPE, "block", ("'block2'", "'block1'", "'block3'", "'block2'", "'block4'", "'block3'", "'block5'", "'block4'")),
        ("scope of fc", SCOPE, "fc6", ("'fc6'", "'logits'")),
        ("scopes forgotten", SCOPE, "scope", (", scope='block3'", "", ", scope='block4'", "", ", scope='block5'", "")),
        ("no outer scope", SCOPE, "scope", ("with variable_scope(scope):", "if True:")),
        ("fixed outer scope", SCOPE, "scope", ("with variable_scope(scope):", "with variable_scope('resnet50'):")),
        ("relu of the stem", RELU, "ReLU", ("net = tf.nn.relu(net)", "pass")),
        ("inputs again", (4, 20, ()), ("block3", "block2"), (b3, b3.replace("(net,", "(net + 0 * net[:, ::-1] + 1,"))),
        ("names of the pools", NOTHING, (), ("'maxpool1'", "'pool'", "'avgpool5'", "'mean'")),
        ("a list", NOTHING, (), ("return (logits, predictions)", "return [logits, predictions]")),
        ("squeezed after fc", NOTHING, (), (squeeze, "pass", fc, f"{fc}\n        logits = tf.squeeze(logits, [1, 2])")),
        ("head left out", (6, 20, ()), ("avgpool5", "fc6", "raises", "missing"),
         (avg, "pass", squeeze, "net = tf.reduce_max(net, [1, 2])")),
    ])  # fmt: skip
    yield from whole("ResNet50", "return inputs", 20, "not logits and predictions")
    yield from whole("ResNet50", "return inputs, inputs", 20, "calls none")
    yield from whole("ResNet50", "raise NotImplementedError()", 20, "not written yet")


def net_mutants() -> Iterator[Mutant]:
    """All of them."""
    yield from _bottleneck()
    yield from _block()
    yield from _resnet50()
