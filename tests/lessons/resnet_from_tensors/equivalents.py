"""Right versions of the functions of lesson 3, as people write them."""

# Rows of a table stand on a line each.

_CONV = "def conv2d(x, num_outputs, kernel_size, stride=1, scope='conv2d'):\n"
_SHAPE = "[kernel_size, kernel_size, x.shape[-1], num_outputs]"
_KERNEL = f"""\
    with variable_scope(scope):
        kernel = create_var('kernel', {_SHAPE}, glorot_uniform(seed=0))
"""
_NORM = """\
def batch_norm(x, decay=0.999, epsilon=1e-3, is_training=True, scope='batch_norm'):
    n = int(x.shape[-1])
    axes = tuple(range(len(x.shape) - 1))
    with variable_scope(scope):
        gamma = create_var('gamma', [n], 'ones')
        beta = create_var('beta', [n], 'zeros')
        moving_mean = create_var('moving_mean', [n], 'zeros', trainable=False)
        moving_variance = create_var('moving_variance', [n], 'ones', trainable=False)
"""
_HEAD = """\
def bottleneck(x, h_out, n_out, stride=None, is_training=True, scope='bottleneck'):
    n_in = x.shape[-1]
    if stride is None:
        stride = 1 if n_in == n_out else 2
"""
_MAIN = """\
        h = conv2d(x, h_out, 1, stride, 'conv_1')
        h = tf.nn.relu(batch_norm(h, is_training=is_training, scope='bn_1'))
        h = conv2d(h, h_out, 3, scope='conv_2')
        h = tf.nn.relu(batch_norm(h, is_training=is_training, scope='bn_2'))
        h = conv2d(h, n_out, 1, scope='conv_3')
        h = batch_norm(h, is_training=is_training, scope='bn_3')
"""
_SHORT = """\
        shortcut = x
        if n_in != n_out:
            shortcut = conv2d(x, n_out, 1, stride, 'conv_4')
            shortcut = batch_norm(shortcut, is_training=is_training, scope='bn_4')
"""
_NET = "def ResNet50(inputs, num_classes=1000, is_training=True, scope='resnet50'):\n"
_STEM = """\
        net = conv2d(inputs, 64, 7, 2, 'conv1')
        net = tf.nn.relu(batch_norm(net, is_training=is_training, scope='bn1'))
        net = max_pool(net, 3, 2, 'maxpool1')
"""
_BLOCKS = """\
        net = block(net, 256, 3, 1, is_training, 'block2')
        net = block(net, 512, 4, 2, is_training, 'block3')
        net = block(net, 1024, 6, 2, is_training, 'block4')
        net = block(net, 2048, 3, 2, is_training, 'block5')
"""
_TOP = """\
        net = tf.squeeze(avg_pool(net, 7, 'avgpool5'), [1, 2])
        logits = fc(net, num_classes, 'fc6')
"""
_BODY = "    with variable_scope(scope):\n"
_LOOP = """\
        for number, (n_out, n, stride) in enumerate(
                [(256, 3, 1), (512, 4, 2), (1024, 6, 2), (2048, 3, 2)], start=2):
            net = block(net, n_out, n, init_stride=stride,
                        is_training=is_training, scope=f'block{number}')
"""
_INLINED = """\
def _conv(x, n, k, s, scope):
    with variable_scope(scope):
        kernel = create_var('kernel', [k, k, x.shape[-1], n], glorot_uniform(seed=0))
    return tf.nn.conv2d(x, kernel, s, 'SAME')


def _bn(x, is_training, scope):
    n = x.shape[-1]
    with variable_scope(scope):
        beta = create_var('beta', [n], 'zeros')
        gamma = create_var('gamma', [n], 'ones')
        mean = create_var('moving_mean', [n], 'zeros', trainable=False)
        variance = create_var('moving_variance', [n], 'ones', trainable=False)
    m, v = mean, variance
    if is_training:
        m, v = tf.nn.moments(x, [0, 1, 2])
        mean.assign(0.999 * mean + 0.001 * m)
        variance.assign(0.999 * variance + 0.001 * v)
    return tf.nn.batch_normalization(x, m, v, beta, gamma, 1e-3)


"""

