"""The numbers that lesson 5's text tells, from the networks themselves."""

import numpy as np
import pytest

from grader import stream
from grader.judge.network.dialect import KERAS
from grader.judge.network.forward import forward
from grader.judge.network.specify import spec_of
from grader.judge.network.summary import summarise
from grader.lessons import almost_a_resnet
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

SOURCE = source_of("05_almost_a_resnet")
NAMES = SOURCE.given
TEXT = "\n".join(
    line.removeprefix("# ")
    for line in SOURCE.solution_notebook.with_suffix(".pct.py").read_text().splitlines()
)


def drawn(node, role, shape):
    """Initial weights of the specification, without a framework."""
    constants = {"bias": 0, "beta": 0, "moving_mean": 0}
    if role == "kernel":
        return stream.glorot_uniform(0, shape)
    return np.full(shape, constants.get(role, 1), np.float32)


@pytest.mark.parametrize(
    ("function", "place"),
    [("identity_block", (1, 1, 0)), ("convolutional_block", (0, 1, 0))],
)
def test_printed_outputs_are_those_of_the_numpy_pass(function, place):
    call = {"filters": [2, 4, 6], "stage": 1, "block": "a"}
    spec = spec_of(almost_a_resnet.BLOCKS[function], call, KERAS)
    x = np.random.RandomState(1).randn(3, 4, 4, 6).astype(np.float32)
    out = forward(spec.graph, x, drawn)
    with np.printoptions(precision=4, suppress=True):
        assert f"| out | `{np.float32(out[place])}` |" in TEXT


def test_parameters_of_the_mended_network():
    spec = spec_of(almost_a_resnet.RESNET50, {}, KERAS, opened=True)
    rows = summarise(spec.graph, (224, 224, 3))
    assert sum(row.params for row in rows) == 25_636_712
    assert "25,636,712" in TEXT
    norms = sum(row.kind == "BatchNormalization" for row in rows)
    assert f"there are {norms}\n  such layers" in TEXT
    own = {row.name: row.params for row in rows}
    for name in ("res5c_branch2a", "res5c_branch2b", "res5c_branch2c"):
        assert f"{own[name]:,}" in TEXT
    assert own["fc1000"] == 2_049_000


def test_parameters_of_the_published_network():
    import keras

    model = NAMES["published_resnet50"]()
    assert f"{model.count_params():,}" in TEXT
    assert f"a row for each layer; for {len(model.layers)} layers" in TEXT
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds.count("Concatenate") == 16
    assert kinds.count("Add") == 0
    assert isinstance(model, keras.Model)


def test_counts_by_hand():
    count = NAMES["block_parameters"]
    for name, value in (
        ("2a", count(64, [64, 64, 256], project=True)),
        ("2b", count(256, [64, 64, 256])),
        ("4b", count(1024, [256, 256, 1024])),
    ):
        assert f"| {name} | {value:,} |" in TEXT
    call = {"filters": [64, 64, 256], "stage": 2, "block": "b"}
    spec = spec_of(almost_a_resnet.IDENTITY_BLOCK, call, KERAS)
    rows = summarise(spec.graph, (55, 55, 256))
    assert sum(row.params for row in rows) == count(256, [64, 64, 256])


def test_published_torch_network_is_counted_and_never_allocated():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    with torch.device("meta"):
        network = NAMES["PublishedResNet50"]()
    assert all(p.is_meta for p in network.parameters())
    for name, part in network.named_children():
        parameters = sum(p.numel() for p in part.parameters())
        kind = type(part).__name__
        assert f"| {name} | `{kind}` | {parameters:,} |" in TEXT
    assert f"{sum(p.numel() for p in network.parameters()):,}" in TEXT
    assert (7 * 7 * 8192 + 1) * 8192 == 3_288_342_528
    image = torch.zeros(1, 3, 224, 224, device="meta")
    assert network.conv1(image).shape[2:] == (109, 109)


def test_weights_carried_over_give_equal_outputs():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    names = SOURCE.namespace()
    model = names["ResNet50"](input_shape=(64, 96, 3), classes=1000)
    names["stir"](model)
    twin = names["ResNet50Torch"]()
    names["carry_over"](model, twin)
    images = np.random.default_rng(3).normal(size=(2, 64, 96, 3)).astype("float32")
    ours = np.asarray(model(images))
    twin.eval()
    with torch.no_grad():
        x = torch.tensor(images.transpose(0, 3, 1, 2))
        assert np.abs(ours - twin(x).numpy()).max() < 1e-4
        for module in twin.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.eps = 1e-5
        assert np.abs(ours - twin(x).numpy()).max() > 1e-4
    assert ours.max() > 0.02


def test_same_padding_lies_elsewhere_with_a_stride():
    """Figure 4: windows begin at pixels 1, 3, 5, 7; or at a zero, at 2, 4, 6."""
    from grader.judge import layers

    x = np.arange(1.0, 9.0).reshape(1, 1, 8, 1)
    picks = np.zeros((1, 3, 1, 1))
    picks[0, 0] = 1
    attrs = {"kernel_size": (1, 3), "strides": (1, 2), "padding": "same"}
    assert layers.convolve(x, picks, attrs).ravel().tolist() == [1, 3, 5, 7]
    padded = np.pad(x, [(0, 0), (0, 0), (1, 1), (0, 0)])
    attrs["padding"] = "valid"
    assert layers.convolve(padded, picks, attrs).ravel().tolist() == [0, 2, 4, 6]


def test_kernel_axes_of_figure_5():
    shape = (1, 2, 3, 4)
    assert np.zeros(shape).transpose(3, 2, 0, 1).shape == (4, 3, 1, 2)
    assert "kernel.transpose(3, 2, 0, 1)" in TEXT


def test_eps_of_the_text():
    assert np.sqrt(0.011 / 0.01001) == pytest.approx(1.05, abs=0.005)
