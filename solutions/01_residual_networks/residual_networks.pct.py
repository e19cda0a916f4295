# %% [markdown]
# # Residual networks
#
# Stack more and more layers on a network and, past some depth, it becomes
# worse: not only on new images, but on those it is trained on. Residual
# networks (He et al., 2015) changed that with one addition, literally a
# plus sign. In this lesson you write the two blocks they consist of, stack
# them into a network of 50 layers, and train it to read hand signs.
#
# **You will do**
#
# | function | what it is | points |
# | --- | --- | --- |
# | `identity_block` | three convolutions and a shortcut | 30 |
# | `convolutional_block` | the same, with a convolution on the shortcut | 30 |
# | `ResNet50` | 16 such blocks, a beginning and an end | 40 |
#
# **You will learn** why depth alone does not help, what a shortcut does for
# the gradient, and how to build a network with branches from Keras layers.
#
# **You need** Python functions, and the idea of a convolution and of
# gradient descent. Plan two hours; the computer needs a few minutes of them.

# %% [markdown]
# ## How the exercises work
#
# In each cell that begins with `# GRADED FUNCTION`, some lines are given
# and some are yours: write them at `# YOUR CODE HERE`, and delete the line
# `raise NotImplementedError()` that holds their place. Then run the cell, and
# the ones below it; a cell that needs a function which you have not finished
# says so in a line, and Run All goes on past it.
#
# The tests stand right after each exercise. A test calls your function,
# writes down the layers that it builds, and compares them with the
# specification, sentence by sentence. Where something differs it names the
# layer, what the specification asks, what it found, and where to look. Mend
# it, run your cell again, then the test again. What is wrong is told once: a
# test that only fails for the same reason points there in a line. At the end
# of a section `lesson.progress()` lists your points so far, and what comes
# next. Before you hand the notebook in, restart the kernel and run all cells
# once.
#
# Begin with this cell, which loads what you need. TensorFlow takes some seconds:
# `[*]` beside a cell means that it is at work, a number that it is done.

# %%
import os

# Set before TensorFlow is imported: keeps its log lines off the page
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from resnets_utils import (
    ImageProblem, WeightsProblem, convert_to_one_hot, glorot_uniform,
    load_dataset, load_image, load_weights, predict_image, show_images,
    show_model, show_model_card, show_probabilities, upload_image)

import matplotlib.pyplot as plt
import numpy as np
import keras
import tensorflow as tf
from keras.layers import (
    Activation, Add, AveragePooling2D, BatchNormalization, Conv2D, Dense,
    Flatten, Input, MaxPooling2D, ZeroPadding2D)
from keras.models import Model

import grader

lesson = grader.lesson("01_residual_networks")

# %% [markdown]
# ## 1 The problem of very deep networks
#
# A deep network can express more than a shallow one. Its first layers find
# edges, the next ones corners and textures, later ones fingers and hands.
# So why not always add layers?
#
# One obstacle is the gradient. Training sends it backwards from the loss to
# the first layer, and at each layer on the way it is multiplied by that
# layer's weights, and set to zero wherever that layer's ReLU is closed. Fifty
# factors of 0.7 leave 0.00000002: the gradient **vanishes**, and the early
# layers hardly learn. Fifty factors of 1.4 make 20 million: it **explodes**.
#
# See for yourself. The next cell builds a network of 50 dense layers in
# pairs, with or without a shortcut around each pair, sends 32 random inputs
# through it, and measures the gradient that arrives after each pair.

# %%
def gradient_norms(shortcuts, depth=50, width=64):
    """Norms of the loss's gradient at each pair's output, first to last."""
    rng = np.random.default_rng(0)
    X = tf.constant(rng.normal(size=(32, width)), "float32")
    labels = rng.integers(0, 6, size=32)
    outputs = []
    with tf.GradientTape() as tape:
        tape.watch(X)
        # Another seed for each layer: no two have the same weights
        for seed in range(1, depth, 2):
            X_shortcut = X
            X = Dense(width, kernel_initializer=glorot_uniform(seed))(X)
            X = Activation("relu")(X)
            X = Dense(width, kernel_initializer=glorot_uniform(seed + 1))(X)
            if shortcuts:
                X = Add()([X, X_shortcut])
            X = Activation("relu")(X)
            outputs.append(X)
        scores = Dense(6, kernel_initializer=glorot_uniform(0))(X)
        losses = keras.losses.sparse_categorical_crossentropy(
            labels, scores, from_logits=True)
        loss = tf.reduce_mean(losses)
    return [float(tf.norm(g)) for g in tape.gradient(loss, outputs)]

# %% tags=["skip-execution"]
depths = range(2, 51, 2)
plt.figure(figsize=(7, 3.5))
plt.semilogy(depths, gradient_norms(shortcuts=True), "s-", label="residual")
plt.semilogy(depths, gradient_norms(shortcuts=False), "o-", label="plain")
plt.xlabel("layer, counted from the input")
plt.ylabel("norm of the gradient")
plt.title("Figure 1: the gradient's way back through 50 layers")
plt.grid(alpha=0.3)
plt.legend()
plt.show()

