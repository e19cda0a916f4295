"""A net's table under the arguments of one call: which calls it is to make."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.judge.tensors.dataflow import Flow
from grader.judge.tensors.functions import TensorFunction
from grader.judge.tensors.rows import INPUT, CallRow, Library, Net, value_of


@dataclass(frozen=True)
class PlannedCall:
    """A call that the specification lists.

    Attributes:
        key: how a report names it.
        callee: what is called.
        path: of its scope.
        arguments: by name.
        source: what it is given, in keys of earlier calls.
        symbols: how the lesson writes an argument, where it is no number.
        row: of the table.
    """

    key: str
    callee: TensorFunction
    path: str
    arguments: Mapping[str, Any]
    source: Flow
    symbols: Mapping[str, str]
    row: CallRow

    @property
    def function(self) -> str:
        """The name of what is called."""
        return self.callee.name


@dataclass(frozen=True)
class Plan:
    """The calls that a net is to make, and what it makes of them.

    Attributes:
        net: whose table it is.
        calls: in the order of computation.
        outputs: by name.
        library: the functions that may be called.
    """

    net: Net
    calls: tuple[PlannedCall, ...]
    outputs: Mapping[str, Flow]
    library: Library

    @property
    def by_key(self) -> dict[str, PlannedCall]:
        """The calls by their keys."""
        return {call.key: call for call in self.calls}


def plan_of(
    net: Net, library: Library, arguments: Mapping[str, Any], channels: int
) -> Plan:
    """What a net is to call.

    Args:
        net: its table.
        library: the functions that its rows name.
        arguments: of the call.
        channels: of its input.
    """
    values = net.bound(arguments)
    scope = net.scope(arguments)
    projects = False
    if net.extent.width:
        stride, width = net.extent.of(channels, values)
        projects = width != channels
        if net.extent.stride:
            values[net.extent.stride] = stride
    calls: list[PlannedCall] = []
    # the key of the last call of a row, which is not its own where it is repeated
    last: dict[str, str] = {INPUT: INPUT}
    before = INPUT
    for row in net.rows:
        if row.when and not projects:
            continue
        for key, settings in _repeated(row, values):
            callee = library[row.function]
            after = before if row.repeat or not row.after else last[row.after]
            calls.append(
                PlannedCall(
                    key,
                    callee,
                    f"{scope}/{key}",
                    _arguments(callee, settings, values),
                    Flow(row.how, (after,)),
                    _symbols(row, settings),
                    row,
                )
            )
            before = last[row.key] = key
    outputs = {
        output.name: Flow(output.how, tuple(_found(key, last) for key in output.after))
        for output in net.outputs
    }
    return Plan(net, tuple(calls), outputs, library)


def _repeated(
    row: CallRow, values: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The keys and settings of a row's calls."""
    for number in range(1, values[row.repeat] + 1 if row.repeat else 2):
        first = row.first if number == 1 else {}
        yield row.key.format(i=number), {**row.settings, **first}


def _arguments(
    callee: TensorFunction, settings: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    given = {name: value_of(setting, values) for name, setting in settings.items()}
    return given | {name: callee.defaults[name] for name in callee.kept}


def _symbols(row: CallRow, settings: Mapping[str, Any]) -> dict[str, str]:
    written = {n: value for n, value in settings.items() if isinstance(value, str)}
    return written | dict(row.words)


def _found(key: str, last: Mapping[str, str]) -> str:
    """The call that an output is made of: "a|b" is b where there is no a."""
    return next(last[name] for name in key.split("|") if name in last)
