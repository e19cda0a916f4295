"""What lesson 5 asks of the mended Keras functions: lesson 1's blocks with 3x3 windows.

He et al. 2015 (arXiv:1512.03385), table 1, for images of 224x224 and 1000 classes.
The network ends in global average pooling (section 3.3 of the paper).
"""

from collections.abc import Sequence
from dataclasses import replace

from grader.judge.network.graph import Graph
from grader.judge.network.policy import Policy
from grader.judge.network.rewrites import opened, without_flatten
from grader.judge.network.spec import Line, Spec, SpecBuilder
from grader.lessons import _blocks, _resnet50

#: Height and width of the window of a block's second convolution.
WINDOW = 3
#: Prices are those of lesson 1, where a block has 30 points and the network 40.
BLOCK = Policy(scale=15 / 30)
NETWORK = Policy(scale=15 / 40, may_be_large=True)


def identity_block(filters: Sequence[int], stage: int, block: str) -> Spec:
    """What `identity_block` builds: 10 layers, the first three given."""
    return _reworded(_blocks.identity_block(WINDOW, filters, stage, block), BLOCK)


def convolutional_block(
    filters: Sequence[int], stage: int, block: str, s: int = 2
) -> Spec:
    """What `convolutional_block` builds: 12 layers, the first three given."""
    spec = _blocks.convolutional_block(WINDOW, filters, stage, block, s)
    return _reworded(spec, BLOCK)


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
    return _reworded(builder.build(_head(builder, x, classes)), NETWORK)


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


def _reworded(spec: Spec, policy: Policy) -> Spec:
    """The same specification, in which no argument `f` is spoken of."""
    lines = tuple(_without_f(line) for line in spec.lines)
    return replace(spec, lines=lines, policy=policy)


def _without_f(line: Line) -> Line:
    symbols = {k: v for k, v in line.symbols.items() if v != "(f, f)"}
    sentence = line.sentence.replace("(f, f)", "(3, 3)")
    sentence = sentence.replace("f is 3, s is", "s is").replace(": f is 3,", ":")
    return replace(line, symbols=symbols, sentence=sentence)


def expand(graph: Graph) -> Graph:
    """Opens recorded calls of blocks into the layers of their specification."""
    return without_flatten(opened(graph, lambda call: _blocks.of_call(call.attrs)))