# %% [markdown]
# Read figure 1 from right to left, as the gradient travels, and mind the
# logarithmic axis. In the plain network it shrinks from 0.2 to 0.000000004 on
# its way to the first layers. With shortcuts, and with the very same weights,
# it arrives: it even grows, some fifteenfold.
#
# What the figure does *not* show: a trained network. These are random
# weights, random inputs, and no batch normalisation. Initial weights
# matter, too: multiply those of the 50 layers by √2, and the plain network's
# gradient only shrinks from 0.2 to 0.07, while that of the residual one grows
# to 3,000. So better initial weights or batch normalisation also keep the
# gradient from vanishing, and still depth did harm: He et al. trained plain
# networks with batch normalisation, and the one with 56 layers had a higher
# *training* error than the one with 20. Shortcuts cured that too. The next
# section says how.

# %% [markdown]
# ## 2 Building a residual network
#
# A **shortcut** (or skip connection) carries a block's input past some
# layers and adds it to what they compute.
#
# ![Two diagrams. Left, plain: x passes a weight layer, a ReLU, a weight layer and a ReLU. Right, residual: the same, and a shortcut carries x around both weight layers and adds it to their result F(x) before the last ReLU.](figures/shortcut.svg)
#
# *Figure 2: two layers, plain and with a shortcut.*
#
# This helps in two ways:
#
# - **Backwards**, a sum hands the gradient on to both of its parts. The
#   shortcut has no weights to multiply it by. Only the ReLU after each sum still
#   sets a part of it to zero.
# - **Forwards**, doing nothing becomes easy. If the weight layers give
#   F(x) = 0, the block gives back x (which is not negative, since it comes
#   from a ReLU). A block that is of no use can be learned away, so
#   further blocks do little harm. The layers only learn what is to be *added*
#   to their input: the **residual**.
#
# Two kinds of block are enough. Which one is needed depends on whether
# input and output have the same shape.

# %% [markdown]
# ### 2.1 The identity block
#
# Where input and output have the same shape, they can be added as they are.
# In its simplest form the shortcut skips two layers. Each convolution is
# followed by batch normalisation, which brings each channel to mean 0 and
# variance 1 (and then to whatever scale training finds best). It makes
# training faster; in Keras it is one line.
#
# ![Diagram: X passes Conv2D, BatchNorm, ReLU, then Conv2D, BatchNorm; the shortcut above adds X unchanged; a ReLU follows the sum.](figures/identity_block_two.svg)
#
# *Figure 3: an identity block that skips two layers.*
#
# You will write a stronger one, the **bottleneck** block, which skips three.
# A 1×1 convolution narrows the input to few channels, an f×f convolution
# works on those at little cost, and another 1×1 convolution widens them
# again.
#
# ![Diagram: X passes component 2a (Conv2D 1×1 with F1 filters, BatchNorm, ReLU), component 2b (Conv2D f×f with F2 filters and same padding, BatchNorm, ReLU) and component 2c (Conv2D 1×1 with F3 filters, BatchNorm); the shortcut above adds X unchanged; a ReLU follows the sum.](figures/identity_block.svg)
#
# *Figure 4: the identity block that you write.*

# %% [markdown]
# **Specification of the identity block**
#
# First component of the main path (given):
#
# - `Conv2D` with `F1` filters of 1×1, stride 1, padding `"valid"`; its name
#   is `conv_name_base + "2a"`
# - `BatchNormalization` of the channels, `axis=3`; its name is
#   `bn_name_base + "2a"`
# - ReLU
#
# Second component:
#
# - `Conv2D` with `F2` filters of f×f, stride 1, padding `"same"`; its name
#   is `conv_name_base + "2b"`
# - `BatchNormalization` of the channels; its name is `bn_name_base + "2b"`
# - ReLU
#
# Third component:
#
# - `Conv2D` with `F3` filters of 1×1, stride 1, padding `"valid"`; its name
#   is `conv_name_base + "2c"`
# - `BatchNormalization` of the channels; its name is `bn_name_base + "2c"`
# - no ReLU here: it comes after the sum
#
# Final step:
#
# - the main path and the shortcut are added
# - ReLU
#
# Each convolution starts from `kernel_initializer=glorot_uniform(seed=0)`.
# The ReLUs and the sum need no names.

# %% [markdown]
# **Before you start**
#
# - A Keras layer is called in two steps: `Add()` makes it,
#   `Add()([X, X_shortcut])` applies it. The second pair of brackets is
#   forgotten easily.
# - For the ReLU write `Activation("relu")(X)`. While a model is built, `X`
#   is a *symbolic* tensor: a shape without numbers. Keras 3 refuses
#   TensorFlow's own functions there, so `tf.nn.relu(X)` raises an error,
#   even though it works on the array that you will try your block on.
# - `glorot_uniform` comes from `resnets_utils.py`, beside this notebook: a
#   random generator that is written out in the course, with the same numbers
#   on every computer, so that you can compare what you print. Keras's own
#   `GlorotUniform` is just as good for training, but gives other numbers.
#
# Keras's documentation:
# [Conv2D](https://keras.io/api/layers/convolution_layers/convolution2d/),
# [BatchNormalization](https://keras.io/api/layers/normalization_layers/batch_normalization/),
# [Activation](https://keras.io/api/layers/core_layers/activation/),
# [Add](https://keras.io/api/layers/merging_layers/add/)

