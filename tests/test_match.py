"""Layers are matched by wiring and kind first, by names last."""

from dataclasses import replace

import pytest

from grader.judge.network.compare import compare
from grader.judge.network.dialect import KERAS
from grader.judge.network.graph import Graph
from grader.judge.network.match import match
from grader.judge.network.specify import spec_of
from grader.lessons.residual_networks import BLOCKS, RESNET50

CALL = {"f": 2, "filters": (2, 4, 6), "stage": 1, "block": "a"}
SPECS = {
    **{name: spec_of(table, CALL, KERAS) for name, table in BLOCKS.items()},
    "ResNet50": spec_of(RESNET50, {}, KERAS),
    "ResNet50, opened": spec_of(RESNET50, {}, KERAS, opened=True),
}


@pytest.fixture(params=SPECS)
def spec(request):
    return SPECS[request.param]


def without(graph, number):
    """A graph in which a layer's followers take what it took."""
    (source, *_) = graph.nodes[number].sources
    nodes, moved = [], {}
    for i, node in enumerate(graph.nodes):
        if i == number:
            moved[i] = moved[source]
            continue
        nodes.append(replace(node, inputs=tuple(moved[s] for s in node.inputs)))
        moved[i] = len(nodes) - 1
    return Graph(tuple(nodes), moved[graph.output])


def renamed(graph, names):
    nodes = [replace(n, name=names.get(i, n.name)) for i, n in enumerate(graph.nodes)]
    return Graph(tuple(nodes), graph.output)


def test_a_specification_matches_itself(spec):
    found = match(spec, spec.graph)
    assert found.pairs == {i: i for i in spec.graph.order}
    assert not found.missing
    assert not found.extra
    assert compare(spec, spec.graph, found) == []


def test_names_are_not_needed(spec):
    graph = renamed(spec.graph, dict.fromkeys(range(len(spec.graph.nodes)), "x"))
    found = match(spec, graph)
    assert found.pairs == {i: i for i in spec.graph.order}
    assert {d.kind for d in compare(spec, graph, found)} == {"name"}


def test_branches_may_be_built_in_either_order(spec):
    nodes = [replace(n, inputs=tuple(reversed(n.inputs))) for n in spec.graph.nodes]
    graph = Graph(tuple(nodes), spec.graph.output)
    assert compare(spec, graph, match(spec, graph)) == []


@pytest.mark.parametrize("name", ["identity_block", "convolutional_block", "ResNet50"])
def test_one_layer_missing_is_one_difference(name):
    spec = SPECS[name]
    for number in spec.graph.order:
        if spec.graph.nodes[number].kind == "Add" or number == spec.graph.order[0]:
            continue
        graph = without(spec.graph, number)
        differences = compare(spec, graph, match(spec, graph))
        missing = [d for d in differences if d.kind == "missing"]
        assert [spec.graph.nodes[d.node].kind for d in missing] == [
            spec.graph.nodes[number].kind
        ]


def test_swapped_names_are_names_not_layers():
    spec = SPECS["identity_block"]
    convolutions = [i for i in spec.graph.order if spec.graph.nodes[i].kind == "Conv2D"]
    first, second, _ = convolutions
    names = {
        first: spec.graph.nodes[second].name,
        second: spec.graph.nodes[first].name,
    }
    graph = renamed(spec.graph, names)
    differences = compare(spec, graph, match(spec, graph))
    assert [(d.kind, d.node) for d in differences] == [
        ("name", first),
        ("name", second),
    ]


def test_one_hyperparameter_is_one_difference(spec):
    for number in spec.graph.order:
        node = spec.graph.nodes[number]
        if node.kind != "Conv2D":
            continue
        graph = spec.graph.changed(number, use_bias=False)
        (difference,) = compare(spec, graph, match(spec, graph))
        assert (difference.kind, difference.node, difference.attr) == (
            "attr",
            number,
            "use_bias",
        )
        if number > 30:
            break
