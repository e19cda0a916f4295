# %% [markdown]
# # The family of residual networks
#
# The paper that introduced residual networks (He et al., 2015) did not
# present one network but families of them. For ImageNet's photographs it has
# five, with 18, 34, 50, 101 and 152 layers. One table describes these: two kinds of block, four numbers for each network,
# and that is the plan. In this lesson you write the plan down as one function,
# and then count what depth costs: in numbers that are to be learned, and in
# multiplications for each image.
#
# **You will do**
#
# | function | what it is | points |
# | --- | --- | --- |
# | `shortcut` | the way around a block: three options, A, B and C | 15 |
# | `basic_block` | two 3×3 convolutions and a shortcut | 20 |
# | `bottleneck_block` | three convolutions, narrow in the middle | 20 |
# | `resnet` | five networks from one plan | 25 |
# | `count_params` | how many numbers a network holds | 8 |
# | `count_flops` | how many multiplications an image costs | 12 |
#
# **You will learn** what "degradation" is and how it looks, how an addition
# can work where shapes change, why deep networks have bottlenecks, and why
# 50 layers can cost hardly more than 34.
#
# **You need** lesson 1, or an idea of convolutions, batch normalisation and
# shortcuts. Plan two hours; the computer needs a minute or two of them.

# %% [markdown]
# ## How the exercises work
#
# Six cells begin with `# GRADED FUNCTION`. In each, write your lines at
# `# YOUR CODE HERE` and delete `raise NotImplementedError()`; what stands
# around it is given and may stay. Run your cell, then the cells below it.
# Those that need an unfinished function say so in a line; Run All goes on past
# them.
#
# Tests follow each exercise. A test calls your function with several
# arguments and compares what it builds with the list of sentences above the
# exercise. Where something differs, it says which layer, or which call, it is
# about, what is asked, what it found, and where to look. No layer needs a name
# in this lesson, and each initial value is as good as another. At the end of a
# section `lesson.progress()` lists your points so far, and what comes next.
# Before you hand the notebook in, restart the kernel and run all cells once.
#
# Begin with this cell, which loads what you need, in some seconds. (Other
# layers are at hand, too: `keras.layers.Concatenate` and so on.)

# %%
import math
import os

# Set before TensorFlow is imported: keeps its log lines off the page
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from family_utils import (
    CONTENDERS, load_curves, quick, show_costs, show_curves, small_net,
    train)

import numpy as np
import keras
from keras import ops
from keras.layers import (
    Activation, Add, BatchNormalization, Conv2D, Dense,
    GlobalAveragePooling2D, Input, MaxPooling2D, ZeroPadding2D)
from keras.models import Model

import grader

lesson = grader.lesson("04_resnet_family")

# %% [markdown]
# ## 1 Deeper is worse: degradation
#
# A network of 56 layers can do whatever one of 20 layers does: let 20 of its
# layers do that, and let the other 36 hand on what they get. So its error on
# the *training* images should be no higher. He et al. trained such pairs, with
# batch normalisation and good initial weights, and found the opposite: the
# deeper plain network had the higher training error. They called this
# **degradation**. It is not overfitting, since that would lower the training
# error. Nor did the gradients vanish: they looked and found them healthy. It
# is a failure to *find* the weights that must exist.
#
# You can see this on a small scale. `small_net` in `family_utils.py` builds
# the networks of the paper's section 4.2, which are made for images of 32×32
# pixels, with half as many filters: a 3×3 convolution; three stages with 8, 16
# and 32 filters, each of n pairs of 3×3 convolutions; global average pooling;
# a dense layer. That makes 6n + 2 layers with weights. `shortcuts=True` adds a
# shortcut without parameters around each pair:

# %%
for depth in (20, 56):
    for shortcuts in (False, True):
        name = "residual" if shortcuts else "plain"
        net = small_net(depth, shortcuts)
        print(f"{name:8} {depth} layers: {net.count_params():,} parameters")

# %% [markdown]
# **Expected output**
#
# | | parameters |
# | --- | --- |
# | plain and residual, 20 layers | 68,606 |
# | plain and residual, 56 layers | 216,446 |
#
# The shortcuts add nothing that could be learned. Three of these networks were
# trained on the 1,080 hands of the course's open set, anybody's hand in any
# light, scaled to 32×32: plain with 20 layers, plain with 56, and residual
# with 56. All got the same images, 20 epochs of stochastic gradient descent
# with momentum 0.9, and a learning rate of 0.05. The curves are kept in `curves.json`. Draw them:

# %% tags=["skip-execution"]
show_curves(load_curves(), "Figure 1: training error, 20 and 56 layers")