# %% nbgrader={"grade": false, "grade_id": "identity_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: identity_block

def identity_block(X, f, filters, stage, block):
    """The identity block of figure 4.

    Arguments:
        X: tensor of shape (m, n_H, n_W, F3)
        f: integer, height and width of the second convolution's window
        filters: list of three integers, [F1, F2, F3]
        stage: integer, where in the network the block is; for the names
        block: letter, which block of its stage it is; for the names

    Returns:
        tensor of shape (m, n_H, n_W, F3)
    """
    conv_name_base = "res" + str(stage) + block + "_branch"
    bn_name_base = "bn" + str(stage) + block + "_branch"
    F1, F2, F3 = filters

    # X changes from line to line, and the sum needs it as it was
    X_shortcut = X

    # First component of the main path
    X = Conv2D(F1, (1, 1), strides=(1, 1), padding="valid",
               name=conv_name_base + "2a",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name_base + "2a")(X)
    X = Activation("relu")(X)

    # Now you: second component (3 lines), third (2), final step (2)
    ### BEGIN SOLUTION
    X = Conv2D(F2, (f, f), strides=(1, 1), padding="same",
               name=conv_name_base + "2b",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name_base + "2b")(X)
    X = Activation("relu")(X)

    X = Conv2D(F3, (1, 1), strides=(1, 1), padding="valid",
               name=conv_name_base + "2c",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name_base + "2c")(X)

    X = Add()([X, X_shortcut])
    X = Activation("relu")(X)
    ### END SOLUTION

    return X

# %% [markdown]
# Try it on three small random "images" of 4×4 pixels and 6 channels. Called
# outside of training, batch normalisation uses mean 0 and variance 1, which
# it starts with, and so changes next to nothing.

# %% tags=["raises-exception"]
np.set_printoptions(precision=4, suppress=True)

np.random.seed(1)
X = np.random.randn(3, 4, 4, 6).astype("float32")
A = identity_block(X, f=2, filters=[2, 4, 6], stage=1, block="a")
out = keras.ops.convert_to_numpy(A)
print("out =", out[1][1][0])

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | out | `[0.9482 0.     1.161  2.7479 0.     1.3668]` |
# | with all published digits | `[0.94822985 0. 1.16101444 2.747859 0. 1.36677003]` |

# %% [markdown]
# Now the tests. They also call your block with other numbers than these. A
# report may quote the numbers of the call above: there `f` is 2, so the window
# (f, f) is (2, 2).

# %% nbgrader={"grade": true, "grade_id": "identity_block-layers", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers: kinds, filters, windows, strides, padding, axes, names
lesson.check("identity_block-layers", identity_block)

# %% nbgrader={"grade": true, "grade_id": "identity_block-wiring", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: what follows what, what is added, where the ReLUs are
lesson.check("identity_block-wiring", identity_block)

# %% nbgrader={"grade": true, "grade_id": "identity_block-weights", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The initial weights: glorot_uniform(seed=0) for each convolution
lesson.check("identity_block-weights", identity_block)

# %% nbgrader={"grade": true, "grade_id": "identity_block-values", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: the published numbers, and those for new inputs
lesson.check("identity_block-values", identity_block)

# %% [markdown]
# ### 2.2 The convolutional block
#
# Where the output is to have another shape than the input, the two cannot be
# added as they are. The **convolutional block** therefore puts a convolution
# on the shortcut too. It brings the input to the shape of the main path's
# result: `F3` channels, and with stride 2 half the height and width.
#
# ![Diagram: as figure 4, but the first Conv2D of component 2a has stride s, and the shortcut passes a Conv2D 1×1 with F3 filters and stride s and a BatchNorm before it is added.](figures/convolutional_block.svg)
#
# *Figure 5: the convolutional block that you write.*
#
# This convolution is followed by batch normalisation and no ReLU. It is a
# linear map, there to make the shapes agree; the paper calls it a
# projection, W<sub>s</sub>. The stride stands
# on the first 1×1 convolution, as in the paper; some later versions moved it
# to the f×f one.

