"""The specification of the family's blocks, layer by layer.

He et al. 2015 (arXiv:1512.03385): figure 5 and table 1 for the blocks, section 3.3
and 4.1 for the options A, B and C of the shortcut.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from grader.judge.network.graph import Graph, Node
from grader.judge.network.policy import Policy
from grader.judge.network.rewrites import rewrite, with_attrs
from grader.judge.network.spec import Line, Spec, SpecBuilder

EXPANSION = {"basic_block": 1, "bottleneck_block": 4}
DEFAULT_OPTION = {"basic_block": "A", "bottleneck_block": "B"}
#: Initial weights may be any.
POLICY = Policy(seeded=False)
_ORDINALS = ("first", "second", "third")
#: What a block's convolutions are: window, stride, whether there are four times as
#: many filters.
_MAIN = {
    "basic_block": ((3, "s", False), (3, "1", False)),
    "bottleneck_block": ((1, "s", False), (3, "1", False), (1, "1", True)),
}


def changes(channels: int, filters: int, s: int) -> bool:
    """Whether a shortcut has something to do in options A and B."""
    return s != 1 or channels != filters


def add_projection(
    builder: SpecBuilder, x: int, filters: int, s: int, where: str
) -> int:
    """Adds the convolution and the batch normalisation of options B and C."""
    x = builder.conv(
        x,
        Line(
            "the convolution of the shortcut",
            where,
            "A projection is a convolution with `filters` filters of 1×1 and stride s.",
            role="the convolution of the shortcut",
            branch=True,
            symbols={"filters": "filters", "strides": "s"},
        ),
        "",
        filters,
        1,
        s,
    )
    line = Line(
        "the batch normalisation of the shortcut",
        where,
        "A batch normalisation of the channels follows the projection's convolution.",
        role="the batch normalisation of the shortcut",
        branch=True,
    )
    return builder.batch_norm(x, line, "")


def projection(filters: int, s: int) -> Spec:
    """What `shortcut` builds where it projects."""
    builder = SpecBuilder()
    end = add_projection(builder, 0, filters, s, "projection")
    return builder.build(end, POLICY)


def block(
    function: str,
    channels: int,
    filters: int,
    s: int,
    option: str,
    *,
    called: bool,
) -> Spec:
    """What a block builds.

    Args:
        function: "basic_block" or "bottleneck_block".
        channels: of its input.
        filters: as it is called.
        s: its stride.
        option: of its shortcut.
        called: whether the shortcut is judged as a call of `shortcut`; otherwise by
            its layers.
    """
    builder = SpecBuilder()
    end = add_block(builder, 0, function, channels, filters, s, option, called=called)
    return builder.build(end, POLICY)


def add_block(
    builder: SpecBuilder,
    x: int,
    function: str,
    channels: int,
    filters: int,
    s: int,
    option: str,
    *,
    called: bool,
) -> int:
    """Adds a block's layers, as `block` does."""
    y = x
    parts = _MAIN[function]
    for number, (window, stride, wide) in enumerate(parts):
        last = number + 1 == len(parts)
        text = "4 * filters" if wide else "filters"
        y = _component(
            builder,
            y,
            _ORDINALS[number],
            filters * 4 if wide else filters,
            window,
            s if stride == "s" else 1,
            relu=not last,
            written={"filters": text, "strides": stride},
        )
    width = filters * EXPANSION[function]
    shortcut, start = x, len(builder.nodes)
    if option == "C" or changes(channels, width, s):
        add = _call if called or option == "A" else _layers
        shortcut = add(builder, x, function, width, s, option, "shortcut")
    while len(builder.nodes) < start + 2:
        # Out of the way to the output: a layer has one number under all arguments
        builder.add("Identity", {}, (x,), Line("", "", ""))
    where = "final step"
    text = "What `shortcut` gives is added to the main path."
    total = builder.add("Add", {}, (y, shortcut), Line("the addition", where, text))
    text = "A ReLU follows the addition."
    return builder.activation(total, Line("the final ReLU", where, text))