# %% [markdown]
# Each network was trained twice, from other initial weights each time; the
# second run is the paler line.
#
# | network | training error after 20 epochs, in these two runs |
# | --- | --- |
# | plain, 20 layers | 8.4 % and 2.7 % |
# | plain, 56 layers | 79.9 % and 75.6 % |
# | residual, 56 layers | 18.3 % and 7.0 % |
#
# Guessing would be wrong 83 % of the time, as five in six answers are. The
# plain network with 56 layers has hardly begun to learn, while the one with 20
# knows most of its images. Both had the same images and as many steps. With
# shortcuts, the same 56 layers learn: after 20 epochs they are behind the 20
# layers, and far ahead of themselves without shortcuts.
#
# What the figure does *not* show: what happens after 20 epochs, on other
# images, or at other learning rates. Two runs are few. The paper's plain
# networks, trained far longer, were only somewhat worse when deeper; ours had
# 20 × 34 steps. And training error says nothing about new images.
#
# *Optional:* train the three networks yourself. On two cores this takes five
# to ten minutes. Set the switch to `True` and run the cell. (To make
# `curves.json` anew, run `python family_utils.py` in this lesson's folder.)

# %% tags=["skip-execution"]
train_again = False

if train_again:
    mine = {}
    for name, depth, shortcuts in CONTENDERS:
        print(name)
        mine[name] = [train(depth, shortcuts)]
    show_curves(mine, "Figure 1, made by you")

# %% [markdown]
# ## 2 Two blocks and three shortcuts
#
# A residual block computes F(x) + x, followed by a ReLU. The sum needs two
# tensors of one shape. Most blocks keep the shape of their input, and there is
# nothing to do. But where a new stage begins, the image gets half the height
# and width and twice the channels: F(x) has another shape than x. What is
# to be added then? The paper tries three answers.

# %% [markdown]
# ### 2.1 The shortcut
#
# - **Option A**: take every second pixel of each row and column, and let the
#   channels that are missing be zeros. There is nothing to learn in that.
# - **Option B**: where the shape changes, let a 1×1 convolution with stride 2
#   bring x to its new shape. This is a **projection**; its weights are learned.
#   Where the shape stays, x stays.
# - **Option C**: a projection in every block, needed or not.
#
# ![Three rows. A: max pooling with window 1 and stride s, then zeros as new channels, where dimensions change; X as it is elsewhere; no parameters. B: Conv2D 1×1 with stride s and BatchNorm where dimensions change; X as it is elsewhere. C: the same projection everywhere.](figures/shortcuts.svg)
#
# *Figure 2: the three options.*
#
# The paper found B a little better than A, and C a little better than B, and
# concluded that projections are not what matters. It has A or B in what
# followed: C nearly doubles the work of the deepest networks, and section 4
# counts what it does to 50 layers.

# %% [markdown]
# **Specification of `shortcut`**
#
# - It brings X from shape (m, n_H, n_W, n_C) to shape
#   (m, ⌈n_H / s⌉, ⌈n_W / s⌉, `filters`).
# - "Dimensions change" means: `s` is not 1, or n_C is not `filters`.
#
# Option A:
#
# - where dimensions change: pixels 0, s, 2s, ... of rows and columns, each
#   with its n_C channels first and zeros behind them
# - elsewhere: X as it is
# - no parameters
#
# Option B:
#
# - where dimensions change: `Conv2D` with `filters` filters of 1×1, stride
#   `s`, then `BatchNormalization` of the channels
# - elsewhere: X as it is
#
# Option C:
#
# - in each case: the convolution and the batch normalisation of option B
#
# No option has a ReLU. Option A is judged by the numbers that come out: any
# Keras layers and operations will do, and `filters` is never less than n_C
# there. Convolutions have a bias, and layers have Keras's defaults where
# nothing else is said; that holds for the whole lesson.

# %% [markdown]
# **Before you start**
#
# - Max pooling over a window of 1×1 has nothing to choose from: with stride
#   `s` it picks pixels 0, s, 2s, ... of rows and columns. So does average
#   pooling, and so does the slice `X[:, ::s, ::s]`.
# - For zeros, `ops.pad(X, [(0, 0), (0, 0), (0, 0), (0, more)])` adds `more`
#   channels behind those of X. `ZeroPadding2D` is no help here: it adds rows
#   and columns, never channels.
# - Neither NumPy nor TensorFlow's own functions (`np.pad`, `tf.pad`) take the
#   symbolic tensors that Keras 3 builds models from. `keras.ops` does.
# - `X.shape[-1]` is n_C, a plain number.
#
# Keras's documentation:
# [MaxPooling2D](https://keras.io/api/layers/pooling_layers/max_pooling2d/),
# [Conv2D](https://keras.io/api/layers/convolution_layers/convolution2d/),
# [keras.ops](https://keras.io/api/ops/)

