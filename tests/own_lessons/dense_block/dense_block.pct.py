# %% [markdown]
# # The dense block
#
# In a residual network a shortcut is added. In a dense network (Huang et al.,
# 2017, arXiv:1608.06993) nothing is added: each layer is given what all layers
# before it have computed, one after the other along the channels.

# %%
import os

# Set before TensorFlow is imported: keeps its log lines off the page
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
from keras.layers import Activation, BatchNormalization, Concatenate, Conv2D

import grader

lesson = grader.lesson("06_dense_block")

# %% [markdown]
# **Specification of the dense block**
#
# It has `layers` layers. In each of them:
#
# - `BatchNormalization` of the channels, `axis=3`; ReLU
# - `Conv2D` with `4 * growth` filters of 1×1
# - `BatchNormalization` of the channels, `axis=3`; ReLU
# - `Conv2D` with `growth` filters of 3×3, padding `"same"`
# - `Concatenate`: first what the layer was given, then what it has computed
#
# The next layer is given the result.

# %% nbgrader={"grade": false, "grade_id": "dense_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
# GRADED FUNCTION: dense_block

def dense_block(X, growth, layers):
    """The dense block, with bottlenecks.

    Arguments:
        X: tensor of shape (m, n_H, n_W, n_C)
        growth: how many channels each layer adds
        layers: how many layers there are

    Returns:
        tensor of shape (m, n_H, n_W, n_C + layers * growth)
    """
    ### BEGIN SOLUTION
    for _ in range(layers):
        Y = BatchNormalization(axis=3)(X)
        Y = Activation("relu")(Y)
        Y = Conv2D(4 * growth, (1, 1))(Y)
        Y = BatchNormalization(axis=3)(Y)
        Y = Activation("relu")(Y)
        Y = Conv2D(growth, (3, 3), padding="same")(Y)
        X = Concatenate()([X, Y])
    ### END SOLUTION
    return X

# %% tags=["raises-exception"]
dense_block(keras.Input((6, 6, 4)), growth=2, layers=3).shape

# %% [markdown]
# **Expected output** `(None, 6, 6, 10)`

# %% nbgrader={"grade": true, "grade_id": "dense_block-layers", "locked": true, "points": 40, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The layers: kinds and arguments
lesson.check("dense_block-layers", dense_block)

# %% nbgrader={"grade": true, "grade_id": "dense_block-wiring", "locked": true, "points": 40, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The wiring: what follows what, and in which order
lesson.check("dense_block-wiring", dense_block)

# %% nbgrader={"grade": true, "grade_id": "dense_block-values", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false} tags=["raises-exception"]
# The values: other inputs, other arguments
lesson.check("dense_block-values", dense_block)

# %% [markdown]
# How far you are, and what comes next:

# %% tags=["skip-execution"]
lesson.progress()
