"""Wrong versions of conv2d, batch_norm, avg_pool, max_pool and fc."""

# Rows of a table stand on a line each.
# ruff: noqa: E501

from collections.abc import Iterator

from tests.lessons.mutant import Mutant, Price
from tests.lessons.resnet_from_tensors.edits import made, whole

NOTHING: Price = (0, 0, ())
VARIABLE: Price = (2, 3, ("variables",))
VALUES: Price = (3, 4, ("values",))
NORM: Price = (3, 5, ("training",))
MOVING: Price = (3, 6, ("moving",))
INFERENCE: Price = (3, 4, ("inference",))
BOTH: Price = (4, 10, ("variables", "values", "training", "moving", "inference"))

_CONV = "tf.nn.conv2d(x, kernel, strides=stride, padding='SAME')"
_FC = "tf.matmul(x, weight) + bias"
_NORM = "tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)"
_MEAN = "moving_mean.assign(decay * moving_mean + (1 - decay) * mean)"
_VARIANCE = "moving_variance.assign(decay * moving_variance + (1 - decay) * variance)"
_SCOPE = "with variable_scope(scope):"


def _conv2d() -> Iterator[Mutant]:
    yield from made("conv2d", [
        ("VALID", VALUES, "VALID", ("'SAME'", "'VALID'")),
        ("stride 1", VALUES, "stride is 1", ("strides=stride", "strides=1")),
        ("stride 2", VALUES, "stride is 2", ("strides=stride", "strides=2")),
        ("stride of rows", VALUES, "rows only", ("strides=stride", "strides=[1, stride, 1, 1]")),
        ("stride of columns", VALUES, "columns only", ("strides=stride", "strides=[1, 1, stride, 1]")),
        ("dilation", VALUES, "dilation", ("strides=stride", "strides=1, dilations=stride")),
        ("flipped", VALUES, "turned round", ("conv2d(x, kernel,", "conv2d(x, kernel[::-1, ::-1],")),
        ("rows and columns exchanged", VALUES, "exchanged",
         ("conv2d(x, kernel,", "conv2d(x, tf.transpose(kernel, [1, 0, 2, 3]),")),
        ("relu", VALUES, "ReLU", (_CONV, f"tf.nn.relu({_CONV})")),
        ("padded alike", VALUES, "PyTorch",
         (_CONV, "tf.nn.conv2d(tf.pad(x, [[0, 0], [(kernel_size - 1) // 2] * 2, "
                 "[(kernel_size - 1) // 2] * 2, [0, 0]]), kernel, strides=stride, "
                 "padding='VALID')")),
        ("twice as much", (6, 6, ("values",)), "2 times what the specification gives",
         (_CONV, f"2 * {_CONV}")),
        ("default stride 2", (3, 4, ("values",)), ("stride", "not what the spec"),
         ("stride=1", "stride=2")),
        ("name", VARIABLE, "weights", ("'kernel'", "'weights'")),
        ("name with a dash", VARIABLE, "kernel", ("'kernel'", "'Kernel'")),
        ("no scope", VARIABLE, "outside of the scope", (_SCOPE, "if True:")),
        ("fixed scope", VARIABLE, "another scope", (_SCOPE, "with variable_scope('conv2d'):")),
        ("scope twice", VARIABLE, "one scope more",
         (_SCOPE, "with variable_scope(scope), variable_scope('layer'):")),
        ("default scope", VARIABLE, "scope", ("scope='conv2d'", "scope='conv'")),
        ("seed 1", VARIABLE, "initializer", ("seed=0", "seed=1")),
        ("zeros", VARIABLE, "initializer", ("glorot_uniform(seed=0)", "'zeros'")),
        ("unseeded", VARIABLE, "initializer", ("glorot_uniform(seed=0)", "'glorot_uniform'")),
        ("he", VARIABLE, "initializer", ("glorot_uniform(seed=0)", "'he_normal'")),
        ("not trainable", VARIABLE, "not trainable",
         ("glorot_uniform(seed=0)", "glorot_uniform(seed=0), trainable=False")),
        ("outputs first", VARIABLE, "shape",
         ("num_inputs, num_outputs]", "num_outputs, num_inputs]", "conv2d(x, kernel,",
          "conv2d(x, tf.transpose(kernel, [0, 1, 3, 2]),")),
        ("bias", VARIABLE, "more than", (_CONV, f"{_CONV} + create_var(scope + '/bias', [num_outputs], 'zeros')")),
        ("no root of the input", (10, 10, ()), "never asks",
         ("create_var('kernel', shape, glorot_uniform(seed=0))", "glorot_uniform(seed=0)(shape)")),
        ("kernel 3", (3, 4, ("variables",)), "shape",
         ("[kernel_size, kernel_size,", "[3, 3,")),
        ("list of strides", NOTHING, (), ("strides=stride", "strides=[1, stride, stride, 1]")),
    ])  # fmt: skip
    yield from whole("conv2d", "return x", 10, "never asks")
    yield from whole("conv2d", "return None", 10, "returns nothing")
    yield from whole("conv2d", "raise NotImplementedError()", 10, "not written yet")
    yield from whole("conv2d", "return missing", 10, "name that is not defined")


