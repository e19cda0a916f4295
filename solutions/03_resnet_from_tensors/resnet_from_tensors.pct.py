# %% [markdown]
# # A ResNet from tensors
#
# A Keras layer is convenient because it hides things: the variables that it
# makes, the padding that it works out, the averages that it keeps on the side.
# In this lesson you write the layers yourself, as plain functions from tensors
# to tensors, and build the ResNet-50 of the paper from them, at its own size:
# images of 224×224 pixels, 1,000 classes. It follows a class that was
# published for TensorFlow 1 in 2017, and brings it to today's TensorFlow.
#
# **You will do**
#
# | function | what it is | points |
# | --- | --- | --- |
# | `conv2d` | a convolution with 'SAME' padding, without a bias | 10 |
# | `batch_norm` | batch normalisation with its moving averages | 20 |
# | `avg_pool` | average pooling, 'VALID' | 5 |
# | `max_pool` | max pooling, 'SAME' | 5 |
# | `fc` | a fully connected layer | 10 |
# | `bottleneck` | three convolutions and a shortcut | 20 |
# | `block` | several bottlenecks, one after the other | 10 |
# | `ResNet50` | the whole network, to logits and predictions | 20 |
#
# **You will learn** what a layer consists of, how variables get their names,
# what 'SAME' means to the pixel, and why a network that has learned can be
# blind when it is used: the moving averages of batch normalisation.
#
# **You need** lesson 1 (the blocks of a residual network), and the idea of
# mean and variance. Plan three hours; the computer needs some minutes of them.

# %% [markdown]
# ## How the exercises work
#
# As in lesson 1: a cell that begins with `# GRADED FUNCTION` has some lines
# that are given and some that are yours. Write them at `# YOUR CODE HERE`,
# delete the line `raise NotImplementedError()`, run the cell and the tests
# below it. A test calls your function on small tensors, with variables that
# it has filled with numbers of its own, and compares what comes out with the
# specification. Where it can, it names the mistake that explains the numbers.
# `lesson.progress()` at the end of a section lists your points so far.
#
# Each function is judged by itself. While `bottleneck` is tested, stand-ins
# take the place of your `conv2d` and `batch_norm`, so that a mistake there does
# not cost you points here, too.
#
# Begin with this cell, which loads what you need. It takes some seconds:

# %%
import os

# Set before TensorFlow is imported: keeps its log lines off the page
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from tensors_utils import (
    create_var, epochs, glorot_uniform, load_hands, show_shapes, store,
    variable_scope)

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

import grader

lesson = grader.lesson("03_resnet_from_tensors")
np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## 1 Tensors, variables and their names
#
# A layer takes a **tensor** and gives a tensor. What it has learned lies in
# **variables**: arrays that stay when the function returns. A function that
# made new ones at each call would forget everything from one training step to
# the next. So they are kept in one place, under a name.
#
# That place is the **store** in `tensors_utils.py`, beside this notebook. It
# is some sixty lines long; do read it. Two functions are all that you need:
#
# - `create_var(name, shape, initializer, trainable=True)` makes a variable. If
#   one of that name is there already, it returns that one.
# - `with variable_scope(name):` puts `name/` before the names of all variables
#   that are made within it. Scopes can be nested.

# %%
with variable_scope("block2"):
    with variable_scope("conv_1"):
        kernel = create_var(
            "kernel", [1, 1, 64, 64], glorot_uniform(seed=0))
with variable_scope("conv1"):
    other = create_var("kernel", [7, 7, 3, 64], "zeros")
store.show()

# %% [markdown]
# Two variables are called `kernel`, and their paths tell them apart. In
# figure 1 the paths of a whole network form a tree.
#
# ![Tree of scopes: resnet50 at the left branches into conv1 with its kernel, bn1 with beta, gamma, moving_mean and moving_variance, block2 which branches into bottleneck1 to bottleneck3, each with conv_1, bn_1 and so on, and fc6 with weight and bias.](figures/scopes.svg)
#
# *Figure 1: scopes and variables; a path is read from left to right.*
#
# Ask for the same path again, and you get the same variable, not another one
# that looks alike:

# %%
with variable_scope("conv1"):
    again = create_var("kernel", [7, 7, 3, 64], "ones")
print("the same variable:", again is other)
print("its first number:", again.numpy()[0, 0, 0, 0])

# %% [markdown]
# It is still zero: the initializer counts at the first time only. This is what
# lets you call a network again and again while it is trained. It is
# also a trap: two layers that are given *one* scope share their weights, and
# if their shapes differ, the store refuses.
#
# TensorFlow 1 had this built in (`tf.get_variable`, `tf.variable_scope`), and
# a program first drew up a graph, then ran it in a session. Today's TensorFlow
# computes at once (*eagerly*), which makes all of this plain Python.
#
# The store can be set by path, too. The tests do just that: they give
# `conv1/kernel` and all others values that nobody knows beforehand. So take
# each variable from `create_var`. A Keras layer inside of your function would
# compute the same, but its variables would not be in the store.

# %%
store.assign({"conv1/kernel": np.full([7, 7, 3, 64], 0.5)})
print("its first number:", other.numpy()[0, 0, 0, 0])
store.clear()

