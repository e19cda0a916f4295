"""The specifications of bottleneck, block and ResNet50: what they call, and with what.

He et al. 2015 (arXiv:1512.03385), figure 5 and table 1; the names of scopes are those
of a published TensorFlow 1 class, one misspelling mended.
"""

from collections.abc import Mapping
from typing import Any

from grader.judge.dataflow import Flow
from grader.judge.plan import INPUT, Plan, Row

DECAY, EPSILON = 0.999, 1e-3
#: Scope, channels, number of bottlenecks and first stride of ResNet50's blocks.
BLOCKS = (
    ("block2", 256, 3, 1),
    ("block3", 512, 4, 2),
    ("block4", 1024, 6, 2),
    ("block5", 2048, 3, 2),
)


def stride_of(stride: int | None, n_in: int, n_out: int) -> int:
    """The stride of a bottleneck: 1 where the channels agree, else 2, unless given."""
    if stride is not None:
        return stride
    return 1 if n_in == n_out else 2


def bottleneck(call: Mapping[str, Any], channels: int) -> Plan:
    """What `bottleneck` calls.

    Args:
        call: h_out, n_out, and where they are given stride, is_training and scope.
        channels: of the input.
    """
    h_out, n_out = call["h_out"], call["n_out"]
    stride = stride_of(call.get("stride"), channels, n_out)
    scope, training = call.get("scope", "bottleneck"), call.get("is_training", True)
    layers = [
        (1, h_out, "h_out", 1, stride, Flow("", (INPUT,))),
        (2, h_out, "h_out", 3, 1, Flow("relu", ("bn_1",))),
        (3, n_out, "n_out", 1, 1, Flow("relu", ("bn_2",))),
    ]
    if channels != n_out:
        layers.append((4, n_out, "n_out", 1, stride, Flow("", (INPUT,))))
    rows: list[Row] = []
    for number, width, symbol, kernel, step, source in layers:
        name = f"conv_{number}"
        given = {"num_outputs": width, "kernel_size": kernel, "stride": step}
        symbols = {"num_outputs": symbol}
        if number in (1, 4):
            symbols["stride"] = "the bottleneck's"
        strided = "the bottleneck's stride" if number in (1, 4) else "stride 1"
        where = "On the shortcut: " if number == 4 else ""
        sentence = (
            f"{where}conv2d with {symbol} outputs, kernel size {kernel} and {strided}, "
            f'scope "{name}"; batch_norm, scope "bn_{number}"'
        )
        sentence += "; ReLU." if number < 3 else "; no ReLU."
        rows.append(
            Row(name, "conv2d", f"{scope}/{name}", given, source, symbols, sentence)
        )
        rows.append(_norm(f"bn_{number}", scope, training, name, sentence))
    shortcut = INPUT if channels == n_out else "bn_4"
    output = Flow("relu of the sum", ("bn_3", shortcut))
    return Plan(tuple(rows), {"output": output})


def _norm(label: str, scope: str, training: bool, after: str, sentence: str) -> Row:
    arguments = {"is_training": training, "decay": DECAY, "epsilon": EPSILON}
    symbols = {"is_training": "is_training"}
    source = Flow("", (after,))
    path = f"{scope}/{label}"
    return Row(label, "batch_norm", path, arguments, source, symbols, sentence)


def block(call: Mapping[str, Any], channels: int) -> Plan:
    """What `block` calls: a bottleneck that may change the shape, then n - 1 others."""
    n_out, scope = call["n_out"], call.get("scope", "block")
    sentence = (
        "n bottlenecks, one after the other, with h_out = n_out // 4 and scopes "
        '"bottleneck1", "bottleneck2", ...; the first has stride init_stride, the '
        "others stride 1; is_training is passed on."
    )
    rows, last = [], INPUT
    for number in range(1, call["n"] + 1):
        label = f"bottleneck{number}"
        arguments = {
            "h_out": n_out // 4,
            "n_out": n_out,
            "stride": call.get("init_stride", 2) if number == 1 else 1,
            "is_training": call.get("is_training", True),
        }
        symbols = {"h_out": "n_out // 4", "n_out": "n_out"}
        symbols["is_training"] = "is_training"
        if number == 1:
            symbols["stride"] = "init_stride"
        rows.append(
            Row(label, "bottleneck", f"{scope}/{label}", arguments, Flow("", (last,)),
                symbols, sentence)
        )  # fmt: skip
        last = label
    return Plan(tuple(rows), {"output": Flow("", (last,))})


def resnet50(call: Mapping[str, Any], channels: int) -> Plan:
    """What `ResNet50` calls, from conv1 to fc6."""
    scope, training = call.get("scope", "resnet50"), call.get("is_training", True)

    def row(label, function, arguments, how, after, sentence, **symbols):
        path = f"{scope}/{label}"
        source = Flow(how, (after,))
        return Row(label, function, path, arguments, source, symbols, sentence)

    sentence = 'conv2d with 64 outputs, kernel size 7, stride 2, scope "conv1".'
    rows = [
        row("conv1", "conv2d", {"num_outputs": 64, "kernel_size": 7, "stride": 2}, "",
            INPUT, sentence),
        _norm("bn1", scope, training, "conv1",
              'batch_norm, scope "bn1", and a ReLU follow.'),
        row("maxpool1", "max_pool", {"pool_size": 3, "stride": 2}, "relu", "bn1",
            'max_pool over 3, stride 2, scope "maxpool1".'),
    ]  # fmt: skip
    last = "maxpool1"
    for label, n_out, n, stride in BLOCKS:
        arguments = {"n_out": n_out, "n": n, "init_stride": stride}
        sentence = (
            f"{label}: {n} bottlenecks of {n_out} channels, init_stride {stride}; "
            "is_training is passed on."
        )
        rows.append(
            row(label, "block", {**arguments, "is_training": training}, "", last,
                sentence, is_training="is_training")
        )  # fmt: skip
        last = label
    classes = call.get("num_classes", 1000)
    rows.append(
        row("avgpool5", "avg_pool", {"pool_size": 7}, "", last,
            'avg_pool over 7, scope "avgpool5".')
    )  # fmt: skip
    rows.append(
        row("fc6", "fc", {"num_outputs": classes}, "squeeze", "avgpool5",
            "The axes of size 1 are squeezed away; fc with num_classes outputs, scope "
            '"fc6", gives the logits.', num_outputs="num_classes")
    )  # fmt: skip
    outputs = {
        "logits": Flow("", ("fc6",)),
        "predictions": Flow("softmax", ("fc6",)),
    }
    return Plan(tuple(rows), outputs)
