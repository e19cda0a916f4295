"""What mistakes in functions on tensors cost."""

from collections.abc import Mapping

#: Of a layer's variables; what is found twice costs once.
VARIABLES: Mapping[str, float] = {
    "missing": 3,
    "name": 2,
    "scope": 2,
    "shape": 3,
    "trainable": 2,
    "initial": 2,
    "extra": 3,
}
#: Of a layer's call with other arguments that fails, or of another default.
BEHAVIOUR = 3
#: Of a net's calls: the first slip of a kind, each further one, and the most in all.
CALLS: Mapping[str, tuple[float, float, float]] = {
    "missing": (4, 2, 12),
    "extra": (4, 1, 6),
    "argument": (3, 0.5, 6),
    "path": (2, 0.5, 4),
    "source": (5, 1, 8),
    "relu": (4, 1, 6),
    "squeeze": (3, 0, 3),
}
#: Of a net's output: one of its paths is lost, it cannot be traced, it is made in
#: another way. A sum without its ReLU costs less.
LOST, UNTRACED, OTHERWISE, SUM = 10, 8, 5, 4
#: Of results that no call explains.
UNEXPLAINED = 8
#: Of a net's call that fails while others do not.
FAILS = 5
