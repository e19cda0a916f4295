"""Other values for global names, while a learner's code runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_MISSING = object()


@contextmanager
def replaced(namespace: dict[str, Any], values: Mapping[str, Any]) -> Iterator[None]:
    """Puts values into a namespace while the body runs.

    What the body does to other names stays.

    Args:
        namespace: the global names that a function sees.
        values: by name; a name that was not there is gone again afterwards.
    """
    before = {name: namespace.get(name, _MISSING) for name in values}
    try:
        namespace.update(values)
        yield
    finally:
        for name, own in before.items():
            if own is _MISSING:
                namespace.pop(name, None)
            else:
                namespace[name] = own
