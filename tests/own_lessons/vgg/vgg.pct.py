# %% [markdown]
# # A small VGG
#
# VGG (Simonyan and Zisserman, 2014, arXiv:1409.1556) has convolutions of 3×3
# alone: after some of them, a pooling halves rows and columns. Three functions
# build one for small images.

# %%
import os

# Set before TensorFlow is imported: keeps its log lines off the page
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
from keras.layers import Activation, Conv2D, Dense, Flatten, Input, MaxPooling2D
from keras.models import Model

import grader

lesson = grader.lesson("07_vgg")

# %% [markdown]
# **Specification of `conv_stage`**
#
# `count` times, with `number` from 1 on:
#
# - `Conv2D` with `filters` filters of 3×3, stride 1, padding `"same"`; its name
#   is `"block" + str(stage) + "_conv" + str(number)`
# - ReLU
#
# Then:
#
# - max pooling over 2×2 with stride 2; its name is
#   `"block" + str(stage) + "_pool"`

# %% nbgrader={"grade": false, "grade_id": "conv_stage", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: conv_stage

def conv_stage(X, filters, count, stage):
    """A stage: convolutions, and a pooling."""
    ### BEGIN SOLUTION
    for number in range(1, count + 1):
        X = Conv2D(filters, (3, 3), padding="same",
                   name=f"block{stage}_conv{number}")(X)
        X = Activation("relu")(X)
    X = MaxPooling2D((2, 2), name=f"block{stage}_pool")(X)
    ### END SOLUTION
    return X

# %% nbgrader={"grade": true, "grade_id": "conv_stage-layers", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers: kinds, arguments and names
lesson.check("conv_stage-layers", conv_stage)

# %% nbgrader={"grade": true, "grade_id": "conv_stage-wiring", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: what follows what
lesson.check("conv_stage-wiring", conv_stage)

# %% nbgrader={"grade": true, "grade_id": "conv_stage-values", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: other inputs, other arguments
lesson.check("conv_stage-values", conv_stage)

# %% [markdown]
# **Specification of `classifier`**
#
# - flattening
# - `Dense` layer with 64 outputs; its name is `"fc1"`
# - ReLU
# - `Dense` layer with one output per class; its name is `"fc2"`
# - softmax over the classes

# %% nbgrader={"grade": false, "grade_id": "classifier", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: classifier

def classifier(X, classes=10):
    """The end of the network: two dense layers."""
    ### BEGIN SOLUTION
    X = Flatten()(X)
    X = Dense(64, name="fc1")(X)
    X = Activation("relu")(X)
    X = Dense(classes, name="fc2")(X)
    X = Activation("softmax")(X)
    ### END SOLUTION
    return X

# %% nbgrader={"grade": true, "grade_id": "classifier-layers", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers: kinds, arguments and names
lesson.check("classifier-layers", classifier)

# %% nbgrader={"grade": true, "grade_id": "classifier-wiring", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: what follows what
lesson.check("classifier-wiring", classifier)

# %% nbgrader={"grade": true, "grade_id": "classifier-values", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: other inputs, other numbers of classes
lesson.check("classifier-values", classifier)

# %% [markdown]
# **Specification of `VGG`**
#
# - `conv_stage` with filters=16, count=2, stage=1
# - `conv_stage` with filters=32, count=2, stage=2
# - `conv_stage` with filters=64, count=3, stage=3
# - `classifier` with classes=classes

# %% nbgrader={"grade": false, "grade_id": "VGG", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: VGG

def VGG(input_shape=(32, 32, 3), classes=10):
    """The network."""
    X_input = Input(input_shape)
    ### BEGIN SOLUTION
    X = conv_stage(X_input, filters=16, count=2, stage=1)
    X = conv_stage(X, filters=32, count=2, stage=2)
    X = conv_stage(X, filters=64, count=3, stage=3)
    X = classifier(X, classes)
    ### END SOLUTION
    return Model(inputs=X_input, outputs=X)

# %% tags=["raises-exception"]
VGG().count_params()

# %% nbgrader={"grade": true, "grade_id": "VGG-plan", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The plan: stages 1 to 3, and their arguments
lesson.check("VGG-plan", VGG)

# %% nbgrader={"grade": true, "grade_id": "VGG-layers", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers around them
lesson.check("VGG-layers", VGG)

# %% nbgrader={"grade": true, "grade_id": "VGG-values", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: other images, other numbers of classes
lesson.check("VGG-values", VGG)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()