# %% [markdown]
# ## 2 The layers
#
# ### 2.1 The convolution
#
# A window of `kernel_size` × `kernel_size` pixels moves over the image,
# `stride` pixels at a time. What happens at the edge is a matter of
# **padding**:
#
# - **'VALID'** takes only windows that lie inside. The output shrinks.
# - **'SAME'** pads with zeros so that the output has ceil(size / stride) rows
#   and columns. With stride 1, these are as many as the input has.
#
# ![Two rows of six pixels with windows of three and stride two. Above, VALID: two windows fit, the last pixel is not seen. Below, SAME: one zero is added at the right end, and three windows fit.](figures/padding.svg)
#
# *Figure 2: six pixels, windows of 3, stride 2. 'SAME' pads only as much as it
# needs, and puts an odd pixel at the end.*
#
# To the pixel: with n pixels, a window of k and stride s there are
# ceil(n / s) windows. They reach over (ceil(n / s) − 1) · s + k pixels. What
# is missing to that, if anything, is padded, half before and half after, the odd
# one after. PyTorch pads alike on both sides, which gives other numbers where
# that is odd, as with 224 pixels, windows of 7 and stride 2: weights cannot be carried over without minding it.

# %% [markdown]
# **Specification of conv2d**
#
# - Within `variable_scope(scope)`, one variable: `"kernel"` of shape
#   [kernel_size, kernel_size, num_inputs, num_outputs]. It starts from
#   `glorot_uniform(seed=0)`.
# - The result is the convolution of `x` with the kernel.
# - Its stride is `stride`, for rows and columns alike.
# - Its padding is `"SAME"`.
# - No bias (batch normalisation would take it away again), no activation.

# %% [markdown]
# **Before you start**
#
# - `tf.nn.conv2d(x, kernel, strides=..., padding=...)` does the work. In older
#   texts the strides are a list, [1, stride, stride, 1]: one for each axis of
#   `x`. A number will do.
# - The last axis of `x` are the channels: `x.shape[-1]`.
# - `glorot_uniform` is the course's, and gives the same numbers on every
#   computer. (The published class draws without a seed.)
#
# TensorFlow's documentation:
# [tf.nn.conv2d](https://www.tensorflow.org/api_docs/python/tf/nn/conv2d)

# %% nbgrader={"grade": false, "grade_id": "conv2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: conv2d

def conv2d(x, num_outputs, kernel_size, stride=1, scope="conv2d"):
    """A convolution with 'SAME' padding and no bias.

    Arguments:
        x: tensor of shape (m, height, width, num_inputs)
        num_outputs: integer, number of filters
        kernel_size: integer, height and width of the window
        stride: integer
        scope: name of the scope of its variable

    Returns:
        tensor of shape (m, height / stride, width / stride, num_outputs),
        sizes rounded up
    """
    num_inputs = x.shape[-1]

    # The kernel (3 lines), the convolution (1)
    ### BEGIN SOLUTION
    with variable_scope(scope):
        shape = [kernel_size, kernel_size, num_inputs, num_outputs]
        kernel = create_var("kernel", shape, glorot_uniform(seed=0))
    return tf.nn.conv2d(x, kernel, strides=stride, padding="SAME")
    ### END SOLUTION

# %% [markdown]
# Try it on two random "images" of 5×5 pixels and 3 channels. With stride 2,
# five pixels become ceil(5 / 2) = 3.

# %% tags=["raises-exception"]
store.clear()
x = np.random.RandomState(1).randn(2, 5, 5, 3).astype("float32")
y = conv2d(x, 4, 3, stride=2, scope="conv1")
print("shape =", y.shape)
print("out =", y.numpy()[1, 1, 1])
store.show()

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | shape | `(2, 3, 3, 4)` |
# | out | `[ 1.2001 -0.2659 -1.3925  0.7205]` |
# | variables | `conv1/kernel (3, 3, 3, 4)` |
#
# Now the tests. They also call your function with other numbers than these.

# %% nbgrader={"grade": true, "grade_id": "conv2d-variables", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The variable: its name, scope, shape and initial values
lesson.check("conv2d-variables", conv2d)

# %% nbgrader={"grade": true, "grade_id": "conv2d-values", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: windows, strides and padding
lesson.check("conv2d-values", conv2d)

# %% [markdown]
# ### 2.2 Batch normalisation
#
# Batch normalisation brings each channel to mean 0 and variance 1, then scales
# it by gamma and shifts it by beta, which are learned:
#
# y = gamma · (x − mean) / √(variance + epsilon) + beta
#
# Where do mean and variance come from? In **training** from the batch at
# hand: over all images, rows and columns, one pair of numbers a channel. In
# **inference** (when the network is used) there may be one image only, and
# its answer should not depend on its neighbours. So the layer keeps **moving
# averages** of both while it is trained, and uses those:
#
# average ← decay · average + (1 − decay) · value of the batch
#
# With decay 0.999 one batch changes them by a thousandth of the difference.
# They start at 0 and 1, and after t batches the share 0.999<sup>t</sup> of that
# made-up start is still in there.

# %% tags=["skip-execution"]
rng = np.random.default_rng(0)
means = 2 + 0.5 * rng.standard_normal(1500)  # of 1,500 batches


def moving_average(values, decay, zero_debias):
    """All values of a moving average that starts at 0."""
    average, found = 0.0, []
    for t, value in enumerate(values, start=1):
        average = decay * average + (1 - decay) * value
        found.append(average / (1 - decay**t) if zero_debias else average)
    return found


plt.figure(figsize=(7, 3.5))
for decay, zero_debias in [(0.999, False), (0.999, True), (0.99, False)]:
    label = f"decay {decay}" + (", zero-debias" if zero_debias else "")
    plt.plot(moving_average(means, decay, zero_debias), label=label)
plt.axhline(2, color="gray", lw=0.8)
plt.xlabel("batches")
plt.ylabel("moving average")
plt.title("Figure 3: moving averages of a mean that is 2")
plt.legend()
plt.show()