#: A class that opens its blocks itself and calls layers alone.
_OWN_BLOCKS = """\
class ResNet50:
    STAGES = {"block2": (3, 1), "block3": (4, 2), "block4": (6, 2), "block5": (3, 2)}

    def __init__(self, inputs, num_classes=1000, is_training=True, scope="resnet50"):
        self.training = is_training
        with variable_scope(scope):
            net = tf.nn.relu(self.layer(inputs, "conv1", "bn1", 64, 7, 2))
            net, width = max_pool(net, 3, 2, "maxpool1"), 64
            for name, (count, stride) in self.STAGES.items():
                with variable_scope(name):
                    for unit in range(1, count + 1):
                        with variable_scope(f"bottleneck{unit}"):
                            net = self.unit(net, width, stride if unit == 1 else 1)
                width *= 2
            net = tf.squeeze(avg_pool(net, 7, "avgpool5"), axis=[1, 2])
            self.logits = fc(net, num_classes, scope="fc6")
        self.predictions = tf.nn.softmax(self.logits)

    def layer(self, x, conv, norm, width, kernel, stride=1):
        x = conv2d(x, width, kernel, stride, scope=conv)
        return batch_norm(x, is_training=self.training, scope=norm)

    def unit(self, x, width, stride):
        y = tf.nn.relu(self.layer(x, "conv_1", "bn_1", width, 1, stride))
        y = tf.nn.relu(self.layer(y, "conv_2", "bn_2", width, 3))
        y = self.layer(y, "conv_3", "bn_3", 4 * width, 1)
        if x.shape[-1] != 4 * width:
            x = self.layer(x, "conv_4", "bn_4", 4 * width, 1, stride)
        return tf.nn.relu(x + y)
"""


def _conv2d(body: str) -> str:
    return _CONV + _KERNEL + body


def _batch_norm(body: str) -> str:
    return _NORM + body


