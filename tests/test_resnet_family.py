"""The numbers of the lesson on the family: from formulas, from Keras, from its text."""

import json
import math

import keras
import pytest

from grader.judge.counts import multiply_adds, parameters
from grader.lessons.family import PLANS
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

SOURCE = source_of("04_resnet_family")
TEXT = SOURCE.solution_notebook.with_suffix(".pct.py").read_text("utf-8")
#: Parameters and multiply-adds that the lesson prints, and the paper's table 1.
EXPECTED = {
    18: (11_527_400, 1_794_805_760, 1.8e9),
    34: (21_646_696, 3_644_493_824, 3.6e9),
    50: (25_636_712, 3_857_973_248, 3.8e9),
    101: (44_707_176, 7_570_194_432, 7.6e9),
    152: (60_419_944, 11_282_415_616, 11.3e9),
}
FIFTY = {
    "A": (22_848_616, 3_498_311_680),
    "B": (25_636_712, 3_857_973_248),
    "C": (40_242_024, 6_324_224_000),
}


class Net:
    """A network of the family as a list of layers, without Keras."""

    def __init__(self):
        self.layers = []

    def add(self, kind, x, **arguments):
        self.layers.append({"kind": kind, **arguments, "inputs": [x]})
        return len(self.layers)

    def conv(self, x, filters, window, s=1, padding="same"):
        x = self.add(
            "Conv2D",
            x,
            filters=filters,
            kernel_size=[window, window],
            strides=[s, s],
            padding=padding,
            use_bias=True,
        )
        return self.add("BatchNormalization", x)


def network(depth, option, stride_in_first=True):
    """Layers of a network; zero channels and strides of option A cost nothing."""
    net = Net()
    x = net.add("ZeroPadding2D", 0, padding=[3, 3])
    x = net.conv(x, 64, 7, 2, "valid")
    x = net.add("ZeroPadding2D", x, padding=[1, 1])
    x = net.add("MaxPooling2D", x, pool_size=[3, 3], strides=[2, 2])
    kind, repeats = PLANS[depth]
    channels = 64
    for stage, count in enumerate(repeats):
        filters = 64 * 2**stage
        width = filters if kind == "basic_block" else 4 * filters
        for number in range(count):
            s = 2 if stage and not number else 1
            changed = s != 1 or channels != width
            if option == "C" or (option == "B" and changed):
                net.conv(x, width, 1, s)
            if kind == "basic_block":
                x = net.conv(net.conv(x, filters, 3, s), filters, 3)
            else:
                first, second = (s, 1) if stride_in_first else (1, s)
                y = net.conv(net.conv(x, filters, 1, first), filters, 3, second)
                x = net.conv(y, width, 1)
            channels = width
    x = net.add("GlobalAveragePooling2D", x)
    net.add("Dense", x, units=1000, use_bias=True)
    return [224, 224, 3], net.layers


def printed(number):
    return f"{number:,}" in TEXT


@pytest.mark.parametrize("depth", PLANS)
def test_costs_are_those_of_the_formula_and_of_the_text(depth):
    own = "A" if depth < 50 else "B"
    shape, layers = network(depth, own)
    costs = parameters(shape, layers), multiply_adds(shape, layers)
    assert costs == EXPECTED[depth][:2]
    assert all(printed(number) for number in costs)


@pytest.mark.parametrize("depth", PLANS)
def test_multiply_adds_are_within_two_percent_of_the_table(depth):
    _, counted, table = EXPECTED[depth]
    assert abs(counted / table - 1) < 0.02
    billions = f"{table / 1e9:.1f} × 10<sup>9</sup>"
    assert billions in TEXT
    rounds = f"{counted / 1e9:.1f}" == f"{table / 1e9:.1f}"
    assert rounds == (depth != 50)


def test_where_the_rounding_cannot_be_met():
    assert f"{EXPECTED[50][1] / 1e9:.3f}" == "3.858"
    assert "3.858 rounds to 3.9" in TEXT


@pytest.mark.parametrize("option", FIFTY)
def test_options_of_fifty_layers(option):
    shape, layers = network(50, option)
    costs = parameters(shape, layers), multiply_adds(shape, layers)
    assert costs == FIFTY[option]
    assert all(printed(number) for number in costs)