# %% [markdown]
# **Specification of the convolutional block**
#
# First component of the main path (given):
#
# - `Conv2D` with `F1` filters of 1×1, stride (s, s), padding `"valid"`; its
#   name is `conv_name_base + "2a"`
# - `BatchNormalization` of the channels, `axis=3`; its name is
#   `bn_name_base + "2a"`
# - ReLU
#
# Second component:
#
# - `Conv2D` with `F2` filters of f×f, stride 1, padding `"same"`; its name
#   is `conv_name_base + "2b"`
# - `BatchNormalization` of the channels; its name is `bn_name_base + "2b"`
# - ReLU
#
# Third component:
#
# - `Conv2D` with `F3` filters of 1×1, stride 1, padding `"valid"`; its name
#   is `conv_name_base + "2c"`
# - `BatchNormalization` of the channels; its name is `bn_name_base + "2c"`
# - no ReLU
#
# Shortcut:
#
# - `Conv2D` with `F3` filters of 1×1, stride (s, s), padding `"valid"`; its
#   name is `conv_name_base + "1"`
# - `BatchNormalization` of the channels; its name is `bn_name_base + "1"`
# - no ReLU
#
# Final step:
#
# - the main path and the shortcut are added
# - ReLU
#
# As before, each convolution starts from
# `kernel_initializer=glorot_uniform(seed=0)`.

# %% nbgrader={"grade": false, "grade_id": "convolutional_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: convolutional_block

def convolutional_block(X, f, filters, stage, block, s=2):
    """The convolutional block of figure 5.

    Arguments:
        X: tensor of shape (m, n_H, n_W, n_C)
        f: integer, height and width of the second convolution's window
        filters: list of three integers, [F1, F2, F3]
        stage: integer, where in the network the block is; for the names
        block: letter, which block of its stage it is; for the names
        s: integer, stride of the first convolution and of the shortcut's

    Returns:
        tensor of shape (m, n_H / s, n_W / s, F3), sizes rounded up
    """
    conv_name_base = "res" + str(stage) + block + "_branch"
    bn_name_base = "bn" + str(stage) + block + "_branch"
    F1, F2, F3 = filters

    # The shortcut begins at the block's input
    X_shortcut = X

    # First component of the main path
    X = Conv2D(F1, (1, 1), strides=(s, s), padding="valid",
               name=conv_name_base + "2a",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name_base + "2a")(X)
    X = Activation("relu")(X)

    # Now you: second component (3 lines), third (2), shortcut (2),
    # final step (2)
    ### BEGIN SOLUTION
    X = Conv2D(F2, (f, f), strides=(1, 1), padding="same",
               name=conv_name_base + "2b",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name_base + "2b")(X)
    X = Activation("relu")(X)

    X = Conv2D(F3, (1, 1), strides=(1, 1), padding="valid",
               name=conv_name_base + "2c",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name_base + "2c")(X)

    X_shortcut = Conv2D(
        F3, (1, 1), strides=(s, s), padding="valid",
        name=conv_name_base + "1",
        kernel_initializer=glorot_uniform(seed=0))(X_shortcut)
    X_shortcut = BatchNormalization(
        axis=3, name=bn_name_base + "1")(X_shortcut)

    X = Add()([X, X_shortcut])
    X = Activation("relu")(X)
    ### END SOLUTION

    return X

# %% [markdown]
# Try it on the same three images. With `s=2`, their 4×4 pixels become 2×2.

# %% tags=["raises-exception"]
np.random.seed(1)
X = np.random.randn(3, 4, 4, 6).astype("float32")
A = convolutional_block(X, f=2, filters=[2, 4, 6], stage=1, block="a", s=2)
out = keras.ops.convert_to_numpy(A)
print("out =", out[1][1][0])

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | out | `[0.0902 1.2349 0.4682 0.0367 0.     0.6552]` |
# | with all published digits | `[0.09018463 1.23489773 0.46822017 0.0367176 0. 0.65516603]` |

# %% [markdown]
# Now the tests: layers, wiring, weights and values, as for the identity block.

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-layers", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers: kinds, filters, windows, strides, padding, axes, names
lesson.check("convolutional_block-layers", convolutional_block)

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-wiring", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: what follows what on both paths, what is added, the ReLUs
lesson.check("convolutional_block-wiring", convolutional_block)

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-weights", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The initial weights: glorot_uniform(seed=0) for each convolution
lesson.check("convolutional_block-weights", convolutional_block)

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-values", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: the published numbers, and those for new inputs
lesson.check("convolutional_block-values", convolutional_block)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ## 3 Your first ResNet: 50 layers
#
# You have the blocks; now stack them. In figure 6, "ID block × 3" means
# three identity blocks, one after the other.
#
# ![Diagram of ResNet50 from left to right: input 64×64×3 and zero padding to 70×70×3; stage 1 with Conv2D 7×7, BatchNorm, ReLU and MaxPool, to 15×15×64; stages 2 to 5, each with one convolutional block and then 2, 3, 5 and 2 identity blocks, to 15×15×256, 8×8×512, 4×4×1024 and 2×2×2048; at last AvgPool, Flatten and Dense with softmax to 6 numbers.](figures/resnet50.svg)
#
# *Figure 6: ResNet50, with the shape of an image after each stage.*
#
# Why 50? Count the layers with weights on the main path: one in stage 1,
# three in each of the 16 blocks, and the dense layer at the end:
# 1 + 3 × 16 + 1.

