"""A function that builds layers, as a lesson has it: what it is judged by, as data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grader.judge.network.calls import (
    calls_blocks,
    calls_of,
    kernels_of,
    network_calls,
)
from grader.judge.network.decide import decide
from grader.judge.network.dialect import KERAS, Dialect
from grader.judge.network.examine import Examined, examine
from grader.judge.network.graph import KERNELS, Graph
from grader.judge.network.policy import USUAL, Policy
from grader.judge.network.reading import read_graph
from grader.judge.network.rewrites import opened, pools_whole, whole_windows
from grader.judge.network.rows import Table
from grader.judge.network.spec import Spec
from grader.judge.network.specify import of_call, spec_of
from grader.judge.network.summary import count_parameters
from grader.judge.network.trial import Trial
from grader.judge.strict import CaptureError
from grader.judge.verdict import Verdict

#: Heights and widths of a block's input at which differences may show.
BLOCK_SIZES = ((4, 4), (7, 6), (5, 8))
A_MODEL = "the model Model(inputs=..., outputs=...)"
A_TENSOR = "the block's output tensor X"


@dataclass(frozen=True)
class Network:
    """A function that builds layers.

    Attributes:
        table: what it builds.
        returns: what it is to return, in words.
        sizes: heights and widths of the input at which differences may show.
        blocks: tables of the blocks whose calls are recorded, by name; a network has
            some.
        opened_sizes: heights and widths for a network that calls none of its blocks;
            that of the call, if there are none.
        dialect: how its layers are spoken of.
        policy: how it is judged.
        rewrites: the forms that a captured graph is brought into, one after the other.
        without_idle: takes out calls that do nothing, where the specification has none.
        stride: the argument that is 1 or 2 in all ResNets.
        published: numbers that the shown call is to give, at which place.
        parameters: how many the published network has.
        helper: a function whose calls are recorded in a block; "" for none.
        without_helper: how a call is judged that makes none of these.
        whole_windows: whether average pooling counts as global where its window is as
            large as the maps in each call.
        first_built: whether the first call that is built, of tensors of one shape where
            they meet, takes the place of the shown one, where that fails.
    """

    table: Table
    returns: str = A_TENSOR
    sizes: tuple[tuple[int, int], ...] = BLOCK_SIZES
    blocks: Mapping[str, Table] = field(default_factory=dict)
    opened_sizes: tuple[tuple[int, int], ...] = ()
    dialect: Dialect = KERAS
    policy: Policy = USUAL
    rewrites: tuple[Callable[[Graph], Graph], ...] = ()
    without_idle: Callable[[Graph], Graph] | None = None
    stride: str = "s"
    published: tuple[tuple[int, ...], tuple[float, ...]] | None = None
    parameters: int | None = None
    helper: str = ""
    without_helper: "Network | None" = None
    first_built: bool = False
    whole_windows: bool = False

    @property
    def charges(self) -> frozenset[str]:
        """The last parts of the ids of checks that mistakes are charged to."""
        own = self.policy.checks
        found = {"layers", "values", "plan" if self.blocks else "wiring", *own.values()}
        if self.policy.seeded and "weight" not in own:
            found.add("summary" if self.blocks else "weights")
        if self.blocks and "trainable" not in own:
            found.add("summary")
        return frozenset(found)

    def judge(
        self, challenge: Mapping[str, Any], capture: Mapping[str, Any]
    ) -> Verdict:
        """Judges a capture.

        Args:
            challenge: that it was made under.
            capture: of each call.

        Raises:
            CaptureError: if the capture is not of the right form.
        """
        examined = self.examine(challenge, capture)
        if self.first_built and examined[0].graph is None:
            examined.sort(key=lambda call: not _fits(call.graph))
        return decide(
            challenge["function"],
            examined,
            asked=self.returns,
            plan=bool(self.blocks),
            notes=self._notes(examined[0].graph),
        )

    def examine(
        self, challenge: Mapping[str, Any], capture: Mapping[str, Any]
    ) -> list[Examined]:
        """What each call of a capture shows.

        Args:
            challenge: that it was made under.
            capture: of each call.

        Raises:
            CaptureError: if the capture is not of the right form.
        """
        seed, pairs = challenge["seed"], network_calls(challenge, capture)
        own = self
        if self.whole_windows and all(
            pools_whole_maps(captured) for _, captured in pairs
        ):
            own = replace(self, rewrites=(whole_windows, *self.rewrites))
        examined: list[Examined] = []
        for call, captured in pairs:
            judged_as = own._judged_as(captured)
            examined.append(judged_as._examine(call, captured, seed, examined))
        return examined

    def spec(
        self, arguments: Mapping[str, Any], channels: int, *, opened: bool = False
    ) -> Spec:
        """What the function is to build.

        Args:
            arguments: of the call.
            channels: of its input.
            opened: whether blocks are written out.

        Raises:
            ValueError: if its rows cannot be read under these arguments.
        """
        return spec_of(
            self.table,
            arguments,
            self.dialect,
            channels=channels,
            policy=self.policy,
            opened=opened,
        )

    def _judged_as(self, captured: Mapping[str, Any]) -> "Network":
        if self.without_helper is None or calls_of(captured, self.helper):
            return self
        return self.without_helper

    def _examine(
        self,
        call: Mapping[str, Any],
        captured: Mapping[str, Any],
        seed: str,
        before: Sequence[Examined],
    ) -> Examined:
        """Judges the calls to blocks, or all layers where none was recorded."""
        arguments, shape = call["arguments"], tuple(call["input_shape"])
        left_out = bool(call.get("left_out"))
        published = call["id"] == "published" and not left_out
        spec, is_open = self.spec(arguments, shape[-1]), False
        if self.blocks and not calls_blocks(captured):
            whole = self.spec(arguments, shape[-1], opened=True)
            is_open = not _lacks_blocks(captured, spec.graph, whole.graph)
            spec = whole if is_open else spec
        calls = any(spec.graph.nodes[n].kind == "Block" for n in spec.graph.order)
        sizes = self.sizes
        if is_open:
            sizes = self.opened_sizes or (shape[:-1],)
        elif not call.get("outputs", True):
            sizes = sizes[:1]
        trial = Trial.of(
            call,
            spec,
            sizes,
            usual=arguments.get(self.stride, 1) in (1, 2),
            defaults=bool(self.blocks) and not (arguments or left_out),
            published=self.published if published else None,
            shown=not before,
        )

        def rewrite(graph: Graph) -> Graph:
            for step in self.rewrites:
                graph = step(graph)
            if self.without_idle and not calls:
                graph = self.without_idle(graph)
            if not is_open:
                return graph
            return opened(graph, lambda node, n: of_call(node, self.blocks, n))

        return examine(trial, captured, seed, rewrite, before)

    def _notes(self, graph: Graph | None) -> tuple[str, ...]:
        """Says if a network has not as many parameters as the published one."""
        if self.parameters is None or graph is None:
            return ()
        found = count_parameters(graph, lambda node: of_call(node, self.blocks))
        if found in (None, self.parameters):
            return ()
        return (
            f"The model has {found:,} parameters, the published one "
            f"{self.parameters:,}.",
        )


def _lacks_blocks(captured: Mapping[str, Any], beside: Graph, whole: Graph) -> bool:
    """Whether a network without calls has no more than what stands beside blocks.

    Args:
        captured: of a call.
        beside: what is asked for, with calls of blocks.
        whole: the same with their layers.
    """
    found, fewest = kernels_of(captured), _kernels(beside)
    return found is not None and found <= fewest < _kernels(whole)


def _kernels(graph: Graph) -> int:
    return sum(graph.nodes[number].kind in KERNELS for number in graph.order)


def _fits(graph: Graph | None) -> bool:
    """Whether tensors that meet have one shape: one pixel fits others by chance."""
    if graph is None:
        return False
    sums = (graph.nodes[i] for i in graph.order if graph.nodes[i].kind == "Add")
    return all(len({graph.nodes[s].shape for s in sum_.sources}) == 1 for sum_ in sums)


def pools_whole_maps(captured: Mapping[str, Any]) -> bool:
    """Whether a call pools whole maps; what cannot be read does not."""
    try:
        return pools_whole(read_graph(captured.get("graph")))
    except CaptureError:
        return False
