"""Whether a whole function gave what its specification gives, variables and all.

For functions that do their work without the calls that the specification lists: what
they compute is judged then, not how.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.challenge import named_weight
from grader.judge.tensors.dataflow import value
from grader.judge.tensors.functions import Layer, TensorFunction
from grader.judge.tensors.plan import Plan, plan_of
from grader.judge.tensors.reading import FunctionRun
from grader.judge.tensors.rows import INPUT, Library, Net
from grader.judge.tensors.variables import Asked, asked_of, match_variables

#: Numbers of an input from which on single precision has to do.
_LARGE = 50_000


class Pass:
    """One NumPy pass over a plan with the challenge's values.

    Args:
        seed: of the call.
        library: the functions that are called.

    Attributes:
        asked: the variables by the path of their scope.
        moved: values of moving averages after the call, by path.
    """

    def __init__(self, seed: str, library: Library):
        self.seed = seed
        self.library = library
        self.asked: dict[str, list[Asked]] = {}
        self.moved: dict[str, np.ndarray] = {}

    def outputs(self, plan: Plan, x: np.ndarray) -> dict[str, np.ndarray]:
        """The plan's outputs."""
        values: dict[Any, np.ndarray] = {INPUT: x}
        for call in plan.calls:
            given = value(call.source, values)
            values[call.key] = self._call(call.callee, call.path, call.arguments, given)
        return {name: value(flow, values) for name, flow in plan.outputs.items()}

    def _call(
        self,
        callee: TensorFunction,
        path: str,
        arguments: Mapping[str, Any],
        x: np.ndarray,
    ) -> np.ndarray:
        if isinstance(callee, Net):
            given = {**arguments, callee.scope_name: path}
            plan = plan_of(callee, self.library, given, x.shape[-1])
            return self.outputs(plan, x)["output"]
        assert isinstance(callee, Layer)
        bound = callee.bound(arguments)
        asked = asked_of(callee, x.shape[-1], bound)
        if asked:
            self.asked[path] = asked
        drawn = {
            v.name: named_weight(self.seed, f"{path}/{v.name}", v.shape) for v in asked
        }
        results = callee.program(x, drawn, bound)
        for name, after in results.items():
            if name != "output":
                self.moved[f"{path}/{name}"] = after
        return results["output"]


@dataclass(frozen=True)
class Deviation:
    """Where a run first differs from its specification.

    Attributes:
        message: says so.
        made: the share of the specification's variables that the run has made,
            whatever their names; 0 where it gives back its input.
    """

    message: str
    made: float


def first_deviation(
    plan: Plan, run: FunctionRun, x: np.ndarray, seed: str
) -> Deviation | None:
    """Says where a run first differs from its specification; None where it does not.

    Args:
        plan: of the function.
        run: with its real callees.
        x: its input.
        seed: of the call.
    """
    own = Pass(seed, plan.library)
    if x.size > _LARGE:
        x = x.astype(np.float32)
    outputs = own.outputs(plan, x)
    message = _first_difference(own, outputs, run)
    if not message:
        return None
    if any(sample.is_of(x) for sample in run.outputs.values()):
        return Deviation(message, 0.0)
    asked = Counter(v.shape for variables in own.asked.values() for v in variables)
    made = Counter(variable.shape for variable in run.variables)
    return Deviation(message, (asked & made).total() / asked.total())


def _first_difference(
    own: Pass, outputs: Mapping[str, np.ndarray], run: FunctionRun
) -> str:
    asked = {f"{path}/{v.name}" for path, vs in own.asked.items() for v in vs}
    made = {variable.path for variable in run.variables}
    for path in sorted(asked - made):
        return f'The variable "{path.partition("/")[2]}" is missing.'
    for path in sorted(made - asked):
        return f'The variable "{path[:80]}" is not in the specification.'
    for path, variables in own.asked.items():
        part = tuple(v for v in run.variables if v.path.rpartition("/")[0] == path)
        matched = match_variables(
            "", path, variables, FunctionRun({}, part, {}), own.seed
        )
        for finding in matched.findings.values():
            return f"{path.partition('/')[2]}: {finding.message}"
    for name, array in outputs.items():
        if not run.outputs[name].is_of(array):
            verb = "differs" if name == "output" else "differ"
            return f"The {name} {verb} from what the specification gives."
    for path, array in own.moved.items():
        if not run.after(path, own.seed).is_of(array):
            return f'"{path.partition("/")[2]}" has another value after the call.'
    return ""
