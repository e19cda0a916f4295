"""What lesson 5 asks of the mended Keras functions: lesson 1's blocks with 3x3 windows.

He et al. 2015 (arXiv:1512.03385), table 1, for images of 224x224 and 1000 classes.
The network ends in global average pooling (section 3.3 of the paper).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.judge.network.graph import Graph
from grader.judge.network.spec import Line, Spec, SpecBuilder
from grader.lessons import _blocks, _expand, _resnet50

#: Height and width of the window of a block's second convolution.
WINDOW = 3


def identity_block(filters: Sequence[int], stage: int, block: str) -> Spec:
    """What `identity_block` builds: 10 layers, the first three given."""
    return _reworded(_blocks.identity_block(WINDOW, filters, stage, block))


def convolutional_block(
    filters: Sequence[int], stage: int, block: str, s: int = 2
) -> Spec:
    """What `convolutional_block` builds: 12 layers, the first three given."""
    return _reworded(_blocks.convolutional_block(WINDOW, filters, stage, block, s))


def resnet50(classes: int, *, expanded: bool) -> Spec:
    """What `ResNet50` builds.

    Args:
        classes: of the output layer.
        expanded: whether each block is opened into its layers; otherwise it is a node.
    """
    builder = SpecBuilder()
    x = _resnet50._stem(builder)
    place = 0
    add = _resnet50._expanded_block if expanded else _resnet50._block_call
    for stage, filters, stride, blocks in _resnet50.STAGES:
        for letter in blocks:
            x = add(builder, x, stage, filters, stride, letter, place)
            place += 1
    return _reworded(builder.build(_head(builder, x, classes)))


def _head(builder: SpecBuilder, x: int, classes: int) -> int:
    sentence = (
        "Global average pooling takes the mean of each channel over all places; its "
        "name is 'avg_pool'."
    )
    x = builder.add(
        "GlobalAveragePooling2D",
        {"keepdims": False},
        (x,),
        Line("avg_pool", "average pooling", sentence),
        "avg_pool",
    )
    sentence = (
        "A dense layer gives one number a class, with seed 0 and the name "
        "'fc' + str(classes); softmax makes them probabilities."
    )
    name = f"fc{classes}"
    x = builder.add(
        "Dense",
        {"units": classes, "use_bias": True},
        (x,),
        Line(name, "output", sentence, False, "the dense layer of the output"),
        name,
    )
    label = "the softmax of the output"
    return builder.activation(x, Line(label, "output", sentence), "softmax")


def _reworded(spec: Spec) -> Spec:
    """The same specification, in which no argument `f` is spoken of."""
    return replace(spec, lines=tuple(_without_f(line) for line in spec.lines))


def _without_f(line: Line) -> Line:
    symbols = {k: v for k, v in line.symbols.items() if v != "(f, f)"}
    sentence = line.sentence.replace("(f, f)", "(3, 3)")
    sentence = sentence.replace("f is 3, s is", "s is").replace(": f is 3,", ":")
    return replace(line, symbols=symbols, sentence=sentence)


def expand(graph: Graph) -> Graph:
    """Opens recorded calls of blocks into the layers of their specification."""
    return without_flatten(_expand.expand(graph, _blocks.of_call))


def without_flatten(graph: Graph) -> Graph:
    """Global pooling that keeps its axes, flattened, is global pooling without them."""
    nodes = list(graph.nodes)
    moved = dict(enumerate(range(len(nodes))))
    for index, node in enumerate(nodes):
        inputs = tuple(moved[i] if isinstance(i, int) else i for i in node.inputs)
        nodes[index] = replace(node, inputs=inputs)
        source = node.sources[0] if node.sources else 0
        pooled = nodes[moved[source]]
        if node.kind == "Flatten" and pooled.kind == "GlobalAveragePooling2D":
            flat: Mapping[str, Any] = {**pooled.attrs, "keepdims": False}
            nodes[moved[source]] = replace(pooled, attrs=flat, shape=node.shape)
            moved[index] = moved[source]
    return Graph(tuple(nodes), moved[graph.output])
