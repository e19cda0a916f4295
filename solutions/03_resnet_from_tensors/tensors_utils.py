"""What lesson 3 needs beside TensorFlow: a store for variables, and images."""

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.capture.settings import keras  # isort: skip  it starts TensorFlow quietly

import numpy as np
import tensorflow as tf

from grader.capture.initializer import glorot_uniform as glorot_uniform


class VariableStore:
    """All variables of the notebook, each under its path, such as conv1/kernel.

    Attributes:
        variables: the variables by path, in the order in which they were made.
        path: names of the scopes that are open now, the outermost first.
    """

    def __init__(self):
        self.variables: dict[str, tf.Variable] = {}
        self.path: list[str] = []

    def create(
        self,
        name: str,
        shape: Sequence[int],
        initializer: Any,
        trainable: bool = True,
    ) -> tf.Variable:
        """Makes a variable below the open scopes, or returns the one that is there."""
        path = "/".join([*self.path, name])
        sizes = tuple(int(n) for n in shape)
        if path not in self.variables:
            # Outside of any tf.function, so that the variable outlives it
            with tf.init_scope():
                value = keras.initializers.get(initializer)(sizes, dtype="float32")
                self.variables[path] = tf.Variable(value, trainable=trainable)
        variable = self.variables[path]
        if tuple(variable.shape) != sizes:
            raise ValueError(
                f"{path} is there already with shape {tuple(variable.shape)}, "
                f"not {sizes}: do two layers have one scope?"
            )
        return variable

    @contextlib.contextmanager
    def scope(self, name: str) -> Iterator[None]:
        """Puts `name/` before the names of variables that the body makes."""
        self.path.append(str(name))
        try:
            yield
        finally:
            self.path.pop()

    def clear(self) -> None:
        """Forgets all variables."""
        self.variables.clear()

    def assign(self, values: Mapping[str, Any]) -> None:
        """Sets variables by their paths."""
        for path, value in values.items():
            self.variables[path].assign(value)

    def trainable(self) -> list[tf.Variable]:
        """Returns the variables that training changes."""
        return [v for v in self.variables.values() if v.trainable]

    def show(self) -> None:
        """Prints a line for each variable: path, shape, whether it is trained."""
        for path, variable in self.variables.items():
            kept = "" if variable.trainable else "  not trained"
            print(f"{path:28} {tuple(variable.shape)}{kept}")


store = VariableStore()


def create_var(
    name: str, shape: Sequence[int], initializer: Any, trainable: bool = True
) -> tf.Variable:
    """Makes a variable in the store, or returns the one that is there.

    Args:
        name: its own name; the open scopes come before it.
        shape: list of integers.
        initializer: "zeros", "ones", or an object such as glorot_uniform(seed=0).
        trainable: whether training changes it.
    """
    return store.create(name, shape, initializer, trainable)


def variable_scope(name: str) -> contextlib.AbstractContextManager[None]:
    """Opens the scope `name` for the body of a `with` statement."""
    return store.scope(name)


def show_shapes(network: Any, inputs: Any, *names: str) -> Any:
    """Prints the shapes that come out of the functions that a network calls.

    Args:
        network: a function of the notebook.
        inputs: its input.
        names: of the notebook's functions to look at; calls within them are left out.
    """
    own = network.__globals__
    before = {name: own[name] for name in names}
    depth = 0

    def watched(name: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal depth
            depth += 1
            try:
                result = before[name](*args, **kwargs)
            finally:
                depth -= 1
            if depth == 0:
                print(f"{name:9}", tuple(result.shape))
            return result

        return call

    try:
        own.update({name: watched(name) for name in names})
        return network(inputs)
    finally:
        own.update(before)


def load_hands(size: int = 32) -> tuple[np.ndarray, ...]:
    """Returns the course's hands, small: images and labels to train and to test with.

    Prints which images they are.

    Returns:
        X_train (m, size, size, 3) between 0 and 1, Y_train (m,), X_test, Y_test.
    """
    import resnet_data

    source = resnet_data.source_in_use()
    print(f"Data: {source.title}")
    if source.wait:
        print(source.wait)
    loaded = resnet_data.load_dataset(verbose=False)
    found = []
    for images, labels in (loaded[0:2], loaded[2:4]):
        step = images.shape[1] // size
        blocks = images.reshape(len(images), size, step, size, step, 3)
        found += [blocks.mean(axis=(2, 4)).astype("float32") / 255]
        found += [np.asarray(labels).reshape(-1).astype("int64")]
    return tuple(found)


def epochs(wanted: int) -> int:
    """Returns `wanted`, or 1 where RESNET_COURSE_QUICK=1 asks for a short run."""
    return 1 if os.environ.get("RESNET_COURSE_QUICK") == "1" else wanted
