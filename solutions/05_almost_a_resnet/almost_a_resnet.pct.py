# %% [markdown]
# # Almost a ResNet
#
# A network from the web runs, learns, and bears a famous name. Is it what it
# says? In this lesson you take a published "ResNet-50" that is none, find out
# what is wrong with it without reading its code, mend it, and then carry it
# over to PyTorch, weights and all, until both give the same answers.
#
# **You will do**
#
# | function | what it is | points |
# | --- | --- | --- |
# | `diagnose` | the faults of the published network, and their places | 20 |
# | `identity_block` | the first block, mended | 15 |
# | `convolutional_block` | the second block, mended | 15 |
# | `ResNet50` | the network, mended: 25.6 million parameters | 15 |
# | `Bottleneck` | both blocks as one PyTorch module | 20 |
# | `ResNet50Torch` | the network in PyTorch | 15 |
#
# **You will learn** to read a summary, to count a block's parameters by hand,
# to look at what flows through a network forwards and backwards, and what two
# frameworks do differently under the same names.
#
# **You need** lesson 1: the two blocks and how they are stacked. For section 4
# you need PyTorch, which is an extra of this course. Without it that section's
# tests do not run; they say how to get it. Plan two hours; the computer needs two minutes.

# %% [markdown]
# ## How the exercises work
#
# In each cell that begins with `# GRADED FUNCTION`, some lines are given
# and some are yours: write them at `# YOUR CODE HERE`, and delete the line
# `raise NotImplementedError()` that holds their place. Then run the cell, and
# the tests below it. A test that is not content names the place, what is
# asked, what it found, and where to look. It does not tell the solution. At
# the end of a section `lesson.progress()` lists your points so far.
#
# Begin with this cell, which takes some seconds. `port_utils.py` beside the
# notebook brings the course's seeded initializer, and PyTorch where it is
# installed; `blog_net.py` holds the published network. Leave that file closed
# until you have your diagnosis: a network in the wild is often a file of
# weights without its code.

# %%
import os

# Set before TensorFlow is imported: keeps its log lines off the page
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from port_utils import (
    NO_TORCH, glorot_uniform, keras, nn, quick, show_model, torch)
from blog_net import (
    PublishedResNet50, published_identity_block, published_resnet50)

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras.layers import (
    Activation, Add, BatchNormalization, Conv2D, Dense,
    GlobalAveragePooling2D, Input, MaxPooling2D, ZeroPadding2D)
from keras.models import Model

import grader

lesson = grader.lesson("05_almost_a_resnet")

# %% [markdown]
# ## 1 A network from the web
#
# Here it is, for colour images of 224×224 pixels and 1000 classes, as the paper
# has it. Build it, and ask it about two images of noise.

# %% tags=["skip-execution"]
keras.utils.set_random_seed(1)
published = published_resnet50()

noise = np.random.default_rng(1).normal(size=(2, 224, 224, 3))
noise = noise.astype("float32")
answers = published.predict(noise, verbose=0)

print("name:", published.name)
print("answers:", answers.shape, "each sums to", answers.sum(axis=1))

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | name | `ResNet50` |
# | answers | `(2, 1000)`, each sums to about 1 |
#
# A thousand probabilities for each image, which sum to 1. One could train this
# network, and its loss would fall. Nothing of that shows what it is: *that code
# runs, and even that it learns, says little about whether it is the model
# that it is said to be.*
#
# One number does not fit, though. The paper's network, with the biases that
# Keras gives its convolutions, has 25,636,712 parameters. So has the one in
# `keras.applications`.

# %% tags=["skip-execution"]
print(f"parameters: {published.count_params():,}")

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | parameters | 58,292,553 |
#
# More than twice as many. Somewhere in there, something is larger than it
# should be. Counting parameters takes a second, and is the first thing to do
# with a network that you have not written, or have written at night.

# %% [markdown]
# ## 2 Reading a network
#
# Figure 1 shows what the paper has: the bottleneck block, with names for its
# parts. You will need these names for your diagnosis. In an identity block the
# shortcut carries the block's input as it is; in a convolutional block a
# convolution and a batch normalisation stand on it.
#
# ![Diagram of a bottleneck block. Main path: the part called first (Conv2D 1×1, BatchNorm, ReLU), the part called second (Conv2D 3×3, BatchNorm, ReLU) and the part called third (Conv2D 1×1, BatchNorm). The part called shortcut carries the input past them, through Conv2D 1×1 and BatchNorm where the shape changes. The part called merge is a plus sign, the part called end a ReLU.](figures/parts.svg)
#
# *Figure 1: a bottleneck block of the paper, and the names of its parts.*

# %% [markdown]
# ### 2.1 The layer table
#
# `model.summary()` prints a row for each layer; for 193 layers that is more
# than one likes to read. Better to write a table of one's own, with the rows and
# columns that a question needs. This one lists the layers that have many
# weights, and those that join paths. For the latter it also shows what comes
# in.

# %%
def layer_table(model, first=0, last=None):
    """Prints layers with weights, and merges, a row for each."""
    kinds = ("Conv2D", "Dense", "Add", "Concatenate", "Multiply", "Average")
    rows = [own for own in model.layers if type(own).__name__ in kinds]
    for layer in rows[first:last]:
        shape = "x".join(map(str, layer.output.shape[1:]))
        inputs = layer.input if isinstance(layer.input, list) else []
        of = " + ".join(str(t.shape[-1]) for t in inputs)
        of = f"  from channels {of}" if of else ""
        print(f"{layer.name:16}{type(layer).__name__:12}{shape:12}"
              f"{layer.count_params():>11,}{of}")

# %% [markdown]
# The first rows are the stem (a 7×7 convolution), the convolutional block 2a
# with its four convolutions, and the identity block 2b with three:

# %% tags=["skip-execution"]
layer_table(published, last=10)