def _batch_norm() -> Iterator[Mutant]:
    yield from made("batch_norm", [
        ("sample variance", NORM, "sample variance",
         ("mean, variance = tf.nn.moments(x, axes)",
          "mean, variance = tf.nn.moments(x, axes)\n        "
          "n = tf.cast(tf.size(x) / x.shape[-1], 'float32')\n        "
          "variance = variance * n / (n - 1)")),
        ("sample variance kept", MOVING, "sample variance",
         (_VARIANCE, "n = tf.cast(tf.size(x) / x.shape[-1], 'float32')\n        "
          + _VARIANCE.replace("* variance)", "* variance * n / (n - 1))"))),
        ("deviation", (3, 7, ("training", "moving")), "deviation",
         ("tf.nn.moments(x, axes)",
          "(tf.reduce_mean(x, axes), tf.math.reduce_std(x, axes))")),
        ("squares", (3, 7, ("training", "moving")), "squares",
         ("tf.nn.moments(x, axes)",
          "(tf.reduce_mean(x, axes), tf.reduce_mean(x * x, axes))")),
        ("batch axis alone", (20, 20, ()), "over axis 0 alone; 0, 1 and 2 are asked for",
         ("axes = list(range(len(x.shape) - 1))", "axes = [0]")),
        ("two axes", (20, 20, ()), "over axes 0 and 1; 0, 1 and 2 are asked for",
         ("tf.nn.moments(x, axes)", "tf.nn.moments(x, [0, 1])")),
        ("rows and columns", (20, 20, ()), "over axes 1 and 2; 0, 1 and 2 are asked for",
         ("tf.nn.moments(x, axes)", "(tf.reduce_mean(x, [1, 2]), tf.math.reduce_variance(x, [1, 2]))")),
        ("axis of the channels", (20, 20, ()), "over axis 3 alone; 0, 1 and 2 are asked for",
         ("tf.nn.moments(x, axes)", "tf.nn.moments(x, [-1])")),
        ("axes but the batch", NORM, "over axes 1, 2 and 3; 0, 1 and 2 are asked for",
         ("tf.nn.moments(x, axes)", "tf.nn.moments(x, [1, 2, 3])")),
        ("all four axes", NORM, "channels included",
         ("tf.nn.moments(x, axes)", "tf.nn.moments(x, [0, 1, 2, 3])")),
        ("axes kept", (20, 20, ()), "keep the axes",
         ("tf.nn.moments(x, axes)", "tf.nn.moments(x, axes, keepdims=True)")),
        ("each image", (20, 20, ()), "keep the axes",
         ("tf.nn.moments(x, axes)", "tf.nn.moments(x, axes[1:] or axes, keepdims=True)")),
        ("all axes", NORM, "channels included",
         ("tf.nn.moments(x, axes)", "tf.nn.moments(x, list(range(len(x.shape))))")),
        ("epsilon 0", NORM, "epsilon", ("gamma, epsilon)", "gamma, 0.0)")),
        ("epsilon 1e-5", NORM, "1e-5", ("gamma, epsilon)", "gamma, 1e-5)")),
        ("epsilon 1e-3", NORM, "1e-3", ("gamma, epsilon)", "gamma, 1e-3)")),
        ("epsilon is decay", NORM, "decay", ("gamma, epsilon)", "gamma, decay)")),
        ("epsilon outside", NORM, "square root",
         (_NORM, "gamma * (x - mean) / (tf.sqrt(variance) + epsilon) + beta")),
        ("no root", NORM, "square root",
         (_NORM, "gamma * (x - mean) / (variance + epsilon if is_training else "
                 "tf.sqrt(variance + epsilon)) + beta")),
        ("no gamma", NORM, "gamma is not used", ("beta, gamma, epsilon", "beta, None, epsilon")),
        ("no beta", NORM, "beta is not added", ("beta, gamma, epsilon", "None, gamma, epsilon")),
        ("beta and gamma exchanged", NORM, "changed places",
         ("beta, gamma, epsilon", "gamma, beta, epsilon")),
        ("moving in training", NORM, "with the moving averages",
         (_VARIANCE, _VARIANCE + "\n        mean, variance = moving_mean, moving_variance")),
        ("moving before the update", NORM, "moving averages",
         (_NORM, "tf.nn.batch_normalization(x, old_mean, old_variance, beta, gamma, epsilon)",
          "if is_training:", "old_mean, old_variance = moving_mean + 0, moving_variance + 0\n"
          "    if is_training:")),
        ("batch in inference", INFERENCE, "mean and variance of the batch",
         ("mean, variance = (moving_mean, moving_variance)", "mean, variance = tf.nn.moments(x, axes)")),
        ("mean of the batch in inference", INFERENCE, "mean is that of the batch",
         ("(moving_mean, moving_variance)", "(tf.reduce_mean(x, axes), moving_variance)")),
        ("always updated", INFERENCE, "updated in inference",
         ("if is_training:\n        mean, variance = tf.nn.moments(x, axes)\n",
          "mean, variance = tf.nn.moments(x, axes)\n    if True:\n",
          "    else:\n        mean", "    if not is_training:\n        mean",
          "mean, variance = (moving_mean, moving_variance)",
          "mean, variance = before", "    with variable_scope(scope):",
          "    before = None\n    with variable_scope(scope):",
          f"        {_MEAN}", f"        before = (moving_mean + 0, moving_variance + 0)\n        {_MEAN}")),
        ("opposite", (4, 14, ("training", "moving", "inference")), ("opposite", "training"),
         ("if is_training:", "if not is_training:")),
        ("not updated", MOVING, "not updated",
         (_MEAN, "pass", _VARIANCE, "pass")),
        ("names rebound", MOVING, "not updated",
         (_MEAN, "moving_mean = decay * moving_mean + (1 - decay) * mean",
          _VARIANCE, "moving_variance = decay * moving_variance + (1 - decay) * variance")),
        ("mean alone", MOVING, "moving_variance", (_VARIANCE, "pass")),
        ("variance alone", MOVING, "moving_mean", (_MEAN, "pass")),
        ("crossed", MOVING, "moving_mean",
         (_MEAN, _MEAN.replace("* mean", "* variance"),
          _VARIANCE, _VARIANCE.replace("* variance)", "* mean)"))),
        ("decay swapped", MOVING, "changed places",
         (_MEAN, "moving_mean.assign((1 - decay) * moving_mean + decay * mean)",
          _VARIANCE, "moving_variance.assign((1 - decay) * moving_variance + decay * variance)")),
        ("decay 0.999", MOVING, "0.999", ("if is_training:", "decay = 0.999\n    if is_training:")),
        ("decay 0.99", MOVING, "0.99", ("if is_training:", "decay = 0.99\n    if is_training:")),
        ("decay 0.9", MOVING, "0.9", ("if is_training:", "decay = 0.9\n    if is_training:")),
        ("at once", MOVING, "at once",
         (_MEAN, "moving_mean.assign(mean)", _VARIANCE, "moving_variance.assign(variance)")),
        ("added whole", MOVING, "whole",
         (_MEAN, "moving_mean.assign(decay * moving_mean + mean)",
          _VARIANCE, "moving_variance.assign(decay * moving_variance + variance)")),
        ("added to the old", MOVING, "old value",
         (_MEAN, "moving_mean.assign_add((1 - decay) * mean)",
          _VARIANCE, "moving_variance.assign_add((1 - decay) * variance)")),
        ("deviation kept", MOVING, "deviation",
         (_VARIANCE, _VARIANCE.replace("* variance)", "* tf.sqrt(variance))"))),
        ("update wrong way", MOVING, "moving_mean takes off",
         (_MEAN, "moving_mean.assign(decay * moving_mean - (1 - decay) * mean)")),
        ("default decay", MOVING, ("decay", "moving"), ("decay=0.999", "decay=0.9")),
        ("default epsilon", (3, 5, ("training",)), ("epsilon", "sqrt"), ("epsilon=0.001", "epsilon=0.1")),
        ("default mode", (3, 20, ()), ("training", "moving"), ("is_training=True", "is_training=False")),
        ("name of beta", VARIABLE, "offset", ("'beta'", "'offset'")),
        ("name of gamma", VARIABLE, "scale", ("'gamma'", "'scale'")),
        ("name of the mean", VARIABLE, "mean", ("'moving_mean'", "'running_mean'")),
        ("name of the variance", VARIABLE, "moving_var", ("'moving_variance'", "'moving_var'")),
        ("names exchanged", (2, 8, ("variables", "training")), ("beta", "gamma"),
         ("create_var('beta', [num_inputs], 'zeros')", "create_var('gamma', [num_inputs], 'zeros')",
          "create_var('gamma', [num_inputs], 'ones')", "create_var('beta', [num_inputs], 'ones')")),
        ("no scope", VARIABLE, "outside of the scope", (_SCOPE, "if True:")),
        ("fixed scope", VARIABLE, "another scope", (_SCOPE, "with variable_scope('bn'):")),
        ("default scope", VARIABLE, "scope", ("scope='batch_norm'", "scope='bn'")),
        ("beta from ones", VARIABLE, "beta", ("create_var('beta', [num_inputs], 'zeros')",
                                              "create_var('beta', [num_inputs], 'ones')")),
        ("gamma from zeros", VARIABLE, "gamma", ("create_var('gamma', [num_inputs], 'ones')",
                                                 "create_var('gamma', [num_inputs], 'zeros')")),
        ("gamma at random", VARIABLE, "gamma", ("create_var('gamma', [num_inputs], 'ones')",
                                                "create_var('gamma', [num_inputs], 'random_normal')")),
        ("mean from ones", VARIABLE, "moving_mean",
         ("'moving_mean', [num_inputs], 'zeros'", "'moving_mean', [num_inputs], 'ones'")),
        ("variance from zeros", VARIABLE, "moving_variance",
         ("'moving_variance', [num_inputs], 'ones'", "'moving_variance', [num_inputs], 'zeros'")),
        ("averages trained", VARIABLE, "trainable", ("*, trainable=False", "")),
        ("mean trained", VARIABLE, "trainable",
         ("'moving_mean', [num_inputs], 'zeros', trainable=False", "'moving_mean', [num_inputs], 'zeros'")),
        ("gamma not trained", VARIABLE, "not trainable",
         ("create_var('gamma', [num_inputs], 'ones')", "create_var('gamma', [num_inputs], 'ones', trainable=False)")),
        ("gamma left out", (3, 8, ("variables", "training")), "gamma",
         ("gamma = create_var('gamma', [num_inputs], 'ones')", "gamma = tf.ones([num_inputs])")),
        ("averages of its own", (3, 12, ("variables", "moving", "inference")), "moving_",
         ("create_var('moving_mean', [num_inputs], 'zeros', trainable=False)", "tf.Variable(tf.zeros([num_inputs]))",
          "create_var('moving_variance', [num_inputs], 'ones', trainable=False)", "tf.Variable(tf.ones([num_inputs]))")),
        ("fused", (3, 7, ("training", "moving")), "sample variance",
         ("mean, variance = tf.nn.moments(x, axes)",
          "_, mean, variance = tf.compat.v1.nn.fused_batch_norm(tf.reshape(x, "
          "[-1, 1, 1, num_inputs]), gamma, beta, epsilon=epsilon, is_training=True)")),
        ("updated twice", (6, 6, ("moving",)), "moving_mean keeps", (_MEAN, f"{_MEAN}\n        {_MEAN}")),
        ("four axes only", (3, 3, ()), "raises", ("list(range(len(x.shape) - 1))", "[0, 1, 2]")),
        ("written out", NOTHING, (), (_NORM, "(x - mean) / tf.sqrt(variance + epsilon) * gamma + beta")),
    ])  # fmt: skip
    yield from whole("batch_norm", "return x", 20, "never asks")
    yield from whole("batch_norm", "return None", 20, "returns nothing")
    yield from whole("batch_norm", "raise NotImplementedError()", 20, "not written yet")