# %% [markdown]
# ### 3.1 The network
#
# **Specification of ResNet50**
#
# - Zero padding of (3, 3) around the input (given).
# - **Stage 1** (given): `Conv2D` with 64 filters of 7×7 and stride 2, named
#   `"conv1"`; `BatchNormalization` of the channels, named `"bn_conv1"`; ReLU;
#   max pooling over 3×3 with stride 2.
# - **Stage 2** (given): a convolutional block with filters [64, 64, 256],
#   `f=3`, `s=1`, block "a"; 2 identity blocks with filters [64, 64, 256],
#   `f=3`, blocks "b" and "c".
# - **Stage 3**: a convolutional block with filters [128, 128, 512], `f=3`,
#   `s=2`, block "a"; 3 identity blocks with filters [128, 128, 512], `f=3`,
#   blocks "b", "c" and "d".
# - **Stage 4**: a convolutional block with filters [256, 256, 1024], `f=3`,
#   `s=2`, block "a"; 5 identity blocks with filters [256, 256, 1024], `f=3`,
#   blocks "b", "c", "d", "e" and "f".
# - **Stage 5**: a convolutional block with filters [512, 512, 2048], `f=3`,
#   `s=2`, block "a"; 2 identity blocks with filters [512, 512, 2048], `f=3`,
#   blocks "b" and "c".
# - **Average pooling** over 2×2, named `"avg_pool"`.
# - Flattening, and a `Dense` layer with softmax and one output per class,
#   named `"fc" + str(classes)` (given).
#
# Here too, each convolution starts from `glorot_uniform(seed=0)`, and so does
# the dense layer (given).
#
# *A note on stage 5.* In an older text of this assignment, its identity
# blocks have filters [256, 256, 2048]. The summary published with it counts
# 23,600,006 parameters, which only [512, 512, 2048] gives.

# %% [markdown]
# **Before you start**
#
# - `AveragePooling2D` is told its window: `AveragePooling2D((2, 2), ...)`.
#   Older texts leave that out or pad the pool; Keras 3 raises an error for
#   the first and the tests notice the second.
# - The loss, the accuracy and the shapes look fine with many a mistake in
#   stages 3 to 5. Compare the filters, `s`, the stage and the block of each
#   call with the list above.
# - To see a layer's shape, write `layer.output.shape`. The
#   `layer.output_shape` of older texts is gone.
#
# Keras's documentation:
# [AveragePooling2D](https://keras.io/api/layers/pooling_layers/average_pooling2d/),
# [MaxPooling2D](https://keras.io/api/layers/pooling_layers/max_pooling2d/),
# [ZeroPadding2D](https://keras.io/api/layers/reshaping_layers/zero_padding2d/),
# [Dense](https://keras.io/api/layers/core_layers/dense/)

# %% nbgrader={"grade": false, "grade_id": "ResNet50", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: ResNet50

def ResNet50(input_shape=(64, 64, 3), classes=6):
    """The network of figure 6.

    Arguments:
        input_shape: shape of one image, (height, width, channels)
        classes: integer, number of classes

    Returns:
        a Keras Model from images (m, height, width, channels) to
        probabilities (m, classes)
    """
    X_input = Input(input_shape)

    X = ZeroPadding2D((3, 3))(X_input)

    # Stage 1
    X = Conv2D(64, (7, 7), strides=(2, 2), name="conv1",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name="bn_conv1")(X)
    X = Activation("relu")(X)
    X = MaxPooling2D((3, 3), strides=(2, 2))(X)

    # Stage 2
    X = convolutional_block(X, f=3, filters=[64, 64, 256], stage=2,
                            block="a", s=1)
    X = identity_block(X, 3, [64, 64, 256], stage=2, block="b")
    X = identity_block(X, 3, [64, 64, 256], stage=2, block="c")

    # Now you: stage 3 (4 lines), stage 4 (6), stage 5 (3), pooling (1)
    ### BEGIN SOLUTION
    # Stage 3
    X = convolutional_block(X, f=3, filters=[128, 128, 512], stage=3,
                            block="a", s=2)
    X = identity_block(X, 3, [128, 128, 512], stage=3, block="b")
    X = identity_block(X, 3, [128, 128, 512], stage=3, block="c")
    X = identity_block(X, 3, [128, 128, 512], stage=3, block="d")

    # Stage 4
    X = convolutional_block(X, f=3, filters=[256, 256, 1024], stage=4,
                            block="a", s=2)
    X = identity_block(X, 3, [256, 256, 1024], stage=4, block="b")
    X = identity_block(X, 3, [256, 256, 1024], stage=4, block="c")
    X = identity_block(X, 3, [256, 256, 1024], stage=4, block="d")
    X = identity_block(X, 3, [256, 256, 1024], stage=4, block="e")
    X = identity_block(X, 3, [256, 256, 1024], stage=4, block="f")

    # Stage 5
    X = convolutional_block(X, f=3, filters=[512, 512, 2048], stage=5,
                            block="a", s=2)
    X = identity_block(X, 3, [512, 512, 2048], stage=5, block="b")
    X = identity_block(X, 3, [512, 512, 2048], stage=5, block="c")

    X = AveragePooling2D((2, 2), name="avg_pool")(X)
    ### END SOLUTION

    # Output layer
    X = Flatten()(X)
    X = Dense(classes, activation="softmax", name="fc" + str(classes),
              kernel_initializer=glorot_uniform(seed=0))(X)

    return Model(inputs=X_input, outputs=X, name="ResNet50")