# %% [markdown]
# Read it as you would read a bill. Which row is larger than in the paper? Which
# name tells you nothing? Table 1 of the paper gives 256 channels after each
# block of stage 2, 512 in stage 3, 1024 in stage 4 and 2048 in stage 5.
#
# Now the others. Look along the last two columns for rows that should be alike
# and are not; the blocks of one stage repeat each other, so compare them with
# one another.

# %% tags=["skip-execution"]
layer_table(published, first=10)

# %% [markdown]
# ### 2.2 Counting by hand
#
# Where a count is wrong, a pencil tells why. A convolution has a kernel of
# *height × width × channels in* and a bias for each of its filters, and batch
# normalisation has four numbers for each channel (two that are learned, two
# moving averages):
#
# - convolution: (height · width · channels in + 1) · filters
# - batch normalisation: 4 · channels
#
# The identity block 2b gets 256 channels and has filters [64, 64, 256]. So its
# first convolution has (1 · 1 · 256 + 1) · 64 = 16,448 parameters. Compare that
# with the row of 2b's first convolution in the table above. What would the number of channels that
# come in have to be to give the number that stands there? The next cell counts
# a whole block.

# %%
def block_parameters(channels, filters, window=3, project=False):
    """Parameters of a bottleneck block that gets `channels` channels."""
    def conv(size, inputs, outputs):
        return (size * size * inputs + 1) * outputs + 4 * outputs

    F1, F2, F3 = filters
    count = conv(1, channels, F1) + conv(window, F1, F2) + conv(1, F2, F3)
    return count + (conv(1, channels, F3) if project else 0)

print(f"2a: {block_parameters(64, [64, 64, 256], project=True):,}")
print(f"2b: {block_parameters(256, [64, 64, 256]):,}")
print(f"4b: {block_parameters(1024, [256, 256, 1024]):,}")

# %% [markdown]
# **Expected output**
#
# | block | parameters |
# | --- | --- |
# | 2a | 76,928 |
# | 2b | 71,552 |
# | 4b | 1,121,792 |
#
# Try `block_parameters` with other channels and filters until it gives what
# the table shows for 4b (add up its three convolutions, and 4 numbers for each
# of their filters).

# %% [markdown]
# ### 2.3 What reaches the merge
#
# Shapes and counts do not show everything. A layer without weights can stand
# in the wrong place and leave both as they are. So send something through the
# network, and look at the *values* where two paths meet: the least one, and the
# share of exact zeros.

# %% tags=["skip-execution"]
merges = [own for own in published.layers
          if type(own).__name__ in ("Add", "Concatenate", "Multiply")]

def look_at(block):
    """Values that come in where the paths of a block meet."""
    joined = merges[block].input
    probe = Model(published.input, joined)
    paths = ("main path", "shortcut")
    for path, values in zip(paths, probe(noise[:1]), strict=True):
        values = keras.ops.convert_to_numpy(values)
        print(f"  {path}: least value {values.min():8.3f}, "
              f"zeros {np.mean(values == 0):.0%}")

print("block 2a (convolutional)")
look_at(0)
print("block 2b (identity)")
look_at(1)

# %% [markdown]
# **Expected output**, about
#
# | | least value | zeros |
# | --- | --- | --- |
# | 2a, main path | 0.000 | 50 % |
# | 2a, shortcut | below -0.5 | 0 % |
# | 2b, main path | 0.000 | 50 % |
# | 2b, shortcut | 0.000 | 50 % |
#
# Go through the four rows, and ask of each whether it can be so in figure 1.
# What comes out of a block is never negative, since a ReLU ends it; and what a
# batch normalisation gives has a mean of about 0 at the start, hence negative
# values. A *residual* is what is to be added to the input: must it be able to be
# negative?

# %% [markdown]
# ### 2.4 The gradient's way back
#
# Now backwards. This cell measures the norm of the loss's gradient at the
# output of each of the 16 blocks, and, on the way into each block's main path,
# how much of the gradient is exactly zero: what is zero there trains nothing
# behind it.

# %%
def gradient_flow(model, last="BatchNormalization"):
    """Norms at the merges, and shares of zeros before them."""
    # Among the operations, since a sum written with + is no layer
    merged = [own for own in model.operations
              if type(own).__name__ in ("Add", "Concatenate")]
    # The batch normalisation that ends the main path, before any ReLU
    ends = []
    for merge in merged:
        layer = merge.input[0]._keras_history.operation
        while type(layer).__name__ != last:
            layer = layer.input._keras_history.operation
        ends.append(layer.output)
    outputs = [own.output for own in merged]
    probe = Model(model.input, outputs + ends + [model.output])
    # RESNET_COURSE_QUICK, which tests set, makes do with one image
    images = tf.constant(noise[:1] if quick() else noise)
    with tf.GradientTape() as tape:
        *outputs, answers = probe(images, training=True)
        loss = -tf.reduce_mean(tf.math.log(answers[:, 0]))
    gradients = tape.gradient(loss, outputs)
    half = len(merged)
    norms = [float(tf.norm(g)) for g in gradients[:half]]
    zeros = [float(np.mean(g.numpy() == 0)) for g in gradients[half:]]
    return norms, zeros

# %% [markdown]
# It takes some ten seconds. Keep the result: you will compare it with your
# own network's.

# %% tags=["skip-execution"]
published_flow = gradient_flow(published)

blocks = ["2a", "2b", "2c", "3a", "3b", "3c", "3d", "4a", "4b", "4c", "4d",
          "4e", "4f", "5a", "5b", "5c"]

def plot_flow(flows, title):
    """Draws gradient norms and dead shares, block by block."""
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2),
                                    layout="constrained")
    for label, (norms, zeros) in flows.items():
        left.semilogy(blocks, norms, "o-", label=label)
        right.plot(blocks, zeros, "o-", label=label)
    left.set(ylabel="norm of the gradient", xlabel="block")
    right.set(ylabel="share of zeros", xlabel="block", ylim=(0, 1))
    left.legend()
    plt.suptitle(title)
    plt.show()

plot_flow({"published": published_flow},
          "Figure 2: the gradient in the published network")