# %% nbgrader={"grade": false, "grade_id": "shortcut", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: shortcut

def shortcut(X, filters, s, option):
    """The shortcut of figure 2.

    Arguments:
        X: tensor of shape (m, n_H, n_W, n_C)
        filters: integer, channels of the result
        s: integer, stride: 2 takes every second pixel
        option: "A", "B" or "C"

    Returns:
        tensor of shape (m, ceil(n_H / s), ceil(n_W / s), filters)
    """
    if option not in ("A", "B", "C"):
        raise ValueError(f"option is 'A', 'B' or 'C', not {option!r}")

    n_C = X.shape[-1]
    changes = s != 1 or n_C != filters

    # Now you: the options, where dimensions change and elsewhere
    ### BEGIN SOLUTION
    if option == "C" or (option == "B" and changes):
        X = Conv2D(filters, (1, 1), strides=(s, s))(X)
        X = BatchNormalization()(X)
    elif changes:
        X = MaxPooling2D((1, 1), strides=(s, s))(X)
        X = ops.pad(X, [(0, 0), (0, 0), (0, 0), (0, filters - n_C)])
    ### END SOLUTION

    return X

# %% [markdown]
# Try option A on one "image" of 4×4 pixels with 2 channels. Its numbers
# count from 1, so that you can see which of them are taken.

# %% tags=["raises-exception"]
X = np.arange(1, 33).reshape(1, 4, 4, 2).astype("float32")
out = ops.convert_to_numpy(shortcut(X, filters=3, s=2, option="A"))
print("shape:", out.shape)
print("first row: ", out[0, 0].tolist())
print("second row:", out[0, 1].tolist())

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | shape | `(1, 2, 2, 3)` |
# | first row | `[[1.0, 2.0, 0.0], [5.0, 6.0, 0.0]]` |
# | second row | `[[17.0, 18.0, 0.0], [21.0, 22.0, 0.0]]` |
#
# Now the tests, one for each option.

# %% nbgrader={"grade": true, "grade_id": "shortcut-A", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# Option A: which pixels, which channels, and no parameters
lesson.check("shortcut-A", shortcut)

# %% nbgrader={"grade": true, "grade_id": "shortcut-B", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# Option B: a projection where dimensions change, X elsewhere
lesson.check("shortcut-B", shortcut)

# %% nbgrader={"grade": true, "grade_id": "shortcut-C", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# Option C: a projection everywhere
lesson.check("shortcut-C", shortcut)

# %% [markdown]
# ### 2.2 The basic block
#
# The networks with 18 and 34 layers consist of **basic** blocks: two 3×3
# convolutions with as many filters each.
#
# ![Diagram: X passes the first component (Conv2D 3×3 with stride s and same padding, BatchNorm, ReLU) and the second (Conv2D 3×3 with same padding, BatchNorm); above, X passes the shortcut of option A, B or C; the sum of both is followed by a ReLU.](figures/basic_block.svg)
#
# *Figure 3: the basic block.*

# %% [markdown]
# **Specification of the basic block**
#
# First component of the main path:
#
# - `Conv2D` with `filters` filters of 3×3, stride `s`, padding `"same"`
# - `BatchNormalization` of the channels
# - ReLU
#
# Second component:
#
# - `Conv2D` with `filters` filters of 3×3, stride 1, padding `"same"`
# - `BatchNormalization` of the channels
# - no ReLU here: it comes after the sum
#
# Shortcut:
#
# - what your function `shortcut` makes of the block's input X, with the
#   block's `filters`, `s` and `option`
#
# Final step:
#
# - the main path and the shortcut are added
# - ReLU

# %% [markdown]
# **Before you start**
#
# - The main path changes `X` line by line, and the shortcut starts from X as
#   it came in. Keep that under another name, or make the shortcut first.
# - Call `shortcut` in every case. It finds out by itself whether there is
#   something to do.
# - The tests put a stand-in in the place of your `shortcut`, so that a slip
#   there is not charged here again. What they look at is how you call it.

# %% nbgrader={"grade": false, "grade_id": "basic_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: basic_block

def basic_block(X, filters, s=1, option="A"):
    """The basic block of figure 3.

    Arguments:
        X: tensor of shape (m, n_H, n_W, n_C)
        filters: integer, filters of both convolutions
        s: integer, stride of the first convolution and of the shortcut
        option: "A", "B" or "C", which shortcut

    Returns:
        tensor of shape (m, ceil(n_H / s), ceil(n_W / s), filters)
    """
    # Now you: first component (3 lines), second (2), shortcut (1), final
    # step (2)
    ### BEGIN SOLUTION
    X_shortcut = shortcut(X, filters, s, option)

    X = Conv2D(filters, (3, 3), strides=(s, s), padding="same")(X)
    X = BatchNormalization()(X)
    X = Activation("relu")(X)

    X = Conv2D(filters, (3, 3), strides=(1, 1), padding="same")(X)
    X = BatchNormalization()(X)

    X = Add()([X, X_shortcut])
    X = Activation("relu")(X)
    ### END SOLUTION

    return X