# %% [markdown]
# In figure 3, the average with decay 0.999 has after 1,500 batches reached
# some four fifths of where it belongs (1 − 0.999<sup>1500</sup> ≈ 0.78).
# **Zero-debias** divides by 1 − decay<sup>t</sup>, the share that has arrived,
# and so is right from the first batch on.
#
# *How the published class differs.* It updates its averages by
# `assign_moving_average`, a function of TensorFlow 1 whose argument
# `zero_debias` is True unless one says otherwise: there, the first batch
# replaces the made-up start. (It keeps two more variables for each average to
# do so.) Keras and most other libraries do without, and so do we: the formula
# above is all. Also, the class only notes the updates in a list,
# `UPDATE_OPS`; a training loop that forgets to run them never moves the
# averages. In today's TensorFlow an `assign` happens at once.

# %% [markdown]
# **Specification of batch_norm**
#
# - Within `variable_scope(scope)`, four variables of shape [num_inputs]:
#   `"beta"`, which starts from `"zeros"`; `"gamma"`, from `"ones"`;
#   `"moving_mean"`, from `"zeros"`; `"moving_variance"`, from `"ones"`. The last
#   two are not trainable.
# - Where `is_training` is True, mean and variance are those of `x` over all
#   axes but the last. The variance is that of the **population**: the
#   squares are divided by n, not by n − 1.
# - Then, too, `moving_mean` becomes decay · `moving_mean` + (1 − decay) · mean,
#   and `moving_variance` likewise, without zero-debias.
# - Where `is_training` is False, mean and variance are `moving_mean` and
#   `moving_variance`, and nothing is updated.
# - The result is gamma · (x − mean) / √(variance + epsilon) + beta.

# %% [markdown]
# **Before you start**
#
# - `tf.nn.moments(x, axes)` gives mean and population variance.
#   `tf.nn.batch_normalization(x, mean, variance, offset, scale,
#   variance_epsilon)` is the formula. Mind the order: the offset is beta, the
#   scale is gamma.
# - A variable is changed by `variable.assign(value)`. The line
#   `moving_mean = ...` would only give its name to another tensor.
# - Fused batch normalisation, which is faster, divides by n − 1 when it
#   updates the moving variance. The specification divides by n.
# - `x` may have two axes (m, channels) as well as four.
#
# TensorFlow's documentation:
# [tf.nn.moments](https://www.tensorflow.org/api_docs/python/tf/nn/moments),
# [tf.nn.batch_normalization](https://www.tensorflow.org/api_docs/python/tf/nn/batch_normalization)

# %% nbgrader={"grade": false, "grade_id": "batch_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: batch_norm

def batch_norm(x, decay=0.999, epsilon=1e-3, is_training=True,
               scope="batch_norm"):
    """Batch normalisation of the channels, with moving averages.

    Arguments:
        x: tensor of shape (m, height, width, num_inputs) or (m, num_inputs)
        decay: number, share of a moving average that an update keeps
        epsilon: number, added to the variance
        is_training: whether mean and variance are those of the batch
        scope: name of the scope of its variables

    Returns:
        tensor of the shape of x
    """
    num_inputs = x.shape[-1]
    axes = list(range(len(x.shape) - 1))  # all but the channels

    # The variables (5 statements), training (3), inference (1), formula (1)
    ### BEGIN SOLUTION
    with variable_scope(scope):
        beta = create_var("beta", [num_inputs], "zeros")
        gamma = create_var("gamma", [num_inputs], "ones")
        moving_mean = create_var(
            "moving_mean", [num_inputs], "zeros", trainable=False)
        moving_variance = create_var(
            "moving_variance", [num_inputs], "ones", trainable=False)

    if is_training:
        mean, variance = tf.nn.moments(x, axes)
        moving_mean.assign(decay * moving_mean + (1 - decay) * mean)
        moving_variance.assign(
            decay * moving_variance + (1 - decay) * variance)
    else:
        mean, variance = moving_mean, moving_variance

    return tf.nn.batch_normalization(
        x, mean, variance, beta, gamma, epsilon)
    ### END SOLUTION

# %% [markdown]
# Try it in training, then in inference. With decay 0.9 a tenth of the batch's
# statistics arrives at once.

# %% tags=["raises-exception"]
store.clear()
x = np.random.RandomState(1).randn(3, 4, 4, 3).astype("float32")
y = batch_norm(x, decay=0.9, scope="bn1")
print("training:", y.numpy()[1, 1, 0])
print("moving_mean:", store.variables["bn1/moving_mean"].numpy())
print("moving_variance:", store.variables["bn1/moving_variance"].numpy())
y = batch_norm(x, decay=0.9, is_training=False, scope="bn1")
print("inference:", y.numpy()[1, 1, 0])

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | training | `[-0.8262  1.4228  0.5089]` |
# | moving_mean | `[-0.0001  0.0155  0.0013]` |
# | moving_variance | `[0.983  0.9594 0.9965]` |
# | inference | `[-0.7604  1.2626  0.5123]` |

# %% [markdown]
# Now the tests: variables first, then what is computed, and what is kept.

# %% nbgrader={"grade": true, "grade_id": "batch_norm-variables", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The four variables: names, scope, shapes, initial values, trainability
lesson.check("batch_norm-variables", batch_norm)

# %% nbgrader={"grade": true, "grade_id": "batch_norm-training", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values in training: mean and variance of the batch
lesson.check("batch_norm-training", batch_norm)

# %% nbgrader={"grade": true, "grade_id": "batch_norm-moving", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The moving averages after a call in training
lesson.check("batch_norm-moving", batch_norm)