# %% [markdown]
# On the left: the gradient arrives everywhere, so this network does train. On the
# right, one half of it is lost at the end of each main path. Three blocks lose
# more, 2c, 3d and 4f, and rightly so: the next stage begins with 1×1 convolutions
# of stride 2, which read only one pixel of four, in the paper's network as well.
# The even half of the others is what to wonder about. Which layer sets half of all
# numbers to zero, and is there one in figure 1 at the end of the main path?

# %% [markdown]
# ### 2.5 A drawing
#
# At last the picture. All of it would be metres long, so build the identity
# block alone, small, and draw that (Keras's own `keras.utils.plot_model` writes
# such drawings to a file).

# %% tags=["skip-execution"]
X_small = Input((8, 8, 12))
small = Model(X_small, published_identity_block(X_small, [2, 4, 12]))
show_model(small)

# %% [markdown]
# Follow both ways from the top to where they meet, and compare with figure 1.
# Then do the same for the convolutional block, if you like: import
# `published_convolutional_block`.

# %% [markdown]
# ### 2.6 Your diagnosis
#
# **Specification of `diagnose`**
#
# - It returns a list of pairs `(place, fault)`, both from the lists below.
# - Each fault is named once, with its place. A fault of a block is named for
#   the block, not for each of its calls.
# - Calls of blocks are places, too: `"3b"` is the second block of stage 3. If
#   several calls have a fault, each has a pair of its own.
# - Only real faults are named: those that change a number for images of
#   224×224. Names of layers are the exception: they change no number, and are
#   a fault if they tell nothing.
#
# **Places**
#
# | place | what it is |
# | --- | --- |
# | `"identity_block.first"`, `".second"`, `".third"`, `".shortcut"`, `".merge"`, `".end"` | the parts of figure 1 |
# | `"convolutional_block.first"` and so on | the same of the other block |
# | `"stem"` | what comes before stage 2 |
# | `"2a"`, `"2b"`, ... `"5c"` | one call of a block |
# | `"pooling"`, `"dense"` | what comes after stage 5 |
# | `"all layers"` | the network as a whole |
#
# **Faults**
#
# | fault | in words |
# | --- | --- |
# | `"concatenates"` | puts channels side by side where they are to be added |
# | `"extra ReLU"`, `"missing ReLU"` | a ReLU too many, or too few |
# | `"no batch normalisation"` | it lacks |
# | `"no projection"` | the convolution on the shortcut lacks |
# | `"no bias"` | convolutions without bias |
# | `"filters"` | another number of filters |
# | `"kernel size"`, `"stride"`, `"padding"` | another value |
# | `"activation"` | another function |
# | `"unnamed"` | names that tell nothing |
#
# There are ten pairs to find. A pair that names something that is right costs
# two points, so that guessing does not pay.

# %% nbgrader={"grade": false, "grade_id": "diagnose", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: diagnose

def diagnose():
    """The faults of the published Keras network.

    Returns:
        list of pairs (place, fault), of shape (number of faults, 2), with
        places and faults from the lists above
    """
    faults = []

    # Now you: fill the list, such as faults = [("stem", "stride"), ...]
    ### BEGIN SOLUTION
    for block in ("identity_block", "convolutional_block"):
        faults.append((block + ".third", "extra ReLU"))
        faults.append((block + ".merge", "concatenates"))
    for block in ("4b", "4c", "4d", "4e", "4f"):
        faults.append((block, "filters"))
    faults.append(("all layers", "unnamed"))
    ### END SOLUTION

    return faults

# %% [markdown]
# Now the tests. They say how many faults of a region are not named yet,
# which tool shows them, and which of yours are not faults.

# %% nbgrader={"grade": true, "grade_id": "diagnose-blocks", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The faults inside the two blocks
lesson.check("diagnose-blocks", diagnose)

# %% nbgrader={"grade": true, "grade_id": "diagnose-network", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The faults of the network around them
lesson.check("diagnose-network", diagnose)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ## 3 Mended in Keras
#
# Open `blog_net.py` now, and compare. Then write the network as it should be. It
# is lesson 1's, with two changes: the window of the second convolution is always
# 3×3, so no argument `f` is needed, and the network ends in *global* average
# pooling, as the paper says, so that it takes images of any size.
#
# What the blog's concatenation makes of a block is not nonsense, by the way. It is
# close to another good idea, the DenseNet (Huang et al., 2016), which keeps all
# earlier channels side by side. But it is another network, with other shapes
# and another count; weights trained for a ResNet-50 do not fit in.

# %% [markdown]
# ### 3.1 The identity block
#
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
# - `Conv2D` with `F2` filters of 3×3, stride 1, padding `"same"`; its name
#   is `conv_name_base + "2b"`
# - `BatchNormalization` of the channels; its name is `bn_name_base + "2b"`
# - ReLU
#
# Third component:
#
# - `Conv2D` with `F3` filters of 1×1, stride 1, padding `"valid"`; its name
#   is `conv_name_base + "2c"`
# - `BatchNormalization` of the channels; its name is `bn_name_base + "2c"`
# - no ReLU here
#
# Final step:
#
# - the main path and the shortcut are added
# - ReLU
#
# Each convolution starts from `kernel_initializer=glorot_uniform(seed=0)`. With
# the course's seeded numbers, what you print here is the same on every computer,
# and in section 4 in another framework.

# %% [markdown]
# **Before you start**
#
# - Names are not decoration: section 4 finds the weights by them. A network
#   whose layers are called `conv2d_43` cannot be carried over that way.
# - A sum of tensors is `Add()([X, X_shortcut])`, or `X + X_shortcut`. If Keras
#   says *incompatible shapes*, the two paths do not end in the same number of
#   channels. Concatenation never says that, which is why its fault stays quiet.
# - If you copy the blog's lines, you copy its faults: write the block from the
#   specification.

# %% nbgrader={"grade": false, "grade_id": "identity_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: identity_block

