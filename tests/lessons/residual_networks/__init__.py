"""Wrong and right versions of lesson 1's functions."""

#: What learners import beside what the notebook does.
IMPORTS = """
import functools

import keras
import numpy as np
import tensorflow as tf
from keras import activations, initializers, layers, ops, regularizers
from keras.layers import *
from keras.models import Model, Sequential

from grader.capture.initializer import glorot_uniform
"""
