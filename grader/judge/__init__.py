"""The half of a check that decides: a pure function from capture to findings.

It needs NumPy and no TensorFlow. It reads the captured graph through an
allow-list, computes it anew, and compares it with the specification's graph.
"""