def test_the_stride_in_the_3x3_convolution():
    shape, layers = network(50, "B", stride_in_first=False)
    assert f"{multiply_adds(shape, layers) / 1e9:.3f}" == "4.089"
    assert "4.089 × 10<sup>9</sup>" in TEXT
    assert parameters(shape, layers) == EXPECTED[50][0]


def test_shares_that_the_text_tells():
    more = [EXPECTED[50][i] / EXPECTED[34][i] - 1 for i in (1, 0)]
    assert [round(100 * m) for m in more] == [6, 18]
    assert "6 % more multiply-adds and 18 % more parameters" in TEXT
    assert round(100 * (FIFTY["C"][1] / FIFTY["B"][1] - 1)) == 64
    assert "64 % to the multiply-adds" in TEXT
    for at, filters in ((28, 128), (14, 256)):
        weights = 2 * 4 * filters * filters + 9 * filters * filters
        assert at * at * weights == 218_365_952
    assert printed(218_365_952)


@pytest.mark.parametrize("depth", [50, 101, 152])
def test_keras_has_as_many_parameters(depth):
    model = getattr(keras.applications, f"ResNet{depth}")(weights=None)
    assert model.count_params() == EXPECTED[depth][0]


@pytest.mark.parametrize("depth", [18, 50])
def test_the_solution_counts_so(depth):
    names = SOURCE.namespace()
    net = names["resnet"](depth)
    assert names["count_params"](net) == EXPECTED[depth][0]
    assert names["count_flops"](net) == EXPECTED[depth][1]


def test_numbers_of_the_blocks():
    names = SOURCE.namespace()
    for function, filters, s, counts in (
        ("basic_block", 128, 2, (222_464, 231_296, 231_296)),
        ("bottleneck_block", 64, 1, (59_264, 76_928, 76_928)),
    ):
        for option, count in zip("ABC", counts, strict=True):
            x = keras.Input((56, 56, 64))
            net = keras.Model(x, names[function](x, filters, s=s, option=option))
            assert net.count_params() == count
            assert printed(count)
            assert f"`{tuple(net.output.shape)}`" in TEXT


def test_numbers_of_small_inputs():
    names = SOURCE.namespace()
    for depth, count in ((18, 11_017_478), (34, 21_136_774)):
        net = names["resnet"](depth, input_shape=(64, 64, 3), classes=6)
        assert net.count_params() == count
        assert printed(count)


def test_curves_are_those_that_the_text_tells():
    runs = json.loads((SOURCE.folder / "curves.json").read_text("utf-8"))["runs"]
    for name, own in runs.items():
        first, second = (run["error"][-1] for run in own)
        assert f"# | {name} | {100 * first:.1f} % and {100 * second:.1f} % |" in TEXT
        assert all(len(run["error"]) == len(run["loss"]) == 20 for run in own)
    last = {name: [run["error"][-1] for run in own] for name, own in runs.items()}
    shallow, deep, residual = last.values()
    assert min(deep) > 0.5 > 0.2 > max(residual)
    assert all(s < r for s, r in zip(shallow, residual, strict=True))
    assert max(shallow) < 0.1


def test_small_nets(monkeypatch):
    monkeypatch.syspath_prepend(str(SOURCE.folder))
    monkeypatch.setenv("RESNET_COURSE_QUICK", "1")
    import family_utils

    for depth, count in ((20, 68_606), (56, 216_446)):
        for shortcuts in (False, True):
            net = family_utils.small_net(depth, shortcuts)
            assert net.count_params() == count
            weighted = [
                n
                for n in net.layers
                if isinstance(n, keras.layers.Conv2D | keras.layers.Dense)
            ]
            assert len(weighted) == depth
            merges = sum(isinstance(n, keras.layers.Add) for n in net.layers)
            assert merges == shortcuts * (depth - 2) // 2
        assert printed(count)
    with pytest.raises(ValueError, match="6n"):
        family_utils.small_net(21, True)
    said = []
    curves = family_utils.train(20, True, say=said.append)
    assert len(curves["loss"]) == len(curves["error"]) == len(said) == 1
    assert math.isfinite(curves["loss"][0])