def _pools() -> Iterator[Mutant]:
    avg, large = "avg_pool2d(x, pool_size, pool_size", "max_pool2d(x, pool_size, stride"
    yield from made("avg_pool", [
        ("SAME", VALUES, "SAME", ("'VALID'", "'SAME'")),
        ("stride 1", VALUES, "stride is 1", (avg, "avg_pool2d(x, pool_size, 1")),
        ("stride 2", VALUES, "stride is 2", (avg, "avg_pool2d(x, pool_size, 2")),
        ("window 2", VALUES, "window is 2", (avg, "avg_pool2d(x, 2, pool_size")),
        ("largest", VALUES, "largest", ("avg_pool2d", "max_pool2d")),
        ("sum", VALUES, "sum", ("return tf", "return pool_size ** 2 * tf")),
        ("global", VALUES, "global",
         ("tf.nn.avg_pool2d(x, pool_size, pool_size, padding='VALID')",
          "tf.reduce_mean(x, [1, 2], keepdims=True)")),
        ("smallest", VALUES, "smallest",
         ("tf.nn.avg_pool2d(x, pool_size, pool_size, padding='VALID')",
          "-tf.nn.max_pool2d(-x, pool_size, pool_size, padding='VALID')")),
        ("squeezed", (5, 5, ()), "shape",
         ("return tf.nn.avg_pool2d(x, pool_size, pool_size, padding='VALID')",
          "return tf.squeeze(tf.nn.avg_pool2d(x, pool_size, pool_size, padding='VALID'), [0] if x.shape[0] == 1 else []) + 1")),
        ("no scope", NOTHING, (), (_SCOPE, "if True:")),
    ])  # fmt: skip
    yield from whole("avg_pool", "return x", 5, "gives back its input")
    yield from whole("avg_pool", "raise NotImplementedError()", 5, "not written yet")
    yield from made("max_pool", [
        ("VALID", VALUES, "VALID", ("'SAME'", "'VALID'")),
        ("stride is the window", VALUES, "stride is pool_size", (large, "max_pool2d(x, pool_size, pool_size")),
        ("stride 1", VALUES, "stride is 1", (large, "max_pool2d(x, pool_size, 1")),
        ("stride 2", VALUES, "stride is 2", (large, "max_pool2d(x, pool_size, 2")),
        ("window is the stride", VALUES, "as large as the stride", (large, "max_pool2d(x, stride, stride")),
        ("window 3", VALUES, "window is 3", (large, "max_pool2d(x, 3, stride")),
        ("window 2", VALUES, "window is 2", (large, "max_pool2d(x, 2, stride")),
        ("exchanged", VALUES, "changed places", (large, "max_pool2d(x, stride, pool_size")),
        ("mean", VALUES, "mean", ("max_pool2d", "avg_pool2d")),
        ("zeros", VALUES, "zero",
         ("tf.nn.max_pool2d(x, pool_size, stride, padding='SAME')",
          "tf.nn.relu(tf.nn.max_pool2d(x, pool_size, stride, padding='SAME'))")),
        ("smallest", VALUES, "smallest",
         ("tf.nn.max_pool2d(x, pool_size, stride, padding='SAME')",
          "-tf.nn.max_pool2d(-x, pool_size, stride, padding='SAME')")),
    ])  # fmt: skip
    yield from whole("max_pool", "return x", 5, "gives back its input")
    yield from whole("max_pool", "raise NotImplementedError()", 5, "not written yet")