# %% [markdown]
# Now the tests. Begin with the first: it compares your calls of the two blocks,
# one by one, with the list above.

# %% nbgrader={"grade": true, "grade_id": "ResNet50-plan", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The plan: which blocks you call, in which order, with which arguments
lesson.check("ResNet50-plan", ResNet50)

# %% nbgrader={"grade": true, "grade_id": "ResNet50-layers", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers around the blocks: average pooling, and those given
lesson.check("ResNet50-layers", ResNet50)

# %% nbgrader={"grade": true, "grade_id": "ResNet50-summary", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The summary: 23,600,006 parameters, and their initial values
lesson.check("ResNet50-summary", ResNet50)

# %% nbgrader={"grade": true, "grade_id": "ResNet50-values", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: other image sizes, and other numbers of classes
lesson.check("ResNet50-values", ResNet50)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# Build the network and look at the shape after each stage. The names that
# you gave the layers now find them.

# %% tags=["raises-exception"]
model = ResNet50(input_shape=(64, 64, 3), classes=6)

names = ["conv1", "res2c_branch2c", "res3d_branch2c",
         "res4f_branch2c", "res5c_branch2c", "avg_pool", "fc6"]
for layer in model.layers:
    if layer.name in names:
        print(f"{layer.name:16}", layer.output.shape)

# %% [markdown]
# **Expected output**
#
# | layer | shape |
# | --- | --- |
# | conv1 | `(None, 32, 32, 64)` |
# | res2c_branch2c | `(None, 15, 15, 256)` |
# | res3d_branch2c | `(None, 8, 8, 512)` |
# | res4f_branch2c | `(None, 4, 4, 1024)` |
# | res5c_branch2c | `(None, 2, 2, 2048)` |
# | avg_pool | `(None, 1, 1, 2048)` |
# | fc6 | `(None, 6)` |
#
# `None` stands for the number of images, which is open.

# %% [markdown]
# Before training, a Keras model is compiled: it is told how to improve
# (Adam), what to make small (the cross-entropy between its probabilities and
# the true classes), and what to report (the share of images it gets right).

# %% tags=["raises-exception"]
model.compile(optimizer="adam", loss="categorical_crossentropy",
              metrics=["accuracy"])

# %% [markdown]
# ### 3.2 The data
#
# Now the network needs something to see: hands that show the numbers 0 to 5,
# 64×64 pixels each, 1,080 to train with and 120 to test with. The course
# draws them itself, in half a minute at most, and keeps them. If you have the
# original SIGNS files in `datasets/signs`, or have fetched photographs with
# `grader data photos` (942 and 138), those are used instead. The first line
# printed says which.

# %% tags=["skip-execution"]
X_train_orig, Y_train_orig, X_test_orig, Y_test_orig, classes = (
    load_dataset())

# One image of each class
first = [int(np.argmax(Y_train_orig[0] == c)) for c in classes]
show_images(X_train_orig[first], classes)

# %% [markdown]
# *Figure 7: one hand for each class, its label above it.*
#
# Pixels come as whole numbers from 0 to 255. Divide them by 255, so that they
# lie between 0 and 1, and turn each label into a **one-hot** row: 2 becomes
# `[0, 0, 1, 0, 0, 0]`.

# %% tags=["skip-execution"]
X_train = X_train_orig.astype("float32") / 255
X_test = X_test_orig.astype("float32") / 255

Y_train = convert_to_one_hot(Y_train_orig, 6).T
Y_test = convert_to_one_hot(Y_test_orig, 6).T

print("number of training examples =", X_train.shape[0])
print("number of test examples =", X_test.shape[0])
print("X_train shape:", X_train.shape)
print("Y_train shape:", Y_train.shape)
print("X_test shape:", X_test.shape)
print("Y_test shape:", Y_test.shape)

# %% [markdown]
# **Expected output**
#
# | | drawn hands, SIGNS | photographs |
# | --- | --- | --- |
# | number of training examples | 1080 | 942 |
# | number of test examples | 120 | 138 |
# | X_train shape | `(1080, 64, 64, 3)` | `(942, 64, 64, 3)` |
# | Y_train shape | `(1080, 6)` | `(942, 6)` |
# | X_test shape | `(120, 64, 64, 3)` | `(138, 64, 64, 3)` |
# | Y_test shape | `(120, 6)` | `(138, 6)` |

# %% [markdown]
# ### 3.3 Two epochs of training
#
# One epoch shows the network each training image once, 32 at a time. Without
# a graphics card, one takes from ten seconds to a few minutes. Watch it: below
# the cell stand the steps that are done, the time left in this epoch, and
# accuracy and loss so far. The first step takes longer: TensorFlow prepares the
# network.