CASES = {
    "conv2d-strides as a list": _conv2d(
        "    return tf.nn.conv2d(x, kernel, [1, stride, stride, 1], 'SAME')\n"
    ),
    "conv2d-within the scope": _CONV + _KERNEL.replace("kernel = ", "return tf.nn.conv2d(x, ").replace(
        "seed=0))", "seed=0)), stride, 'SAME')"
    ),
    "conv2d-keras.ops": _conv2d(
        "    import keras\n"
        "    return keras.ops.conv(x, kernel, strides=stride, padding='same')\n"
    ),
    "conv2d-tf.nn.convolution": _conv2d(
        "    return tf.nn.convolution(x, kernel, strides=stride, padding='SAME')\n"
    ),
    "conv2d-patches and einsum": _conv2d(
        "    patches = tf.image.extract_patches(\n"
        "        tf.convert_to_tensor(x), [1, kernel_size, kernel_size, 1],\n"
        "        [1, stride, stride, 1], [1, 1, 1, 1], 'SAME')\n"
        "    flat = tf.reshape(kernel, [-1, num_outputs])\n"
        "    return tf.einsum('bhwc,cn->bhwn', patches, flat)\n"
    ),
    "conv2d-padded by hand": _conv2d(
        "    pads = [[0, 0]]\n"
        "    for size in x.shape[1:3]:\n"
        "        total = max((-(-size // stride) - 1) * stride + kernel_size - size, 0)\n"
        "        pads.append([total // 2, total - total // 2])\n"
        "    x = tf.pad(x, [*pads, [0, 0]])\n"
        "    return tf.nn.conv2d(x, kernel, stride, 'VALID')\n"
    ),
    "conv2d-tf.function": "@tf.function\n" + _conv2d(
        "    return tf.nn.conv2d(x, kernel, stride, 'SAME')\n"
    ),
    "conv2d-name in the path": _CONV + (
        f"    kernel = create_var(f'{{scope}}/kernel', {_SHAPE}, glorot_uniform(0))\n"
        "    return tf.nn.conv2d(x, kernel, stride, 'SAME')\n"
    ),
    "conv2d-store by name": (
        "from tensors_utils import store as variables\n" + _CONV
        + _KERNEL.replace("create_var(", "variables.create(").replace(
            "with variable_scope(scope)", "with variables.scope(scope)")
        + "    return tf.nn.conv2d(x, kernel, stride, 'SAME')\n"
    ),
    "conv2d-module by name": (
        "import tensors_utils as tu\n" + _CONV
        + _KERNEL.replace("create_var(", "tu.create_var(").replace(
            "with variable_scope(", "with tu.variable_scope(")
        + "    return tf.nn.conv2d(x, kernel, stride, 'SAME')\n"
    ),
    "conv2d-other parameter names": (
        "def conv2d(inputs, filters, size, step=1, name='conv2d'):\n"
        "    with variable_scope(name):\n"
        "        kernel = create_var('kernel', [size, size, inputs.shape[-1], filters],\n"
        "                            glorot_uniform(seed=0))\n"
        "    return tf.nn.conv2d(inputs, kernel, step, 'SAME')\n"
    ),
    "conv2d-array out": _conv2d(
        "    return tf.nn.conv2d(x, kernel, stride, 'SAME').numpy()\n"
    ),
    "batch_norm-written out": _batch_norm("""\
    if is_training:
        mean = tf.reduce_mean(x, axes)
        variance = tf.reduce_mean(tf.square(x - mean), axes)
        moving_mean.assign(moving_mean * decay + mean * (1 - decay))
        moving_variance.assign(moving_variance * decay + variance * (1 - decay))
    else:
        mean, variance = moving_mean.value(), moving_variance.value()
    return gamma * (x - mean) / tf.sqrt(variance + epsilon) + beta
"""),
    "batch_norm-assign_sub": _batch_norm("""\
    mean, variance = moving_mean, moving_variance
    if is_training:
        mean, variance = tf.nn.moments(x, axes=axes)
        moving_mean.assign_sub((moving_mean - mean) * (1 - decay))
        moving_variance.assign_sub((moving_variance - variance) * (1 - decay))
    return tf.nn.batch_normalization(x, mean, variance, offset=beta, scale=gamma,
                                     variance_epsilon=epsilon)
"""),
    "batch_norm-keepdims": _batch_norm("""\
    if not is_training:
        inv = gamma * tf.math.rsqrt(moving_variance + epsilon)
        return x * inv + (beta - moving_mean * inv)
    mean, variance = tf.nn.moments(x, axes, keepdims=True)
    y = tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)
    moving_mean.assign(decay * moving_mean + (1 - decay) * tf.reshape(mean, [-1]))
    moving_variance.assign(
        decay * moving_variance + (1 - decay) * tf.reshape(variance, [-1]))
    return y
"""),
    "batch_norm-reduce_variance": _batch_norm("""\
    if is_training:
        mean, variance = tf.reduce_mean(x, axes), tf.math.reduce_variance(x, axes)
        for average, value in [(moving_mean, mean), (moving_variance, variance)]:
            average.assign_add((1 - decay) * (value - average))
    else:
        mean, variance = moving_mean, moving_variance
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)
"""),
    "batch_norm-tf.cond and tf.function": "@tf.function\n" + _batch_norm("""\
    def train():
        mean, variance = tf.nn.moments(x, axes)
        moving_mean.assign(decay * moving_mean + (1 - decay) * mean)
        moving_variance.assign(decay * moving_variance + (1 - decay) * variance)
        return mean, variance
    mean, variance = tf.cond(
        tf.constant(is_training), train,
        lambda: (tf.identity(moving_mean), tf.identity(moving_variance)))
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)
"""),
    "batch_norm-the source's update": (
        "from tensorflow.python.training import moving_averages\n"
        + _batch_norm("""\
    if is_training:
        mean, variance = tf.nn.moments(x, list(axes))
        moving_averages.assign_moving_average(
            moving_mean, mean, decay=decay, zero_debias=False)
        moving_averages.assign_moving_average(
            moving_variance, variance, decay=decay, zero_debias=False)
    else:
        mean, variance = moving_mean, moving_variance
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)
""")),
    "batch_norm-initializer objects": _batch_norm("""\
    if is_training:
        mean, variance = tf.nn.moments(x, axes)
        moving_mean.assign(decay * moving_mean + (1 - decay) * mean)
        moving_variance.assign(decay * moving_variance + (1 - decay) * variance)
    else:
        mean, variance = moving_mean, moving_variance
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)
""").replace("'ones'", "tf.ones_initializer()").replace("'zeros'", "lambda shape, dtype: tf.zeros(shape, dtype)"),
    "avg_pool-lists": (
        "def avg_pool(x, pool_size, scope):\n"
        "    return tf.nn.avg_pool(x, [1, pool_size, pool_size, 1],\n"
        "                          [1, pool_size, pool_size, 1], 'VALID')\n"
    ),
    "avg_pool-reshaped": (
        "def avg_pool(x, pool_size, scope=None):\n"
        "    p, (m, h, w, c) = pool_size, x.shape\n"
        "    x = x[:, :h // p * p, :w // p * p]\n"
        "    return tf.reduce_mean(tf.reshape(x, [m, h // p, p, w // p, p, c]), [2, 4])\n"
    ),
    "avg_pool-keras": (
        "import keras\n"
        "def avg_pool(x, pool_size, scope):\n"
        "    return keras.layers.AveragePooling2D(pool_size)(x)\n"
    ),
    "max_pool-keras.ops": (
        "from keras import ops\n"
        "def max_pool(x, pool_size, stride, scope):\n"
        "    return ops.max_pool(x, pool_size, strides=stride, padding='same')\n"
    ),
    "max_pool-tf.nn.pool": (
        "def max_pool(x, pool_size, stride, scope):\n"
        "    return tf.nn.pool(x, [pool_size] * 2, 'MAX', [stride] * 2, 'SAME')\n"
    ),
    "fc-at": (
        "def fc(x, num_outputs, scope='fc'):\n"
        "    with variable_scope(scope):\n"
        "        b = create_var('bias', (num_outputs,), 'zeros')\n"
        "        w = create_var('weight', (x.shape[1], num_outputs), glorot_uniform(0))\n"
        "    return x @ w + b\n"
    ),
    "fc-xw_plus_b": (
        "def fc(x, num_outputs, scope='fc'):\n"
        "    with variable_scope(scope):\n"
        "        return tf.compat.v1.nn.xw_plus_b(\n"
        "            x, create_var('weight', [x.shape[-1], num_outputs], glorot_uniform()),\n"
        "            create_var('bias', [num_outputs], tf.zeros_initializer()))\n"
    ),
    "fc-einsum": (
        "def fc(x, num_outputs, scope='fc'):\n"
        "    with variable_scope(scope):\n"
        "        w = create_var('weight', [x.shape[-1], num_outputs], glorot_uniform(0))\n"
        "        b = create_var('bias', [num_outputs], 'zeros')\n"
        "    return tf.nn.bias_add(tf.einsum('mi,io->mo', x, w), b)\n"
    ),
    "bottleneck-positional": _HEAD + _BODY + _MAIN + _SHORT
    + "        return tf.nn.relu(tf.add(shortcut, h))\n",
    "bottleneck-shortcut first": _HEAD + _BODY + _SHORT + _MAIN
    + "    return tf.maximum(h + shortcut, 0)\n",
    "bottleneck-helper": (
        "def conv_bn(x, n, k, s, t, number):\n"
        "    x = conv2d(x, n, k, s, f'conv_{number}')\n"
        "    return batch_norm(x, is_training=t, scope=f'bn_{number}')\n\n"
        + _HEAD + _BODY +
        "        h = tf.nn.relu(conv_bn(x, h_out, 1, stride, is_training, 1))\n"
        "        h = tf.nn.relu(conv_bn(h, h_out, 3, 1, is_training, 2))\n"
        "        h = conv_bn(h, n_out, 1, 1, is_training, 3)\n"
        "        if n_in != n_out:\n"
        "            x = conv_bn(x, n_out, 1, stride, is_training, 4)\n"
        "    return tf.nn.relu(h + x)\n"
    ),
    "bottleneck-scopes in the names": _HEAD + (
        _MAIN + _SHORT + "        return tf.nn.relu(h + shortcut)\n"
    ).replace("'conv_", "scope + '/conv_").replace("'bn_", "scope + '/bn_").replace(
        "        ", "    "),
    "bottleneck-defaults spelled out": _HEAD + _BODY + _MAIN.replace(
        "is_training=is_training", "decay=0.999, epsilon=0.001, is_training=is_training"
    ) + _SHORT + "    return tf.nn.relu(h + shortcut)\n",
    "bottleneck-inlined": _INLINED + _HEAD + _BODY + (
        _MAIN + _SHORT).replace("conv2d(h, h_out, 3, ", "conv2d(h, h_out, 3, 1, ").replace(
        "conv2d(h, n_out, 1, ", "conv2d(h, n_out, 1, 1, ").replace(
        "conv2d(", "_conv(").replace("batch_norm(", "_bn(").replace(
        "scope='conv", "'conv").replace("is_training=is_training, scope=", "is_training, ")
    + "    return tf.nn.relu(h + shortcut)\n",
    "bottleneck-tf.function": "@tf.function\n" + _HEAD + _BODY + _MAIN + _SHORT
    + "    return tf.nn.relu(h + shortcut)\n",
    "bottleneck-relu twice": _HEAD + _BODY + _MAIN.replace("tf.nn.relu(b", "tf.nn.relu(tf.nn.relu(b").replace(
        "'bn_1'))", "'bn_1')))").replace("'bn_2'))", "'bn_2')))") + _SHORT
    + "    return tf.nn.relu(tf.nn.relu(h + shortcut))\n",
    "block-stride 1 spelled out": (
        "def block(x, n_out, n, init_stride=2, is_training=True, scope='block'):\n"
        "    with variable_scope(scope):\n"
        "        for i in range(n):\n"
        "            x = bottleneck(x, n_out // 4, n_out, 1 if i else init_stride,\n"
        "                           is_training, 'bottleneck%d' % (i + 1))\n"
        "        return x\n"
    ),
    "block-recursive": (
        "def block(x, n_out, n, init_stride=2, is_training=True, scope='block'):\n"
        "    if n == 0:\n"
        "        return x\n"
        "    first = n == 1\n"
        "    out = block(x, n_out, n - 1, init_stride, is_training, scope)\n"
        "    with variable_scope(scope):\n"
        "        return bottleneck(out, int(n_out / 4), n_out,\n"
        "                          stride=init_stride if first else None,\n"
        "                          is_training=is_training, scope=f'bottleneck{n}')\n"
    ),
    "block-alias": (
        "unit = bottleneck\n"
        "def block(x, n_out, n, init_stride=2, is_training=True, scope='block'):\n"
        "    with variable_scope(scope):\n"
        "        out = unit(x, n_out // 4, n_out, init_stride, is_training, 'bottleneck1')\n"
        "        for i in range(1, n):\n"
        "            out = unit(out, n_out // 4, n_out, None, is_training,\n"
        "                       f'bottleneck{i + 1}')\n"
        "    return out\n"
    ),
    "ResNet50-in one": _NET + _BODY + _STEM + _BLOCKS + _TOP
    + "    return logits, tf.nn.softmax(logits)\n",
    "ResNet50-loop": _NET + _BODY + _STEM + _LOOP + _TOP
    + "    return [logits, tf.exp(logits) / tf.reduce_sum(tf.exp(logits), 1, True)]\n",
    "ResNet50-named tuple": (
        "import collections\n"
        "Outputs = collections.namedtuple('Outputs', 'predictions logits')\n"
        + _NET + _BODY + _STEM + _BLOCKS + _TOP
        + "    return Outputs(predictions=tf.nn.softmax(logits), logits=logits)\n"
    ),
    "ResNet50-reshaped": _NET + _BODY + _STEM + _BLOCKS + _TOP.replace(
        "tf.squeeze(avg_pool(net, 7, 'avgpool5'), [1, 2])",
        "tf.reshape(avg_pool(net, 7, 'avgpool5'), [-1, 2048])",
    ) + "    return logits, tf.nn.softmax(logits, axis=-1)\n",
    "ResNet50-class": (
        "class ResNet50:\n"
        "    def __init__(self, inputs, num_classes=1000, is_training=True,\n"
        "                 scope='resnet50'):\n"
        + "".join(f"    {line}\n" for line in (_BODY + _STEM + _BLOCKS + _TOP).splitlines())
        + "        self.logits = logits\n"
        "        self.predictions = tf.nn.softmax(logits)\n"
    ),
    "ResNet50-blocks of its own": _OWN_BLOCKS,
    "ResNet50-relu after the pool": _NET + _BODY + """\
        net = conv2d(inputs, 64, 7, 2, 'conv1')
        net = batch_norm(net, is_training=is_training, scope='bn1')
        net = tf.nn.relu(max_pool(net, 3, 2, 'maxpool1'))
""" + _BLOCKS + _TOP + "    return logits, tf.nn.softmax(logits)\n",
    "ResNet50-global average": _NET + _BODY + _STEM + _BLOCKS + _TOP.replace(
        "tf.squeeze(avg_pool(net, 7, 'avgpool5'), [1, 2])", "tf.reduce_mean(net, [1, 2])"
    ) + "    return logits, tf.nn.softmax(logits)\n",
}  # fmt: skip