def _fc() -> Iterator[Mutant]:
    yield from made("fc", [
        ("no bias in the sum", VALUES, "bias", (_FC, "tf.matmul(x, weight)")),
        ("bias subtracted", VALUES, "subtracted", (_FC, "tf.matmul(x, weight) - bias")),
        ("relu", VALUES, "ReLU", (_FC, f"tf.nn.relu({_FC})")),
        ("softmax", VALUES, "softmax", (_FC, f"tf.nn.softmax({_FC})")),
        ("sigmoid", VALUES, "sigmoid", (_FC, f"tf.sigmoid({_FC})")),
        ("tanh", VALUES, "tanh", (_FC, f"tf.tanh({_FC})")),
        ("bias first", (6, 6, ("values",)), "bias is multiplied", (_FC, "tf.matmul(x, weight) * bias")),
        ("no bias at all", (3, 7, ("variables", "values")), "bias",
         ("bias = create_var('bias', [num_outputs], 'zeros')", "pass", _FC, "tf.matmul(x, weight)")),
        ("name of the weight", VARIABLE, "kernel", ("'weight'", "'kernel'")),
        ("name of the bias", VARIABLE, "biases", ("'bias'", "'biases'")),
        ("no scope", VARIABLE, "outside of the scope", (_SCOPE, "if True:")),
        ("fixed scope", VARIABLE, "another scope", (_SCOPE, "with variable_scope('dense'):")),
        ("seed 3", VARIABLE, "initializer", ("seed=0", "seed=3")),
        ("bias from ones", VARIABLE, "bias", ("'zeros'", "'ones'")),
        ("weight not trained", VARIABLE, "not trainable",
         ("glorot_uniform(seed=0))", "glorot_uniform(seed=0), trainable=False)")),
        ("weight turned", VARIABLE, "shape",
         ("[num_inputs, num_outputs]", "[num_outputs, num_inputs]", _FC, "tf.matmul(x, weight, transpose_b=True) + bias")),
        ("default scope", VARIABLE, "scope", ("scope='fc'", "scope='fc6'")),
    ])  # fmt: skip
    yield from whole("fc", "return x", 10, "never asks")
    yield from whole("fc", "raise NotImplementedError()", 10, "not written yet")


def layer_mutants() -> Iterator[Mutant]:
    """All of them."""
    yield from _conv2d()
    yield from _batch_norm()
    yield from _pools()
    yield from _fc()