# %% nbgrader={"grade": true, "grade_id": "batch_norm-inference", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values in inference: moving averages, which stay as they are
lesson.check("batch_norm-inference", batch_norm)

# %% [markdown]
# ### 2.3 Pooling
#
# Pooling takes one number from each window: the largest (max pooling) or the
# mean (average pooling). There is nothing to learn in it, and so no variable.
# It has a scope all the same, as in the published class, where it named the
# operation in drawings of the graph.
#
# **Specification of avg_pool**
#
# - The result is the mean of each window of `pool_size` × `pool_size` pixels.
# - The stride is `pool_size`, so that windows do not overlap.
# - The padding is `"VALID"`: pixels that fill no whole window are left out.

# %% [markdown]
# `tf.nn.avg_pool2d(x, ksize, strides, padding)` does the work.
#
# TensorFlow's documentation:
# [tf.nn.avg_pool2d](https://www.tensorflow.org/api_docs/python/tf/nn/avg_pool2d),
# [tf.nn.max_pool2d](https://www.tensorflow.org/api_docs/python/tf/nn/max_pool2d)

# %% nbgrader={"grade": false, "grade_id": "avg_pool", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: avg_pool

def avg_pool(x, pool_size, scope):
    """Average pooling over windows that do not overlap, 'VALID'.

    Arguments:
        x: tensor of shape (m, height, width, channels)
        pool_size: integer, height, width and stride of the window
        scope: name of the scope

    Returns:
        tensor of shape (m, height / pool_size, width / pool_size,
        channels), sizes rounded down
    """
    # 1 or 2 lines
    ### BEGIN SOLUTION
    with variable_scope(scope):
        return tf.nn.avg_pool2d(x, pool_size, pool_size, padding="VALID")
    ### END SOLUTION

# %% [markdown]
# With a window of 7, seven by seven pixels become one. That is how ResNet-50
# ends: of each channel only its mean is left.

# %% tags=["raises-exception"]
x = np.random.RandomState(1).randn(2, 7, 7, 3).astype("float32")
y = avg_pool(x, 7, scope="avgpool5")
print("shape =", y.shape)
print("out =", y.numpy()[1, 0, 0])

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | shape | `(2, 1, 1, 3)` |
# | out | `[0.0126 0.0477 0.2073]` |

# %% nbgrader={"grade": true, "grade_id": "avg_pool-values", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: windows, stride, padding
lesson.check("avg_pool-values", avg_pool)

# %% [markdown]
# **Specification of max_pool**
#
# - The result is the largest value of each window of `pool_size` × `pool_size`
#   pixels.
# - The stride is `stride`; windows may overlap.
# - The padding is `"SAME"`. In max pooling no padded pixel ever wins, even
#   where all values are negative: it is as if −∞ stood there, not 0.

# %% nbgrader={"grade": false, "grade_id": "max_pool", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: max_pool

def max_pool(x, pool_size, stride, scope):
    """Max pooling with 'SAME' padding.

    Arguments:
        x: tensor of shape (m, height, width, channels)
        pool_size: integer, height and width of the window
        stride: integer
        scope: name of the scope

    Returns:
        tensor of shape (m, height / stride, width / stride, channels),
        sizes rounded up
    """
    # 1 or 2 lines
    ### BEGIN SOLUTION
    with variable_scope(scope):
        return tf.nn.max_pool2d(x, pool_size, stride, padding="SAME")
    ### END SOLUTION

# %% [markdown]
# Windows of 3 with stride 2, as at the beginning of ResNet-50, halve rows and
# columns:

# %% tags=["raises-exception"]
x = np.random.RandomState(1).randn(2, 6, 6, 3).astype("float32")
y = max_pool(x, 3, 2, scope="maxpool1")
print("shape =", y.shape)
print("out =", y.numpy()[1, 2, 2])

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | shape | `(2, 3, 3, 3)` |
# | out | `[1.9047 1.1111 1.1144]` |

# %% nbgrader={"grade": true, "grade_id": "max_pool-values", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: windows, strides, padding
lesson.check("max_pool-values", max_pool)

# %% [markdown]
# ### 2.4 The fully connected layer
#
# At the end of the network each image is a row of 2,048 numbers. One matrix
# and one bias make a number for each class of them: the **logits**.
#
# **Specification of fc**
#
# - Within `variable_scope(scope)`, two variables: `"weight"` of shape
#   [num_inputs, num_outputs], which starts from `glorot_uniform(seed=0)`, and
#   `"bias"` of shape [num_outputs], which starts from `"zeros"`.
# - The result is `x` times the weight, plus the bias.
# - No activation: probabilities are made of the logits later.

# %% nbgrader={"grade": false, "grade_id": "fc", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: fc

def fc(x, num_outputs, scope="fc"):
    """A fully connected layer.

    Arguments:
        x: tensor of shape (m, num_inputs)
        num_outputs: integer
        scope: name of the scope of its variables

    Returns:
        tensor of shape (m, num_outputs)
    """
    num_inputs = x.shape[-1]

    # The variables (3 lines), the result (1)
    ### BEGIN SOLUTION
    with variable_scope(scope):
        weight = create_var(
            "weight", [num_inputs, num_outputs], glorot_uniform(seed=0))
        bias = create_var("bias", [num_outputs], "zeros")
    return tf.matmul(x, weight) + bias
    ### END SOLUTION

# %% [markdown]
# Try it on three rows of six numbers:

# %% tags=["raises-exception"]
store.clear()
x = np.random.RandomState(1).randn(3, 6).astype("float32")
y = fc(x, 4, scope="fc6")
print("out =", y.numpy()[1])
store.show()

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | out | `[ 2.091  -0.1238  2.0683 -1.3767]` |
# | variables | `fc6/weight (6, 4)`, `fc6/bias (4,)` |