# %% tags=["raises-exception", "skip-execution"]
keras.utils.set_random_seed(1)
# Adam's own variables, which would slow the first step down
model.optimizer.build(model.trainable_variables)
history = model.fit(X_train, Y_train, epochs=2, batch_size=32)

# %% [markdown]
# **Expected output**
#
# | drawn hands | loss | accuracy |
# | --- | --- | --- |
# | epoch 1 | between 1.5 and 3.5 | between 0.35 and 0.75 |
# | epoch 2 | between 0.1 and 1.3, lower than before | between 0.7 and 0.98 |
#
# The seed makes a second run alike, but another computer rounds otherwise and
# gets other numbers. The original assignment printed 2.78 and 0.256, then 2.17
# and 0.357. Now the test set, which the network has not seen:

# %% tags=["raises-exception", "skip-execution"]
loss, accuracy = model.evaluate(X_test, Y_test, verbose=0)
print(f"Loss = {loss:.3f}")
print(f"Test Accuracy = {accuracy:.3f}")

# %% [markdown]
# **Expected output**
#
# | drawn hands | |
# | --- | --- |
# | Test Accuracy | between 0.05 and 0.3 |
#
# That is no better than rolling a die (1/6 ≈ 0.167), though in training the
# network was right about most images. Are these ones too new? Count how often
# it gives each answer, on the very images that it was trained on:

# %% tags=["raises-exception", "skip-execution"]
answers = model.predict(X_train, verbose=0).argmax(axis=1)
print("answers 0 to 5:", np.bincount(answers, minlength=6))

# %% [markdown]
# No: it fails on these images, too, and not even as a die would, which gives
# each answer about equally often. One answer or two come always, or nearly so,
# whatever the images show. The reason is **batch normalisation**: it works in two ways.
# In training it uses mean and variance of the 32 images at hand. In evaluation
# it uses *moving averages* of them, which start at 0 and 1 and move by 1 % at
# each step. Two epochs are 2 × 34 steps (2 × 30 with photographs), and
# 0.99<sup>68</sup> ≈ 0.5: half of the made-up start is still in there, in each of 53 layers, and the images are
# lost on their way through. Meanwhile the weights move on, and the averages lag
# behind. Only when training settles do they catch up.

# %% [markdown]
# ### 3.4 A trained model
#
# Train longer, on more images, and the picture changes. The course brings the
# weights of a ResNet50 that was trained on photographs of some 150 people and
# on drawn hands. Nobody in the photographs of the test set is among them.
#
# The weights find their layers by name. So they fit into the network that
# *you* wrote, if its names and shapes are right; if not, the next cell says
# where to look.

# %% tags=["raises-exception", "skip-execution"]
model = ResNet50(input_shape=(64, 64, 3), classes=6)
model.compile(optimizer="adam", loss="categorical_crossentropy",
              metrics=["accuracy"])
try:
    load_weights(model)
    loss, accuracy = model.evaluate(X_test, Y_test, verbose=0)
    print(f"Loss = {loss:.3f}")
    print(f"Test Accuracy = {accuracy:.3f}")
except WeightsProblem as problem:
    print(problem)

# %% [markdown]
# **Expected output**
#
# | test images of section 3.2 | Loss | Test Accuracy |
# | --- | --- | --- |
# | photographs of hands | about 0.04 | at least 0.97 |
# | hands drawn by the course | about 0.04 | at least 0.97 |
#
# The trained model published with the original assignment reached a test
# loss of 0.530 and a test accuracy of 0.867 on the original images.
#
# A trained model comes with a **model card**. It says what the model learned
# from, how well it does, and where it is wrong:

# %% tags=["skip-execution"]
show_model_card()

# %% [markdown]
# *Optional:* train a network of your own for 20 epochs and keep its weights, a
# file of about 280 MB. This takes ten times as long as the two epochs above.
# `model.load_weights("my_resnet50.weights.h5")` brings them back.

# %% tags=["raises-exception", "skip-execution"]
train_longer = False

if train_longer:
    mine = ResNet50(input_shape=(64, 64, 3), classes=6)
    mine.compile(optimizer="adam", loss="categorical_crossentropy",
                 metrics=["accuracy"])
    mine.fit(X_train, Y_train, epochs=20, batch_size=32)
    mine.save_weights("my_resnet50.weights.h5")
    loss, accuracy = mine.evaluate(X_test, Y_test, verbose=0)
    print(f"Test Accuracy = {accuracy:.3f}")

# %% [markdown]
# ## 4 Test on your own image (optional)
#
# `load_image` cuts out the central square of a picture, scales it to 64×64
# pixels and divides it by 255. The photographs in the training set were cut and
# scaled by the same function. A network sees nonsense if its input is
# prepared in another way. `predict_image` asks the network twice, about the
# picture and about its mirror image, and averages the answers: a left hand shows
# the same number as a right one. First the sample in the folder `images`:

