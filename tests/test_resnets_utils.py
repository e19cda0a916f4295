"""The helpers beside the notebook of lesson 1."""

import importlib.util
import io
import struct
import zlib
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image

import resnet_data

pytestmark = pytest.mark.slow

LESSON = Path(__file__).resolve().parents[1] / "solutions" / "01_residual_networks"


@pytest.fixture(scope="module")
def utils():
    spec = importlib.util.spec_from_file_location(
        "resnets_utils", LESSON / "resnets_utils.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def plots(monkeypatch):
    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    monkeypatch.setattr(plt, "show", lambda: None)
    yield plt
    plt.close("all")


def saved(path: Path, mode: str, size: tuple[int, int], **options) -> Path:
    Image.new(mode, size, 255).save(path, **options)
    return path


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "1"])
def test_load_image_gives_one_normalised_image(utils, tmp_path, mode):
    image = utils.load_image(saved(tmp_path / "hand.png", mode, (200, 120)))
    assert image.shape == (1, 64, 64, 3)
    assert image.dtype == np.float32
    assert image.min() >= 0
    assert image.max() <= 1


def test_load_image_normalises_as_training_does(utils, tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "hand.png")
    image = utils.load_image(tmp_path / "hand.png")
    np.testing.assert_array_equal(image[0], pixels.astype("float32") / 255)


def test_load_image_takes_the_central_square(utils, tmp_path):
    wide = np.zeros((64, 192, 3), np.uint8)
    wide[:, 64:128] = 255
    Image.fromarray(wide).save(tmp_path / "wide.png")
    assert utils.load_image(tmp_path / "wide.png").mean() > 0.97