def identity_block(X, filters, stage, block):
    """The identity block of figure 1.

    Arguments:
        X: tensor of shape (m, n_H, n_W, F3)
        filters: list of three integers, [F1, F2, F3]
        stage: integer, where in the network the block is; for the names
        block: letter, which block of its stage it is; for the names

    Returns:
        tensor of shape (m, n_H, n_W, F3)
    """
    conv_name_base = "res" + str(stage) + block + "_branch"
    bn_name_base = "bn" + str(stage) + block + "_branch"
    F1, F2, F3 = filters

    X_shortcut = X

    # First component of the main path
    X = Conv2D(F1, (1, 1), name=conv_name_base + "2a",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name_base + "2a")(X)
    X = Activation("relu")(X)

    # Now you: second component (3 lines), third (2), final step (2)
    ### BEGIN SOLUTION
    X = Conv2D(F2, (3, 3), padding="same", name=conv_name_base + "2b",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name_base + "2b")(X)
    X = Activation("relu")(X)

    X = Conv2D(F3, (1, 1), name=conv_name_base + "2c",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name_base + "2c")(X)

    X = Add()([X, X_shortcut])
    X = Activation("relu")(X)
    ### END SOLUTION

    return X

# %% [markdown]
# Try it on three small random "images" of 4×4 pixels and 6 channels:

# %% tags=["raises-exception"]
np.set_printoptions(precision=4, suppress=True)

np.random.seed(1)
X = np.random.randn(3, 4, 4, 6).astype("float32")
A = identity_block(X, filters=[2, 4, 6], stage=1, block="a")
print("shape =", A.shape)
print("out =", keras.ops.convert_to_numpy(A)[1, 1, 0])

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | shape | `(3, 4, 4, 6)` |
# | out | `[0.     0.     2.1543 1.9233 0.     1.5726]` |

# %% nbgrader={"grade": true, "grade_id": "identity_block-layers", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers: kinds, filters, windows, strides, padding, axes, names
lesson.check("identity_block-layers", identity_block)

# %% nbgrader={"grade": true, "grade_id": "identity_block-wiring", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: what follows what, what is added, where the ReLUs are
lesson.check("identity_block-wiring", identity_block)

# %% nbgrader={"grade": true, "grade_id": "identity_block-weights", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The initial weights: glorot_uniform(seed=0) for each convolution
lesson.check("identity_block-weights", identity_block)

# %% nbgrader={"grade": true, "grade_id": "identity_block-values", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: for new inputs and other arguments
lesson.check("identity_block-values", identity_block)

# %% [markdown]
# ### 3.2 The convolutional block
#
# **Specification of the convolutional block**
#
# - The main path is that of the identity block; its first convolution has
#   stride (s, s) (given).
# - Shortcut: `Conv2D` with `F3` filters of 1×1, stride (s, s), padding
#   `"valid"`; its name is `conv_name_base + "1"`. `BatchNormalization` of the
#   channels follows; its name is `bn_name_base + "1"`. No ReLU.
# - Final step: the main path and the shortcut are added; ReLU.
#
# As before, each convolution starts from
# `kernel_initializer=glorot_uniform(seed=0)`.

# %% nbgrader={"grade": false, "grade_id": "convolutional_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: convolutional_block

def convolutional_block(X, filters, stage, block, s=2):
    """The convolutional block: figure 1 with layers on the shortcut.

    Arguments:
        X: tensor of shape (m, n_H, n_W, n_C)
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

    X_shortcut = X

    # First component of the main path
    X = Conv2D(F1, (1, 1), strides=(s, s), name=conv_name_base + "2a",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name_base + "2a")(X)
    X = Activation("relu")(X)

    # Now you: second component (3 lines), third (2), shortcut (2),
    # final step (2)
    ### BEGIN SOLUTION
    X = Conv2D(F2, (3, 3), padding="same", name=conv_name_base + "2b",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name_base + "2b")(X)
    X = Activation("relu")(X)

    X = Conv2D(F3, (1, 1), name=conv_name_base + "2c",
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3, name=bn_name_base + "2c")(X)

    X_shortcut = Conv2D(
        F3, (1, 1), strides=(s, s), name=conv_name_base + "1",
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
A = convolutional_block(X, filters=[2, 4, 6], stage=1, block="a")
print("shape =", A.shape)
print("out =", keras.ops.convert_to_numpy(A)[0, 1, 0])

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | shape | `(3, 2, 2, 6)` |
# | out | `[0.0642 0.     0.1781 0.     1.9553 0.    ]` |

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-layers", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers: kinds, filters, windows, strides, padding, axes, names
lesson.check("convolutional_block-layers", convolutional_block)

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-wiring", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: what follows what on both paths, what is added, the ReLUs
lesson.check("convolutional_block-wiring", convolutional_block)

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-weights", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The initial weights: glorot_uniform(seed=0) for each convolution
lesson.check("convolutional_block-weights", convolutional_block)

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-values", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: for new inputs and other arguments
lesson.check("convolutional_block-values", convolutional_block)

# %% [markdown]
# ### 3.3 The network
#
# **Specification of ResNet50**
#
# - Zero padding of (3, 3) around the input; **stage 1**: `Conv2D` with 64
#   filters of 7×7 and stride 2, named `"conv1"`, `BatchNormalization` named
#   `"bn_conv1"`, ReLU, max pooling over 3×3 with stride 2 (all given).
# - **Stage 2** (given): a convolutional block with filters [64, 64, 256],
#   `s=1`, block "a"; 2 identity blocks, "b" and "c".
# - **Stage 3**: a convolutional block with filters [128, 128, 512], `s=2`,
#   block "a"; 3 identity blocks with the same filters, "b" to "d".
# - **Stage 4**: a convolutional block with filters [256, 256, 1024], `s=2`,
#   block "a"; 5 identity blocks with the same filters, "b" to "f".
# - **Stage 5**: a convolutional block with filters [512, 512, 2048], `s=2`,
#   block "a"; 2 identity blocks with the same filters, "b" and "c".
# - `GlobalAveragePooling2D`, named `"avg_pool"`.
# - A `Dense` layer with softmax and one output per class, named
#   `"fc" + str(classes)`, from `glorot_uniform(seed=0)`.
#
# The convolution of the stem starts from `glorot_uniform(seed=0)`, too (given).

# %% nbgrader={"grade": false, "grade_id": "ResNet50", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: ResNet50

def ResNet50(input_shape=(224, 224, 3), classes=1000):
    """The network of the paper's table 1.

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
    X = convolutional_block(X, [64, 64, 256], stage=2, block="a", s=1)
    X = identity_block(X, [64, 64, 256], stage=2, block="b")
    X = identity_block(X, [64, 64, 256], stage=2, block="c")

    # Now you: stages 3, 4 and 5, pooling, the dense layer
    ### BEGIN SOLUTION
    # Stage 3
    X = convolutional_block(X, [128, 128, 512], stage=3, block="a")
    for block in "bcd":
        X = identity_block(X, [128, 128, 512], stage=3, block=block)

    # Stage 4
    X = convolutional_block(X, [256, 256, 1024], stage=4, block="a")
    for block in "bcdef":
        X = identity_block(X, [256, 256, 1024], stage=4, block=block)

    # Stage 5
    X = convolutional_block(X, [512, 512, 2048], stage=5, block="a")
    for block in "bc":
        X = identity_block(X, [512, 512, 2048], stage=5, block=block)

    X = GlobalAveragePooling2D(name="avg_pool")(X)
    X = Dense(classes, activation="softmax", name="fc" + str(classes),
              kernel_initializer=glorot_uniform(seed=0))(X)
    ### END SOLUTION

    return Model(inputs=X_input, outputs=X, name="ResNet50")