# %% [markdown]
# Try it where stage 3 begins: 64 channels become 128, and height and width
# are halved. (Keras counts the parameters here; your own count comes in
# section 4.)

# %% tags=["raises-exception"]
for option in "ABC":
    X_input = Input((56, 56, 64))
    net = Model(X_input, basic_block(X_input, 128, s=2, option=option))
    print(option, net.output.shape, f"{net.count_params():,}")

# %% [markdown]
# **Expected output**
#
# | option | shape | parameters |
# | --- | --- | --- |
# | A | `(None, 28, 28, 128)` | 222,464 |
# | B | `(None, 28, 28, 128)` | 231,296 |
# | C | `(None, 28, 28, 128)` | 231,296 |
#
# Now the tests.

# %% nbgrader={"grade": true, "grade_id": "basic_block-layers", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers: kinds, filters, windows, strides, padding
lesson.check("basic_block-layers", basic_block)

# %% nbgrader={"grade": true, "grade_id": "basic_block-wiring", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: the shortcut's call, what is added, where the ReLUs are
lesson.check("basic_block-wiring", basic_block)

# %% nbgrader={"grade": true, "grade_id": "basic_block-values", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: other strides, options and sizes, and the defaults
lesson.check("basic_block-values", basic_block)

# %% [markdown]
# ### 2.3 The bottleneck block
#
# Deeper networks would be slow with basic blocks. The **bottleneck** block
# has three convolutions: a 1×1 convolution reduces the channels, a 3×3
# convolution works on few, and a 1×1 convolution restores them, to four times
# `filters`.
#
# ![Diagram: X passes the first component (Conv2D 1×1 with stride s, BatchNorm, ReLU), the second (Conv2D 3×3 with same padding, BatchNorm, ReLU) and the third (Conv2D 1×1 with four times as many filters, BatchNorm); above, X passes the shortcut; the sum of both is followed by a ReLU.](figures/bottleneck_block.svg)
#
# *Figure 4: the bottleneck block.*
#
# Compare two blocks that cost about the same. Here are the weights of their
# convolutions, biases left out:

# %%
basic = 2 * (3 * 3 * 64 * 64)
bottleneck = 1 * 1 * 256 * 64 + 3 * 3 * 64 * 64 + 1 * 1 * 64 * 256
print(f"basic, 64 channels:       {basic:,}")
print(f"bottleneck, 256 channels: {bottleneck:,}")

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | basic, 64 channels | 73,728 |
# | bottleneck, 256 channels | 69,632 |
#
# For less, the bottleneck block has one layer more, and its input and output
# are four times as wide. That has a price: the shortcut runs between the wide
# ends. A projection there has 256 × 256 = 65,536 weights, as many as the rest
# of the block, nearly. So shortcuts without parameters are of most use
# here.

# %% [markdown]
# **Specification of the bottleneck block**
#
# First component of the main path:
#
# - `Conv2D` with `filters` filters of 1×1, stride `s`
# - `BatchNormalization` of the channels
# - ReLU
#
# Second component:
#
# - `Conv2D` with `filters` filters of 3×3, stride 1, padding `"same"`
# - `BatchNormalization` of the channels
# - ReLU
#
# Third component:
#
# - `Conv2D` with `4 * filters` filters of 1×1, stride 1
# - `BatchNormalization` of the channels
# - no ReLU here
#
# Shortcut:
#
# - what your function `shortcut` makes of the block's input X, brought to
#   `4 * filters` channels, with the block's `s` and `option`
#
# Final step:
#
# - the main path and the shortcut are added
# - ReLU

# %% [markdown]
# **Before you start**
#
# - `filters` is the narrow number, as in the paper's table: the block's
#   output has `4 * filters` channels, and so has its shortcut.
# - The stride is in the *first* convolution, as in the paper. Some libraries
#   have moved it to the 3×3 convolution since; shapes and parameters are the
#   same then, outputs and multiplications are not.

# %% nbgrader={"grade": false, "grade_id": "bottleneck_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: bottleneck_block