def test_load_image_turns_a_telephones_picture_upright(utils, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 3  # taken upside down
    half = np.zeros((64, 64, 3), np.uint8)
    half[:32] = 255
    Image.fromarray(half).save(tmp_path / "hand.png", exif=exif)
    image = utils.load_image(tmp_path / "hand.png")[0]
    assert image[:30].max() == 0
    assert image[34:].min() == 1


def test_the_sample_image_can_be_read(utils):
    assert utils.load_image(LESSON / "images" / "my_image.jpg").shape == (1, 64, 64, 3)


def bomb(path: Path) -> Path:
    """Writes a PNG of 61 bytes or so that claims 40,000 x 40,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(
            ">I", zlib.crc32(kind + data)
        )  # fmt: skip

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )
    return path


def large_but_not_forbidden(path: Path) -> Path:
    """Writes a picture of which Pillow only warns: 100 megapixels."""
    return saved(path, "1", (10_000, 10_000))


def damaged(path: Path) -> Path:
    whole = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (80, 80, 3), dtype=np.uint8)
    Image.fromarray(noise).save(whole, "PNG")
    path.write_bytes(whole.getvalue()[:4000])
    return path


def no_picture(path: Path) -> Path:
    path.write_text("five fingers")
    return path


def heic(path: Path) -> Path:
    """Writes how a picture of an iPhone begins."""
    path.write_bytes(b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + bytes(200))
    return path


def too_heavy(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(256 * 2**20 + 1)
    return path


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path, "no file"),
        (lambda path: path.parent, "no file"),
        (no_picture, "cannot be read as a picture"),
        (damaged, "cannot be read as a picture"),
        (heic, "is an HEIC picture, .* save it as JPEG"),
        (too_heavy, "more than 256 MB: save it as JPEG"),
        (bomb, "too many pixels"),
        (large_but_not_forbidden, "too many pixels"),
    ],
)
def test_load_image_says_in_one_sentence_what_is_wrong(utils, tmp_path, make, words):
    path = make(tmp_path / "hand.png")
    with pytest.raises(utils.ImageProblem, match=words) as caught:
        utils.load_image(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_image_and_its_mirror_image_count_alike(utils):
    class Left:
        """Says 1 where the left half is light, and 2 where the right one is."""

        def predict(self, images, verbose):
            halves = images.reshape(len(images), 64, 2, 32, 3).mean(axis=(1, 3, 4))
            answers = np.zeros((len(images), 6), np.float32)
            answers[:, 1:3] = halves
            return answers

    image = np.zeros((1, 64, 64, 3), np.float32)
    image[:, :, :32] = 1
    np.testing.assert_allclose(
        utils.predict_image(Left(), image), [0, 0.5, 0.5, 0, 0, 0]
    )


@pytest.mark.parametrize(
    ("best", "words"),
    [
        (0.97, "is sure: it sees a 3 (97%). Next comes 1 (2%)."),
        (0.9, "is fairly sure: it sees a 3 (90%). Next comes 1 (6%)."),
        (0.61, "is fairly sure: it sees a 3 (61%). Next comes 1 (23%)."),
        (0.4, "is not sure; its best guess is a 3 (40%). Next comes 1 (36%)."),
    ],
)
def test_how_sure_the_network_is_stands_in_words(utils, best, words):
    rest = 1 - best
    probabilities = np.array([0.1, 0.6, 0.1, 0, 0.1, 0.1]) * rest
    probabilities[3] = best
    assert utils.in_words(probabilities) == f"The network {words}"


@pytest.mark.parametrize(
    ("size", "corner"), [((900, 600), (80, 0)), ((30, 70), (0, 20))]
)
def test_the_square_that_is_cut_out_is_drawn(
    utils, plots, capsys, tmp_path, size, corner
):
    path = saved(tmp_path / "hand.png", "RGB", size)
    image = utils.load_image(path)
    answer = np.array([0.05, 0.1, 0.02, 0.7, 0.03, 0.1])
    utils.show_probabilities(image, answer, path)
    left, middle, right = plots.gcf().axes
    assert max(left.images[0].get_array().shape) <= 480
    (square,) = left.patches
    assert square.get_xy() == (corner[0] - 0.5, corner[1] - 0.5)
    assert square.get_width() == square.get_height() == min(320, *size)
    assert middle.images[0].get_array().shape == (64, 64, 3)
    assert [bar.get_height() for bar in right.patches] == answer.tolist()
    assert capsys.readouterr().out.startswith("The network is fairly sure")


def test_show_images_draws_each_with_its_title(utils, plots):
    utils.show_images(np.zeros((6, 64, 64, 3), np.uint8), range(6))
    titles = [axis.get_title() for axis in plots.gcf().axes]
    assert titles == ["0", "1", "2", "3", "4", "5"]


def test_show_model_without_graphviz_says_how_to_get_it(utils, monkeypatch, capsys):
    monkeypatch.setattr(utils.shutil, "which", lambda name: None)
    utils.show_model(None)
    told = capsys.readouterr().out
    assert "apt install graphviz" in told
    assert told.count("\n") == 1


def test_weights_that_do_not_fit_raise_what_the_lesson_catches(utils, monkeypatch):
    def refuse(model):
        raise resnet_data.WeightsError("names matter", f"There is no {model}", "Look.")

    monkeypatch.setattr(resnet_data, "load_weights", refuse)
    with pytest.raises(utils.WeightsProblem) as caught:
        utils.load_weights("bn2a_branch2b")
    assert str(caught.value) == "There is no bn2a_branch2b: names matter. Look."


def test_the_model_card_is_shown_where_there_is_one(
    utils, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(resnet_data, "MODEL_FOLDER", tmp_path)
    utils.show_model_card()
    assert "install the course anew" in capsys.readouterr().out
    (tmp_path / "curves.png").write_bytes(b"pixels")
    (tmp_path / "README.md").write_text("![Its curves](curves.png) ![x](y.png)")
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    utils.show_model_card()
    (card,) = shown
    assert card.data == "![Its curves](data:image/png;base64,cGl4ZWxz) ![x](y.png)"


def test_data_come_from_the_data_package(utils):
    one_hot = utils.convert_to_one_hot(np.array([[2, 0]]), 6)
    assert one_hot.shape == (6, 2)
    assert one_hot[2, 0] == one_hot[0, 1] == 1


def test_load_dataset_names_the_images_and_no_folder(
    utils, monkeypatch, tmp_path, capsys
):
    source = resnet_data.Source("signs", tmp_path)
    monkeypatch.setattr(resnet_data, "source_in_use", lambda: source)
    monkeypatch.setattr(resnet_data, "load_dataset", lambda verbose: ("x", verbose))
    assert utils.load_dataset() == ("x", False)
    assert capsys.readouterr().out == "Data: the original SIGNS images\n"
