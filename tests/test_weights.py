"""Trained weights in a file of their own, found by the names of the layers."""

import hashlib
import pickle
import runpy
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from keras import layers

import resnet_data
from resnet_data import WeightsError, _weights, load_weights, save_weights

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
LARGEST = 50_000_000


def small(*, conv="conv", filters=4, extra=False, bias=True, reverse=False):
    """Two branches, so that their layers can be made in either order."""
    X_input = keras.Input((8, 8, 3))
    branches = [
        lambda X: layers.Conv2D(filters, 3, name=conv, use_bias=bias)(X),
        lambda X: layers.Conv2D(filters, 3, name="other")(X),
    ]
    X, Y = [branch(X_input) for branch in branches[:: -1 if reverse else 1]]
    X = layers.Add()([X, Y])
    X = layers.BatchNormalization(name="bn")(X)
    X = layers.Activation("relu")(X)
    if extra:
        X = layers.Dense(4, name="dense")(X)
    return keras.Model(X_input, X)


def trained(model, seed=0):
    """Gives each weight a number of its own, as training would."""
    rng = np.random.default_rng(seed)
    for variable in model.weights:
        variable.assign(rng.uniform(0.1, 2, variable.shape))
    return model


def same(model, other):
    mine, theirs = _weights._layers(model), _weights._layers(other)
    assert mine.keys() == theirs.keys()
    for name, variables in mine.items():
        assert variables.keys() == theirs[name].keys()
        for key, variable in variables.items():
            assert variable.dtype == "float32"
            value, expected = variable.numpy(), theirs[name][key].numpy()
            np.testing.assert_allclose(value, expected, rtol=1e-3)


@pytest.fixture
def saved(tmp_path):
    model = trained(small())
    save_weights(model, tmp_path / "some.h5")
    return model, tmp_path / "some.h5"


def test_weights_come_back_as_they_were_to_float16(saved):
    model, path = saved
    fresh = small()
    assert load_weights(fresh, path) == path
    same(fresh, model)


@pytest.mark.parametrize("reverse", [False, True])
def test_the_order_of_the_layers_does_not_matter(saved, reverse):
    model, path = saved
    fresh = small(reverse=reverse)
    load_weights(fresh, str(path))
    same(fresh, model)


def test_layers_inside_of_a_nested_model_are_found(saved):
    model, path = saved
    X_input = keras.Input((8, 8, 3))
    nested = keras.Model(X_input, small()(X_input))
    load_weights(nested, path)
    same(nested, model)


def test_a_layer_that_is_called_twice_is_one_layer(tmp_path):
    X_input = keras.Input((4,))
    dense = layers.Dense(4, name="dense")
    model = keras.Model(X_input, dense(dense(X_input)))
    save_weights(model, tmp_path / "some.h5")
    load_weights(model, tmp_path / "some.h5")


def test_the_layout(saved):
    with h5py.File(saved[1]) as file:
        assert dict(file.attrs) == {"format": "resnet-course weights", "version": 1}
        assert {name: set(group) for name, group in file.items()} == {
            "bn": {"beta", "gamma", "moving_mean", "moving_variance"},
            "conv": {"bias", "kernel"},
            "other": {"bias", "kernel"},
        }
        kernel = file["conv/kernel"]
        assert (kernel.dtype, kernel.compression, kernel.shuffle) == ("f2", "gzip", 1)


def test_the_same_weights_give_the_same_bytes(saved, tmp_path):
    model, path = saved
    save_weights(model, tmp_path / "again.h5")
    assert (tmp_path / "again.h5").read_bytes() == path.read_bytes()
    fresh = small(reverse=True)
    load_weights(fresh, path)
    save_weights(fresh, tmp_path / "again.h5")
    assert (tmp_path / "again.h5").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("value", [np.nan, np.inf, 70_000])
def test_what_float16_cannot_hold_is_not_saved(saved, value):
    model, path = saved
    before = path.read_bytes()
    variance = model.get_layer("bn").moving_variance
    variance.assign(np.full(4, value))
    with pytest.raises(WeightsError, match="moving_variance of the layer bn"):
        save_weights(model, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_file_is_there_in_full_or_not_at_all(saved, monkeypatch):
    model, path = saved
    before = path.read_bytes()

    def fail(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(h5py.Group, "create_dataset", fail)
    with pytest.raises(OSError, match="disk full"):
        save_weights(model, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"conv": "wrong"}, "no layer conv; it has wrong, which the weights lack: nam"),
        ({"extra": True}, "no weights for your network's layer dense: names are what"),
        (
            {"filters": 5},
            r"layer conv has a kernel of shape \(3, 3, 3, 5\), the weights",
        ),
        (
            {"filters": 5},
            "likewise other and bn: a layer takes only weights of its own",
        ),
        ({"bias": False}, "The layer conv has no bias, for which there are weights: a"),
    ],
)
def test_a_network_that_differs_is_told_where_and_left_alone(saved, options, words):
    _, path = saved
    other = small(**options)
    before = [array.copy() for array in other.get_weights()]
    with pytest.raises(WeightsError, match=words) as caught:
        load_weights(other, path)
    assert "\n" not in str(caught.value)
    for array, kept in zip(other.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, kept)


def test_only_the_first_few_layers_are_named(saved):
    X_input = keras.Input((4,))
    X = X_input
    for number in range(6):
        X = layers.Dense(4, name=f"dense{number}")(X)
    with pytest.raises(WeightsError, match="dense0, dense1, dense2 and 3 more"):
        load_weights(keras.Model(X_input, X), saved[1])