def _component(
    builder: SpecBuilder,
    x: int,
    ordinal: str,
    filters: int,
    window: int,
    s: int,
    *,
    relu: bool,
    written: Mapping[str, str],
) -> int:
    where = f"{ordinal} component of the main path"
    padding = "same" if window > 1 else "valid"
    padded = ", padding 'same'" if window > 1 else ""
    stride = written["strides"]
    x = builder.conv(
        x,
        Line(
            f"the {ordinal} convolution",
            where,
            f"The {ordinal} convolution has `{written['filters']}` filters of "
            f"{window}×{window}, stride {stride}{padded}.",
            role=f"the {ordinal} convolution",
            symbols={k: v for k, v in written.items() if v != "1"},
        ),
        "",
        filters,
        window,
        s,
        padding,
    )
    after = "" if relu else " No ReLU follows before the addition."
    x = builder.batch_norm(
        x,
        Line(
            f"the {ordinal} batch normalisation",
            where,
            f"A batch normalisation of the channels follows it.{after}",
            role=f"the {ordinal} batch normalisation",
        ),
        "",
    )
    if not relu:
        return x
    label = f"the {ordinal} ReLU"
    text = f"A ReLU closes the {ordinal} component."
    return builder.activation(x, Line(label, where, text, role=label))


def _call(builder, x, function, width, s, option, where):
    written = "4 * filters" if EXPANSION[function] == 4 else "filters"
    return builder.add(
        "Block",
        call_attrs("shortcut", width, s, option, 0),
        (x,),
        Line(
            "the call of shortcut",
            where,
            f"The shortcut is what `shortcut` makes of the block's input, with "
            f"`{written}`, `s` and `option`.",
            role="the call of shortcut",
            symbols={"filters": written, "s": "s", "option": "option"},
        ),
    )


def _layers(builder, x, function, width, s, option, where):
    return add_projection(builder, x, width, s, where)


def call_attrs(
    function: str, filters: int, s: int, option: str, place: int
) -> dict[str, Any]:
    """A call as the stand-ins record it."""
    attrs = {
        "function": function,
        "filters": filters,
        "s": s,
        "option": option,
        "width": filters * EXPANSION.get(function, 1),
        "place": place,
    }
    return attrs | ({"linear": True} if function == "shortcut" else {})


def _whole(value: Any) -> int:
    return value if type(value) is int else 0


def _channels(node: Node) -> int:
    return _whole(node.shape[-1]) if node.shape else 0


def without_idle_shortcuts(graph: Graph) -> Graph:
    """Takes out calls of `shortcut` that give back what they get.

    In options A and B that is so where dimensions stay: a block may make the call or
    not.
    """

    def step(node: Node, before: Sequence[Node]) -> Sequence[Node]:
        attrs = node.attrs
        if node.kind == "Block" and attrs.get("function") == "shortcut":
            channels = _channels(before[node.sources[0]])
            same = not changes(channels, attrs["filters"], attrs["s"])
            if same and attrs.get("option") in ("A", "B"):
                return ()
        return (node,)

    return rewrite(graph, step)


def with_like_options(graph: Graph) -> Graph:
    """Writes option A where a block's shortcut gives X in option A and in B."""

    def option(call: Node, before: Node) -> dict[str, Any]:
        attrs = call.attrs
        width = _whole(attrs.get("width"))
        like = attrs.get("option") in ("A", "B")
        like = like and not changes(_channels(before), width, attrs["s"])
        return {"option": "A"} if like else {}

    return with_attrs(graph, option)


def calls_of(captured: Mapping[str, Any], *functions: str) -> bool:
    """Whether a captured call has calls of one of the functions in it."""
    graph = captured.get("graph")
    operations = graph.get("operations", []) if isinstance(graph, dict) else []
    for operation in operations if isinstance(operations, list) else []:
        config = operation.get("config") if isinstance(operation, dict) else None
        if isinstance(config, dict) and config.get("function") in functions:
            return True
    return False