def bottleneck_block(X, filters, s=1, option="B"):
    """The bottleneck block of figure 4.

    Arguments:
        X: tensor of shape (m, n_H, n_W, n_C)
        filters: integer, filters of the first two convolutions
        s: integer, stride of the first convolution and of the shortcut
        option: "A", "B" or "C", which shortcut

    Returns:
        tensor of shape (m, ceil(n_H / s), ceil(n_W / s), 4 * filters)
    """
    # Now you: three components (3, 3 and 2 lines), shortcut (1), final
    # step (2)
    ### BEGIN SOLUTION
    X_shortcut = shortcut(X, 4 * filters, s, option)

    X = Conv2D(filters, (1, 1), strides=(s, s))(X)
    X = BatchNormalization()(X)
    X = Activation("relu")(X)

    X = Conv2D(filters, (3, 3), strides=(1, 1), padding="same")(X)
    X = BatchNormalization()(X)
    X = Activation("relu")(X)

    X = Conv2D(4 * filters, (1, 1), strides=(1, 1))(X)
    X = BatchNormalization()(X)

    X = Add()([X, X_shortcut])
    X = Activation("relu")(X)
    ### END SOLUTION

    return X

# %% [markdown]
# Try it at the beginning of stage 2. The stride is 1 there, and still the
# dimensions change, from 64 channels to 256:

# %% tags=["raises-exception"]
for option in "ABC":
    X_input = Input((56, 56, 64))
    net = Model(X_input, bottleneck_block(X_input, 64, option=option))
    print(option, net.output.shape, f"{net.count_params():,}")

# %% [markdown]
# **Expected output**
#
# | option | shape | parameters |
# | --- | --- | --- |
# | A | `(None, 56, 56, 256)` | 59,264 |
# | B | `(None, 56, 56, 256)` | 76,928 |
# | C | `(None, 56, 56, 256)` | 76,928 |
#
# Now the tests.

# %% nbgrader={"grade": true, "grade_id": "bottleneck_block-layers", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers: kinds, filters, windows, strides, padding
lesson.check("bottleneck_block-layers", bottleneck_block)

# %% nbgrader={"grade": true, "grade_id": "bottleneck_block-wiring", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: the shortcut's call, what is added, where the ReLUs are
lesson.check("bottleneck_block-wiring", bottleneck_block)

# %% nbgrader={"grade": true, "grade_id": "bottleneck_block-values", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: other strides, options and sizes, and the defaults
lesson.check("bottleneck_block-values", bottleneck_block)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ## 3 One plan, five networks
#
# Figure 5 is the paper's table 1, drawn. Read it by columns: a network is a
# kind of block and four numbers, how many of them each stage has. All else is
# the same for all five.
#
# ![A table with a column for each network. All begin with Conv2D 7×7 and max pooling, and end with global average pooling and a dense layer. Stages 2 to 5 have 2, 2, 2 and 2 basic blocks for 18 layers; 3, 4, 6 and 3 for 34 layers; bottleneck blocks 3, 4, 6 and 3 for 50 layers; 3, 4, 23 and 3 for 101; 3, 8, 36 and 3 for 152; with 64, 128, 256 and 512 filters.](figures/plan.svg)
#
# *Figure 5: five networks, with the size of an image of 224×224 after each
# step. The numbers below the blocks are filters; an arrow shows how a
# bottleneck widens them.*
#
# Check that the names are right. Count the layers with weights on the main
# path: one in stage 1, two or three in each block, and the dense layer. Each
# line is to give its name back.

# %%
print(" 18:", 1 + 2 * (2 + 2 + 2 + 2) + 1)
print(" 34:", 1 + 2 * (3 + 4 + 6 + 3) + 1)
print(" 50:", 1 + 3 * (3 + 4 + 6 + 3) + 1)
print("101:", 1 + 3 * (3 + 4 + 23 + 3) + 1)
print("152:", 1 + 3 * (3 + 8 + 36 + 3) + 1)

# %% [markdown]
# **Specification of `resnet`**
#
# - **Stage 1** (given): zero padding by 3; `Conv2D` with 64 filters of 7×7
#   and stride 2; `BatchNormalization`; ReLU; zero padding by 1; max pooling
#   over 3×3 with stride 2.
# - **Stages 2 to 5** have 64, 128, 256 and 512 `filters`. Their blocks are
#   those of this plan:
#
# | `depth` | block | stage 2 | stage 3 | stage 4 | stage 5 |
# | --- | --- | --- | --- | --- | --- |
# | 18 | `basic_block` | 2 | 2 | 2 | 2 |
# | 34 | `basic_block` | 3 | 4 | 6 | 3 |
# | 50 | `bottleneck_block` | 3 | 4 | 6 | 3 |
# | 101 | `bottleneck_block` | 3 | 4 | 23 | 3 |
# | 152 | `bottleneck_block` | 3 | 8 | 36 | 3 |
#
# - **Strides**: the first block of stages 3, 4 and 5 has `s=2`; all others
#   have `s=1`.
# - **Option**: each block gets `option`. Where it is `None`, that is "A" for
#   depths 18 and 34 and "B" for the others.
# - **Head**: global average pooling over rows and columns, then a `Dense`
#   layer with softmax and one output per class.