def test_two_layers_of_one_name_are_refused(saved):
    X_input = keras.Input((8, 8, 3))
    inner = keras.Model(X_input, layers.Dense(4, name="conv")(X_input))
    both = keras.Model(X_input, layers.Conv2D(4, 3, name="conv")(inner(X_input)))
    with pytest.raises(WeightsError, match="two layers with the name conv: names are"):
        load_weights(both, saved[1])


def cut_short(path):
    path.write_bytes(path.read_bytes()[:3000])


def flipped(path):
    """Spoils the compressed numbers, and leaves the file's structure whole."""
    with h5py.File(path) as file:
        chunk = file["conv/kernel"].id.get_chunk_info(0)
    data = bytearray(path.read_bytes())
    for at in range(chunk.byte_offset, chunk.byte_offset + chunk.size):
        data[at] ^= 0xFF
    path.write_bytes(data)


def not_hdf5(path):
    path.write_text("five fingers")


def pointer(path):
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")


def keras_own(path):
    with h5py.File(path, "w") as file:
        file.create_group("layers/conv2d/vars")


def later(path):
    with h5py.File(path, "a") as file:
        file.attrs["version"] = 2


def not_a_number(path):
    with h5py.File(path, "a") as file:
        file["bn/gamma"][0] = np.nan


def of_letters(path):
    with h5py.File(path, "a") as file:
        del file["bn/gamma"]
        file["bn/gamma"] = ["a", "b"]


def flat(path):
    with h5py.File(path, "a") as file:
        file["number"] = np.float16(1)


def folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (Path.unlink, "no such file or directory: trained weights are read"),
        (folder, "cannot be read: is a directory"),
        (cut_short, r"cut short or damaged \(3,000 bytes\)"),
        (flipped, "cut short or damaged"),
        (not_hdf5, "is no HDF5 file"),
        (pointer, "Git LFS's pointer .* git lfs pull"),
        (keras_own, "another kind: .* call model.load_weights instead"),
        (later, "has version 2"),
        (not_a_number, "gamma of the layer bn"),
        (of_letters, "damaged"),
        (flat, "damaged"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(saved, damage, words):
    model, path = saved
    before = [array.copy() for array in model.get_weights()]
    damage(path)
    with pytest.raises(WeightsError, match=words) as caught:
        load_weights(model, path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    for array, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, kept)


def test_the_shipped_file_is_compared_with_its_checksum(saved, monkeypatch):
    model, path = saved
    monkeypatch.setattr(_weights, "SHIPPED", path)
    note = path.with_name("SHA256")
    with pytest.raises(WeightsError, match="SHA256 cannot be read: the checksum of"):
        load_weights(small())
    note.write_text("")
    with pytest.raises(WeightsError, match="SHA256 cannot be read"):
        load_weights(small())
    note.write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  some.h5\n")
    fresh = small()
    assert load_weights(fresh) == path
    same(fresh, model)
    cut_short(path)
    with pytest.raises(WeightsError, match=r"SHA-256 .* Install the course anew"):
        load_weights(small())
    path.unlink()
    with pytest.raises(WeightsError, match="Install the course anew"):
        load_weights(small())


def test_the_error_can_be_pickled():
    error = WeightsError("weights are numbers", "There are none", "Train.")
    assert str(error) == "There are none: weights are numbers. Train."
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.fixture(scope="module")
def resnet50():
    """Lesson 1's function, out of the text twin of its solution."""
    folder = ROOT / "solutions" / "01_residual_networks"
    text = (folder / "residual_networks.pct.py").read_text("utf-8")
    cells = [c for c in text.split("# %%") if "# GRADED FUNCTION" in c]
    names = {name: getattr(layers, name) for name in dir(layers)}
    names |= {"Model": keras.Model, "Input": keras.Input}
    names |= runpy.run_path(str(folder / "resnets_utils.py"))
    exec("\n".join(cell.partition("\n")[2] for cell in cells), names)
    return names["ResNet50"]


def test_the_network_of_lesson_1_comes_back(resnet50, tmp_path):
    model = trained(resnet50())
    save_weights(model, tmp_path / "resnet50.h5")
    assert (tmp_path / "resnet50.h5").stat().st_size < LARGEST
    fresh = resnet50()
    load_weights(fresh, tmp_path / "resnet50.h5")
    same(fresh, model)
    with pytest.raises(WeightsError, match="layer fc6; it has fc5, which the weights"):
        load_weights(resnet50(classes=5), tmp_path / "resnet50.h5")


@pytest.mark.skipif(
    not _weights.SHIPPED.exists(), reason="the trained weights are not there yet"
)
def test_the_shipped_weights_fit_the_network_of_lesson_1(resnet50):
    path = _weights.SHIPPED
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.with_name("SHA256").read_text() == f"{digest}  {path.name}\n"
    assert path.stat().st_size < LARGEST
    model = resnet50()
    initial = [array.copy() for array in model.get_weights()]
    assert resnet_data.load_weights(model) == path
    for array, before in zip(model.get_weights(), initial, strict=True):
        assert np.isfinite(array).all()
        assert not np.array_equal(array, before)
    assert model.predict(np.zeros((1, 64, 64, 3)), verbose=0).shape == (1, 6)