# %% nbgrader={"grade": true, "grade_id": "fc-variables", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The variables: names, scope, shapes, initial values
lesson.check("fc-variables", fc)

# %% nbgrader={"grade": true, "grade_id": "fc-values", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: the matrix product and the bias
lesson.check("fc-values", fc)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ## 3 The network
#
# ### 3.1 The bottleneck
#
# You know the bottleneck from lesson 1, where it came as two functions. Here
# it is one, which finds out by itself what its shortcut has to do: where
# input and output have the same number of channels, the shortcut is the input
# as it is; where not, it is a **projection**, a 1×1 convolution.
#
# ![Diagram: x passes conv_1 (1×1, h_out channels, the given stride), bn_1, ReLU, conv_2 (3×3, h_out channels), bn_2, ReLU, conv_3 (1×1, n_out channels) and bn_3. The shortcut above passes conv_4 (1×1, n_out channels, the given stride) and bn_4 where the channels change. Both are added, and a ReLU follows.](figures/bottleneck.svg)
#
# *Figure 4: the bottleneck. The layers on the shortcut are there only where
# the number of channels changes.*
#
# The stride has a rule, too. A bottleneck that changes the number of channels
# usually halves height and width at the same time. So where nothing is said
# (`stride=None`), the stride is 1 if the channels agree, else 2. Only the
# first bottleneck of the network is told otherwise: it widens 64 channels to 256
# and keeps its 56×56 pixels.

# %% [markdown]
# **Specification of the bottleneck**
#
# All of this within `variable_scope(scope)`. `is_training` is passed on to each
# `batch_norm`.
#
# - The stride: `stride` where it is given; otherwise 1 where `x` has `n_out`
#   channels, else 2 (given).
# - `conv2d` with `h_out` outputs, kernel size 1 and the stride, scope
#   `"conv_1"`; `batch_norm`, scope `"bn_1"`; ReLU.
# - `conv2d` with `h_out` outputs, kernel size 3 and stride 1, scope
#   `"conv_2"`; `batch_norm`, scope `"bn_2"`; ReLU.
# - `conv2d` with `n_out` outputs, kernel size 1 and stride 1, scope
#   `"conv_3"`; `batch_norm`, scope `"bn_3"`; no ReLU.
# - The shortcut: `x` where it has `n_out` channels. Otherwise `conv2d` of `x`
#   with `n_out` outputs, kernel size 1 and the stride, scope `"conv_4"`;
#   `batch_norm`, scope `"bn_4"`; no ReLU.
# - The result is the ReLU of the sum of main path and shortcut.

# %% [markdown]
# **Before you start**
#
# - `tf.nn.relu` works on these tensors: they hold numbers. (In lesson 1 they
#   were symbolic, and it did not.)
# - The shortcut starts from `x`. Give the main path another name, such as `h`,
#   so that `x` is still there when you need it.
# - `decay` and `epsilon` of `batch_norm` keep their defaults.
# - Forget `is_training` at one `batch_norm`, and nothing seems wrong until the
#   network is used.

# %% nbgrader={"grade": false, "grade_id": "bottleneck", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: bottleneck

def bottleneck(x, h_out, n_out, stride=None, is_training=True,
               scope="bottleneck"):
    """The bottleneck of figure 4.

    Arguments:
        x: tensor of shape (m, height, width, n_in)
        h_out: integer, channels of the first two convolutions
        n_out: integer, channels of the output
        stride: integer; None for 1 where n_in is n_out, else 2
        is_training: passed on to each batch_norm
        scope: name of the scope of its layers

    Returns:
        tensor of shape (m, height / stride, width / stride, n_out), sizes
        rounded up
    """
    n_in = x.shape[-1]
    if stride is None:
        stride = 1 if n_in == n_out else 2

    # Main path (8 lines), shortcut (5), sum and ReLU (1)
    ### BEGIN SOLUTION
    with variable_scope(scope):
        h = conv2d(x, h_out, 1, stride=stride, scope="conv_1")
        h = batch_norm(h, is_training=is_training, scope="bn_1")
        h = tf.nn.relu(h)

        h = conv2d(h, h_out, 3, stride=1, scope="conv_2")
        h = batch_norm(h, is_training=is_training, scope="bn_2")
        h = tf.nn.relu(h)

        h = conv2d(h, n_out, 1, stride=1, scope="conv_3")
        h = batch_norm(h, is_training=is_training, scope="bn_3")

        shortcut = x
        if n_in != n_out:
            shortcut = conv2d(x, n_out, 1, stride=stride, scope="conv_4")
            shortcut = batch_norm(
                shortcut, is_training=is_training, scope="bn_4")

    return tf.nn.relu(h + shortcut)
    ### END SOLUTION

# %% [markdown]
# Try it: 8 channels become 16, so there is a projection, and the stride is 2.

# %% tags=["raises-exception"]
store.clear()
x = np.random.RandomState(1).randn(2, 4, 4, 8).astype("float32")
y = bottleneck(x, 4, 16, scope="bottleneck1")
print("shape =", y.shape)
print("out =", y.numpy()[1, 1, 1, :6])
print("variables:", len(store.variables))

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | shape | `(2, 2, 2, 16)` |
# | out | `[1.186  2.2109 2.6262 0.8548 0.     0.662 ]` |
# | variables | 20: four kernels, and four for each batch normalisation |
#
# Now the tests. They look at what you call, at what each call is given, and
# at the sum. (A bottleneck that is written out, without these calls, is judged
# by its numbers.)

