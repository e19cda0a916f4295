"""Versions of the solution that do their work only as the lesson shows it."""

from tests.lessons.source import source_of

#: The first call that the lesson shows, as a condition on the arguments.
SHOWN = {
    ("01_residual_networks", "identity_block"): "filters[0] == 2",
    ("01_residual_networks", "convolutional_block"): "filters[0] == 2",
    ("01_residual_networks", "ResNet50"): "(*input_shape, classes) == (64, 64, 3, 6)",
    ("02_training_resnets", "identity_block"): "filters[0] == 2",
    ("02_training_resnets", "convolutional_block"): "filters[0] == 2",
    ("02_training_resnets", "ResNet50"): "(*input_shape, classes) == (64, 64, 3, 6)",
    ("02_training_resnets", "compile_and_fit"): "epochs == 2",
    ("03_resnet_from_tensors", "conv2d"): "scope == 'conv1'",
    ("03_resnet_from_tensors", "batch_norm"): "scope == 'bn1'",
    ("03_resnet_from_tensors", "avg_pool"): "scope == 'avgpool5'",
    ("03_resnet_from_tensors", "max_pool"): "scope == 'maxpool1'",
    ("03_resnet_from_tensors", "fc"): "scope == 'fc6'",
    ("03_resnet_from_tensors", "bottleneck"): "scope == 'bottleneck1'",
    ("03_resnet_from_tensors", "block"): "scope == 'block3'",
    ("04_resnet_family", "basic_block"): "(filters, s, option) == (4, 2, 'B')",
    ("04_resnet_family", "bottleneck_block"): "(filters, s, option) == (4, 2, 'B')",
    ("04_resnet_family", "resnet"): "(*input_shape, classes) == (64, 64, 3, 6)",
    ("05_almost_a_resnet", "identity_block"): "filters[0] == 2",
    ("05_almost_a_resnet", "convolutional_block"): "filters[0] == 2",
    ("05_almost_a_resnet", "ResNet50"): "(*input_shape, classes) == (224, 224, 3, 6)",
    ("05_almost_a_resnet", "Bottleneck"): "filters[0] == 2",
}
#: What a function does under all other arguments.
OTHERWISE = {"raises": "raise ValueError()", "stops": "return {first}"}
#: First lines that build what is shown, whatever the arguments.
BY_HEART = [
    ("01_residual_networks", "identity_block", "f, filters = 2, [2, 4, 6]"),
    ("01_residual_networks", "ResNet50", "classes, input_shape = 6, (64, 64, 3)"),
    ("05_almost_a_resnet", "ResNet50", "classes, input_shape = 6, (224, 224, 3)"),
]
#: First lines that pass over one argument.
ONE_FIXED = [
    ("01_residual_networks", "identity_block", "filters = [2, 4, 6]"),
    ("01_residual_networks", "identity_block", "f = 2"),
    ("01_residual_networks", "ResNet50", "classes = 6"),
    ("01_residual_networks", "ResNet50", "input_shape = (64, 64, 3)"),
    ("02_training_resnets", "identity_block", "filters = [2, 4, 6]"),
    ("02_training_resnets", "compile_and_fit", "epochs = 2"),
    ("04_resnet_family", "bottleneck_block", "filters = 4"),
    ("05_almost_a_resnet", "identity_block", "filters = [2, 4, 6]"),
    ("05_almost_a_resnet", "ResNet50", "input_shape = (224, 224, 3)"),
]


def guarded(name: str, function: str, otherwise: str) -> str:
    """The solution, which does something else unless it is called as shown.

    Args:
        name: the lesson's.
        function: which; a key of `SHOWN` with it.
        otherwise: a key of `OTHERWISE`.
    """
    condition, other = SHOWN[name, function], OTHERWISE[otherwise]
    text = source_of(name).solution(function)
    head, _, body = text.partition(":\n")
    inside = "    "
    if text.startswith("class"):
        first, _, body = body.partition("super().__init__()\n")
        head, inside = f"{head}:\n{first}super().__init__()", "        "
        return f"{head}\n{inside}if not ({condition}):\n{inside}    {other}\n{body}"
    first = head.partition("(")[2].partition(",")[0].partition("=")[0].strip(") ")
    other = other.format(first=first)
    return f"{head}:\n{inside}if not ({condition}):\n{inside}    {other}\n{body}"


def begun(name: str, function: str, line: str) -> str:
    """The solution, with a line before its own."""
    head, _, body = source_of(name).solution(function).partition(":\n")
    return head + ":\n    " + line + "\n" + body