# %% [markdown]
# Now the tests. The first compares your calls of the two blocks with the
# list above; a mistake inside of a block does not count here again.

# %% nbgrader={"grade": true, "grade_id": "ResNet50-plan", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The plan: which blocks you call, in which order, with which arguments
lesson.check("ResNet50-plan", ResNet50)

# %% nbgrader={"grade": true, "grade_id": "ResNet50-layers", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers around the blocks: global average pooling, the dense layer
lesson.check("ResNet50-layers", ResNet50)

# %% nbgrader={"grade": true, "grade_id": "ResNet50-summary", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The parameters' initial values
lesson.check("ResNet50-summary", ResNet50)

# %% nbgrader={"grade": true, "grade_id": "ResNet50-values", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: other image sizes, and other numbers of classes
lesson.check("ResNet50-values", ResNet50)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# And now the tools of section 2, on your own network: the count first, then the
# table's last rows.

# %% tags=["raises-exception"]
model = ResNet50()
print(f"parameters: {model.count_params():,}")
layer_table(model, first=-5)

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | parameters | 25,636,712 |
# | res5c_branch2a | `7x7x512`, 1,049,088 |
# | res5c_branch2b | `7x7x512`, 2,359,808 |
# | res5c_branch2c | `7x7x2048`, 1,050,624 |
# | add, and a number | `7x7x2048`, 0, from channels 2048 + 2048 |
# | fc1000 | `1000`, 2,049,000 |
#
# That is the number of the paper's network, and of `keras.applications`. (If you
# add with `+`, the row of the sum is missing: an operator is no layer.) Last, the
# gradient:

# %% tags=["raises-exception", "skip-execution"]
plot_flow({"published": published_flow, "mended": gradient_flow(model)},
          "Figure 3: the gradient in both networks")

# %% [markdown]
# On the right, look at the identity blocks (all but 2a, 3a, 4a and 5a): what
# was lost there has gone down from one half to about a third (2c, 3d and 4f lose
# more in both networks, as above). Only the ReLU after
# the sum takes some now, and the sum is negative less often than the residual. In
# the convolutional blocks one half stays, since both paths that are added have a
# mean of about 0. On the left, both networks carry the gradient to their first
# block: that both can be trained is not what tells right from wrong here.

# %% [markdown]
# ## 4 The same network in PyTorch
#
# The blog shows the network in PyTorch, too. This section needs PyTorch. Does
# your computer have it?

# %%
if torch is None:
    print(NO_TORCH)
else:
    print("PyTorch", torch.__version__)

# %% [markdown]
# ### 4.1 Counting what does not fit
#
# How large is the blog's PyTorch network? Better not build it to find out.
# PyTorch has a device named `"meta"` on which tensors have a shape and no
# numbers: a network of any size is built there in no time and no memory, and
# can be counted.

# %%
if torch is not None:
    with torch.device("meta"):
        published_torch = PublishedResNet50()
    for name, part in published_torch.named_children():
        count = sum(p.numel() for p in part.parameters())
        print(f"{name:18}{type(part).__name__:14}{count:>14,}")
    count = sum(p.numel() for p in published_torch.parameters())
    print(f"{'all':32}{count:>14,}")

# %% [markdown]
# **Expected output**
#
# | part | kind | parameters |
# | --- | --- | --- |
# | conv1 | `_ConvNorm` | 9,600 |
# | pool | `MaxPool2d` | 0 |
# | blocks | `Sequential` | 49,886,848 |
# | globalAvgPooling | `Conv2d` | 3,288,342,528 |
# | fc | `Linear` | 8,193,000 |
# | activation | `Softmax` | 0 |
# | all | | 3,346,431,976 |
#
# More than three billion, 13 gigabytes. What is *called* global average pooling is a
# convolution of 7×7 with 8192 channels in and out. Its count, by the formula of
# section 2.2, is (7 · 7 · 8192 + 1) · 8192. Pooling has no parameters at all. A
# name is a claim; the kind and the count are facts.
#
# Open `blog_net.py` once more and look at the PyTorch classes. Beside the
# pooling there are these faults:
#
# - The blocks concatenate here, too (`torch.cat`), so channels grow.
# - The stem has no padding: an image of 224×224 becomes 109×109, not 112×112.
# - `nn.Softmax()` is not told its dimension. PyTorch guesses one, and warns.
# - The convolutions' names do not tell stage and block.
#
# The third component has no ReLU here, and stage 4 has its 256 filters: two
# versions of one network in one blog, with different faults.