# %% tags=["raises-exception", "skip-execution"]
path = "images/my_image.jpg"
try:
    my_image = load_image(path)
    probabilities = predict_image(model, my_image)
    show_probabilities(my_image, probabilities, path)
except ImageProblem as problem:
    print(problem)

# %% [markdown]
# *Figure 8: the picture with the square that is cut out, what the network sees
# of it, and the probability that it gives to each number.*
#
# The six probabilities add up to 1. Above 0.9 we call the network sure: all
# other numbers together have less than 0.1. Above 0.6 we call it fairly sure:
# its answer still outweighs all others together. Below that it is not sure.
#
# Sure is not the same as right. The network knows these six answers and no
# "none of them": show it a picture without a hand, and it gives one of the
# six, sometimes with a high probability.

# %% [markdown]
# Now yours. These are the gestures that the network knows:
#
# ![Six drawn hands in a row, numbered 0 to 5. 0: thumb and fingers are bent to an O. 1: the index finger is up. 2: index and middle finger are up. 3: thumb, index and middle finger are up. 4: all fingers are up, and the thumb lies across the palm. 5: all fingers are up, and the thumb stands out beside them.](figures/gestures.png)
#
# *Figure 9: 0 is an O of thumb and fingers, 1 the index finger, 2 index and middle
# finger, 3 thumb, index and middle finger, 4 all but the thumb, 5 all five. A left hand
# is as good as a right one, and fingers may be spread or held together.*
#
# Hold up one hand, upright as in these pictures, before a plain, light wall,
# and take a picture with the hand in the middle. Three without the thumb, two
# hands, and a hand that points down are outside what the network knows: it answers
# all the same, and may well be wrong.
#
# Run the next cell and choose the picture with the button, as often as you
# like: the last one is shown. If it lies on its side there, turn it in a picture
# program and choose it again: the network cannot know which way is up. JPEG, PNG
# and most other kinds of pictures will do, and one that will not is answered
# with what to do.
#
# The picture goes to the notebook's kernel, and is not saved. Where nothing
# appears, it is too large for its way there: `make lab` opens the lesson with
# room for 300 MB, other servers often take only 10 MB. Save it smaller
# and run the cell again, or go the way that is described below the cell.

# %% tags=["raises-exception", "skip-execution"]
upload_image(model)

# %% [markdown]
# The button needs JupyterLab, Jupyter Notebook or another page with a running
# kernel. Without it, open the folder `images` in JupyterLab's file browser and
# drag the picture from your computer into it. Then write its name for
# `my_image.jpg` in the cell above figure 8, and run that cell again.

# %% [markdown]
# ## 5 The network as a table and as a drawing (optional)
#
# `summary()` lists each layer with its shape, its parameters and the layers
# it is connected to. It is called on a fresh network here: one that `fit` has
# trained also counts the numbers that Adam keeps for each weight.

# %% tags=["raises-exception", "skip-execution"]
ResNet50().summary(line_length=100)

# %% [markdown]
# **Expected output**, at the end
#
# | | |
# | --- | --- |
# | Total params | 23,600,006 |
# | Trainable params | 23,546,886 |
# | Non-trainable params | 53,120 |
#
# The parameters that are not trained are the moving averages of batch
# normalisation.
#
# The next cell draws all layers, and writes the drawing to `resnet50.png` as
# well. Scroll down along it and look for the shortcuts. (Keras's own
# `keras.utils.plot_model` draws with more options.)

# %% tags=["raises-exception", "skip-execution"]
show_model(model, png="resnet50.png")

# %% [markdown]
# The end of the lesson. Your points so far, and what is left:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ## What to remember
#
# - Very deep plain networks are hard to train: the gradient can vanish on its
#   way back, and even where it does not, more layers can make things worse.
# - A shortcut adds a block's input to its output. The gradient passes it
#   without meeting the block's weights, and a block can easily learn to do
#   nothing.
# - The **identity block** adds its input as it is; the **convolutional
#   block** brings it to another shape first. A ReLU follows the sum.
# - A deep residual network is these two blocks, stacked.

# %% [markdown]
# ## References
#
# - Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun: *Deep Residual Learning
#   for Image Recognition*, 2015, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385).
#   The 56 and 20 layers of section 1 are in its figure 1.
# - The same authors: *Identity Mappings in Deep Residual Networks*, 2016,
#   [arXiv:1603.05027](https://arxiv.org/abs/1603.05027). Why the shortcut
#   should stay clear.
# - Sergey Ioffe, Christian Szegedy: *Batch Normalization*, 2015,
#   [arXiv:1502.03167](https://arxiv.org/abs/1502.03167).
# - Xavier Glorot, Yoshua Bengio: *Understanding the difficulty of training
#   deep feedforward neural networks*, 2010,
#   [PMLR 9](https://proceedings.mlr.press/v9/glorot10a.html). The initial
#   weights.
# - François Chollet's implementation in Keras, whose layer names this lesson
#   follows:
#   [deep-learning-models](https://github.com/fchollet/deep-learning-models/blob/master/resnet50.py).
