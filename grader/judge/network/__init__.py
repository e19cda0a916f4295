"""Networks: the graph of layers that a function builds, compared with a specification.

The names are those of the capture half: this is what it calls a network.
"""
