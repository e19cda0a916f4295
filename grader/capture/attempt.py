"""What a function built that its result does not show.

A graph that ends in the layer that failed earns nothing: it tells which layers made the
shapes differ. Layers that lead nowhere tell what a sum was to take.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import keras

from grader.capture import graph


@dataclass
class Attempt:
    """The calls of layers while a function runs.

    Attributes:
        failed: the outermost layer whose call raised, the call's arguments, and what
            it raised.
        results: tensors that calls gave.
        depth: how many calls are under way.
    """

    failed: tuple[Any, tuple, dict[str, Any], BaseException] | None = None
    results: list[Any] = field(default_factory=list, repr=False)
    depth: int = field(default=0, repr=False)

    def run(self, original: Callable, layer: Any, args: tuple, kwargs: dict) -> Any:
        """Calls a layer, and notes if that raises."""
        self.depth += 1
        try:
            result = original(layer, *args, **kwargs)
            if self.depth == 1 and isinstance(result, keras.KerasTensor):
                self.results.append(result)
            return result
        except Exception as error:
            if self.depth == 1:
                self.failed = layer, args, kwargs, error
            raise
        finally:
            self.depth -= 1

    def written(self, inputs: Any, error: BaseException) -> dict[str, Any] | None:
        """The graph behind the layer that failed, the layer itself its last node.

        Args:
            inputs: the function's symbolic input; None where it makes one itself.
            error: that the function raised.

        Returns:
            As `grader.capture.graph.to_json` has it; None where no layer failed.
        """
        if self.failed is None or self.failed[-1] is not error:
            return None
        layer, args, kwargs, _ = self.failed
        try:
            flat = graph.flatten_until(inputs, layer, args, kwargs)
            return flat and graph.to_json(flat, {}, initial=False)
        except Exception:
            return None  # nothing is told of what cannot be walked


@contextlib.contextmanager
def attempted() -> Iterator[Attempt]:
    """Notes the calls of layers, and of operators on tensors, while the body runs."""
    attempt = Attempt()
    places: list[tuple[Any, str]] = [
        (keras.layers.Layer, "__call__"),
        (keras.Operation, "symbolic_call"),
    ]
    originals = [getattr(owner, name) for owner, name in places]

    def noting(original: Callable) -> Callable:
        def call(self, *args, **kwargs):
            return attempt.run(original, self, args, kwargs)

        return call

    for (owner, name), original in zip(places, originals, strict=True):
        setattr(owner, name, noting(original))
    try:
        yield attempt
    finally:
        for (owner, name), original in zip(places, originals, strict=True):
            setattr(owner, name, original)