# %% [markdown]
# **Before you start**
#
# - Write no block call twice. A dictionary holds the plan, a loop goes over
#   the stages, a loop inside it over the blocks of a stage.
# - In Python a function is a value: `block = basic_block` and then
#   `X = block(X, ...)` is fine.
# - Stage 2 has `s=1` in all its blocks: the max pooling has just halved the
#   image.
# - The paper's option A for bottlenecks exists, too: `resnet(50, option="A")`
#   is a call that the tests make.
# - Your blocks are replaced by stand-ins in the tests, as `shortcut` was. The
#   plan is judged by the calls of them, so call them: a network with their
#   lines copied in cannot be judged.

# %% nbgrader={"grade": false, "grade_id": "resnet", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: resnet

def resnet(depth, input_shape=(224, 224, 3), classes=1000, option=None):
    """The network of figure 5 that has so many layers.

    Arguments:
        depth: 18, 34, 50, 101 or 152
        input_shape: shape of one image, (height, width, channels)
        classes: integer, number of classes
        option: "A", "B" or "C", which shortcuts; None for the depth's own

    Returns:
        a Keras Model from images (m, height, width, channels) to
        probabilities (m, classes)
    """
    X_input = Input(input_shape)

    # Stage 1
    X = ZeroPadding2D((3, 3))(X_input)
    X = Conv2D(64, (7, 7), strides=(2, 2))(X)
    X = BatchNormalization()(X)
    X = Activation("relu")(X)
    X = ZeroPadding2D((1, 1))(X)
    X = MaxPooling2D((3, 3), strides=(2, 2))(X)

    # Now you: the plan, the option, stages 2 to 5, the head
    ### BEGIN SOLUTION
    plan = {
        18: (basic_block, "A", [2, 2, 2, 2]),
        34: (basic_block, "A", [3, 4, 6, 3]),
        50: (bottleneck_block, "B", [3, 4, 6, 3]),
        101: (bottleneck_block, "B", [3, 4, 23, 3]),
        152: (bottleneck_block, "B", [3, 8, 36, 3]),
    }
    block, own_option, repeats = plan[depth]
    if option is None:
        option = own_option

    for stage in range(4):
        for number in range(repeats[stage]):
            s = 2 if stage > 0 and number == 0 else 1
            X = block(X, 64 * 2 ** stage, s=s, option=option)

    X = GlobalAveragePooling2D()(X)
    X = Dense(classes, activation="softmax")(X)
    ### END SOLUTION

    return Model(inputs=X_input, outputs=X)

# %% [markdown]
# Build the two smaller ones and look at what comes out:

# %% tags=["raises-exception"]
for depth in (18, 34):
    net = resnet(depth, input_shape=(64, 64, 3), classes=6)
    print(depth, net.output.shape, f"{net.count_params():,}")

# %% [markdown]
# **Expected output**
#
# | depth | shape | parameters |
# | --- | --- | --- |
# | 18 | `(None, 6)` | 11,017,478 |
# | 34 | `(None, 6)` | 21,136,774 |
#
# Now the tests. They call `resnet` for all five depths.

# %% nbgrader={"grade": true, "grade_id": "resnet-plan", "locked": true, "points": 17, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The plan: for each depth the blocks, their filters, strides and options
lesson.check("resnet-plan", resnet)

# %% nbgrader={"grade": true, "grade_id": "resnet-layers", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers around the blocks: the head, and those given
lesson.check("resnet-layers", resnet)

# %% nbgrader={"grade": true, "grade_id": "resnet-values", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: other options, image sizes and numbers of classes
lesson.check("resnet-values", resnet)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ## 4 What depth costs
#
# A network costs in two ways. Its **parameters** have to be learned, stored
# and carried around. And each image that it looks at costs **multiplications**,
# each followed by an addition: together a *multiply-add*. The two do
# not go together. A convolution uses its few weights again at each place of
# the image; a dense layer uses each of its many weights once.

# %% [markdown]
# ### 4.1 Parameters
#
# Write a function that counts them, from the shapes of what the layers hold.
#
# **Specification of `count_params`**
#
# - It returns how many numbers the layers of a model hold, as an integer.
# - A convolution holds a kernel, and a bias if it has one; so does a dense
#   layer.
# - A batch normalisation holds four numbers for each channel: gamma, beta,
#   and the two moving averages, which count although no gradient trains them.
# - Layers without weights hold nothing.
# - A layer that a model calls in two places holds its weights once.
# - It counts by itself: `count_params` of the model and of its layers raises an
#   error in the tests.

