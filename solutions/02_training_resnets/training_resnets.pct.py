# %% [markdown]
# # Training residual networks
#
# A network that is built is not yet one that works. This lesson takes the
# residual network of lesson 1, writes it as one would today, and then looks
# at what lesson 1 passed over in two epochs: where the weights begin, which
# of its two ways batch normalisation works in, what an optimizer is told, and
# how to read what comes out of twenty epochs.
#
# **You will do**
#
# | function | what it is | points |
# | --- | --- | --- |
# | `identity_block` | the block with a plain shortcut, without names | 25 |
# | `convolutional_block` | the one with a convolution on the shortcut | 25 |
# | `ResNet50` | both, stacked, with their arguments passed on | 30 |
# | `compile_and_fit` | Adam, a loss, a metric, and the training | 20 |
#
# **You will learn** to hand an initialiser and a mode on through a network,
# why a network that learns well can guess at test images for ten epochs, what
# a test set says and what not, and what learning curves, a confusion matrix
# and the worst mistakes tell.
#
# **You need** lesson 1, or residual blocks from elsewhere: what a shortcut
# is for is not explained again. Plan two hours; the computer needs a few
# minutes of them, and a quarter of an hour or more if you train to the end.

# %% [markdown]
# ## How the exercises work
#
# A cell that begins with `# GRADED FUNCTION` is yours to complete: write at
# `# YOUR CODE HERE` and take the line `raise NotImplementedError()` away.
# Below it, one cell tries your function, and the next ones test it. Each test
# calls the function with arguments of its own and holds what it builds
# against the specification; a report names the layer, what is asked and what
# was found. Mend, run your cell, run the test again. Cells that need a
# function you have not written yet say so in a line, and Run All goes on.
# `lesson.progress()` at the end of a section lists your points so far.
#
# First the imports, which take some seconds. The initialisers `glorot_uniform`
# and `random_uniform` are the course's own: the same numbers on each computer.

# %%
import os

# Set before TensorFlow is imported: keeps its log lines off the page
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from training_utils import (
    averages_kept, convert_to_one_hot, glorot_uniform, load_dataset,
    load_saved_run, random_uniform, shortened, show_confusion, show_curves,
    show_mistakes)

import numpy as np
import keras
from keras.layers import (
    Activation, Add, AveragePooling2D, BatchNormalization, Conv2D, Dense,
    Flatten, Input, MaxPooling2D, ZeroPadding2D)
from keras.models import Model

import grader

lesson = grader.lesson("02_training_resnets")

# %% [markdown]
# ## 1 Two arguments that travel
#
# In lesson 1 each block took `stage` and `block`, and made names from them.
# Today one leaves the naming to Keras: a layer that is never looked up by its
# name needs none. Two other arguments take their place, and both are handed
# on from function to function until they reach a layer.

# %% [markdown]
# ### 1.1 `initializer`: where the weights begin
#
# An **initialiser** fills a kernel before training. It is passed as a class,
# and called where it is needed: `initializer(seed=0)` makes one, and the
# layer asks that one for as many numbers as its kernel has. So a block need
# not know *which* initialiser it uses.
#
# Two are used here. `glorot_uniform` draws between −L and L, where
# L = √(6 / (inputs + outputs)) follows the size of the kernel (Glorot and
# Bengio, 2010). `random_uniform` draws between −0.05 and 0.05, whatever the
# size. Compare them on kernels as ResNet50 has them:

# %%
def kernel_ranges(initializer):
    """Prints the range of three kernels that an initialiser draws."""
    for shape in ((1, 1, 64, 64), (3, 3, 128, 128), (1, 1, 512, 2048)):
        kernel = keras.ops.convert_to_numpy(initializer(seed=0)(shape))
        print(f"{shape!s:18} {kernel.min():7.4f} to {kernel.max():.4f}")


for initializer in (glorot_uniform, random_uniform):
    print(initializer.__name__)
    kernel_ranges(initializer)

# %% [markdown]
# **Expected output**
#
# | kernel | glorot_uniform | random_uniform |
# | --- | --- | --- |
# | `(1, 1, 64, 64)` | −0.2165 to 0.2162 | −0.0500 to 0.0499 |
# | `(3, 3, 128, 128)` | −0.0510 to 0.0510 | −0.0500 to 0.0500 |
# | `(1, 1, 512, 2048)` | −0.0484 to 0.0484 | −0.0500 to 0.0500 |
#
# The larger the kernel, the smaller Glorot's numbers: a sum over many inputs
# is to come out as large as a sum over few. In this network they reach from
# ±0.026 in the widest layers to ±0.217 in the narrowest, where ±0.05 lets a
# signal fade. But a batch normalisation after each convolution brings its
# size back, which is why identity blocks may start from `random_uniform` at
# all.

