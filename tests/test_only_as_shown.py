"""A function that works only as the lesson shows it keeps at most half."""

import pytest

from tests.lessons.source import source_of

#: The first call that the lesson shows, as a condition on the arguments.
_SHOWN = {
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
_OTHERWISE = {"raises": "raise ValueError()", "stops": "return {first}"}


def kept(name, function, version, seed="one"):
    source = source_of(name)
    outcome = source.judge(function, version, seed)
    points = sum(c.points for c in source.lesson.checks if c.function == function)
    return points - outcome.lost, points, outcome


def guarded(name, function, condition, otherwise):
    """The solution, which does something else unless a condition holds."""
    text = source_of(name).solution(function)
    head, _, body = text.partition(":\n")
    inside = "    "
    if text.startswith("class"):
        first, _, body = body.partition("super().__init__()\n")
        head, inside = f"{head}:\n{first}super().__init__()", "        "
        return f"{head}\n{inside}if not ({condition}):\n{inside}    {otherwise}\n{body}"
    first = head.partition("(")[2].partition(",")[0].partition("=")[0].strip(") ")
    otherwise = otherwise.format(first=first)
    return f"{head}:\n{inside}if not ({condition}):\n{inside}    {otherwise}\n{body}"


@pytest.mark.parametrize("otherwise", _OTHERWISE)
@pytest.mark.parametrize(("name", "function"), _SHOWN)
def test_at_most_half_is_kept(name, function, otherwise):
    text = guarded(name, function, _SHOWN[name, function], _OTHERWISE[otherwise])
    left, points, outcome = kept(name, function, text)
    assert left <= points / 2, outcome.first
    assert any("only as the lesson shows it" in f.message for f in outcome.findings)


def begun(name, function, line):
    """The solution, with a line before its own."""
    head, _, body = source_of(name).solution(function).partition(":\n")
    return head + ":\n    " + line + "\n" + body


@pytest.mark.parametrize(
    ("name", "function", "line"),
    [
        ("01_residual_networks", "identity_block", "f, filters = 2, [2, 4, 6]"),
        (
            "01_residual_networks",
            "ResNet50",
            "classes, input_shape = 6, (64, 64, 3)",
        ),
        (
            "05_almost_a_resnet",
            "ResNet50",
            "classes, input_shape = 6, (224, 224, 3)",
        ),
    ],
)
def test_what_is_built_whatever_the_arguments_keeps_half(name, function, line):
    left, points, outcome = kept(name, function, begun(name, function, line))
    assert points / 2 - 0.1 <= left <= points / 2, outcome.first


@pytest.mark.parametrize(
    ("name", "function", "line"),
    [
        ("01_residual_networks", "identity_block", "filters = [2, 4, 6]"),
        ("01_residual_networks", "identity_block", "f = 2"),
        ("01_residual_networks", "ResNet50", "classes = 6"),
        ("01_residual_networks", "ResNet50", "input_shape = (64, 64, 3)"),
        ("02_training_resnets", "identity_block", "filters = [2, 4, 6]"),
        ("02_training_resnets", "compile_and_fit", "epochs = 2"),
        ("04_resnet_family", "bottleneck_block", "filters = 4"),
        ("05_almost_a_resnet", "identity_block", "filters = [2, 4, 6]"),
        ("05_almost_a_resnet", "ResNet50", "input_shape = (224, 224, 3)"),
    ],
)
def test_one_fixed_argument_is_one_slip(name, function, line):
    left, points, outcome = kept(name, function, begun(name, function, line))
    assert 0.6 * points <= left < points, outcome.first
    assert not any("only as the lesson shows" in f.message for f in outcome.findings)


def test_a_window_as_large_as_the_shown_maps_is_one_slip():
    source = source_of("05_almost_a_resnet")
    text = source.edited(
        "ResNet50Torch",
        "x = x.mean(dim=(2, 3))",
        "x = nn.functional.avg_pool2d(x, 7).flatten(1)",
    )
    left, points, outcome = kept(source.lesson.name, "ResNet50Torch", text)
    assert 0.6 * points <= left < points, outcome.first