# %% [markdown]
# **Before you start**
#
# - `model.layers` lists each layer of a model once. `layer.weights` lists
#   what a layer holds, each with a `shape`; it is empty where there is nothing.
# - `layer.trainable_weights` leaves the moving averages out.
# - `math.prod((3, 3, 64, 128))` is the product of the four numbers.

# %% nbgrader={"grade": false, "grade_id": "count_params", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: count_params

def count_params(model):
    """Counts the numbers that a model's layers hold, from their shapes.

    Arguments:
        model: a Keras Model

    Returns:
        integer
    """
    total = 0

    # Now you: a loop over the layers (about 3 lines)
    ### BEGIN SOLUTION
    for layer in model.layers:
        for weight in layer.weights:
            total += math.prod(weight.shape)
    ### END SOLUTION

    return total

# %% [markdown]
# Try it on a small model, and count along with pencil and paper:

# %% tags=["raises-exception"]
X_input = Input((8, 8, 3))
X = Conv2D(4, (3, 3))(X_input)
X = BatchNormalization()(X)
X = Activation("relu")(X)
X = GlobalAveragePooling2D()(X)
tiny = Model(X_input, Dense(2)(X))
print(count_params(tiny))

# %% [markdown]
# **Expected output**: `138`, which is 3 × 3 × 3 × 4 + 4 for the convolution,
# 4 × 4 for the batch normalisation and 4 × 2 + 2 for the dense layer.

# %% nbgrader={"grade": true, "grade_id": "count_params-values", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The count, for models of each kind of layer, and for larger ones
lesson.check("count_params-values", count_params)

# %% [markdown]
# ### 4.2 Multiply-adds
#
# How many multiply-adds does a convolution need? Each number of its output
# is a sum of products: one for each number of the window, over all channels of
# the input. So it is the size of the output times the size of one filter.
#
# **Specification of `count_flops`**
#
# - It returns the multiply-adds that one image costs, as an integer, for
#   images of the size that the model was built for.
# - A convolution costs output height × output width × filters × window height
#   × window width × channels of its input.
# - A dense layer costs inputs × units.
# - Nothing else is counted: no bias, batch normalisation, ReLU, pooling or
#   addition of shortcuts. The paper counts so, too.
# - In the models of the tests each layer is called once.
#
# (The paper calls these FLOPs, floating-point operations. Others count the
# multiplication and the addition as two, and get twice as many.)

# %% [markdown]
# **Before you start**
#
# - It is the size of the *output* that counts: a stride of 2 quarters the
#   work. `layer.output.shape` is (None, height, width, channels); the `None`
#   stands for the number of images.
# - `isinstance(layer, Conv2D)` tells convolutions from others. A kernel's
#   shape is (window height, window width, channels in, filters).
# - A dense layer's kernel has the shape (inputs, units).

# %% nbgrader={"grade": false, "grade_id": "count_flops", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: count_flops

def count_flops(model):
    """Counts the multiply-adds of convolutions and dense layers.

    Arguments:
        model: a Keras Model, built for images of one shape

    Returns:
        integer, for one image
    """
    total = 0

    # Now you: a loop over the layers (about 6 lines)
    ### BEGIN SOLUTION
    for layer in model.layers:
        if isinstance(layer, Conv2D):
            height, width = layer.output.shape[1:3]
            total += height * width * math.prod(layer.kernel.shape)
        elif isinstance(layer, Dense):
            total += math.prod(layer.kernel.shape)
    ### END SOLUTION

    return total

# %% [markdown]
# Try it on the same small model:

# %% tags=["raises-exception"]
print(count_flops(tiny))

# %% [markdown]
# **Expected output**: `3896`. The convolution's output has 6 × 6 places, as no
# padding was asked for: 6 × 6 × 4 × 3 × 3 × 3 = 3888. The dense layer adds
# 4 × 2 = 8.

# %% nbgrader={"grade": true, "grade_id": "count_flops-values", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The count, for models of each kind of layer, and for larger ones
lesson.check("count_flops-values", count_flops)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ### 4.3 The five networks, counted
#
# Now put it all together: build the five networks for images of 224×224 and
# 1000 classes, as in the paper, and count. The deep ones take some seconds
# each.

# %% tags=["raises-exception", "skip-execution"]
# RESNET_COURSE_QUICK=1 leaves the deepest out, for tests of this notebook
depths = [18, 50] if quick() else [18, 34, 50, 101, 152]

costs = {}
for depth in depths:
    net = resnet(depth)
    costs[depth] = count_params(net), count_flops(net)
    print(f"{depth:3} layers: {costs[depth][0]:>10,} parameters,"
          f" {costs[depth][1]:>14,} multiply-adds")