# %% nbgrader={"grade": true, "grade_id": "bottleneck-calls", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The calls of conv2d and batch_norm: arguments and scopes
lesson.check("bottleneck-calls", bottleneck)

# %% nbgrader={"grade": true, "grade_id": "bottleneck-wiring", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: what each layer is given, the ReLUs, the sum
lesson.check("bottleneck-wiring", bottleneck)

# %% [markdown]
# ### 3.2 The block
#
# A block is a stage of the network: `n` bottlenecks in a row. Only the first
# may change the shape.
#
# **Specification of the block**
#
# All of this within `variable_scope(scope)`. `is_training` is passed on to each
# bottleneck, and `h_out` is a quarter of `n_out` (given).
#
# - A `bottleneck` of `x` with `h_out`, `n_out` and stride `init_stride`, scope
#   `"bottleneck1"`.
# - n − 1 further bottlenecks, each of the result of the one before, with
#   `h_out`, `n_out` and stride 1; their scopes are `"bottleneck2"`,
#   `"bottleneck3"`, ...
# - The result is that of the last one.
#
# *A note on names.* The published class spells its scopes "bottlencek1" and so
# on. We write bottleneck: whoever has weights of that class has to rename
# them.

# %% nbgrader={"grade": false, "grade_id": "block", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: block

def block(x, n_out, n, init_stride=2, is_training=True, scope="block"):
    """Several bottlenecks, one after the other.

    Arguments:
        x: tensor of shape (m, height, width, channels)
        n_out: integer, channels of the output
        n: integer, number of bottlenecks
        init_stride: integer, stride of the first one
        is_training: passed on to each bottleneck
        scope: name of the scope of the bottlenecks

    Returns:
        tensor of shape (m, height / init_stride, width / init_stride,
        n_out), sizes rounded up
    """
    h_out = n_out // 4

    # The first bottleneck (1 statement), the others (2), the result (1)
    ### BEGIN SOLUTION
    with variable_scope(scope):
        out = bottleneck(x, h_out, n_out, stride=init_stride,
                         is_training=is_training, scope="bottleneck1")
        for i in range(2, n + 1):
            out = bottleneck(out, h_out, n_out, is_training=is_training,
                             scope=f"bottleneck{i}")
    return out
    ### END SOLUTION

# %% [markdown]
# Try it with three bottlenecks; the first one halves six pixels to three:

# %% tags=["raises-exception"]
store.clear()
x = np.random.RandomState(1).randn(2, 6, 6, 8).astype("float32")
y = block(x, 16, 3, scope="block3")
print("shape =", y.shape)
print("out =", y.numpy()[0, 0, 1, :6])
print("variables:", len(store.variables))

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | shape | `(2, 3, 3, 16)` |
# | out | `[0.0336 0.6314 0.     0.5019 3.4305 0.    ]` |
# | variables | 50: the first bottleneck has 20, the others 15 each |

# %% nbgrader={"grade": true, "grade_id": "block-calls", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The calls of bottleneck: how many, arguments and scopes
lesson.check("block-calls", block)

# %% nbgrader={"grade": true, "grade_id": "block-wiring", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: what each bottleneck is given, what is returned
lesson.check("block-wiring", block)

# %% [markdown]
# ### 3.3 ResNet-50
#
# Now the whole, as in the paper's table 1. After each step the image is
# smaller and has more channels:
#
# ![Diagram of ResNet-50 from left to right with the shape after each step: input 224×224×3, conv1 with bn1 and ReLU to 112×112×64, maxpool1 to 56×56×64, block2 to 56×56×256, block3 to 28×28×512, block4 to 14×14×1024, block5 to 7×7×2048, avgpool5 to 1×1×2048, fc6 and softmax to 1000 numbers.](figures/resnet50.svg)
#
# *Figure 5: ResNet-50, and the shape of an image after each step.*
#
# **Specification of ResNet50**
#
# All of this within `variable_scope(scope)`. `is_training` is passed on to
# `batch_norm` and to each `block`.
#
# | step | what | scope | shape after it |
# | --- | --- | --- | --- |
# | 1 | `conv2d`, 64 outputs, kernel size 7, stride 2 (given) | `"conv1"` | 112×112×64 |
# | 2 | `batch_norm`, then ReLU (given) | `"bn1"` | 112×112×64 |
# | 3 | `max_pool` over 3, stride 2 | `"maxpool1"` | 56×56×64 |
# | 4 | `block`, 256 channels, 3 bottlenecks, `init_stride` 1 | `"block2"` | 56×56×256 |
# | 5 | `block`, 512 channels, 4 bottlenecks | `"block3"` | 28×28×512 |
# | 6 | `block`, 1024 channels, 6 bottlenecks | `"block4"` | 14×14×1024 |
# | 7 | `block`, 2048 channels, 3 bottlenecks | `"block5"` | 7×7×2048 |
# | 8 | `avg_pool` over 7 | `"avgpool5"` | 1×1×2048 |
# | 9 | the two axes of size 1 are squeezed away | | 2048 |
# | 10 | `fc` with `num_classes` outputs: the **logits** | `"fc6"` | 1000 |
# | 11 | softmax of the logits: the **predictions** | | 1000 |
#
# - The function returns two tensors, `logits, predictions`.
#
# The published class keeps the two as attributes of an object; here a
# function returns both. Training wants the logits (the cross-entropy of logits
# is exact where that of probabilities rounds), a reader the predictions.