# %% [markdown]
# ### 4.2 Two dialects
#
# Your `Bottleneck` and `ResNet50Torch` are to compute *the same numbers* as the
# Keras functions, from the same weights. So it matters what the two
# frameworks do differently.
#
# | | Keras | PyTorch |
# | --- | --- | --- |
# | images | (m, height, width, channels) | (m, channels, height, width) |
# | convolution | `Conv2D(filters, window)` | `nn.Conv2d(in_channels, filters, window)` |
# | its kernel | (height, width, in, out) | (out, in, height, width) |
# | dense layer's kernel | (in, out) | `nn.Linear`: (out, in) |
# | padding | `"valid"`, `"same"` | a number, on each side; `"same"` for stride 1 only |
# | batch normalisation's ε | 0.001 | `eps=1e-5` |
# | its moving averages | keep `momentum=0.99` of the old | take `momentum=0.1` of the new |
# | mode | `model(x, training=...)` | `module.train()`, `module.eval()` |
#
# Three of these rows are traps, since nothing fails where they are overlooked: the
# outputs are just a bit off.
#
# - **ε.** With 1e-5 in place of 1e-3, a channel of variance 0.01 is scaled by
#   1 / √0.01001 instead of 1 / √0.011, which is 5 % more, and there are 53
#   such layers. Write `eps=1e-3`.
# - **momentum.** Keras's 0.99 is PyTorch's 0.01. It matters only in training.
#   Write `momentum=0.01`, so that the averages move at the same pace. Training
#   would still not go the same way: PyTorch's averages take a variance whose
#   squares are divided by n − 1, Keras's by n, and initial weights differ, too.
# - **padding.** For a stride of 1 and a 3×3 window, Keras's `"same"` is
#   PyTorch's `padding=1`. For a stride of 2 and an even number of pixels it is
#   not: figure 4.
#
# ![Two rows of eight numbered pixels with windows of three and a stride of two below. Left, Keras same: no zero before the first pixel and one after the last, so windows begin at pixels 1, 3, 5 and 7. Right, PyTorch padding 1: a zero on both sides, so windows begin at the left zero, at pixels 2, 4 and 6.](figures/same_padding.svg)
#
# *Figure 4: stride 2, window 3, eight pixels. Keras pads at the end, PyTorch on
# both sides: the windows lie one pixel apart.*
#
# In this network the only windows with a stride of 2 and more than one pixel are
# in the stem. There Keras's function pads by 3 on each side and then takes
# `"valid"`, which is PyTorch's `padding=3`; and the max pooling has none in
# both.

# %% [markdown]
# A kernel has the same numbers in both, in another order. Figure 5 shows where
# each axis goes.
#
# ![Two rows of four boxes. Above, Keras: height, width, in, out. Below, PyTorch: out, in, height, width. Arrows lead from each axis above to its place below: the last becomes the first, the third stays in the middle as second, the first two become the last two.](figures/kernel_axes.svg)
#
# *Figure 5: the axes of a convolution's kernel; `kernel.transpose(3, 2, 0, 1)`.*

# %% [markdown]
# ### 4.3 The bottleneck
#
# A PyTorch network is a class. Its method `__init__` makes the layers, and keeps
# them as attributes; `forward` says what becomes of the input. The names of the
# attributes are the names of the weights: `self.conv2a = nn.Conv2d(...)` gives
# `conv2a.weight` and `conv2a.bias`.
#
# **Specification of `Bottleneck`**
#
# - `conv2a`: `nn.Conv2d` from `in_channels` to F1 channels, 1×1, with the
#   given stride; `bn2a`: `nn.BatchNorm2d` with `eps=1e-3`, `momentum=0.01`;
#   ReLU
# - `conv2b`: from F1 to F2 channels, 3×3, padding 1; `bn2b` alike; ReLU
# - `conv2c`: from F2 to F3 channels, 1×1; `bn2c` alike; no ReLU
# - if `project` is true, the shortcut has `conv1`, from `in_channels` to F3
#   channels, 1×1, with the given stride, and `bn1` alike; otherwise it is the
#   input as it is, and there is no `conv1`
# - the main path and the shortcut are added; ReLU
#
# All convolutions have a bias, as PyTorch and Keras give them by default.

# %% [markdown]
# **Before you start**
#
# - `super().__init__()` comes first in `__init__` (given): without it PyTorch
#   refuses to keep layers.
# - Layers are made in `__init__` and used in `forward`. One that is made in
#   `forward` is new at each call, and learns nothing; one that is made and
#   not used is carried along for nothing.
# - `x += shortcut` writes into `x` itself, and so does `relu_`: if another name
#   stands for the same tensor, it changes, too.
# - ReLU has no weights: `torch.relu(x)`, `nn.functional.relu(x)` and one
#   `nn.ReLU()` for all places are the same.
#
# PyTorch's documentation:
# [Conv2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html),
# [BatchNorm2d](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html),
# [Module](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html)

# %% nbgrader={"grade": false, "grade_id": "Bottleneck", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: Bottleneck