# %% [markdown]
# ### 1.2 `training`: the two modes of batch normalisation
#
# Batch normalisation subtracts a mean and divides by a standard deviation.
# *Which* mean depends on its mode:
#
# ![Diagram with two rows. Training: the batch gives mean and variance, the batch is normalised with them, and one hundredth of them goes into the moving averages. Inference: the moving averages alone normalise the input and stay as they are.](figures/batch_norm_modes.svg)
#
# *Figure 1: batch normalisation in training and in inference.*
#
# - In **training mode** it uses mean and variance of the batch at hand. On
#   the side it keeps **moving averages** of both: at each step they keep 99 %
#   of what they were and take 1 % of what the batch has.
# - In **inference mode** it uses those moving averages, and changes nothing.
#   An image's answer then does not depend on what other images it is shown
#   with.
#
# Who decides on the mode? A layer's call takes an argument `training`. If it
# is `True` or `False`, that is the mode. If it is `None`, which is also what
# it is when left out, the mode is that of the call from outside: of
# `model(X, training=...)`, `fit` or `predict`.
#
# So far the theory. Try all combinations on a model of one layer:

# %%
def mode_of(output):
    """Says by which numbers an output was normalised."""
    return "batch" if abs(np.mean(output)) < 1e-3 else "moving averages"


def try_modes(training):
    """Prints the mode of a layer that is called with `training`."""
    X = np.random.default_rng(0).normal(1, 3, (8, 4, 4, 2))
    X = X.astype("float32")
    X_input = Input((4, 4, 2))
    layer = BatchNormalization(axis=3)
    model = Model(X_input, layer(X_input, training=training))
    # predict first: the other calls may move the averages
    answers = [model.predict(X, verbose=0), model(X, training=False),
               model(X), model(X, training=True)]
    print(f"{training!s:6}", *(f"{mode_of(a):16}" for a in answers))


print("layer  predict          training=False   model(X)", end="         ")
print("training=True")
for training in (None, False, True):
    try_modes(training)

# %% [markdown]
# **Expected output**
#
# | layer called with | `predict(X)` | `model(X, training=False)` | `model(X)` | `model(X, training=True)` |
# | --- | --- | --- | --- | --- |
# | `training=None` | moving averages | moving averages | moving averages | batch |
# | `training=False` | moving averages | moving averages | moving averages | batch |
# | `training=True` | moving averages | moving averages | **batch** | batch |
#
# Only one entry depends on what the layer was called with: the one where
# the model itself is told nothing. **In Keras 3 a value from outside wins**
# over the one inside. `fit` always trains and `predict` and `evaluate` never
# do, whatever you wrote into your blocks.
#
# This is a trap for those who follow older texts. In TensorFlow 1 and in
# Keras 2, `training=False` written at a layer froze it for good, `fit`
# included, and a global switch, `set_learning_phase(True)`, put all models
# into training mode. Keras 3 has no such switch: the name is gone from
# `keras.backend`. What takes its place is `training=` in the model's call,
# and to freeze a layer's averages one sets `layer.trainable = False`.

# %% [markdown]
# ## 2 The blocks
#
# Now the blocks of lesson 1, each with the two arguments. What they compute
# has not changed.

# %% [markdown]
# ### 2.1 The identity block
#
# ![Diagram: X passes the first component (Conv2D 1×1 with F1 filters, BatchNorm, ReLU), the second component (Conv2D f×f with F2 filters and same padding, BatchNorm, ReLU) and the third component (Conv2D 1×1 with F3 filters, BatchNorm); the shortcut above adds X unchanged; a ReLU follows the sum.](figures/identity_block.svg)
#
# *Figure 2: the identity block.*
#
# **Specification of the identity block**
#
# First component of the main path (given):
#
# - `Conv2D` with `F1` filters of 1×1, stride 1, padding `"valid"`
# - `BatchNormalization` of the channels, `axis=3`
# - ReLU
#
# Second component:
#
# - `Conv2D` with `F2` filters of f×f, stride 1, padding `"same"`
# - `BatchNormalization` of the channels
# - ReLU
#
# Third component:
#
# - `Conv2D` with `F3` filters of 1×1, stride 1, padding `"valid"`
# - `BatchNormalization` of the channels
# - no ReLU here: it comes after the sum
#
# Final step:
#
# - the main path and the shortcut are added
# - ReLU
#
# In all components:
#
# - each convolution has `kernel_initializer=initializer(seed=0)`, with the
#   `initializer` that the block is given; where it is given none, it is
#   `random_uniform`
# - each batch normalisation is called with the `training` that the block is
#   given; where it is given none, it is `None`

# %% [markdown]
# **Before you start**
#
# - `initializer` is a class and `initializer(seed=0)` is what it makes. With
#   `kernel_initializer=initializer` Keras calls the class for you, without a
#   seed: most initialisers then draw other numbers in each run.
# - `training` is an argument of the *call*, not of the layer:
#   `BatchNormalization(axis=3)(X, training=training)`. In the first pair of
#   brackets Keras does not know it and raises an error.
# - `trainable=training` is something else. It would say whether the layer's
#   weights may learn.
#
# Keras's documentation:
# [initializers](https://keras.io/api/layers/initializers/),
# [BatchNormalization](https://keras.io/api/layers/normalization_layers/batch_normalization/),
# [Conv2D](https://keras.io/api/layers/convolution_layers/convolution2d/)

# %% nbgrader={"grade": false, "grade_id": "identity_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: identity_block