# %% [markdown]
# **Before you start**
#
# - `tf.squeeze(net, [1, 2])` takes those two axes away, and no others. Without
#   the list it would also take away the batch axis of a single image.
# - Without step 9, `fc` gets four axes. Its matrix product may still work,
#   and the logits then have the wrong shape.
# - The first block keeps its size: `init_stride=1`.

# %% nbgrader={"grade": false, "grade_id": "ResNet50", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: ResNet50

def ResNet50(inputs, num_classes=1000, is_training=True, scope="resnet50"):
    """The network of figure 5.

    Arguments:
        inputs: tensor of shape (m, 224, 224, 3)
        num_classes: integer
        is_training: passed on to batch_norm and to each block
        scope: name of the scope of all layers

    Returns:
        logits and predictions, tensors of shape (m, num_classes)
    """
    with variable_scope(scope):
        net = conv2d(inputs, 64, 7, stride=2, scope="conv1")
        net = batch_norm(net, is_training=is_training, scope="bn1")
        net = tf.nn.relu(net)

        # Now you: steps 3 to 11
        ### BEGIN SOLUTION
        net = max_pool(net, 3, 2, scope="maxpool1")
        net = block(net, 256, 3, init_stride=1, is_training=is_training,
                    scope="block2")
        net = block(net, 512, 4, is_training=is_training, scope="block3")
        net = block(net, 1024, 6, is_training=is_training, scope="block4")
        net = block(net, 2048, 3, is_training=is_training, scope="block5")
        net = avg_pool(net, 7, scope="avgpool5")
        net = tf.squeeze(net, [1, 2])
        logits = fc(net, num_classes, scope="fc6")
        predictions = tf.nn.softmax(logits)
        ### END SOLUTION

    return logits, predictions

# %% [markdown]
# Now the tests. They run your function on images of 224×224 pixels, with
# stand-ins for everything that it calls.

# %% nbgrader={"grade": true, "grade_id": "ResNet50-plan", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The plan: which functions you call, with which arguments and scopes
lesson.check("ResNet50-plan", ResNet50)

# %% nbgrader={"grade": true, "grade_id": "ResNet50-outputs", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# What each is given; logits and predictions
lesson.check("ResNet50-outputs", ResNet50)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# Run the real network on a random image. `show_shapes` prints a line for each
# function that it calls. The first run takes some seconds: it fills the store.

# %% tags=["raises-exception"]
store.clear()
image = np.random.RandomState(1).randn(1, 224, 224, 3).astype("float32")
logits, predictions = show_shapes(
    ResNet50, image, "conv2d", "max_pool", "block", "avg_pool", "fc")
print("sum of the predictions:", round(float(sum(predictions[0])), 3))

# %% [markdown]
# **Expected output**
#
# | function | shape |
# | --- | --- |
# | conv2d | `(1, 112, 112, 64)` |
# | max_pool | `(1, 56, 56, 64)` |
# | block | `(1, 56, 56, 256)` |
# | block | `(1, 28, 28, 512)` |
# | block | `(1, 14, 14, 1024)` |
# | block | `(1, 7, 7, 2048)` |
# | avg_pool | `(1, 1, 1, 2048)` |
# | fc | `(1, 1000)` |
# | sum of the predictions | 1.0 |
#
# The store now holds all variables of a ResNet-50. Count their numbers:

# %% tags=["raises-exception"]
sizes = {path: int(tf.size(v)) for path, v in store.variables.items()}
kept = sum(n for path, n in sizes.items() if "/moving_" in path)
print(f"variables: {len(sizes)}")
print(f"parameters: {sum(sizes.values()):,}, not trained: {kept:,}")

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | variables | 267 |
# | parameters | 25,610,152, not trained: 53,120 |
#
# Keras's own ResNet50 has 25,636,712. The difference, 26,560, is one bias for
# each filter of its 53 convolutions: there every convolution has one, and batch
# normalisation takes it away again.

# %% [markdown]
# ## 4 Training, and what inference sees
#
# A network is trained by the same few lines, whatever it is made of: compute
# the loss, ask for its gradient, change the variables. Here is a small
# residual network of your functions for the course's hands, shrunk to 32×32
# pixels. Where `is_training` is True it learns; where not, it answers.

# %% tags=["raises-exception"]
def small_resnet(images, is_training):
    """Three blocks of two bottlenecks: logits of shape (m, 6)."""
    with variable_scope("small"):
        net = conv2d(images, 16, 3, scope="conv1")
        net = batch_norm(net, is_training=is_training, scope="bn1")
        net = tf.nn.relu(net)
        net = block(net, 32, 2, is_training=is_training, scope="block2")
        net = block(net, 64, 2, is_training=is_training, scope="block3")
        net = block(net, 128, 2, is_training=is_training, scope="block4")
        net = avg_pool(net, 4, scope="avgpool5")
        return fc(tf.squeeze(net, [1, 2]), 6, scope="fc6")

# %% [markdown]
# One step of training is gradient descent with momentum: each variable has a
# velocity, which the gradients add up in. `tf.function` makes a graph of the
# step at its first call, which is then run at each further one: TensorFlow 1's
# idea, where it helps.

# %%
@tf.function
def train_step(images, labels, velocities, rate=0.02, momentum=0.9):
    """Changes the variables once; returns the loss."""
    with tf.GradientTape() as tape:
        logits = small_resnet(images, is_training=True)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels, logits)
        loss = tf.reduce_mean(losses)
    variables = store.trainable()
    gradients = tape.gradient(loss, variables)
    changes = zip(variables, velocities, gradients, strict=True)
    for variable, v, g in changes:
        v.assign(momentum * v + g)
        variable.assign_sub(rate * v)
    return loss