class Bottleneck(nn.Module):
    """Both blocks of figure 1: with `project`, the convolutional one.

    Arguments:
        in_channels: integer, channels of the input
        filters: list of three integers, [F1, F2, F3]
        stride: integer, of the first convolution and of the shortcut's
        project: whether a convolution stands on the shortcut

    Its input has shape (m, in_channels, n_H, n_W), its output shape
    (m, F3, n_H / stride, n_W / stride), sizes rounded up.
    """

    def __init__(self, in_channels, filters, stride=1, project=False):
        super().__init__()
        F1, F2, F3 = filters
        self.project = project
        self.conv2a = nn.Conv2d(in_channels, F1, 1, stride=stride)
        self.bn2a = nn.BatchNorm2d(F1, eps=1e-3, momentum=0.01)

        # Now you: conv2b, bn2b, conv2c, bn2c, and for project conv1, bn1
        ### BEGIN SOLUTION
        self.conv2b = nn.Conv2d(F1, F2, 3, padding=1)
        self.bn2b = nn.BatchNorm2d(F2, eps=1e-3, momentum=0.01)
        self.conv2c = nn.Conv2d(F2, F3, 1)
        self.bn2c = nn.BatchNorm2d(F3, eps=1e-3, momentum=0.01)
        if project:
            self.conv1 = nn.Conv2d(in_channels, F3, 1, stride=stride)
            self.bn1 = nn.BatchNorm2d(F3, eps=1e-3, momentum=0.01)
        ### END SOLUTION

    def forward(self, x):
        # Now you: the main path, the shortcut, their sum, ReLU
        ### BEGIN SOLUTION
        shortcut = x
        x = torch.relu(self.bn2a(self.conv2a(x)))
        x = torch.relu(self.bn2b(self.conv2b(x)))
        x = self.bn2c(self.conv2c(x))
        if self.project:
            shortcut = self.bn1(self.conv1(shortcut))
        return torch.relu(x + shortcut)
        ### END SOLUTION

# %% [markdown]
# Try it: the shapes, and the names and shapes of the weights. `eval()` makes
# batch normalisation use its moving averages.

# %% tags=["raises-exception"]
if torch is not None:
    block = Bottleneck(5, [2, 4, 6], stride=2, project=True).eval()
    with torch.no_grad():
        print(block(torch.zeros(3, 5, 4, 4)).shape)
    for name, value in block.state_dict().items():
        if "weight" in name:
            print(f"{name:16}{tuple(value.shape)}")

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | | `torch.Size([3, 6, 2, 2])` |
# | conv2a.weight | `(2, 5, 1, 1)` |
# | bn2a.weight | `(2,)` |
# | conv2b.weight | `(4, 2, 3, 3)` |
# | bn2b.weight | `(4,)` |
# | conv2c.weight | `(6, 4, 1, 1)` |
# | bn2c.weight | `(6,)` |
# | conv1.weight | `(6, 5, 1, 1)` |
# | bn1.weight | `(6,)` |

# %% nbgrader={"grade": true, "grade_id": "Bottleneck-layers", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers: kinds, channels, windows, strides, padding, eps, names
lesson.check("Bottleneck-layers", Bottleneck)

# %% nbgrader={"grade": true, "grade_id": "Bottleneck-wiring", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: what follows what, what is added, where the ReLUs are
lesson.check("Bottleneck-wiring", Bottleneck)

# %% nbgrader={"grade": true, "grade_id": "Bottleneck-values", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: in both modes, for new inputs and other arguments
lesson.check("Bottleneck-values", Bottleneck)

# %% [markdown]
# ### 4.4 The network
#
# **Specification of `ResNet50Torch`**
#
# - Stem: `conv1`, an `nn.Conv2d` from 3 to 64 channels, 7×7, stride 2,
#   padding 3; `bn1`, an `nn.BatchNorm2d` with `eps=1e-3`, `momentum=0.01`; ReLU;
#   max pooling over 3×3 with stride 2, without padding.
# - `stage2` (given), `stage3`, `stage4` and `stage5`: each an `nn.Sequential` of
#   `Bottleneck`s with the filters, strides and numbers of blocks of section 3.3.
#   The first of each stage has `project=True` and its stride; the others keep
#   what they get.
# - Global average pooling: the mean over height and width, whatever they are.
# - `fc`: an `nn.Linear` from 2048 numbers to one a class.
# - Softmax over the classes, `dim=1`.
#
# `nn.Sequential` numbers what it holds from 0, so the second block of stage 3
# is `stage3.1`, and its first convolution's kernel `stage3.1.conv2a.weight`:
# Keras's `res3b_branch2a`.

# %% nbgrader={"grade": false, "grade_id": "ResNet50Torch", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: ResNet50Torch

class ResNet50Torch(nn.Module):
    """The network of section 3.3 in PyTorch.

    Arguments:
        classes: integer, number of classes

    Its input has shape (m, 3, height, width), its output, probabilities,
    shape (m, classes).
    """

    def __init__(self, classes=1000):
        super().__init__()
        self.stage2 = nn.Sequential(
            Bottleneck(64, [64, 64, 256], project=True),
            Bottleneck(256, [64, 64, 256]),
            Bottleneck(256, [64, 64, 256]))

        # Now you: conv1, bn1, stage3, stage4, stage5, fc
        ### BEGIN SOLUTION
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        self.bn1 = nn.BatchNorm2d(64, eps=1e-3, momentum=0.01)
        self.stage3 = nn.Sequential(
            Bottleneck(256, [128, 128, 512], stride=2, project=True),
            *[Bottleneck(512, [128, 128, 512]) for _ in range(3)])
        self.stage4 = nn.Sequential(
            Bottleneck(512, [256, 256, 1024], stride=2, project=True),
            *[Bottleneck(1024, [256, 256, 1024]) for _ in range(5)])
        self.stage5 = nn.Sequential(
            Bottleneck(1024, [512, 512, 2048], stride=2, project=True),
            *[Bottleneck(2048, [512, 512, 2048]) for _ in range(2)])
        self.fc = nn.Linear(2048, classes)
        ### END SOLUTION

    def forward(self, x):
        # Now you: stem, stages, pooling, fc, softmax
        ### BEGIN SOLUTION
        x = torch.relu(self.bn1(self.conv1(x)))
        x = nn.functional.max_pool2d(x, 3, stride=2)
        x = self.stage5(self.stage4(self.stage3(self.stage2(x))))
        x = x.mean(dim=(2, 3))
        return torch.softmax(self.fc(x), dim=1)
        ### END SOLUTION

# %% [markdown]
# Now the tests. Here, too, a mistake inside of `Bottleneck` does not count again.