# %% [markdown]
# **Expected output**, with the paper's numbers beside it
#
# | depth | parameters | multiply-adds | in the paper's table |
# | --- | --- | --- | --- |
# | 18 | 11,527,400 | 1,794,805,760 | 1.8 × 10<sup>9</sup> |
# | 34 | 21,646,696 | 3,644,493,824 | 3.6 × 10<sup>9</sup> |
# | 50 | 25,636,712 | 3,857,973,248 | 3.8 × 10<sup>9</sup> |
# | 101 | 44,707,176 | 7,570,194,432 | 7.6 × 10<sup>9</sup> |
# | 152 | 60,419,944 | 11,282,415,616 | 11.3 × 10<sup>9</sup> |
#
# Four of the five round to the number in the table. That of 50 layers does
# not: 3.858 rounds to 3.9. The network is the paper's; so its authors cut off
# instead of rounding there, or counted a trifle otherwise. All five are
# within 2 % of the table. If somebody quotes 4.1 × 10<sup>9</sup> for
# ResNet-50, the stride has moved to the 3×3 convolution: 4.089 × 10<sup>9</sup>,
# with parameters just as before.
#
# Draw the costs against the depth:

# %% tags=["raises-exception", "skip-execution"]
show_costs(costs, "Figure 6: what depth costs")

# %% [markdown]
# From 34 to 50 layers the blocks change, not their number: 16 blocks each.
# 16 layers more cost 6 % more multiply-adds and 18 % more parameters.
# From there on, 3 layers more are one block more in stage 3 or 4, and each
# such block costs 218,365,952 multiply-adds: in stage 4 it has four times the
# weights and a quarter of the places. Even with 152 layers, the network needs fewer multiply-adds
# than VGG-16, a plain network with 16 layers that came a year earlier: 15.3 ×
# 10<sup>9</sup>, the paper says.
#
# Keras has three of the five in `keras.applications`. Do their parameters
# agree with yours?

# %% tags=["raises-exception", "skip-execution"]
theirs = keras.applications.ResNet50(weights=None)
print(f"keras.applications: {theirs.count_params():,}")
print(f"your resnet(50):    {count_params(resnet(50)):,}")

# %% [markdown]
# **Expected output**: 25,636,712, twice. The other two are `ResNet101` and
# `ResNet152`, with 44,707,176 and 60,419,944 parameters.
#
# And the shortcuts? Count the network with 50 layers under each option:

# %% tags=["raises-exception", "skip-execution"]
for option in "ABC":
    net = resnet(50, option=option)
    print(f"{option}: {count_params(net):>10,} parameters,"
          f" {count_flops(net):>13,} multiply-adds")

# %% [markdown]
# **Expected output**
#
# | option | parameters | multiply-adds |
# | --- | --- | --- |
# | A | 22,848,616 | 3,498,311,680 |
# | B | 25,636,712 | 3,857,973,248 |
# | C | 40,242,024 | 6,324,224,000 |
#
# Four projections, those of option B, add a tenth to the cost. Sixteen of
# them, those of option C, add 64 % to the multiply-adds of B.
# The shortcuts run between the wide ends of the blocks. That is why the deep
# networks use B.

# %% [markdown]
# The end of the lesson. Your points so far, and what is left:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ## What to remember
#
# - Plain networks degrade with depth: more layers, higher *training* error.
#   Shortcuts without a single parameter cure that.
# - Where shapes change, a shortcut either pads with zeros (A) or projects (B);
#   to project everywhere (C) is dear and of little use.
# - A **basic** block is two 3×3 convolutions; a **bottleneck** block puts a
#   3×3 convolution between two of 1×1, and gets four times the channels for
#   the same price.
# - Five networks are one function and a table with five rows.
# - Parameters and multiply-adds are different things. Count them yourself
#   before you believe a table.

# %% [markdown]
# ## References
#
# - Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun: *Deep Residual Learning
#   for Image Recognition*, 2015, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385).
#   Table 1 is figure 5 of this lesson; section 3.3 has the shortcuts, section
#   4.1 compares A, B and C, section 4.2 trains the small networks.
# - Karen Simonyan, Andrew Zisserman: *Very Deep Convolutional Networks for
#   Large-Scale Image Recognition*, 2014,
#   [arXiv:1409.1556](https://arxiv.org/abs/1409.1556). VGG-16.
# - Kaiming He, Jian Sun: *Convolutional Neural Networks at Constrained Time
#   Cost*, 2014, [arXiv:1412.1710](https://arxiv.org/abs/1412.1710). Depth,
#   width and the size of filters, traded against each other.
# - The residual networks of Keras:
#   [keras.io/api/applications/resnet](https://keras.io/api/applications/resnet/).