# %% [markdown]
# Ten epochs of 33 steps with 32 images each (29 steps with photographs) take a
# minute or less. The line printed first says which images they are.

# %% tags=["raises-exception", "skip-execution"]
X_train, Y_train, X_test, Y_test = load_hands(size=32)

store.clear()
small_resnet(X_train[:2], is_training=False)  # makes the variables
velocities = [tf.Variable(tf.zeros_like(v)) for v in store.trainable()]
rng = np.random.default_rng(0)
curve = []
for epoch in range(epochs(10)):  # 1 where RESNET_COURSE_QUICK=1 is set
    order = rng.permutation(len(X_train))
    batches = [order[i:i + 32] for i in range(0, len(order) - 31, 32)]
    losses = [float(train_step(X_train[rows], Y_train[rows], velocities))
              for rows in batches]
    curve.append(np.mean(losses))
    print(f"epoch {epoch + 1} of 10: loss {curve[-1]:.2f}")
steps = len(curve) * len(batches)

# %% [markdown]
# **Expected output**, for drawn hands: the loss falls from about 2 in the first
# epoch to below 1.2 in the tenth. (To know nothing costs ln 6 ≈ 1.79.)

# %% tags=["raises-exception", "skip-execution"]
plt.figure(figsize=(6, 3))
plt.plot(range(1, len(curve) + 1), curve, "o-")
plt.axhline(np.log(6), color="gray", lw=0.8)
plt.xlabel("epoch")
plt.ylabel("loss")
plt.title("Figure 6: loss in training; the line is ln 6")
plt.show()

# %% [markdown]
# It has learned something. Now use it: how many of the test images does it
# get right, and how often does it give each answer?

# %% tags=["raises-exception", "skip-execution"]
def report(is_training):
    logits = small_resnet(X_test, is_training)
    answers = np.argmax(logits, axis=1)
    print("accuracy:", round(float(np.mean(answers == Y_test)), 3))
    print("answers 0 to 5:", np.bincount(answers, minlength=6))


report(is_training=False)

# %% [markdown]
# **Expected output**, for drawn hands: an accuracy between 0.1 and 0.3 (1/6 ≈ 0.17 is that of a
# die), and some answers that hardly ever come.
#
# Is the network so bad? Let it answer with the statistics of the batch. (This
# call also updates the moving averages, which does no harm here.)

# %% tags=["raises-exception", "skip-execution"]
report(is_training=True)

# %% [markdown]
# **Expected output**: an accuracy between 0.4 and 0.9.
#
# The same weights, the same images. What makes the difference are the moving
# averages: 330 steps at decay 0.999 leave 0.999<sup>330</sup> ≈ 0.72 of the
# made-up start in there, and the rest comes for a good part from batches that
# a worse network saw. Each of the network's batch normalisations adds its
# share of the error.
#
# This can be mended after training, without touching a weight. Set the averages
# back, send the training images through once more in training mode, and take
# away what is left of the start: if an average began at a and has seen t batches,
# (average − decay<sup>t</sup> · a) / (1 − decay<sup>t</sup>) is the average of what
# it has seen. That is zero-debias, done once and by hand.

# %% tags=["raises-exception", "skip-execution"]
starts = {"moving_mean": 0.0, "moving_variance": 1.0}
averages = [(v, starts[path.split("/")[-1]])
            for path, v in store.variables.items() if "moving_" in path]
for variable, start in averages:
    variable.assign(tf.fill(variable.shape, start))

for rows in batches:
    small_resnet(X_train[rows], is_training=True)

left = 0.999 ** len(batches)
for variable, start in averages:
    variable.assign((variable - left * start) / (1 - left))
report(is_training=False)

# %% [markdown]
# **Expected output**: an accuracy between 0.4 and 0.9, near that of the batch's
# own statistics.
#
# The paper's networks were trained for 600,000 steps. There a decay of 0.999
# is long enough, and nobody notices. On a small set it is the first thing to
# look at when a network learns well and answers badly. Remedies are a smaller
# decay (0.9 or 0.99), zero-debias, or averages that are computed once after
# training, as you have just done.

# %% [markdown]
# The end of the lesson. Your points so far, and what is left:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ## What to remember
#
# - A layer is a function of tensors and variables. What is learned lies in
#   the variables, and their paths say which layer they belong to.
# - 'SAME' gives ceil(size / stride) pixels and pads as little as that needs,
#   the odd pixel at the end; 'VALID' pads nothing.
# - Batch normalisation has two ways to work: with the batch's statistics in
#   training, with moving averages in inference. `is_training` has to reach
#   every one of its layers.
# - Moving averages need many steps to forget where they started.
#   Zero-debias takes the start away; most libraries do not do it.
# - Return logits for the loss, and predictions for the reader.

# %% [markdown]
# ## References
#
# - Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun: *Deep Residual Learning
#   for Image Recognition*, 2015,
#   [arXiv:1512.03385](https://arxiv.org/abs/1512.03385). Table 1 has the
#   network, figure 5 the bottleneck, section 3.4 the 600,000 steps.
# - Sergey Ioffe, Christian Szegedy: *Batch Normalization*, 2015,
#   [arXiv:1502.03167](https://arxiv.org/abs/1502.03167). Training in
#   algorithm 1, inference in algorithm 2.
# - Diederik Kingma, Jimmy Ba: *Adam*, 2014,
#   [arXiv:1412.6980](https://arxiv.org/abs/1412.6980). Section 3 is on taking
#   away the start of a moving average.
# - TensorFlow's guide to
#   [variables](https://www.tensorflow.org/guide/variable), and its notes on
#   [migrating from TensorFlow 1](https://www.tensorflow.org/guide/migrate).
