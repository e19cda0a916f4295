"""Functions that train a model: judged by the training that they bring about.

A small model with weights of the challenge is trained on images of the challenge. The
judge trains it once more in NumPy, on the same batches, and compares.
"""