def identity_block(X, f, filters, initializer=random_uniform,
                   training=None):
    """The identity block of figure 2.

    Arguments:
        X: tensor of shape (m, n_H, n_W, F3)
        f: integer, height and width of the second convolution's window
        filters: list of three integers, [F1, F2, F3]
        initializer: class, called with a seed for each kernel
        training: mode of batch normalisation, True, False or None

    Returns:
        tensor of shape (m, n_H, n_W, F3)
    """
    F1, F2, F3 = filters

    # The sum at the end needs the input as it was
    X_shortcut = X

    # First component of the main path
    X = Conv2D(F1, (1, 1), strides=(1, 1), padding="valid",
               kernel_initializer=initializer(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    X = Activation("relu")(X)

    # Now you: second component (3 lines), third (2), final step (2)
    ### BEGIN SOLUTION
    X = Conv2D(F2, (f, f), strides=(1, 1), padding="same",
               kernel_initializer=initializer(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    X = Activation("relu")(X)

    X = Conv2D(F3, (1, 1), strides=(1, 1), padding="valid",
               kernel_initializer=initializer(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)

    X = Add()([X, X_shortcut])
    X = Activation("relu")(X)
    ### END SOLUTION

    return X

# %% [markdown]
# Try it on three random "images" of 4×4 pixels and 6 channels, with an
# initialiser that is not the default, and in both modes.

# %% tags=["raises-exception"]
np.set_printoptions(precision=4, suppress=True)

np.random.seed(1)
X = np.random.randn(3, 4, 4, 6).astype("float32")
for training in (False, True):
    A = identity_block(X, f=2, filters=[2, 4, 6],
                       initializer=glorot_uniform, training=training)
    out = keras.ops.convert_to_numpy(A)
    print(f"training={training}: out =", out[1][1][0])

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | training=False: out | `[0.9482 0.     1.161  2.7479 0.     1.3668]` |
# | training=True: out | `[1.0231 0.     0.     3.2269 0.     1.3177]` |
#
# In inference mode the averages are still 0 and 1, so that nothing is
# normalised: this is the line that lesson 1 printed. In training mode the
# three images are normalised by what they have in common.

# %% [markdown]
# Now the tests. They also call your block with other initialisers, a constant
# one among them, and with each value of `training`. Reports quote the numbers
# of the call above with `training=True`: there (f, f) is (2, 2).

# %% nbgrader={"grade": true, "grade_id": "identity_block-layers", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers: kinds, filters, windows, strides, padding, axes
lesson.check("identity_block-layers", identity_block)

# %% nbgrader={"grade": true, "grade_id": "identity_block-wiring", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: what follows what, what is added, where the ReLUs are
lesson.check("identity_block-wiring", identity_block)

# %% nbgrader={"grade": true, "grade_id": "identity_block-weights", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The initial weights: initializer(seed=0), whichever initialiser it is
lesson.check("identity_block-weights", identity_block)

# %% nbgrader={"grade": true, "grade_id": "identity_block-training", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The mode: training, passed on to each batch normalisation
lesson.check("identity_block-training", identity_block)

# %% nbgrader={"grade": true, "grade_id": "identity_block-values", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: the numbers above, and those for new inputs
lesson.check("identity_block-values", identity_block)

# %% [markdown]
# ### 2.2 The convolutional block
#
# ![Diagram: as figure 2, but the first Conv2D of the main path has stride s, and the shortcut passes a Conv2D 1×1 with F3 filters and stride s and a BatchNorm before it is added.](figures/convolutional_block.svg)
#
# *Figure 3: the convolutional block.*
#
# **Specification of the convolutional block**
#
# First component of the main path (given):
#
# - `Conv2D` with `F1` filters of 1×1, stride (s, s), padding `"valid"`
# - `BatchNormalization` of the channels, `axis=3`
# - ReLU
#
# Second component:
#
# - `Conv2D` with `F2` filters of f×f, stride 1, padding `"same"`
# - `BatchNormalization` of the channels
# - ReLU
#
# Third component:
#
# - `Conv2D` with `F3` filters of 1×1, stride 1, padding `"valid"`
# - `BatchNormalization` of the channels
# - no ReLU
#
# Shortcut:
#
# - `Conv2D` with `F3` filters of 1×1, stride (s, s), padding `"valid"`
# - `BatchNormalization` of the channels
# - no ReLU
#
# Final step:
#
# - the main path and the shortcut are added
# - ReLU
#
# In all components, the shortcut's included:
#
# - each convolution has `kernel_initializer=initializer(seed=0)`; where the
#   block is given no `initializer`, it is `glorot_uniform` here
# - each batch normalisation is called with the block's `training`

# %% [markdown]
# **Before you start:** the shortcut has a batch normalisation of its own,
# and that one needs the mode too. If it is the only one without, the block
# still runs, its shapes are right, and in training mode it adds two paths of
# different scale.

# %% nbgrader={"grade": false, "grade_id": "convolutional_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: convolutional_block

def convolutional_block(X, f, filters, s=2, initializer=glorot_uniform,
                        training=None):
    """The convolutional block of figure 3.

    Arguments:
        X: tensor of shape (m, n_H, n_W, n_C)
        f: integer, height and width of the second convolution's window
        filters: list of three integers, [F1, F2, F3]
        s: integer, stride of the first convolution and of the shortcut's
        initializer: class, called with a seed for each kernel
        training: mode of batch normalisation, True, False or None

    Returns:
        tensor of shape (m, n_H / s, n_W / s, F3), sizes rounded up
    """
    F1, F2, F3 = filters

    # Both paths begin at the block's input
    X_shortcut = X

    # First component of the main path
    X = Conv2D(F1, (1, 1), strides=(s, s), padding="valid",
               kernel_initializer=initializer(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    X = Activation("relu")(X)

    # Now you: second component (3 lines), third (2), shortcut (2),
    # final step (2)
    ### BEGIN SOLUTION
    X = Conv2D(F2, (f, f), strides=(1, 1), padding="same",
               kernel_initializer=initializer(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    X = Activation("relu")(X)

    X = Conv2D(F3, (1, 1), strides=(1, 1), padding="valid",
               kernel_initializer=initializer(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)

    X_shortcut = Conv2D(
        F3, (1, 1), strides=(s, s), padding="valid",
        kernel_initializer=initializer(seed=0))(X_shortcut)
    X_shortcut = BatchNormalization(axis=3)(X_shortcut, training=training)

    X = Add()([X, X_shortcut])
    X = Activation("relu")(X)
    ### END SOLUTION

    return X

# %% [markdown]
# The same three images, again in both modes, with `random_uniform` this time:

# %% tags=["raises-exception"]
np.random.seed(1)
X = np.random.randn(3, 4, 4, 6).astype("float32")
for training in (False, True):
    A = convolutional_block(X, f=2, filters=[2, 4, 6], s=2,
                            initializer=random_uniform, training=training)
    out = keras.ops.convert_to_numpy(A)
    print(f"training={training}: out =", out[1][1][0])

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | training=False: out | `[0.     0.0826 0.0115 0.     0.     0.0434]` |
# | training=True: out | `[0.     1.1113 0.     0.0812 0.     0.7561]` |
#
# Small kernels give small numbers, until batch normalisation makes them as
# large as any others.

# %% [markdown]
# The tests are those of the identity block:

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-layers", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers: kinds, filters, windows, strides, padding, axes
lesson.check("convolutional_block-layers", convolutional_block)

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-wiring", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: what follows what on both paths, what is added, the ReLUs
lesson.check("convolutional_block-wiring", convolutional_block)

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-weights", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The initial weights: initializer(seed=0), whichever initialiser it is
lesson.check("convolutional_block-weights", convolutional_block)

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-training", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The mode: training, passed on to each batch normalisation
lesson.check("convolutional_block-training", convolutional_block)

# %% nbgrader={"grade": true, "grade_id": "convolutional_block-values", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: the numbers above, and those for new inputs
lesson.check("convolutional_block-values", convolutional_block)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ## 3 ResNet50 in today's idiom
#
# ![Diagram of ResNet50 from left to right: input 64×64×3 and zero padding to 70×70×3; stage 1 with Conv2D 7×7, BatchNorm, ReLU and MaxPool, to 15×15×64; stages 2 to 5, each with one convolutional block and then 2, 3, 5 and 2 identity blocks, to 15×15×256, 8×8×512, 4×4×1024 and 2×2×2048; at last AvgPool, Flatten and Dense with softmax to 6 numbers.](figures/resnet50.svg)
#
# *Figure 4: ResNet50, with the shape of an image after each stage.*
#
# **Specification of ResNet50**
#
# - Zero padding of (3, 3) around the input (given).
# - **Stage 1** (given): `Conv2D` with 64 filters of 7×7 and stride 2, started
#   from `glorot_uniform(seed=0)`; `BatchNormalization` of the channels, called
#   with `training`; ReLU; max pooling over 3×3 with stride 2.
# - **Stage 2** (given): a convolutional block with filters [64, 64, 256],
#   `f=3`, `s=1`; 2 identity blocks with filters [64, 64, 256], `f=3`.
# - **Stage 3**: a convolutional block with filters [128, 128, 512], `f=3`,
#   `s=2`; 3 identity blocks with filters [128, 128, 512], `f=3`.
# - **Stage 4**: a convolutional block with filters [256, 256, 1024], `f=3`,
#   `s=2`; 5 identity blocks with filters [256, 256, 1024], `f=3`.
# - **Stage 5**: a convolutional block with filters [512, 512, 2048], `f=3`,
#   `s=2`; 2 identity blocks with filters [512, 512, 2048], `f=3`.
# - Each block, from stage 2 to stage 5, is given the network's `training`.
#   None is given an `initializer`: each keeps its own default.
# - **Average pooling** over 2×2.
# - Flattening, and a `Dense` layer with softmax and one output per class,
#   started from `glorot_uniform(seed=0)` (given).

# %% [markdown]
# **Before you start**
#
# - Sixteen calls need `training=training`, and a call that lacks it raises no
#   error. Where twelve lines are alike, a loop forgets nothing.
# - The identity blocks of one stage can be written with a loop, or one by one
#   as stage 2 has them. Both are right.
# - `AveragePooling2D()` without its window, as older texts have it, raises an
#   error in Keras 3.

# %% nbgrader={"grade": false, "grade_id": "ResNet50", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: ResNet50

def ResNet50(input_shape=(64, 64, 3), classes=6, training=None):
    """The network of figure 4.

    Arguments:
        input_shape: shape of one image, (height, width, channels)
        classes: integer, number of classes
        training: mode of batch normalisation, True, False or None

    Returns:
        a Keras Model from images (m, height, width, channels) to
        probabilities (m, classes)
    """
    X_input = Input(input_shape)

    X = ZeroPadding2D((3, 3))(X_input)

    # Stage 1
    X = Conv2D(64, (7, 7), strides=(2, 2),
               kernel_initializer=glorot_uniform(seed=0))(X)
    X = BatchNormalization(axis=3)(X, training=training)
    X = Activation("relu")(X)
    X = MaxPooling2D((3, 3), strides=(2, 2))(X)

    # Stage 2
    X = convolutional_block(X, f=3, filters=[64, 64, 256], s=1,
                            training=training)
    X = identity_block(X, 3, [64, 64, 256], training=training)
    X = identity_block(X, 3, [64, 64, 256], training=training)

    # Now you: stages 3, 4 and 5, and the average pooling
    ### BEGIN SOLUTION
    # Stage 3
    X = convolutional_block(X, f=3, filters=[128, 128, 512], s=2,
                            training=training)
    for _ in range(3):
        X = identity_block(X, 3, [128, 128, 512], training=training)

    # Stage 4
    X = convolutional_block(X, f=3, filters=[256, 256, 1024], s=2,
                            training=training)
    for _ in range(5):
        X = identity_block(X, 3, [256, 256, 1024], training=training)

    # Stage 5
    X = convolutional_block(X, f=3, filters=[512, 512, 2048], s=2,
                            training=training)
    for _ in range(2):
        X = identity_block(X, 3, [512, 512, 2048], training=training)

    X = AveragePooling2D((2, 2))(X)
    ### END SOLUTION

    # Output layer
    X = Flatten()(X)
    X = Dense(classes, activation="softmax",
              kernel_initializer=glorot_uniform(seed=0))(X)

    return Model(inputs=X_input, outputs=X)

# %% [markdown]
# Count what you built. Without names, numbers have to do.

# %% tags=["raises-exception"]
model = ResNet50(input_shape=(64, 64, 3), classes=6)

norms = [layer for layer in model.layers
         if isinstance(layer, BatchNormalization)]
print("parameters:", f"{model.count_params():,}")
print("layers:", len(model.layers))
print("batch normalisations:", len(norms))
print("before the pooling:", model.layers[-4].output.shape)

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | parameters | 23,600,006 |
# | layers | 177 |
# | batch normalisations | 53 |
# | before the pooling | `(None, 2, 2, 2048)` |
#
# The parameters are as many as in lesson 1: names and modes have none. The
# tests begin with your calls of the two blocks, one by one.

# %% nbgrader={"grade": true, "grade_id": "ResNet50-plan", "locked": true, "points": 13, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The plan: which blocks you call, in which order, with which arguments
lesson.check("ResNet50-plan", ResNet50)

# %% nbgrader={"grade": true, "grade_id": "ResNet50-layers", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers around the blocks: average pooling, and those given
lesson.check("ResNet50-layers", ResNet50)

# %% nbgrader={"grade": true, "grade_id": "ResNet50-weights", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The initial weights: each block keeps its own initialiser
lesson.check("ResNet50-weights", ResNet50)

# %% nbgrader={"grade": true, "grade_id": "ResNet50-training", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The mode: training, passed on to each block
lesson.check("ResNet50-training", ResNet50)

# %% nbgrader={"grade": true, "grade_id": "ResNet50-values", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: other image sizes, and other numbers of classes
lesson.check("ResNet50-values", ResNet50)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ## 4 Training
#
# ### 4.1 The data
#
# The images are those of lesson 1: hands that show 0 to 5, 64×64 pixels. The
# course draws them, unless you have the original SIGNS files or photographs:
# as if 18 people had come to a studio, each to stand before a wall of their
# own, in the light of a window on the left, with the right hand near the
# camera and upright. The test images are of 6 other people in this studio.

# %% tags=["skip-execution"]
X_train_orig, Y_train_orig, X_test_orig, Y_test_orig, classes = (
    load_dataset())

X_train = X_train_orig.astype("float32") / 255
X_test = X_test_orig.astype("float32") / 255
Y_train = convert_to_one_hot(Y_train_orig, 6).T
Y_test = convert_to_one_hot(Y_test_orig, 6).T

# With RESNET_COURSE_QUICK=1 in the environment, only 8 of each are kept
X_train, Y_train, X_test, Y_test = shortened(
    X_train, Y_train, X_test, Y_test)

print("training:", X_train.shape, Y_train.shape)
print("test:", X_test.shape, Y_test.shape)

# %% [markdown]
# **Expected output**, for drawn hands
#
# | | |
# | --- | --- |
# | training | `(1080, 64, 64, 3) (1080, 6)` |
# | test | `(120, 64, 64, 3) (120, 6)` |

# %% [markdown]
# ### 4.2 What a model is told before it trains
#
# `model.compile` takes three decisions, and `model.fit` carries them out.
#
# - The **loss** says what is to become small. The network gives six
#   probabilities and the label is a one-hot row, so it is the categorical
#   cross-entropy: −log of the probability that the right class got. A network
#   that spreads its probability evenly has log 6 ≈ 1.79; certainty of a wrong
#   class costs far more than that.
# - The **optimizer** says how. **Adam** (Kingma and Ba, 2015) keeps two moving
#   averages for each weight, of the gradient and of its square, and moves the
#   weight by their ratio. A step is then about as long as the learning rate,
#   whatever the size of the gradient. The source of this lesson takes
#   0.00015, about a seventh of Keras's default of 0.001.
# - The **metrics** are only looked at. Accuracy, the share of images whose
#   likeliest class is right, cannot be minimised by its gradient: it moves in
#   jumps.
#
# **Specification of compile_and_fit**
#
# - The model is compiled with the optimizer Adam and a learning rate of
#   0.00015; Adam's other arguments stay as Keras has them.
# - The loss is the categorical cross-entropy.
# - The metrics hold the accuracy.
# - The model is trained once, on all of `X` and `Y`, with `model.fit`.
# - `epochs`, `batch_size` and `validation_data` are passed on as given.
# - What `model.fit` gives, a `History`, is returned.

# %% [markdown]
# **Before you start**
#
# - `optimizer="adam"` is Adam with a learning rate of 0.001. For another one
#   make an object: `keras.optimizers.Adam(learning_rate=...)`.
# - `sparse_categorical_crossentropy` is for labels that are whole numbers.
#   These are one-hot rows.
# - The last layer is a softmax: its outputs are probabilities, no *logits*.
# - `fit` shows steps, time left and loss while it works. Leave that as it is, or
#   have one line an epoch by `verbose=2`.
#
# Keras's documentation:
# [compile and fit](https://keras.io/api/models/model_training_apis/),
# [Adam](https://keras.io/api/optimizers/adam/),
# [losses](https://keras.io/api/losses/probabilistic_losses/)

# %% nbgrader={"grade": false, "grade_id": "compile_and_fit", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: compile_and_fit

def compile_and_fit(model, X, Y, epochs=20, batch_size=32,
                    validation_data=None):
    """Compiles a model and trains it.

    Arguments:
        model: Keras model that ends in a softmax
        X: images, of shape (m, height, width, channels)
        Y: one-hot labels, of shape (m, classes)
        epochs: integer, how often the model sees each image
        batch_size: integer, images in a step
        validation_data: images and labels to look at after each epoch, a
            pair (X, Y), or None

    Returns:
        what model.fit returns: a History, whose .history has a list for
        each number reported, with an entry for each epoch
    """
    # Now you: compile (1 statement), fit (1 statement)
    ### BEGIN SOLUTION
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.00015),
        loss="categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(X, Y, epochs=epochs, batch_size=batch_size,
                        validation_data=validation_data)
    ### END SOLUTION

    return history

# %% [markdown]
# Try it on something small: 40 "images" of 4×4 pixels in three classes, and
# a network of one layer. Each class has a picture, each image is its class's
# with noise.

# %% tags=["raises-exception"]
rng = np.random.default_rng(0)
labels = np.arange(40) % 3
small_X = (rng.random((3, 4, 4, 3))[labels] + rng.random((40, 4, 4, 3))) / 2
small_Y = np.eye(3)[labels]

small = keras.Sequential(
    [Input((4, 4, 3)), Flatten(),
     Dense(3, activation="softmax", kernel_initializer=glorot_uniform(0))])
history = compile_and_fit(small, small_X, small_Y, epochs=2)

rate = float(small.optimizer.learning_rate)
print(type(small.optimizer).__name__, f"{rate:.5f}")
print("reported:", sorted(history.history))
print("epochs:", len(history.epoch))
first, second = history.history["loss"]
print("the loss falls:", second < first)

# %% [markdown]
# **Expected output**, below what `fit` itself prints
#
# | | |
# | --- | --- |
# | optimizer | Adam 0.00015 |
# | reported | `['accuracy', 'loss']` |
# | epochs | 2 |
# | the loss falls | True |
#
# The tests train such a small network too, with other images, and follow each
# step: they calculate what Adam makes of the same batches, and compare the
# weights. How you write it is up to you.

# %% nbgrader={"grade": true, "grade_id": "compile_and_fit-compile", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# What the model is told: optimizer, learning rate, loss, metrics
lesson.check("compile_and_fit-compile", compile_and_fit)

# %% nbgrader={"grade": true, "grade_id": "compile_and_fit-fit", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# What it is trained on: all images, epochs, batches; and what is returned
lesson.check("compile_and_fit-fit", compile_and_fit)

# %% nbgrader={"grade": true, "grade_id": "compile_and_fit-values", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: the weights and losses that this training gives
lesson.check("compile_and_fit-values", compile_and_fit)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ### 4.3 Two epochs, and two modes
#
# Train the whole network, for two epochs at first. Without a graphics card
# an epoch takes from ten seconds to two minutes; the time left stands below the
# cell.

# %% tags=["raises-exception", "skip-execution"]
keras.utils.set_random_seed(1)
model = ResNet50(input_shape=(64, 64, 3), classes=6)
history = compile_and_fit(model, X_train, Y_train, epochs=2,
                          validation_data=(X_test, Y_test))

# %% [markdown]
# **Expected output**
#
# | drawn hands | loss | accuracy | val_accuracy |
# | --- | --- | --- | --- |
# | epoch 1 | between 1 and 2.2 | between 0.28 and 0.65 | between 0.1 and 0.25 |
# | epoch 2 | between 0.2 and 1.3, lower than before | between 0.6 and 0.95 | between 0.1 and 0.25 |
#
# In training the network is soon right about most images, and it is getting
# better fast. On the test images it is as good as a die. Is it because these
# images are new? Ask for the images that it was just trained on, in both
# modes. `averages_kept` puts the moving averages back afterwards: a call with
# `training=True` moves them, even if nothing else is learned.

# %% tags=["raises-exception", "skip-execution"]
def accuracy(model, X, Y, training):
    """Share of right answers, 60 images at a time, in a mode."""
    right = []
    with averages_kept(model):
        for first in range(0, len(X), 60):
            answers = model(X[first:first + 60], training=training)
            answers = keras.ops.convert_to_numpy(answers).argmax(axis=1)
            right.extend(answers == Y[first:first + 60].argmax(axis=1))
    return np.mean(right)


sets = {"training": (X_train, Y_train), "test": (X_test, Y_test)}
for name, (X, Y) in sets.items():
    by_batch = accuracy(model, X, Y, training=True)
    by_averages = accuracy(model, X, Y, training=False)
    print(f"{name:9} batch {by_batch:.3f}  averages {by_averages:.3f}")

# %% [markdown]
# **Expected output**, for drawn hands
#
# | images | by the batch's statistics | by the moving averages |
# | --- | --- | --- |
# | training | between 0.7 and 1 | between 0.1 and 0.25 |
# | test | between 0.6 and 1 | between 0.1 and 0.25 |
#
# The very same weights are right about most images of either set in one mode,
# and no more often than chance in the other. So it is not the images: it is the **moving
# averages**. They began at 0 and 1, numbers that no batch has ever had, and
# they give up 1 % of that at each step. Two epochs of 34 steps leave
# 0.99<sup>68</sup> ≈ 0.50: half of what the network normalises with is still
# invented. And what has come in since is old news, because the weights below
# have moved on. Each of 53 layers is a little off, and the next one starts
# from what it gave.
#
# The invented part fades fast: 0.71 after one epoch, 0.18 after five, 0.03
# after ten. But the averages can only be as good as the weights are still.
# A smaller `momentum` of the layers would forget faster, and give averages of
# fewer batches. Keras's 0.99 is meant for long runs.

# %% [markdown]
# ### 4.4 Twenty epochs
#
# Set `train_longer` to `True` to train for twenty, ten times what the two
# took. `compile_and_fit` begins Adam anew, and so the network begins anew too.

# %% tags=["raises-exception", "skip-execution"]
train_longer = False

if train_longer:
    keras.utils.set_random_seed(1)
    model = ResNet50(input_shape=(64, 64, 3), classes=6)
    history = compile_and_fit(model, X_train, Y_train, epochs=20,
                              validation_data=(X_test, Y_test))
    show_curves(history.history, "my own twenty epochs")

# %% [markdown]
# Those who do not wait get the numbers of a run that the course made: this
# notebook's network and `compile_and_fit`, the studio, 20 epochs, batches of
# 32, seed 1. They lie beside the notebook as `twenty_epochs.json`;
# `python -m resnet_data.training twenty-epochs`, in a checkout of the course,
# makes such a file anew. Another computer rounds otherwise and gets other
# numbers, but curves of the same kind.

# %% tags=["skip-execution"]
run = load_saved_run()
print("epochs:", len(run.history["loss"]))
print("last accuracy in training:", run.history["accuracy"][-1])
print("last accuracy on test images:", run.history["val_accuracy"][-1])
show_curves(run.history, "Figure 5: loss and accuracy over 20 epochs")

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | epochs | 20 |
# | last accuracy in training | 1.0 |
# | last accuracy on test images | 0.9833 |
#
# Read figure 5 from left to right. The network learns: its loss in training
# falls from 1.5 to 0.00004, and from epoch 14 on it is right about each
# training image. The test images tell a story of their own:
#
# - For ten epochs and more the network does on them about as a die would (the
#   grey line), long after it knows most training images. The dotted line
#   judges the same test images by their own mean and variance: 0.80 after one
#   epoch, 0.92 after five. The gap is the moving averages', which run after
#   weights that do not stand still.
# - From epoch 12 on the training loss is so small that the weights hardly
#   move. The averages catch up: 0.36 in epoch 12, 0.98 at the end.
# - The test *loss* rises to 6.5 before it falls to 0.07. Accuracy only asks
#   which class is likeliest; the loss also asks how sure the network was, and
#   with averages that are off it can be very sure of wrong answers.
#
# It ends well: the network reads nearly all hands of people whom it has never
# seen.

# %% [markdown]
# ### 4.5 What a test set says
#
# These people came to the same studio, though: one window, light walls, right
# hands, near and upright. A test set says how well a network does on images
# **like these**. Whoever wants to know about others has to ask others. So the
# course also draws an **open set**: anybody's hand, left or right, palm or
# back, near or far, turned by up to 60°, of any skin, before any plain wall
# and in any light. The green line in figure 5 is its accuracy.

# %% tags=["skip-execution"]
for name, probabilities, labels in (
        ("studio", run.probabilities, run.labels),
        ("open set", run.open_probabilities, run.open_labels)):
    right = probabilities.argmax(axis=1) == labels
    print(f"{name:9} right: {right.sum()} of {len(right)}")

if train_longer:
    _, _, X_open, Y_open, _ = load_dataset(variety="open")
    X_open, Y_open = shortened(X_open.astype("float32") / 255,
                               convert_to_one_hot(Y_open, 6).T)
    own = accuracy(model, X_open, Y_open, training=False)
    print(f"my own network, open set: {own:.3f}")

# %% [markdown]
# **Expected output**
#
# | | |
# | --- | --- |
# | studio | right: 118 of 120 |
# | open set | right: 41 of 120 |
#
# A die would have 20. Neither number is wrong; they answer two questions. The
# network has learned what tells six gestures apart *in this studio*. It has
# never seen a left hand, the back of one, or a hand that leans, and nothing
# made it learn what these have in common.
#
# It could: the trained model of lesson 1, the same network, is right about at
# least 97 of 100 images of the open set. It saw 12,000 hands drawn as freely and 942
# photographs, each varied in many ways, had more than eight times as many steps, and
# those became smaller towards the end. How much each of these did, one run
# cannot tell. But a network knows what it was shown: before you trust an
# accuracy, ask which images it is of, and how like yours they are.

# %% [markdown]
# ### 4.6 The confusion matrix
#
# One number hides which classes are told apart. A **confusion matrix** counts,
# for each class that a hand shows (row), what the network took it for
# (column). Right answers stand on the diagonal. It takes one line of NumPy:

# %% tags=["skip-execution"]
answers = run.open_probabilities.argmax(axis=1)
confusion = np.zeros((6, 6), int)
np.add.at(confusion, (run.open_labels, answers), 1)

show_confusion(confusion, "Figure 6: what open-set hands are taken for")
print("right:", confusion.trace(), "of", confusion.sum())

# %% [markdown]
# The network likes to say 1 and 4: about half of its answers are these two.
# It hardly ever says 2: five times, and only one of these hands shows one.
# The other hands that show 2 are taken for 1 or 4 most often.
#
# Read a matrix row by row for what a class is taken for, and column by column
# for what an answer is worth: of all hands that the network calls a 1, how
# many are one?

# %% [markdown]
# ### 4.7 The worst mistakes
#
# Not all mistakes are alike. A network that is torn between two classes and
# picks the wrong one is off by little; one that is sure of the wrong class is
# telling you something. So sort by the probability that the *right* class got,
# and look at the pictures:

# %% tags=["skip-execution"]
right = run.open_probabilities[np.arange(len(run.open_labels)),
                               run.open_labels]
worst = np.argsort(right)[:8]
show_mistakes(run.open_images, run.open_labels, run.open_probabilities,
              worst, "Figure 7: the eight images that cost most")

# %% [markdown]
# In seven of the eight the network is sure of a wrong class, with a
# probability of more than 0.98. And it is sure (above 0.9) of 61 % of its
# mistakes here: outside of what it was shown, a high probability is no sign of
# knowing. Don't show such probabilities to anyone who would believe them.

# %% [markdown]
# The end of the lesson. Your points so far, and what is left:

# %% tags=["skip-execution"]
lesson.progress()

# %% [markdown]
# ## What to remember
#
# - What a layer is to do can be passed on as an argument: an initialiser as a
#   class that is called where it is needed, a mode as a value that travels.
# - Batch normalisation has two modes. In Keras 3 the call of the model
#   decides; `training` written at a layer only counts where nothing comes from
#   outside.
# - Early in training, inference mode is worse than the weights are: moving
#   averages need a few hundred steps, and weights that stand still.
# - Compile says what is minimised, how, and what is looked at. Adam by name
#   has a learning rate of 0.001; another one needs an object.
# - An accuracy is one of a network *and* of a set of images. A test set tells
#   about images like its own; other ones need a test set of their own, and
#   images like them to learn from.
# - Beside one accuracy, look at the confusion matrix and at the images that
#   were dearest.

# %% [markdown]
# ## References
#
# - Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun: *Deep Residual Learning
#   for Image Recognition*, 2015, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385).
# - Sergey Ioffe, Christian Szegedy: *Batch Normalization*, 2015,
#   [arXiv:1502.03167](https://arxiv.org/abs/1502.03167). Algorithm 2 is the
#   inference mode.
# - Diederik Kingma, Jimmy Ba: *Adam: A Method for Stochastic Optimization*,
#   2015, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980). Algorithm 1 is
#   what the tests calculate.
# - Xavier Glorot, Yoshua Bengio: *Understanding the difficulty of training
#   deep feedforward neural networks*, 2010,
#   [PMLR 9](https://proceedings.mlr.press/v9/glorot10a.html). Equation 16 is
#   the range of `glorot_uniform`.
# - Keras's guide on
#   [writing your own training loops](https://keras.io/guides/writing_a_custom_training_loop_in_tensorflow/),
#   where `training=True` is passed by hand.