# %% nbgrader={"grade": true, "grade_id": "ResNet50Torch-plan", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The plan: which blocks the stages hold, and their arguments
lesson.check("ResNet50Torch-plan", ResNet50Torch)

# %% nbgrader={"grade": true, "grade_id": "ResNet50Torch-layers", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers around the blocks: stem, pooling, output
lesson.check("ResNet50Torch-layers", ResNet50Torch)

# %% nbgrader={"grade": true, "grade_id": "ResNet50Torch-values", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: other image sizes, and other numbers of classes
lesson.check("ResNet50Torch-values", ResNet50Torch)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ### 4.5 Carrying the weights over
#
# Two networks, one set of weights. The next cell takes each Keras layer that has
# weights, finds its namesake in the PyTorch network, and puts the arrays
# there, with their axes in order. Read it line by line: all of section 4.2
# is in it.

# %%
def torch_name(name):
    """The PyTorch module for a Keras layer, such as stage3.1.conv2a."""
    if name.startswith("fc"):
        return "fc"
    if "_branch" not in name:
        return {"conv1": "conv1", "bn_conv1": "bn1"}[name]
    place, part = name.split("_branch")
    kind = "conv" if place.startswith("res") else "bn"
    stage, letter = place.removeprefix("res").removeprefix("bn")
    return f"stage{stage}.{'abcdef'.index(letter)}.{kind}{part}"

def carry_over(keras_model, torch_model):
    """Puts a Keras network's weights into its PyTorch counterpart."""
    for layer in keras_model.layers:
        weights = [torch.tensor(w) for w in layer.get_weights()]
        if not weights:
            continue
        module = torch_model.get_submodule(torch_name(layer.name))
        if isinstance(module, nn.BatchNorm2d):
            own = [module.weight, module.bias,
                   module.running_mean, module.running_var]
        else:
            own = [module.weight, module.bias]
            axes = (3, 2, 0, 1) if weights[0].ndim == 4 else (1, 0)
            weights[0] = weights[0].permute(axes)
        with torch.no_grad():
            for target, values in zip(own, weights, strict=True):
                target.copy_(values)

# %% [markdown]
# The moment of truth. Fresh networks would make it too easy: their moving averages
# are all 0 and 1, and their answers all about 1/1000. So your Keras network first
# gets random weights that let its answers differ, as those of a trained one do.
# Then both networks answer the same two images.

# %%
def stir(keras_model, seed=1):
    """Gives a network random weights under which its answers differ."""
    rng = np.random.default_rng(seed)
    for layer in keras_model.layers:
        shapes = [w.shape for w in layer.get_weights()]
        if len(shapes) == 4:  # gamma, beta, moving mean, moving variance
            layer.set_weights([rng.uniform(0.3, 0.9, shapes[0]),
                               rng.normal(0, 0.3, shapes[1]),
                               rng.normal(0, 0.3, shapes[2]),
                               rng.uniform(0.5, 1.5, shapes[3])])
        elif shapes:
            spread = np.sqrt(2 / np.prod(shapes[0][:-1]))
            layer.set_weights([rng.normal(0, spread, shapes[0]),
                               rng.normal(0, 0.3, shapes[1])])

# %% [markdown]
# The comparison takes some seconds.

# %% tags=["raises-exception", "skip-execution"]
if torch is not None:
    stir(model)
    twin = ResNet50Torch()
    carry_over(model, twin)
    twin.eval()
    images = torch.tensor(noise.transpose(0, 3, 1, 2))
    with torch.no_grad():
        theirs = twin(images).numpy()
    ours = model.predict(noise, verbose=0)
    print(f"largest probability:  {ours.max():.4f}")
    print(f"largest difference: {np.abs(ours - theirs).max():.1e}")

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | largest difference | less than 1e-4 |
#
# The last digits differ: the two frameworks add in another order. To see what the
# traps of section 4.2 are worth, spoil the twin on purpose. The next cell gives
# all its batch normalisations PyTorch's own ε.

# %% tags=["raises-exception", "skip-execution"]
if torch is not None:
    for module in twin.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eps = 1e-5
    with torch.no_grad():
        spoilt = twin(images).numpy()
    print(f"largest difference: {np.abs(ours - spoilt).max():.1e}")

# %% [markdown]
# **Expected output**: about 2e-3, thousands of times more than before
#
# Nothing failed, no shape was wrong, no warning came. Only a comparison with
# numbers that are known to be right shows such a fault. So, whenever you carry a
# network over, keep some inputs with their outputs, and compare.

# %% [markdown]
# The end of the lesson. Your points so far, and what is left:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ## What to remember
#
# - Code that runs and learns need not be the model that it claims to be. Count
#   its parameters first.
# - A summary is read like a bill: row by row, block against block. A count by
#   hand tells *why* a number is wrong.
# - Layers without weights do not show in counts. Look at values and gradients
#   where paths meet.
# - Concatenation takes any numbers of channels, and so hides mistakes at which
#   addition would stop.
# - Two frameworks may use one name for two things: ε, momentum, padding, the
#   order of axes. Only outputs prove that a port is right.

# %% [markdown]
# ## References
#
# - Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun: *Deep Residual Learning
#   for Image Recognition*, 2015, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385).
#   The network is in table 1; global average pooling in section 3.3.
# - Gao Huang, Zhuang Liu, Laurens van der Maaten, Kilian Weinberger: *Densely
#   Connected Convolutional Networks*, 2016,
#   [arXiv:1608.06993](https://arxiv.org/abs/1608.06993). Where concatenation is
#   meant.
# - Sergey Ioffe, Christian Szegedy: *Batch Normalization*, 2015,
#   [arXiv:1502.03167](https://arxiv.org/abs/1502.03167). What ε is for.
# - Keras's own
#   [ResNet50](https://keras.io/api/applications/resnet/#resnet50-function), whose
#   parameters the count of section 1 agrees with.
# - PyTorch: [the device
#   "meta"](https://docs.pytorch.org/docs/stable/meta.html).
